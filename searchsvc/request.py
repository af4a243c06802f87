"""What is asked and what is answered? The two records shared by HTTP, command line and search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from searchsvc.limits import DEFAULT_SNIPPET
from searchsvc.query.answer_shape import USUAL_SHAPE, AnswerShape

if TYPE_CHECKING:
    from indexer.engine.base import Filter


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as asked, already validated. Built by :func:`searchsvc.query.parameters.read`.

    ``filters`` maps a facet name to the labels chosen (any of them), ``ranges`` the name of a
    site's own field to the least and the greatest value, as written, or empty. ``date_from`` and
    ``date_to`` are ISO dates (``2022-07-20``), both included, or empty.
    ``facets`` names the facets to count. ``collapse``: articles that tell one story in the same
    words are one hit. ``ignored`` names parameters that nobody knows.
    ``only`` are labels as in ``filters``, of which whoever asks may see articles alone: they narrow
    all counts. ``narrow`` are filters of the engine besides.
    ``match``: how many of the words an article must have: ``all``, ``any`` (one), or ``best``, as
    :mod:`searchsvc.query.coverage` says. ``without``: parts of understanding to leave out
    (:mod:`searchsvc.query.parts`). ``recency``: newer articles come first, as far as the settings
    want it. ``snippet_length`` is in characters.
    """

    q: str = ""
    page: int = 1
    per_page: int = 10
    sort: str = "relevance"
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    date_from: str = ""
    date_to: str = ""
    facets: tuple[str, ...] = ()
    interval: str = "month"
    collapse: bool = False
    explain: bool = False
    highlight: bool = True
    ignored: tuple[str, ...] = ()
    ranges: dict[str, tuple[str, str]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    narrow: tuple[Filter, ...] = ()
    match: str = "best"
    without: frozenset[str] = frozenset()
    recency: bool = True
    shape: AnswerShape = USUAL_SHAPE
    snippet_length: int = DEFAULT_SNIPPET


@dataclass(slots=True)
class Copy:
    """Another article that tells a hit's story in the same words. ``alike``: how much text the two
    have in common, from 0 to 1, if the request wants explanations.
    """

    id: str
    title: str
    url: str
    source: str
    published_at: str
    alike: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; without ``alike`` unless requested."""
        row = {name: getattr(self, name) for name in Copy.__slots__}
        if row["alike"] is None:
            del row["alike"]
        return row


@dataclass(slots=True)
class SearchHit:
    """One hit as returned. ``*_html`` is escaped except for ``<mark>``. ``also`` are the first of
    the ``also_total`` other matching articles that tell the same story. ``pinned``: an editor put
    it first.
    """

    id: str
    title: str
    title_html: str
    snippet_html: str
    url: str
    source: str
    published_at: str
    category: str
    tags: list[str]
    authors: list[str]
    agency: str
    place: str
    image: str
    score: float
    also: list[Copy]
    also_total: int
    explain: list[dict[str, Any]] | None = None
    more: dict[str, Any] | None = None
    fields: dict[str, Any] | None = None
    pinned: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; without ``explain`` unless requested, without ``fields`` if the site
        declares none, without ``pinned`` if it is not.
        """
        row = dict(zip(_USUAL, _read_usual(self), strict=True))
        row["also"] = [copy.to_dict() for copy in self.also]
        if self.explain is not None:
            row["explain"] = self.explain
        if self.fields is not None:
            row["fields"] = self.fields
        if self.pinned:
            row["pinned"] = True
        if self.more:
            row.update(self.more)
        return row


#: What every hit has, in the order of its JSON form.
_USUAL = SearchHit.__slots__[: SearchHit.__slots__.index("explain")]
_read_usual = attrgetter(*_USUAL)


@dataclass(slots=True)
class FacetCount:
    """How many matching articles have ``value``; ``selected`` if the request filters by it."""

    value: str
    count: int
    selected: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"value": self.value, "count": self.count, "selected": self.selected}


@dataclass(slots=True)
class Note:
    """Information for the reader about how the query was understood.

    ``code`` is stable (``relaxed``, ``corrected``, ``ignored_operator``, ...); ``message`` is one
    Indonesian sentence; ``query`` a query to offer instead, if there is one.
    """

    code: str
    message: str
    query: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; without ``query`` if there is none."""
        row = {"code": self.code, "message": self.message}
        return {**row, "query": self.query} if self.query else row


@dataclass(slots=True)
class FacetValues:
    """Values of one facet among the articles that match a query, most frequent first; ``total``
    counts all of them, ``notes`` say how the query was understood.
    """

    facet: str
    query: str
    total: int
    values: list[FacetCount]
    notes: list[Note]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "facet": self.facet,
            "query": self.query,
            "total": self.total,
            "values": [count.to_dict() for count in self.values],
            "notes": [note.to_dict() for note in self.notes],
        }


@dataclass(slots=True)
class SearchResponse:
    """The answer to one request; :meth:`to_dict` is the JSON body of the API, version 1.

    ``total`` counts articles, ``stories`` the hits on all ``pages``: fewer if copies are collapsed.
    """

    query: str
    total: int
    stories: int
    page: int
    per_page: int
    pages: int
    took_ms: float
    hits: list[SearchHit]
    facets: dict[str, list[FacetCount]]
    notes: list[Note]
    statistics: dict[str, dict[str, float]] = field(default_factory=dict)
    shape: AnswerShape = USUAL_SHAPE

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; without ``statistics`` unless requested."""
        hits = [hit.to_dict() for hit in self.hits]
        if self.shape != USUAL_SHAPE:
            hits = [self.shape.apply(hit) for hit in hits]
        facets: dict[str, list[dict[str, Any]]] = {}
        for name, counts in self.facets.items():
            if name == "published_at":
                facets[name] = [{"value": c.value, "count": c.count} for c in counts]
            else:
                facets[name] = [count.to_dict() for count in counts]
        return {
            "query": self.query,
            "total": self.total,
            "stories": self.stories,
            "page": self.page,
            "per_page": self.per_page,
            "pages": self.pages,
            "took_ms": self.took_ms,
            "hits": hits,
            "facets": facets,
            **({"statistics": self.statistics} if self.statistics else {}),
            "notes": [note.to_dict() for note in self.notes],
        }
