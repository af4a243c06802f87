"""How does a document look in an answer: highlighted, cropped, with places of what matched?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from indexer.deadline import check_deadline
from indexer.ingest.attribute_values import write_label
from indexer.language.tokens import tokenize
from indexer.own_fields.attributes import matches
from searchsvc.meilisearch.marking import Marker

DEFAULT_PRE_TAG: Final = "<em>"
DEFAULT_POST_TAG: Final = "</em>"
DEFAULT_CROP_MARKER: Final = "…"
DEFAULT_CROP_LENGTH: Final = 10
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Format:
    """What is wanted of a document's texts. ``highlight`` and ``crop`` are patterns of attributes,
    those to crop with the number of words to leave.
    """

    highlight: tuple[str, ...] = ()
    crop: Mapping[str, int] | None = None
    pre_tag: str = DEFAULT_PRE_TAG
    post_tag: str = DEFAULT_POST_TAG
    crop_marker: str = DEFAULT_CROP_MARKER

    @property
    def wanted(self) -> bool:
        return bool(self.highlight or self.crop)

    def find_length(self, path: str) -> int:
        """To how many words the attribute is cropped; 0 for not at all."""
        for pattern, words in (self.crop or {}).items():
            if matches([pattern], path):
                return words
        return 0


def read_crop(attributes: Sequence[str], length: int) -> dict[str, int]:
    """The patterns with their words: ``title:5`` says its own."""
    crop = {}
    for one in attributes:
        name, colon, words = one.rpartition(":")
        own = colon and words.isascii() and words.isdigit() and len(words) < 10
        crop[name if own else one] = int(words) if own else length
    return crop


def format_document(document: Mapping[str, Any], wanted: Format, marker: Marker) -> dict[str, Any]:
    """The ``_formatted`` of a document: numbers as texts, texts highlighted and cropped."""

    def change(value: Any, path: str) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = write_label(value)
        if not isinstance(value, str):
            return value
        check_deadline()
        marked = bool(wanted.highlight) and matches(wanted.highlight, path)
        length = wanted.find_length(path)
        if not (marked or length):
            return value
        return format_text(value, marker, wanted, length=length, highlight=marked)

    return {key: _map(value, key, change) for key, value in document.items()}


def _map(value: Any, path: str, change: Callable[[Any, str], Any]) -> Any:
    """``value`` with ``change`` applied to everything inside except lists and objects."""
    if isinstance(value, list):
        return [_map(one, path, change) for one in value]
    if isinstance(value, dict):
        return {key: _map(one, f"{path}.{key}", change) for key, one in value.items()}
    return change(value, path)


def format_text(text: str, marker: Marker, wanted: Format, *, length: int, highlight: bool) -> str:
    """A text cropped around its matches, with these marked."""
    spans = marker.find(text)
    start, end = find_window(text, spans, length) if length else (0, len(text))
    pieces = [wanted.crop_marker] if start else []
    at = start
    if highlight:
        for first, last in spans:
            if first >= start and last <= end:
                pieces += [text[at:first], wanted.pre_tag, text[first:last], wanted.post_tag]
                at = last
    pieces.append(text[at:end])
    if end < len(text):
        pieces.append(wanted.crop_marker)
    return "".join(pieces)


def find_window(text: str, spans: Spans, length: int) -> tuple[int, int]:
    """(start, end) of the ``length`` words of ``text`` with the most matches; the earliest, with
    the matches in their middle. The whole text if it is not longer.
    """
    words = [(token.start, token.end) for token in tokenize(text)]
    if len(words) <= length:
        return 0, len(text)
    starts = {start for start, _ in spans}
    marked = [number for number, (start, _) in enumerate(words) if start in starts]
    best, most = (0, 0), 0
    for number, first in enumerate(marked):
        inside = [one for one in marked[number:] if one < first + length]
        if len(inside) > most:
            best, most = (first, inside[-1]), len(inside)
    room = length - (best[1] - best[0] + 1)
    first = max(0, min(best[0] - room // 2, len(words) - length))
    last = first + length - 1
    start = words[first][0] if first else 0
    end = words[last][1] if last < len(words) - 1 else len(text)
    return start, end


def list_matches(
    document: Mapping[str, Any], marker: Marker, searched: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """The ``_matchesPosition`` of a document: by attribute, ``start`` and ``length`` in bytes of
    UTF-8, and inside lists the ``indices`` that lead there.
    """
    found: dict[str, list[dict[str, Any]]] = {}

    def walk(value: Any, path: str, indices: tuple[int, ...]) -> None:
        if isinstance(value, dict):
            for key, one in value.items():
                walk(one, f"{path}.{key}" if path else key, indices)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                walk(one, path, (*indices, number))
        elif isinstance(value, str) and matches(searched, path):
            for start, end in marker.find(value):
                place: dict[str, Any] = {
                    "start": len(value[:start].encode("utf-8", "replace")),
                    "length": len(value[start:end].encode("utf-8", "replace")),
                }
                if indices:
                    place["indices"] = list(indices)
                found.setdefault(path, []).append(place)

    walk(document, "", ())
    return found
