"""The article: the one record every reader yields and every engine stores."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Final

#: What stands for the body in the text it was read from; no text has it.
BODY_MARK: Final = "\ufffc\x00"


@dataclass(slots=True)
class Article:
    """One article, cleaned and ready to index.

    Empty strings and empty lists stand for "not known". ``body`` is what is searched: paragraphs
    joined by a newline, without dateline, credits and links to other articles.
    ``published_at`` is ISO 8601 with an offset (``2022-07-20T13:05:00+07:00``) or empty.
    ``related`` holds the titles named in "BACA JUGA" lines, in order of appearance.
    ``image`` is the address of its picture, ``image_caption`` what is written under it. ``extra``
    holds what its record had under keys that no field takes, as JSON has it.
    ``raw`` is the text as it came, where reading it left something out of ``body``: see
    :meth:`original`. ``facet_values`` are not kept here: see :mod:`indexer.ingest.facet_values`.
    """

    id: str
    title: str
    body: str
    url: str = ""
    source: str = ""
    published_at: str = ""
    category: str = ""
    tags: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    agency: str = ""
    place: str = ""
    related: list[str] = field(default_factory=list)
    image: str = ""
    image_caption: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    raw: str = ""

    def original(self) -> str:
        """The text as it came, a line a paragraph: with dateline, credits, links and all."""
        return self.raw.replace(BODY_MARK, self.body) if self.raw else self.body

    def keep_original(self, text: str) -> None:
        """Remember ``text`` as what ``body`` was read from; its body is not held twice."""
        if text == self.body:
            self.raw = ""
        elif self.body and BODY_MARK not in text:
            self.raw = text.replace(self.body, BODY_MARK, 1)

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary of all fields but ``raw``, in the order they are declared."""
        return {spec.name: getattr(self, spec.name) for spec in fields(self) if spec.name != "raw"}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Article:
        """The article that ``values`` are the fields of, ``raw`` included where it is known.

        Unknown keys are ignored.
        """
        try:
            return cls(**values)
        except TypeError:
            known = {spec.name for spec in fields(cls)}
            return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True, slots=True)
class Reject:
    """One input record that could not become an article.

    ``line`` counts from 1; for a whole-file reader it is 1. ``excerpt`` is at most 80 characters
    of the record, so that a person can recognise it.
    """

    path: str
    line: int
    reason: str
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Warned:
    """Something odd about an article that was kept: a date nobody can read, say.

    ``line`` is 0 where ``path`` names the article and no file.
    """

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return (
            f"{self.path}:{self.line}: {self.reason}"
            if self.line
            else f"{self.path}: {self.reason}"
        )
