"""What follows the last sentence of a story? Credits, signatures, tags, boilerplate of the page.

It is removed from the end, one element at a time, until prose is left: each removal can expose
another ("(adt)" before "Editor: ..." before "***").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from indexer.ingest.outlets import find_agency
from indexer.ingest.wire.byline import read_byline
from indexer.ingest.wire.credit_lines import find_credit_run
from indexer.ingest.wire.credits import take_closing_credit
from indexer.ingest.wire.furniture import (
    LONGEST_FURNITURE,
    is_furniture,
    is_notice,
    may_call,
)
from indexer.ingest.wire.names import find_agencies, split_names
from indexer.ingest.wire.places import NOT_PLACES, normalise_place
from indexer.ingest.wire.words import is_everyday_word, is_function_word
from indexer.language.name_lists import listed_people

_MOST_REMOVALS: Final = 14
_MOST_SENTENCES: Final = 3
_BREAK: Final = re.compile(r"(?<=[.!?\"”)\]…])\s+(?=\S)|\n|\s{2,}")
#: "RAHMA DEWI (SOLO)", "RINA WIDI | ANTARA" on the last line.
_SIGNATURE: Final = re.compile(
    r"\n(?<=[.!?\"”'’)]\n)\n*(?P<author>[A-Z][A-Z.']{2,20}(?: [A-Z][A-Z.']{0,20}){1,3}"
    r"(?: ?[|,&] ?[A-Z][A-Z.']{1,20}(?: [A-Z][A-Z.']{0,20}){0,3}){0,2})"
    r"(?: ?\((?P<place>[A-Z][A-Z ]{2,24})\))?\Z"
)
_AGENCY: Final = re.compile(r"\n(?<=[.!?\"”'’]\n)\n*(?P<agency>[A-Z]{2,10}(?: NEWS)?)\Z")
#: Initials, followed by tags: lower-case words without punctuation, on lines or run together.
_INITIALS: Final = re.compile(
    r"\s?\((?P<initials>[a-z]{2,4}/[a-z]{2,4}(?:/[a-z]{2,4})?)\)"
    r"(?P<tags>\s?[^\sA-Z.!?\"“”()][^A-Z.!?\"“”()]{1,300})?\Z"
)
_UNITS: Final = re.compile(r"\((?:km|kg|mg|ml|cm|mm|rp|ton|pro|ya)/")
_ENDED: Final = re.compile(r"[.!?…\"”'’)]\s?\Z")
#: Meaningless endings: a name, what the text must end with, the expression.
_SCRAPS: Final = (
    (
        "initials before agencies",
        ")",
        re.compile(r" (?<=[.!?\"”'’] )[a-z]{2,3}/[a-z]{2,3}(?= \([a-zA-Z, ]{2,24}\)\Z)"),
    ),
    ("closing stars", "*#/", re.compile(r"[ \n*#](?<=[.!?\"”'’)\]][ \n*#])[*#/]{0,5}\Z")),
    ("dangling commas", ",", re.compile(r"[ ,](?<=[.!?\"”'’)\]].)[ ,]{0,8}\Z")),
)
_TAGS: Final = re.compile(r" Tags (?<=[.!?\"”'’)\]\w] Tags )(?:[A-Z0-9][^\s.]{0,30} ?){1,12}\Z")
_TAIL_CHARS: Final = 500


@dataclass(slots=True)
class Tail:
    """The parts read after the story, and ``body``, the text without them."""

    body: str
    place: str = ""
    agency: str = ""
    source: str = ""
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    signed: bool = False


def read_tail(text: str, *, source: str = "", signed: bool = False) -> Tail:
    """The tail of ``text``. ``source``: the publisher, which may sign with its name; ``signed``:
    the authors are known already.

    >>> read_tail("Warga pulang. (adt)\\nIkuti kami di WhatsApp Channel\\nEditor: Sari").body
    'Warga pulang.'
    """
    tail = Tail(text, signed=signed)
    for _ in range(_MOST_REMOVALS):
        tail.body = tail.body.rstrip()
        # After a full stop there are neither brackets, signatures nor stray marks.
        removals = _AFTER_A_STOP if tail.body[-1:] in _STOPS else _REMOVALS
        if not any(remove(tail, source) for remove in removals):
            break
    return tail


def _cut(tail: Tail, name: str, start: int) -> bool:
    rest = tail.body[:start].rstrip(" \n([|–-")
    if not rest:
        return False
    tail.body = rest
    tail.applied.append(name)
    return True


def _add(target: list[str], names: list[str]) -> None:
    target.extend(name for name in names if name not in target)


def _remove_scraps(tail: Tail, source: str) -> bool:
    start = max(0, len(tail.body) - _TAIL_CHARS)
    last = tail.body[-1:]
    for name, closers, scrap in _SCRAPS:
        match = scrap.search(tail.body, start) if last and last in closers else None
        if match is not None:
            return _cut(tail, name, match.start())
    tags = _TAGS.search(tail.body, start) if " Tags " in tail.body[start:] else None
    return tags is not None and _cut(tail, "tags after credits", tags.start())


def _remove_credit_run(tail: Tail, source: str) -> bool:
    run = find_credit_run(tail.body)
    if run is None or not _cut(tail, "credit line", run.start):
        return False
    _add(tail.authors, run.authors)
    _add(tail.editors, run.editors)
    tail.agency, tail.source = tail.agency or run.agency, tail.source or run.source
    return True


def _remove_byline(tail: Tail, source: str) -> bool:
    """ "Laporan Wartawan Tribunnews.com, Rahma Dewi" below the story."""
    start = tail.body.rfind("\n") + 1
    line = tail.body[start:]
    byline = read_byline(f"{line}\n") if start and line[:1] in "LlOoBb" else None
    if byline is None or not _cut(tail, "byline", start):
        return False
    _add(tail.authors, byline.authors)
    _add(tail.editors, byline.editors)
    return True


def _remove_closing_credit(tail: Tail, source: str) -> bool:
    taken = take_closing_credit(tail.body, source=source or tail.source)
    if taken is None or not taken[0]:
        return False
    tail.body, credits = taken
    tail.agency, tail.source = tail.agency or credits.agency, tail.source or credits.source
    if not ((tail.signed or tail.authors) and credits.source):
        # "(kabarkita.id - Sosial Budaya)" above "Penulis: Rahma Dewi" names a section.
        _add(tail.authors, credits.authors)
    _add(tail.editors, credits.editors)
    tail.applied.append("closing credit")
    return True


def _remove_signature(tail: Tail, source: str) -> bool:
    if not (tail.body[-1:].isupper() or tail.body[-1:] == ")"):
        return False
    agency = _AGENCY.search(tail.body)
    if agency is not None and find_agency(agency["agency"]):
        tail.agency = tail.agency or find_agency(agency["agency"])
        return _cut(tail, "agency signature", agency.start())
    signed = _SIGNATURE.search(tail.body)
    if signed is None or not _is_person(signed):
        return False
    if not _cut(tail, "signature in capitals", signed.start()):
        return False
    tail.agency = tail.agency or find_agencies(signed["author"])
    _add(tail.authors, split_names(signed["author"]) or [])
    tail.place = tail.place or normalise_place(signed["place"] or "")
    return True


def _is_person(signed: re.Match[str]) -> bool:
    """Whether the capitals are a signature: "BABAK KEDUA" is a heading that lost its text."""
    if signed["place"] or find_agencies(signed["author"]):
        return True
    words = [word.lower() for word in re.findall(r"\w+", signed["author"])]
    named = not listed_people().isdisjoint(words)
    return not any(word in NOT_PLACES or is_function_word(word) for word in words) and (
        named or not is_everyday_word(words[0])
    )


def cut_tags(text: str) -> tuple[str, str]:
    """``text`` without the initials at its end and the tags after them, and the initials.

    Removes nothing if the text is entirely in lower case: there prose looks like tags.

    >>> cut_tags("Warga pulang. (aik/idn) banjir demak")
    ('Warga pulang.', 'aik/idn')
    """
    start = max(0, len(text) - _TAIL_CHARS)
    found = _INITIALS.search(text, start)
    if found is None or not found["tags"] or _UNITS.search(found[0]):
        return text, ""
    before = text[start : found.start()]
    if not _ENDED.search(before) or before == before.lower():
        return text, ""
    return text[: found.start()].rstrip(), found["initials"]


def _remove_furniture(tail: Tail, source: str) -> bool:
    source = source or tail.source
    line = tail.body.rfind("\n") + 1
    if is_notice(tail.body[line:]):
        return _cut(tail, "furniture", line)
    end = tail.body[-LONGEST_FURNITURE - 2 :]
    if not may_call(end) and "pic.twitter.com" not in end:
        return False
    for count, start in enumerate(_list_starts(tail.body, line), start=1):
        if is_furniture(tail.body[start:], source=source, several=count > 1):
            return _cut(tail, "furniture", start)
    return False


def _list_starts(body: str, line: int) -> list[int]:
    """The offsets of the last sentence, of the last two, and so on, few and short; and of the last
    line.
    """
    first = max(0, len(body) - LONGEST_FURNITURE - 2)
    starts = [found.end() for found in _BREAK.finditer(body, first)]
    last = starts[: -_MOST_SENTENCES - 1 : -1]
    return last if line <= first or line in last else [*last, line]


_REMOVALS: Final = (
    _remove_scraps,
    _remove_credit_run,
    _remove_closing_credit,
    _remove_signature,
    _remove_byline,
    _remove_furniture,
)
_AFTER_A_STOP: Final = (
    _remove_credit_run,
    _remove_closing_credit,
    _remove_byline,
    _remove_furniture,
)
_STOPS: Final = frozenset((".", "!", "?", '"', "”"))
