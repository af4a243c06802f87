"""What are the pieces of an article's first line, and what could each be? Outlet, agency, place,
date.

A head is cut at every possible separator: commas, brackets, bars, dashes, line breaks and runs of
spaces. Each piece is then interpreted by itself. Each interpretation has a weight: how strongly it
suggests that the line is a head, in points that :mod:`indexer.ingest.wire.dateline` adds up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Final

from indexer.ingest.dates import find_dates
from indexer.ingest.outlets import HOST, find_agency, find_outlet
from indexer.ingest.wire.places import (
    LONGEST_KNOWN_WORDS,
    is_known_place,
    is_place_shaped,
    is_region,
)
from indexer.ingest.wire.words import is_everyday_word, is_function_word
from indexer.language.name_lists import listed_people

#: Maximum length of a head in characters, and in pieces.
LONGEST_HEAD: Final = 200
_MOST_PIECES: Final = 9
_LONGEST_PIECE: Final = 70
_MOST_WORDS: Final = 6
_MANY_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Gap:
    """The separator between a piece and what follows. ``kind`` is the strongest mark in it.

    ``start`` and ``end`` are offsets; ``open`` says whether a bracket is still open after it.
    """

    kind: str
    text: str
    start: int
    end: int
    open: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: its text, its offset, whether it is bracketed, and what follows."""

    text: str
    start: int
    bracketed: bool
    gap: Gap


@dataclass(frozen=True, slots=True)
class Part:
    """One interpretation of a piece. ``kind``: outlet, agency, place, region, date, day or desk.

    ``sure`` says that prose hardly contains it: a host, a known outlet, an agency in brackets.
    """

    kind: str
    value: str
    weight: float
    sure: bool = False


_BRACKETED: Final = re.compile(r"\(([^()\n]{2,30})\)")
_DASHES: Final = "-–—―−"
#: Possible separators of pieces. A hyphen counts with a space on one side, or between two parts
#: that no word contains; a single space never does.
_MARK: Final = re.compile(
    r"[,|()\[\]•·»>\n–—―−]|(?<=\s)[~=*#/\\]{1,4}(?=\s)|(?<=[\s.,])-|-(?=[\s\-–—])|(?<=\w)-(?=[\"“]|[A-Z][a-z])|:(?=[\s:])|"
    r"(?<=[A-Z]{4})\.(?=\s)|(?<=\.COM)\.(?=\s)|\.(?=\s?[-–—])|\s\s"
)
_DIGIT: Final = re.compile(r"\d")
_WORD: Final = r"[^\s,|()\[\]•·»>–—―−~:.=*#/\\-]"
#: What a lost link leaves at the beginning of a sentence.
_LOST: Final = frozenset((",", ".", ";"))
_PROSE: Final = re.compile(rf"[A-Z]{_WORD}{{0,24}}(?: {_WORD}{{1,24}}){{0,5}}? [a-z]{{4,}} \w")
_RUN: Final = re.compile(r"(?:[\s,|()\[\]•·»>~=*#/\\–—―−:-]|\.(?=[\s-]))*")
#: The marks by strength: the strongest in a gap determines its kind.
_KINDS: Final = (
    ("dash", frozenset(_DASHES)),
    ("bar", frozenset("|•·»>~=*#/\\")),
    ("colon", frozenset(":")),
    ("stop", frozenset(".")),
    ("break", frozenset("\n")),
    ("comma", frozenset(",")),
    ("bracket", frozenset("()[]")),
)
_SHORT_DATE: Final = re.compile(
    r"(?:[A-Z][a-z'’]{3,6},? )?(?:\d{1,2}[/.-]\d{1,2}(?:[/.-](?:\d{4}|\d\d))?|"
    r"\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.? \d{1,2}(?:, \d{4})?)"
)
_WEEKDAY: Final = re.compile(r"(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu)", re.IGNORECASE)
#: "VIVAbola", "MENARAnews", "NusaBali", "detikInet": an outlet by its spelling.
_BRAND: Final = re.compile(
    r"[A-Z]{2,}[a-z]{2,}\w*|[A-Z][a-z]+[A-Z][a-z]{2,}\w*|(?:detik|tribun)[A-Z]\w+|"
    r"(?i:(?:klik|times|radar|kabar|suara|swara|info|berita|portal|warta|rakyat|tribun|jurnal|media|sinar|"
    r"lensa|harian|pena|fokus|haluan|seputar|gema|lintas|kanal)[a-z]{4,}|"
    r"the (?:[a-z]+ ){1,2}(?:post|times|globe|observer|star|herald|news|daily|tribune)|"
    r"[a-z]{3,}(?:news|online|times|ekspres|express|today|terkini|channel|post|info|media))"
)
PUBLISHER_WORD: Final = re.compile(
    r"\b(?:Indonesia|News|TV|Post|Pos|Times|Online|Media|Kabar|Berita|Suara|Harian|Warta|Radar|Info|"
    r"Tribun|Jurnal|Channel|Daily|Koran|Radio|Network|Express|Ekspres|Today|Terkini)\b",
    re.IGNORECASE,
)
_KIND_OF_PLACE: Final = re.compile(
    r"(?:Kota|Kab(?:\.|upaten)|Kec(?:\.|amatan)|Desa|Kelurahan|Kampung|Pulau|Dusun|Nagari|Distrik)\s",
    re.IGNORECASE,
)
_MAYBE_HOST: Final = re.compile(r"\w\.[a-z]{2}")
_STRAY_SPACE: Final = re.compile(r" (?=\.(?:com|co\.id|id|net)\b)", re.IGNORECASE)
#: "detikSulsel" alone on a line.
_CAMEL: Final = re.compile(r"(?:detik|i|tv|my)[A-Z]\w*\n")
_PRONOUNCEABLE: Final = re.compile(r"(?:[^AEIOU]{0,2}[AEIOU]){2,}[^AEIOU]{0,2}")


def begins_with_prose(text: str) -> bool:
    """Whether an ordinary lower-case word precedes any possible separator.

    Most texts begin like this, and need no closer look.
    """
    if text[:1] in _LOST:
        return True
    if text[:1].islower() and _CAMEL.match(text) is None:
        # Lower-case archives have hosts and agencies, which end in a mark.
        begin = text[:LONGEST_HEAD]
        return "(" not in begin and _MAYBE_HOST.search(begin) is None
    return _PROSE.match(text) is not None


def cut_head(text: str) -> Iterator[Piece]:
    """The pieces of the first line or lines of ``text``, in order.

    A date stays one piece, including its commas. The last piece is not cut off by anything; its gap
    has the kind ``end``.
    """
    return iter(_remember_cut(text[:LONGEST_HEAD]))


class _Cut:
    """The pieces at the beginning of a text, cut on demand, and cached."""

    def __init__(self, window: str) -> None:
        self._cut: list[Piece] = []
        self._rest = _cut_window(window)
        self._lock = Lock()

    def __iter__(self) -> Iterator[Piece]:
        number = 0
        while number < len(self._cut) or self._cut_one(number):
            yield self._cut[number]
            number += 1

    def _cut_one(self, number: int) -> bool:
        """Make sure that the piece with this number is cut; return whether it exists."""
        with self._lock:
            if number == len(self._cut):
                self._cut += islice(self._rest, 1)
            return number < len(self._cut)


@lru_cache(maxsize=2048)
def _remember_cut(window: str) -> _Cut:
    """A head is examined more than once: when it is read, and when habits are learned from it."""
    return _Cut(window)


def _cut_window(window: str) -> Iterator[Piece]:
    position = _skip_opening(window)
    opened = "(" in window[:position] or "[" in window[:position]
    dates: list[re.Match[str]] | None = None
    for _ in range(_MOST_PIECES):
        gap = _find_gap(window, position, opened=opened)
        # Most texts begin with prose; searching them for dates would be wasted.
        if dates is None and (position or _DIGIT.search(window, 0, gap.start) is not None):
            dates = find_dates(window)
        for date in dates or ():
            if date.start() == position:
                gap = _find_gap(window, date.end(), opened=opened, behind=True)
            elif position < date.start() < gap.start:
                end = position + len(window[position : date.start()].rstrip())
                gap = Gap("space", " ", end, date.start(), opened)
        yield Piece(window[position : gap.start], position, opened, gap)
        if gap.kind == "end":
            return
        position, opened = gap.end, gap.open


def _skip_opening(window: str) -> int:
    position = 0
    while position < len(window) and window[position] in "\"“‘'*[(\n ":
        position += 1
    return position


def _find_gap(window: str, position: int, *, opened: bool, behind: bool = False) -> Gap:
    """The next gap from ``position`` on; ``behind``: the one directly there, even if it is only a
    space.
    """
    limit = position + _LONGEST_PIECE
    for mark in _MARK.finditer(window, position, limit):
        if mark[0] == "-" and mark.start() > position:
            before, after = window[mark.start() - 1], window[mark.end() : mark.end() + 1]
            glued = before.isalnum() and not after.isspace() and after not in _DASHES
            if glued and not _may_end_glued(window[position : mark.start()]):
                continue
        start = mark.start()
        while start > position and window[start - 1].isspace():
            start -= 1
        if (
            behind
            and (start > position or mark[0] in "([")
            and not _is_agency(window, mark.start())
        ):
            break
        run = _RUN.match(window, mark.start())
        end = max(mark.end(), run.end()) if run is not None else mark.end()
        return _make_gap(window[start:end], start, end, opened)
    if behind and window[position : position + 1] == " ":
        return Gap("space", " ", position, position + 1, opened)
    return Gap("end", "", len(window), len(window), opened)


def _is_agency(window: str, position: int) -> bool:
    """Whether a bracket opens there that contains an agency: "20 Juli 2022 (ANTARA) - "."""
    found = _BRACKETED.match(window, position)
    return found is not None and find_agency(found[1]) != ""


def _may_end_glued(text: str) -> bool:
    """Whether a hyphen glued to the end of ``text`` can be a dash: "JAKARTA-Polisi", not
    "Tik-Tok".
    """
    return (text.isupper() and len(text) > 2) or is_known_place(text) or bool(find_outlet(text))


def _make_gap(text: str, start: int, end: int, opened: bool) -> Gap:
    for mark in text:
        if mark in "([":
            opened = True
        elif mark in ")]":
            opened = False
    return Gap(_name_kind(text), text, start, end, opened)


@lru_cache(maxsize=512)
def _name_kind(gap: str) -> str:
    return next((kind for kind, marks in _KINDS if not marks.isdisjoint(gap)), "space")


@lru_cache(maxsize=8192)
def explain_piece(text: str, *, bracketed: bool) -> tuple[Part, ...]:
    """The interpretation of a piece, as one part or two ("Solo KOMPAS.com"); empty if it is not a
    part.
    """
    text = _STRAY_SPACE.sub("", text.strip(" .:*/" + _DASHES))
    if not text or text.count(" ") >= _MOST_WORDS:
        return ()
    sure = _explain_supplier(text, bracketed=bracketed) or _explain_date(text)
    if sure is not None:
        return (sure,)
    pair = _explain_pair(text)
    if pair:
        return pair
    if bracketed and not is_known_place(text):
        # "(Kemenag)", "(Suara Karya)": a desk that is not in the table.
        return (Part("desk", text, 0.5),) if is_place_shaped(text) else ()
    place = _explain_place(text)
    return (place,) if place is not None else ()


def _explain_supplier(text: str, *, bracketed: bool) -> Part | None:
    """``text`` as an agency or an outlet."""
    agency = find_agency(text)
    if not agency and bracketed:
        # "(ANTARA/Xinhua)", "(ANTARA Sumut)": the first one is the supplier.
        agency = find_agency(re.split(r"[/ ,&]", text, maxsplit=1)[0])
    if agency and (bracketed or text.isupper()):
        return Part("agency", agency, 4.0, sure=True)
    outlet = find_outlet(text)
    if outlet:
        return Part("outlet", outlet, 4.0 if "." in text else 3.0, sure=True)
    if _BRAND.fullmatch(text):
        return Part("outlet", text, 1.5)
    return None


def _explain_date(text: str) -> Part | None:
    found = find_dates(text)
    if found and found[0][0] == text:
        return Part("date", text, 1.0)
    if _SHORT_DATE.fullmatch(text):
        return Part("date", text, 1.0)
    return Part("day", text, 0.5) if _WEEKDAY.fullmatch(text) else None


def _explain_pair(text: str) -> tuple[Part, ...]:
    """An outlet and a place separated only by a space, in either order."""
    words = text.split(" ")
    for count in range(1, len(words)):
        left, right = " ".join(words[:count]), " ".join(words[count:])
        if HOST.fullmatch(right) and is_place_shaped(left):
            place = _explain_place(left)
            if place is not None:
                return place, Part("outlet", find_outlet(right), 4.0, sure=True)
        outlet = find_outlet(left)
        if outlet and (is_known_place(right) or HOST.fullmatch(left)):
            place = _explain_place(right)
            if place is not None:
                return Part("outlet", outlet, 3.0, sure=True), place
    return ()


def _explain_place(text: str) -> Part | None:
    kind_of = _KIND_OF_PLACE.match(text)
    known = is_known_place(text) or (
        kind_of is not None and text[:1].isupper() and is_known_place(text[kind_of.end() :])
    )
    if known:
        kind = "region" if is_region(text) else "place"
        return Part(kind, text, (2.5 if text.isupper() else 2.0) if text[:1].isupper() else 1.0)
    if not is_place_shaped(text):
        # "KABAR BUNGO" begins like a label; beside a place it is an outlet.
        named = " " in text and PUBLISHER_WORD.match(text) is not None and text[-1].isalpha()
        local = text.isupper() and is_known_place(text.partition(" ")[2])
        return (
            Part("outlet", text, 2.0 if local else 0.5) if named and _is_capitalised(text) else None
        )
    words = text.split(" ")
    if any(word.lower() in listed_people() for word in words):
        return Part("place", text, -2.0)
    if PUBLISHER_WORD.search(text):
        return Part("outlet", text, 1.5)
    if text.isupper():
        return _explain_capitals(text, words)
    weight = -1.0
    if _KIND_OF_PLACE.match(text):
        weight += 1.5
    elif is_known_place(words[0]):
        weight += 1.0
    elif all(map(is_everyday_word, words)):
        # Only a publisher's habit makes "Rumbia" a place.
        weight -= 3.0
    elif is_everyday_word(words[0]):
        weight -= 1.0
    return Part("place", text, weight)


def _explain_capitals(text: str, words: list[str]) -> Part | None:
    if len(words) == 1 and len(text) <= 5:
        # "TUREN" can be a place, "PSSI" cannot; beside a place, it is a desk.
        return Part(
            *(("place", text, 0.5) if _PRONOUNCEABLE.fullmatch(text) else ("desk", text, 0.0))
        )
    if len(words) > 1 and is_known_place(words[0]):
        # "JEMBER KIDUL"
        return Part("place", text, 1.5)
    return Part("place", text, -3.0 if all(map(is_everyday_word, words)) else 2.0)


def is_long_name(piece: Piece) -> bool:
    """Whether a first piece is a name of several words in prose: "Komisi Pemilihan Umum (KPU)"."""
    if piece.gap.kind not in ("bracket", "comma") or piece.text.count(" ") < _MANY_WORDS:
        return False
    if piece.text.isupper() or "." in piece.text or _KIND_OF_PLACE.match(piece.text):
        return False
    first = piece.text.split(" ", 1)[0]
    return not is_known_place(first) and not is_known_place(piece.text)


def sketch_head(text: str) -> tuple[tuple[str, str], ...]:
    """The pieces that could be a head of ``text``, known or unknown, each with the kind of its gap.

    Empty if the text begins with prose: a piece of a head is a few capitalised words.

    >>> sketch_head("Lensa Bahari | Baubau — Nelayan pulang, kata ketua.")
    (('Lensa Bahari', 'bar'), ('Baubau', 'dash'))
    """
    if begins_with_prose(text):
        return ()
    sketch: list[tuple[str, str]] = []
    ends = 0
    # "Palang Merah Indonesia (PMI) ..." is prose; only a bracket closes a bracketed head.
    never = ("comma",) if text[:1] in ("(", "[") else ("comma", "bracket")
    for piece in cut_head(text):
        bare = piece.text.strip(" .:*")
        if piece.gap.kind == "end" or not _is_capitalised(bare):
            break
        sketch.append((bare, piece.gap.kind))
        if not piece.gap.open and piece.gap.kind not in never:
            ends = len(sketch)
    return tuple(sketch[:ends])


def _is_capitalised(text: str) -> bool:
    words = text.split(" ")
    return (
        0 < len(text) <= _LONGEST_PIECE
        and len(words) < _MOST_WORDS
        and all(word[:1].isupper() or word[:1].isdigit() or "." in word for word in words)
        and not is_function_word(words[0])
    )


def find_known_place(text: str) -> str:
    """The longest listed place at the beginning of ``text``, even if glued to the next word.

    >>> find_known_place("New York Harga"), find_known_place("JakartaKini pasar")
    ('New York', 'Jakarta')
    """
    words = text[:60].split(" ")
    for count in range(min(LONGEST_KNOWN_WORDS, len(words)), 0, -1):
        place = " ".join(words[:count])
        if is_known_place(place):
            return place
        glued = re.fullmatch(r"(.*[a-z])[A-Z0-9\"“].*", place)
        while glued is not None:
            if is_known_place(glued[1]):
                return glued[1]
            glued = re.fullmatch(r"(.*[a-z])[A-Z0-9\"“].*", glued[1])
    return ""
