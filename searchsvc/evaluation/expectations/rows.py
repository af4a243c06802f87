"""How are expectations written in a file?

One JSON object a line. A line with a question, ``q`` (searched) or ``suggest`` (typed, not yet
searched), is an expectation; a line without one sets defaults for the lines below it: ``kind``,
``today``, ``depth``, ``with``. ``docs/evaluation.md`` has the table of keys.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from indexer.errors import UnreadableInput
from searchsvc.query.parameters import ParameterError, read
from searchsvc.request import SearchRequest
from searchsvc.text_lines import read_json_rows

#: Hits examined by keys about the best ones, unless a row says otherwise.
DEPTH = 10
#: The most hits that one request returns, and so the maximum ``depth``.
MOST_HITS = 100

_RELATIONS = ("at_most", "at_least", "equals", "less", "more")
#: Defaults that a line without a question may set for the rows below it.
SETTINGS = ("kind", "today", "depth", "with", "why")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a reader who types ``question`` would want.

    ``typed``: the question asks for suggestions; otherwise it is searched with ``parameters``,
    those of the HTTP API, on the day ``today`` (``None``: the current day). ``wanted`` maps keys of
    the format to their validated values; single texts have become lists.
    """

    question: str
    kind: str
    place: str
    typed: bool = False
    parameters: Mapping[str, str | list[str]] = field(default_factory=dict)
    today: date | None = None
    depth: int = DEPTH
    wanted: Mapping[str, Any] = field(default_factory=dict)

    def make_request(self, question: str | None = None) -> SearchRequest:
        """The row's request, or one for another question with the row's parameters."""
        asked = self.question if question is None else question
        request = read({**self.parameters, "q": asked})
        return replace(request, per_page=max(request.per_page, self.depth), highlight=False)


def read_expectations(path: Path) -> list[Expectation]:
    """Read the expectations in the file, in order. Raises UnreadableInput naming the offending
    line.
    """
    rows = []
    settings: dict[str, Any] = {}
    for number, row in _read_objects(path):
        try:
            if "q" in row or "suggest" in row:
                rows.append(_read_row({**settings, **row}, f"{path.name}:{number}"))
            else:
                _refuse_unknown(row, SETTINGS)
                settings.update(row)
        except ValueError as error:
            raise UnreadableInput(str(path), f"line {number}: {error}") from error
    if not rows:
        raise UnreadableInput(str(path), "it holds no expectation: no line has q or suggest.")
    return rows


def _read_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, row in read_json_rows(path):
        if not isinstance(row, dict):
            raise UnreadableInput(str(path), f"line {number} is not an object with q or suggest.")
        yield number, row


def _read_row(row: dict[str, Any], place: str) -> Expectation:
    typed = "suggest" in row
    if typed and "q" in row:
        raise ValueError("it has both q and suggest; a row asks one question.")
    known = SUGGESTION_KEYS if typed else ANSWER_KEYS
    _refuse_unknown(row, (*SETTINGS, "q", "suggest", *known))
    wanted = {key: _read_value(key, row[key], form) for key, form in known.items() if key in row}
    if not wanted:
        raise ValueError(f"it expects nothing; say at least one of {', '.join(known)}.")
    expectation = Expectation(
        question=_read_value("suggest" if typed else "q", row["suggest" if typed else "q"], _text),
        kind=_read_value("kind", row.get("kind", ""), _text),
        place=place,
        typed=typed,
        parameters=_read_value("with", row.get("with", {}), _parameters),
        today=_read_value("today", row["today"], _day) if "today" in row else None,
        depth=_read_value("depth", row.get("depth", DEPTH), _depth),
        wanted=wanted,
    )
    if not typed:
        try:
            expectation.make_request()
        except ParameterError as error:
            raise ValueError(str(error)) from error
    return expectation


def _refuse_unknown(row: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = [key for key in row if key not in known]
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; known here: {', '.join(known)}.")


def _read_value(key: str, value: Any, form: Callable[[Any], Any]) -> Any:
    try:
        return form(value)
    except (TypeError, ValueError, KeyError) as error:
        described = (form.__doc__ or "").rstrip(".")
        raise ValueError(f"{key} cannot be {json.dumps(value)}; give {described}.") from error


def _text(value: Any) -> str:
    """a text."""
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: Any) -> list[str]:
    """a text or a list of texts."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(one, str) and one for one in texts):
        raise TypeError
    if not texts:
        raise ValueError
    return texts


def _codes(value: Any) -> list[str]:
    """a note's code or a list of codes; an empty list for no note at all."""
    return [] if value == [] else _texts(value)


def _depth(value: Any) -> int:
    """a whole number from 1 to 100."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_HITS:
        raise ValueError
    return value


def _day(value: Any) -> date:
    """a day, as 2026-05-30."""
    return date.fromisoformat(value)


def _days(value: Any) -> tuple[date, date]:
    """two days, as ["2026-05-01", "2026-05-30"]."""
    first, last = value
    return _day(first), _day(last)


def _parameters(value: Any) -> dict[str, str | list[str]]:
    """parameters of the HTTP API, as {"sort": "newest"}."""
    return {_text(name): _texts(one) for name, one in value.items()}


def _labels(value: Any) -> dict[str, list[str]]:
    """labels by facet, as {"source": ["kompas.com"]}."""
    facets = {_text(facet): _texts(labels) for facet, labels in value.items()}
    if not facets.keys() <= {"source", "category", "authors", "tags", "agency", "place"}:
        raise KeyError
    return facets


def _order(value: Any) -> str:
    """newest or oldest."""
    if value not in ("newest", "oldest"):
        raise ValueError
    return str(value)


def _true(value: Any) -> bool:
    """true."""
    if value is not True:
        raise ValueError
    return True


def _total(value: Any) -> dict[str, int | str]:
    """a number, or {"at_most": a number or another query, "unless": a note's code}; at_least,
    equals, less and more are the other relations."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {"equals": value}
    given = dict(value)
    unless = given.pop("unless", "")
    if not given or not given.keys() <= set(_RELATIONS):
        raise KeyError
    if not all(isinstance(one, str | int) and one is not True for one in given.values()):
        raise TypeError
    return {**given, **({"unless": _text(unless)} if unless else {})}


#: What a row may expect of an answer, with the function that validates the value.
ANSWER_KEYS: dict[str, Callable[[Any], Any]] = {
    "first": _texts,
    "top": _texts,
    "absent": _texts,
    "total": _total,
    "same_as": _text,
    "has": _texts,
    "title_has": _texts,
    "lacks": _texts,
    "order": _order,
    "between": _days,
    "labels": _labels,
    "notes": _codes,
    "no_notes": _texts,
    "says": _texts,
    "offers": _texts,
    "never_offers": _texts,
    "offers_hold": _true,
}

#: What a row may expect of suggestions.
SUGGESTION_KEYS: dict[str, Callable[[Any], Any]] = {
    "suggests": _texts,
    "suggests_first": _texts,
    "suggests_only": _texts,
    "never_suggests": _texts,
}
