"""What does newswire copy say besides the story? Text as a site or agency exports it -> the fields
of an article.

The text above the story is read by :mod:`~indexer.ingest.wire.head`, the text after it by
:mod:`~indexer.ingest.wire.tail`, insertions by :mod:`~indexer.ingest.wire.patterns` and
:mod:`~indexer.ingest.wire.related`. Nothing is removed that could be prose: each removal requires
the shape *and* the place of its kind (a line of its own, after the last sentence, before the
first).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from indexer.ingest.outlets import find_agency
from indexer.ingest.plain_text import join_paragraphs
from indexer.ingest.wire.credit_lines import find_credit_run
from indexer.ingest.wire.dateline import NO_HABIT, Habit
from indexer.ingest.wire.furniture import LONGEST_FURNITURE, is_furniture, may_link
from indexer.ingest.wire.head import Head, read_head
from indexer.ingest.wire.lead import make_title
from indexer.ingest.wire.patterns import (
    BRACKETED_INITIALS,
    INITIALS,
    MARKED_LABEL,
    PATTERNS,
    Pattern,
    Where,
)
from indexer.ingest.wire.related import has_marked_label, has_plain_label, take_related
from indexer.ingest.wire.tail import cut_tags, read_tail

__all__ = ["WireParts", "make_title", "parse", "trim_lines"]

_RUNS: Final = re.compile(r" {3,}")
_LONGEST_LINE: Final = 700
_LONGEST_EDGE: Final = 240
_HEAD_LINES: Final = 3
_TAIL_LINES: Final = 8
_BY_PLACE: Final[dict[Where, tuple[Pattern, ...]]] = {
    where: tuple(pattern for pattern in PATTERNS if pattern.where is where) for where in Where
}
_INSIDE: Final = (*_BY_PLACE[Where.ANYWHERE], *_BY_PLACE[Where.LINE])


def _map_guards(patterns: Sequence[Pattern]) -> dict[str, frozenset[str]]:
    """Each literal guard once, with the patterns that it admits."""
    guards = {guard for pattern in patterns for guard in pattern.guards}
    return {
        guard: frozenset(pattern.name for pattern in patterns if guard in pattern.guards)
        for guard in sorted(guards - {MARKED_LABEL, INITIALS})
    }


#: Most articles have none of these.
_GUARDS: Final = _map_guards(_INSIDE)
#: What a text of one long line, where no whole line can be boilerplate, is searched for.
_FLAT_GUARDS: Final = _map_guards(_BY_PLACE[Where.ANYWHERE])
_MARKED: Final = frozenset(p.name for p in _INSIDE if MARKED_LABEL in p.guards)
_SIGNED: Final = frozenset(p.name for p in _INSIDE if INITIALS in p.guards)
#: Placeholders that exports write for missing values.
_EMPTY_VALUES: Final = frozenset(("null", "none", "None", "undefined", "nan", "NaN"))
_AGENCY_SITES: Final = {"Antara": "antaranews.com"}


@dataclass(slots=True)
class WireParts(Head):
    """What copy says about itself. ``body`` is the story alone, paragraphs joined by newlines.

    ``published`` is a date as written, to be read by :func:`indexer.ingest.dates.parse_date`.
    ``applied`` names the rules that changed the text, in the order they did; ``text`` is what they
    began with, its lines trimmed.
    """

    related: list[str] = field(default_factory=list)
    text: str = ""


def parse(text: str, *, title: str = "", source: str = "", habit: Habit = NO_HABIT) -> WireParts:
    """The parts of one article's ``text``.

    ``text`` must be plain (see :func:`indexer.ingest.plain_text.clean_text`), with its line breaks.
    ``title`` is the known title: a copy of it at the beginning of the body is removed. Without one,
    ``WireParts.title`` is made from the lead. ``source`` is the publisher, if known: a credit
    signed with its name is recognised.

    >>> parts = parse("jpnn.com, SOLO - Air surut.\\nBACA JUGA: Banjir Lagi\\nWarga pulang. (adt)")
    >>> parts.source, parts.place, parts.related, parts.body
    ('jpnn.com', 'Solo', ['Banjir Lagi'], 'Air surut.\\nWarga pulang.')
    """
    text = trim_lines(text)
    parts = WireParts(body=text, text=text)
    lowered = text.lower()
    flat = len(text) > _LONGEST_LINE and "\n" not in text
    marked = has_marked_label(lowered)
    _remove_inserts(parts, lowered, flat=flat, marked=marked)
    if not flat:
        if may_link(lowered):
            _remove_furniture(parts, source)
        _remove_edge_lines(parts)
    if marked or has_plain_label(lowered):
        body, parts.related = take_related(parts.body)
        _apply(parts, "related", body)
    _remove_head(parts, title, habit)
    _remove_tail(parts, source)
    if not parts.source and parts.agency in _AGENCY_SITES:
        parts.source = _AGENCY_SITES[parts.agency]
    if parts.applied or "  " in parts.body:
        parts.body = join_paragraphs(parts.body)
    parts.title = title or parts.title or make_title(parts.body)
    return parts


def trim_lines(text: str) -> str:
    """``text`` with trimmed lines, without empty ones; wide gaps stay two spaces wide."""
    if "   " in text:
        text = _RUNS.sub("  ", text)
    return "\n".join([line for line in map(str.strip, text.split("\n")) if line])


def _apply(parts: WireParts, name: str, body: str) -> bool:
    if body == parts.body:
        return False
    parts.body = body
    parts.applied.append(name)
    return True


def _remove_inserts(parts: WireParts, lowered: str, *, flat: bool, marked: bool) -> None:
    """Remove pattern matches, trying only patterns whose guard is in the text."""
    admitted = set[str]().union(
        *(names for guard, names in (_FLAT_GUARDS if flat else _GUARDS).items() if guard in lowered)
    )
    if marked:
        admitted |= _MARKED
    if "/" in lowered and BRACKETED_INITIALS.search(parts.body) is not None:
        admitted |= _SIGNED
        _remove_tags(parts)
    if admitted:
        _remove_anywhere(parts, admitted)
        _remove_lines(parts, admitted)


def _remove_anywhere(parts: WireParts, admitted: set[str]) -> None:
    for pattern in _BY_PLACE[Where.ANYWHERE]:
        if pattern.name in admitted:
            _apply(parts, pattern.name, pattern.regex.sub(partial(_drop, parts), parts.body))


def _drop(parts: WireParts, match: re.Match[str]) -> str:
    if match.re.groupindex:
        _take_initials(parts, match["initials"])
    # Two spaces, so that the text before and after stays separate (see ``related``).
    return "  "


def _remove_lines(parts: WireParts, admitted: set[str]) -> None:
    patterns = [p for p in _BY_PLACE[Where.LINE] if p.name in admitted]
    if not patterns:
        return
    kept: list[str] = []
    for line in parts.body.split("\n"):
        if len(line) > _LONGEST_LINE or not _drop_line(parts, line, patterns):
            kept.append(line)
    parts.body = "\n".join(kept)


def _remove_furniture(parts: WireParts, source: str) -> None:
    """Remove lines between paragraphs that invite the reader to follow the publisher."""
    lines = parts.body.split("\n")
    kept = [
        line
        for line in lines
        if len(line) > LONGEST_FURNITURE or not is_furniture(line, source=source, several=True)
    ]
    if len(kept) < len(lines):
        _apply(parts, "furniture", "\n".join(kept))


def _remove_tags(parts: WireParts) -> None:
    body, initials = cut_tags(parts.body)
    _take_initials(parts, initials)
    _apply(parts, "initials and tags", body)


def _remove_edge_lines(parts: WireParts) -> None:
    lines = parts.body.split("\n")
    count = len(lines)
    edges = (
        range(count)
        if count <= _HEAD_LINES + _TAIL_LINES
        else (*range(_HEAD_LINES), *range(count - _TAIL_LINES, count))
    )
    dropped: list[int] = []
    for index in edges:
        line = lines[index]
        if len(line) > _LONGEST_EDGE:
            continue
        if line in _EMPTY_VALUES:
            parts.applied.append("empty value")
            dropped.append(index)
        elif ":" in line and _take_credits(parts, line):
            dropped.append(index)
    for index in reversed(dropped):
        del lines[index]
    if dropped:
        parts.body = "\n".join(lines)


def _take_credits(parts: WireParts, line: str) -> bool:
    """Whether the whole line is credits; if so, their names are recorded."""
    run = find_credit_run(line)
    if run is None or line[: run.start].strip("(["):
        return False
    _add_names(parts.authors, run.authors)
    _add_names(parts.editors, run.editors)
    parts.agency = parts.agency or run.agency
    parts.applied.append("credit line")
    return True


def _drop_line(parts: WireParts, line: str, patterns: Sequence[Pattern]) -> bool:
    for pattern in patterns:
        match = pattern.regex.fullmatch(line)
        if match is not None:
            parts.applied.append(pattern.name)
            return True
    return False


def _remove_head(parts: WireParts, title: str, habit: Habit) -> None:
    head = read_head(parts.body, title=title, habit=habit)
    parts.body = head.body
    parts.applied += head.applied
    parts.url, parts.title = head.url, head.title
    if not parts.source or _is_site_of(head.source, parts.source):
        parts.source = head.source
    parts.place, parts.agency = parts.place or head.place, parts.agency or head.agency
    parts.published = parts.published or head.published
    _add_names(parts.authors, head.authors)
    _add_names(parts.editors, head.editors)


def _is_site_of(site: str, name: str) -> bool:
    """Whether ``site`` is the host of the outlet ``name``: kabarkita.id for "Kabar Kita"."""
    return "." in site and "." not in name and _sign(site) == "".join(name.lower().split())


def _sign(site: str) -> str:
    return site.split(".", 1)[0].replace("-", "")


def _remove_tail(parts: WireParts, source: str) -> None:
    tail = read_tail(parts.body, source=source or parts.source, signed=bool(parts.authors))
    parts.body = tail.body
    parts.applied += tail.applied
    parts.agency, parts.source = parts.agency or tail.agency, parts.source or tail.source
    parts.place = parts.place or tail.place
    _add_names(parts.authors, tail.authors)
    _add_names(parts.editors, tail.editors)


def _take_initials(parts: WireParts, initials: str) -> None:
    """Record the agency among initials: "ant/dil" names Antara."""
    for part in initials.split("/"):
        parts.agency = parts.agency or find_agency(part)


def _add_names(target: list[str], names: list[str]) -> None:
    target.extend(name for name in names if name not in target)
