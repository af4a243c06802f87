"""Which words of a hit are highlighted? Titles and snippets as HTML, with matches marked.

The engine reports what to mark (:meth:`Snapshot.occurrences`), so a query for ``menyerang`` marks
``serangan`` if the article was found by it. Everything except ``<mark>`` is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import escape

from indexer.engine.base import Occurrence, Passage, PassageBounds
from indexer.language.tokens import find_token_end
from searchsvc.limits import DEFAULT_SNIPPET

#: How many of these may precede the first match.
_BEFORE = 60

_LEFT_OUT = "…"
#: A non-breaking space.
_TIE = "\u00a0"
#: Characters that belong to the previous sentence.
_NOT_FIRST = frozenset(" ,;:.!?)]…”’")

#: Characters with a meaning in HTML, as escaped by markupsafe.
_SPECIAL = re.compile(r"[&<>'\"]")
#: A word that ends where its letters do. Anything else, such as ``A¹``, is left to the tokeniser.
_PLAIN_WORD = re.compile(r"[A-Za-z]+(?![\w\-'`.,%]|[^\x00-\x7f])|[A-Za-z]+(?=[.,](?:\s|\Z))")


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive), matched by word number ``word``."""

    start: int
    end: int
    word: int


def find_spans(text: str, occurrences: Iterable[Occurrence]) -> list[Span]:
    """The spans of the occurrences' tokens in ``text``, which must be their field."""
    spans = []
    for occurrence in occurrences:
        start = occurrence.start
        plain = _PLAIN_WORD.match(text, start)
        end = plain.end() if plain else find_token_end(text, start)
        spans.append(Span(start, end, occurrence.word))
    return spans


def mark(text: str, spans: Iterable[Span], *, start: int = 0, end: int | None = None) -> str:
    """``text[start:end]`` as HTML with the spans marked; adjacent ones share one mark."""
    stop = len(text) if end is None else end
    # Most texts have nothing to escape, and many short calls cost more than one search.
    show = escape if _SPECIAL.search(text, start, stop) else str
    parts: list[str] = []
    done = start
    for first, last in merge_neighbours(text, spans):
        if last <= done or first >= stop:
            continue
        first, last = max(first, done), min(last, stop)
        parts.append(f"{show(text[done:first])}<mark>{show(text[first:last])}</mark>")
        done = last
    parts.append(str(show(text[done:stop])))
    return "".join(parts)


def merge_neighbours(text: str, spans: Iterable[Span]) -> list[tuple[int, int]]:
    """(start, end) of what to mark, in order: spans separated by only a space or hyphen are
    merged.
    """
    merged: list[tuple[int, int]] = []
    for span in sorted(spans):
        if merged:
            start, end = merged[-1]
            if span.start <= end or text[end : span.start] in (" ", "-"):
                merged[-1] = (start, max(end, span.end))
                continue
        merged.append((span.start, span.end))
    return merged


def highlight_title(title: str, occurrences: Iterable[Occurrence]) -> str:
    """The whole title as HTML, with matches marked."""
    # A site's own fields may be searched beyond the title's end: nothing to mark there.
    return mark(title, find_spans(title, [one for one in occurrences if one.start < len(title)]))


def mark_paragraphs(body: str, occurrences: Iterable[Occurrence]) -> list[str]:
    """The body's non-empty lines, in order, as HTML with matches marked."""
    # The dateline's place is searched beyond the body's end: nothing to mark there.
    spans = sorted(find_spans(body, [one for one in occurrences if one.start < len(body)]))
    paragraphs = []
    start = used = 0
    for line in body.split("\n"):
        end, first = start + len(line), used
        while used < len(spans) and spans[used].start < end:
            used += 1
        if line.strip():
            begin = start + len(line) - len(line.lstrip())
            stop = start + len(line.rstrip())
            paragraphs.append(mark(body, spans[first:used], start=begin, end=stop))
        start = end + 1
    return paragraphs


def bound_passage(body: str, characters: int = DEFAULT_SNIPPET) -> PassageBounds:
    """The passage that a snippet of so many characters of ``body`` shows."""
    # The dateline's place is searched beyond the body's end: nothing to mark there.
    return PassageBounds(len(body), characters - leave_before(characters), characters)


def make_snippet(body: str, passage: Passage, *, characters: int = DEFAULT_SNIPPET) -> str:
    """The part of ``body`` around the best stretch of ``passage``, as HTML, with matches marked.

    The beginning if nothing matches. Cut between words, with ``…`` where text was omitted, joined
    to the adjacent word. Line breaks become spaces.
    """
    # Character by character, so that offsets stay valid.
    text = body.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    start = 0
    if passage.first >= 0:
        start = choose_start(text, passage.first, passage.last, characters)
        while start and start < passage.first and text[start] in _NOT_FIRST:
            start += 1
    end = choose_end(text, start, characters, shown=max(passage.first, start))
    inside = [one for one in passage.in_body if start <= one.start < end]
    marked = mark(text, find_spans(text, inside), start=start, end=end)
    return (
        f"{_LEFT_OUT + _TIE if start else ''}{marked}"
        f"{_TIE + _LEFT_OUT if end < len(text.rstrip()) else ''}"
    )


def leave_before(characters: int) -> int:
    """How many characters of a snippet may precede its first match."""
    return min(_BEFORE, characters // 3)


def choose_start(text: str, first: int, last: int, characters: int) -> int:
    """The start of a snippet with the matches from ``first`` to ``last``: at the beginning of a
    sentence if one is near, else between words.
    """
    before = leave_before(characters)
    if last < characters - before:
        return 0
    room = min(before + max(0, characters - before - (last - first)) // 2, first)
    earliest = first - room
    sentence = max(text.rfind(mark, earliest, first) for mark in (". ", "? ", "! "))
    if sentence >= 0:
        return sentence + 2
    space = text.find(" ", earliest, first)
    return space + 1 if space >= 0 else first


def choose_end(text: str, start: int, characters: int, *, shown: int) -> int:
    """Where a snippet that begins at ``start`` ends: between words, or in a word without end, but
    behind the match at ``shown``.
    """
    if start + characters >= len(text):
        return len(text.rstrip()) or len(text)
    least = max(start + characters // 2, shown)
    space = text.rfind(" ", least, start + characters + 1)
    return space if space > start else start + characters
