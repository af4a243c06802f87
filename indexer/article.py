"""What is an article? The one record that every reader yields and every engine stores."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Final, NamedTuple

#: Marks the body within the text it was read from; no text contains it.
BODY_MARK: Final = "\ufffc\x00"


@dataclass(slots=True)
class Article:
    """One article, cleaned and ready to index.

    Empty strings and empty lists mean "not known". ``body`` is what is searched: paragraphs joined
    by a newline, without dateline, credits and links to other articles. ``published_at`` is ISO
    8601 with an offset (``2022-07-20T13:05:00+07:00``) or empty. ``related`` holds the titles named
    in "BACA JUGA" lines, in order of appearance. ``image`` is the address of its picture,
    ``image_caption`` the caption. ``extra`` holds the record's other keys, in JSON form. ``raw`` is
    the original text, if reading removed something from it to get ``body``: see :meth:`original`.
    ``facet_values`` are not kept here: see :mod:`indexer.ingest.facet_values`.
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
        """The original text, one paragraph a line, including dateline, credits and links."""
        return self.raw.replace(BODY_MARK, self.body) if self.raw else self.body

    def keep_original(self, text: str) -> None:
        """Remember ``text`` as the source of ``body``, without storing the body twice."""
        if text == self.body:
            self.raw = ""
        elif self.body and BODY_MARK not in text:
            self.raw = text.replace(self.body, BODY_MARK, 1)

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary of all fields except ``raw``, in the order they are declared."""
        return {name: getattr(self, name) for name in _SHOWN}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Article:
        """The article with the fields ``values``, including ``raw`` if present.

        Unknown keys are ignored.
        """
        try:
            return cls(**values)
        except TypeError:
            known = {spec.name for spec in fields(cls)}
            return cls(**{name: value for name, value in values.items() if name in known})


_SHOWN: Final = tuple(spec.name for spec in fields(Article) if spec.name != "raw")


class Summary(NamedTuple):
    """What a list of results shows of an article, without its text; fields as in
    :class:`Article`.
    """

    id: str
    title: str
    url: str
    source: str
    published_at: str
    category: str
    tags: list[str]
    authors: list[str]
    agency: str
    place: str
    image: str


_take_summary = attrgetter(*Summary._fields)


def summarise(article: Article) -> Summary:
    """What a list of results shows of ``article``."""
    return Summary._make(_take_summary(article))


@dataclass(frozen=True, slots=True)
class Reject:
    """One input record that could not become an article.

    ``line`` counts from 1; for a whole-file reader it is 1. ``excerpt`` is at most 80 characters
    of the record, so that a person can recognise it. ``advice`` names options of the command line
    that may help, so only its commands show it.
    """

    path: str
    line: int
    reason: str
    excerpt: str = ""
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {add_advice(self)}"


@dataclass(frozen=True, slots=True)
class Warned:
    """Something odd about an article that was kept, such as an unreadable date.

    ``line`` is 0 if ``path`` names the article rather than a file; ``advice`` as for
    :class:`Reject`.
    """

    path: str
    line: int
    reason: str
    advice: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {add_advice(self)}"


def add_advice(told: Reject | Warned) -> str:
    """The reason, followed by the advice for users of the command line."""
    return f"{told.reason}; {told.advice}" if told.advice else told.reason
