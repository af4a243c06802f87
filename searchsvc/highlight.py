"""Which words of a hit are highlighted? Titles and snippets as HTML, with matches marked.

The engine reports where the tokens to mark start (:meth:`Snapshot.passages`), so a query for
``menyerang`` marks ``serangan`` if the article was found by it. Everything except ``<mark>`` is
escaped.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from markupsafe import escape

from indexer.engine.base import Passage, PassageBounds
from indexer.language.tokens import find_token_end
from searchsvc.limits import DEFAULT_SNIPPET

#: How many characters may precede the first match.
_BEFORE = 60
#: In characters; the end of a longer one may be marked incompletely in a snippet.
_LONGEST_WORD = 200

_LEFT_OUT = "…"
#: A non-breaking space.
_TIE = "\u00a0"
#: Characters that belong to the previous sentence.
_NOT_FIRST = frozenset(" ,;:.!?)]…”’")

#: Characters with a meaning in HTML, as escaped by markupsafe.
_SPECIAL = re.compile(r"[&<>'\"]")
#: A word that ends where its letters do. Anything else, such as ``A¹``, is left to the tokeniser.
_PLAIN_WORD = re.compile(r"[A-Za-z]+(?![\w\-'`.,%]|[^\x00-\x7f])|[A-Za-z]+(?=[.,](?:\s|\Z))")


def mark(text: str, starts: Iterable[int], *, start: int = 0, end: int | None = None) -> str:
    """``text[start:end]`` as HTML with its tokens marked that start at ``starts``, ascending;
    those separated by only a space or hyphen share one mark.
    """
    stop = len(text) if end is None else end
    #: Every other one is marked.
    pieces: list[str] = []
    first = done = start
    for begin in starts:
        plain = _PLAIN_WORD.match(text, begin)
        behind = plain.end() if plain else find_token_end(text, begin)
        if pieces and text[done:begin] in ("", " ", "-"):
            pieces.pop()
        else:
            pieces.append(text[done:begin])
            first = begin
        pieces.append(text[first:behind])
        done = behind
    if done > stop:
        pieces[-1] = text[first:stop]
    pieces.append(text[done:stop])
    # Most texts have nothing to escape, and many short calls cost more than one search.
    if _SPECIAL.search(text, start, stop):
        pieces = list(map(escape, pieces))
    pieces[1::2] = [f"<mark>{piece}</mark>" for piece in pieces[1::2]]
    return "".join(pieces)


def highlight_title(title: str, starts: Sequence[int]) -> str:
    """The whole title as HTML, with the tokens marked that start there, ascending."""
    # A site's own fields may be searched beyond the title's end: nothing to mark there.
    return mark(title, starts[: bisect_left(starts, len(title))])


def mark_paragraphs(body: str, starts: Sequence[int]) -> list[str]:
    """The body's non-empty lines, in order, as HTML with the tokens marked that start there,
    ascending.
    """
    paragraphs = []
    start = 0
    for line in body.split("\n"):
        end = start + len(line)
        if line.strip():
            begin = start + len(line) - len(line.lstrip())
            stop = start + len(line.rstrip())
            inside = starts[bisect_left(starts, begin) : bisect_left(starts, stop)]
            paragraphs.append(mark(body, inside, start=begin, end=stop))
        start = end + 1
    return paragraphs


def bound_passage(body: str, characters: int = DEFAULT_SNIPPET) -> PassageBounds:
    """The passage that a snippet of so many characters of ``body`` shows."""
    # The dateline's place is searched beyond the body's end: nothing to show there.
    return PassageBounds(len(body), characters - leave_before(characters), characters)


def make_snippet(body: str, passage: Passage, *, characters: int = DEFAULT_SNIPPET) -> str:
    """The part of ``body`` around the best stretch of ``passage``, as HTML, with matches marked.

    The beginning if nothing matches. Cut between words, with ``…`` where text was omitted, joined
    to the adjacent word. Line breaks become spaces.
    """
    first, last = passage.first, passage.last
    # What may be shown, with the words around it whole; offsets count from ``low`` from here on.
    low = max(0, first - characters - _LONGEST_WORD)
    text = body[low : low + 3 * characters + 2 * _LONGEST_WORD]
    text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    start = 0
    if first >= 0:
        first, last = first - low, last - low
        start = choose_start(text, first, last, characters)
        while start and start < first and text[start] in _NOT_FIRST:
            start += 1
    end = choose_end(text, start, characters, shown=max(first, start))
    matches = passage.in_body
    inside = matches[bisect_left(matches, low + start) : bisect_left(matches, low + end)]
    marked = mark(text, [one - low for one in inside], start=start, end=end)
    return (
        f"{_LEFT_OUT + _TIE if start else ''}{marked}"
        f"{_TIE + _LEFT_OUT if low + end < len(body.rstrip()) else ''}"
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
    sentence = max(
        text.rfind(". ", earliest, first),
        text.rfind("? ", earliest, first),
        text.rfind("! ", earliest, first),
    )
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
