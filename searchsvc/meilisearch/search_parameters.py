"""Which parameters may a search have? One row each, read from JSON or a query string."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from searchsvc.meilisearch.errors import ProtocolError, write_snake_case
from searchsvc.meilisearch.formatting import (
    DEFAULT_CROP_LENGTH,
    DEFAULT_CROP_MARKER,
    DEFAULT_POST_TAG,
    DEFAULT_PRE_TAG,
    Format,
    read_crop,
)
from searchsvc.meilisearch.reading import (
    Reader,
    parse_count,
    parse_flag,
    parse_json,
    parse_list,
    parse_part,
    read_anything,
    read_choice,
    read_count,
    read_fields,
    read_flag,
    read_part,
    read_string,
    read_strings,
    refuse_unknown,
)

STRATEGIES: Final = ("last", "all", "frequency")


@dataclass(frozen=True, slots=True)
class SearchParameters:
    """A search as requested, ``None`` for what was not given."""

    q: str = ""
    offset: int = 0
    limit: int = 20
    page: int | None = None
    hits_per_page: int | None = None
    attributes_to_retrieve: list[str] | None = None
    attributes_to_highlight: list[str] | None = None
    attributes_to_crop: list[str] | None = None
    attributes_to_search_on: list[str] | None = None
    crop_length: int = DEFAULT_CROP_LENGTH
    crop_marker: str = DEFAULT_CROP_MARKER
    highlight_pre_tag: str = DEFAULT_PRE_TAG
    highlight_post_tag: str = DEFAULT_POST_TAG
    show_matches_position: bool = False
    show_ranking_score: bool = False
    show_ranking_score_details: bool = False
    show_performance_details: bool = False
    matching_strategy: str = "last"
    ranking_score_threshold: float | None = None
    filter: Any = None
    sort: list[str] | None = None
    distinct: str | None = None
    facets: list[str] | None = None

    @property
    def is_paged(self) -> bool:
        """Whether the answer counts pages."""
        return self.page is not None or self.hits_per_page is not None

    def find_window(self, most: int) -> tuple[int, int]:
        """(offset, limit) of the requested hits, limited to the first ``most``."""
        offset, limit = self.offset, self.limit
        if self.is_paged:
            limit = 20 if self.hits_per_page is None else self.hits_per_page
            page = 1 if self.page is None else self.page
            offset, limit = ((page - 1) * limit, limit) if page else (0, 0)
        offset = min(offset, most)
        return offset, min(limit, most - offset)

    @property
    def format(self) -> Format:
        """How hits are to be formatted."""
        crop = self.attributes_to_crop
        return Format(
            tuple(self.attributes_to_highlight or ()),
            read_crop(crop, self.crop_length) if crop else None,
            self.highlight_pre_tag,
            self.highlight_post_tag,
            self.crop_marker,
        )


def _refuse(value: Any, place: str, code: str) -> Any:
    """Accept an unsupported parameter only if it asks for nothing."""
    if value not in (False, {}, []):
        name = place.removeprefix(".")
        raise ProtocolError(code, f"`{name}` is not supported by this server: it has no vectors.")
    return None


@dataclass(frozen=True, slots=True)
class _Row:
    """``kind`` says how it is written in a query string."""

    read: Reader
    kind: str


PARAMETERS: Final[Mapping[str, _Row]] = {
    "q": _Row(read_string, "text"),
    "offset": _Row(read_count, "count"),
    "limit": _Row(read_count, "count"),
    "page": _Row(read_count, "count"),
    "hitsPerPage": _Row(read_count, "count"),
    "attributesToRetrieve": _Row(read_strings, "list"),
    "attributesToHighlight": _Row(read_strings, "list"),
    "attributesToCrop": _Row(read_strings, "list"),
    "attributesToSearchOn": _Row(read_strings, "list"),
    "cropLength": _Row(read_count, "count"),
    "cropMarker": _Row(read_string, "text"),
    "highlightPreTag": _Row(read_string, "text"),
    "highlightPostTag": _Row(read_string, "text"),
    "showMatchesPosition": _Row(read_flag, "flag"),
    "showRankingScore": _Row(read_flag, "flag"),
    "showRankingScoreDetails": _Row(read_flag, "flag"),
    "showPerformanceDetails": _Row(read_flag, "flag"),
    "matchingStrategy": _Row(read_choice(*STRATEGIES), "text"),
    "rankingScoreThreshold": _Row(read_part, "part"),
    "filter": _Row(read_anything, "json"),
    "sort": _Row(read_strings, "list"),
    "distinct": _Row(read_string, "text"),
    "facets": _Row(read_strings, "list"),
    "locales": _Row(read_strings, "list"),
    "vector": _Row(_refuse, "json"),
    "hybrid": _Row(_refuse, "json"),
    "media": _Row(_refuse, "json"),
    "personalize": _Row(_refuse, "json"),
    "retrieveVectors": _Row(_refuse, "flag"),
    "hybridEmbedder": _Row(_refuse, "text"),
    "hybridSemanticRatio": _Row(_refuse, "text"),
}
_FIELDS: Final = frozenset(one.name for one in fields(SearchParameters))
_PARSERS: Final[Mapping[str, Callable[[str, str, str], Any]]] = {
    "count": parse_count,
    "flag": parse_flag,
    "part": parse_part,
    "list": lambda text, name, code: parse_list(text),
    "json": lambda text, name, code: parse_json(text),
    "text": lambda text, name, code: text,
}
#: Parameters whose error code has another name.
_CODES: Final = {"hybrid": "hybrid_query"}


def _code(name: str) -> str:
    return f"invalid_search_{_CODES.get(name, write_snake_case(name))}"


_READERS: Final = {name: (row.read, _code(name)) for name, row in PARAMETERS.items()}


def read_search(
    body: Any, *, also: Mapping[str, tuple[Reader, str]] | None = None, place: str = ""
) -> dict[str, Any]:
    """The parameters of a body, by the names of :class:`SearchParameters`, and those of ``also`` by
    their own. Raises ProtocolError.
    """
    read = read_fields(body, {**_READERS, **(also or {})}, place)
    return {
        write_snake_case(name) if name in PARAMETERS else name: value
        for name, value in read.items()
    }


def make_parameters(read: Mapping[str, Any]) -> SearchParameters:
    """The parameters among ``read``."""
    return SearchParameters(**{name: one for name, one in read.items() if name in _FIELDS})


def parse_search(given: Mapping[str, str]) -> SearchParameters:
    """The parameters of a query string. Raises ProtocolError."""
    refuse_unknown_parameters(given, PARAMETERS)
    body = {
        name: _PARSERS[PARAMETERS[name].kind](text, name, _code(name))
        for name, text in given.items()
        if text or PARAMETERS[name].kind == "text"
    }
    return make_parameters(read_search(body))


def refuse_unknown_parameters(given: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Raise ProtocolError for an unknown parameter of a query string."""
    try:
        refuse_unknown(given, known)
    except ProtocolError as error:
        told = error.message.replace("Unknown field", "Unknown parameter", 1)
        raise ProtocolError("bad_request", told) from None
