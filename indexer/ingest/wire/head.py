"""What precedes a story, above it or in its first line? Address, title, byline, date, dateline.

They come in any order, each on its line or run together. If copy begins with a teaser or a caption,
the dateline comes later; then only the dateline is removed, and the text before it stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from indexer.ingest.dates import find_dates, parse_date
from indexer.ingest.outlets import find_outlet
from indexer.ingest.wire.byline import Byline, read_byline, read_other_label
from indexer.ingest.wire.dateline import ENOUGH_INSIDE, NO_HABIT, Dateline, Habit, read_dateline
from indexer.ingest.wire.head_pieces import LONGEST_HEAD
from indexer.ingest.wire.linked_title import is_title_case
from indexer.ingest.wire.places import LONGEST_KNOWN_WORDS, is_known_place

#: Lines above a story that are read, and the characters within which its dateline must be.
_MOST_LINES: Final = 7
_LONGEST_TEASER: Final = 700
_LONGEST_LINE: Final = 90
#: Characters of a line within which its dateline must end.
_NEAR: Final = 70
_LONGEST_HEADLINE: Final = 160
_SHORTEST_TITLE: Final = 15
_ADDRESS: Final = re.compile(r"(?P<url>https?://[^\s]{4,1000})[ \t]*\n\s*")
_PHOTO: Final = re.compile(
    r"\((?:foto|ilustrasi|dok|istimewa|screenshot|tangkapan layar)\b[^()\n]{0,80}\)\s*",
    re.IGNORECASE,
)
_ODD_OPENING: Final = " ,\n|"
#: Words of a line that dates the page, besides the date and the outlet.
_DATE_LABEL: Final = re.compile(
    r"(?:tayang|terbit|diterbitkan|dipublikasikan|published|posted|update[d]?|last|diperbarui|rilis|"
    r"pada|on|at|pukul|pkl|jam|hari|tanggal|oleh|by|admin|redaksi|wib|wita|wit|\W)+",
    re.IGNORECASE,
)
#: A dateline with its outlet or agency, whose beginning nothing marks.
_ANCHOR: Final = re.compile(
    r"\((?:antara|afp|reuters|xinhua)[^()\n]{0,25}\)\s?[-–—]+\s|"
    r"\b[\w-]{3,24}\.(?:com|co\.id|id|co|net)\s?[-–—]+\s",
    re.IGNORECASE,
)
#: A rough pattern for the first line of a dateline.
_BEGINS_SO: Final = re.compile(r"[\"“(\[]?[A-Z][^\n]{2,60}?(?:\s[-–—]|[-–—]{2}|[—–]|: |\n-)")
#: What a title may run into: a byline, or an outlet's host in capitals.
_RUN_IN: Final = re.compile(
    r"(?<= )(?:Laporan (?i:wartawan|kontributor|reporter)|[A-Z][A-Z\d-]{3,20}\.(?:COM|ID|CO\.ID)\b)"
)
#: What separates a head inside a text from its story.
_DASHED: Final = (" -", "- ", "–", "—", "--")
_ANCHOR_WORDS: Final = (".co", ".id", "(antara", "(afp", "(reuters", "(xinhua")
_SENTENCE: Final = re.compile(r"[.!?\"”]\s+(?=\S)|\n")
#: A photograph's caption before the dateline of flattened copy.
_CAPTION: Final = re.compile(r"[^\n]{0,160}?\bFoto\s?: ?(?P<words>[^\n]{4,90}?) (?:-|–|--) (?=\S)")
_CAPTION_CHARS: Final = 400
#: A line that is a caption by its credit, with the line break behind it.
_ENDS_CAPTION: Final = re.compile(
    r"(?:^|\n)(?:[^\n]{0,300}(?:\b(?i:foto|dok|photo)\s?[:./]|\((?i:foto|dok)\b)[^\n]{2,60}|"
    r"(?i:foto|keterangan|caption)\s?: ?[^\n]{4,300})\n\s*\Z"
)
#: Lines that are no sentences at the text's beginning, such as a second title, or the letterhead of
#: a press release.
_ENDS_TITLE: Final = re.compile(r"\A(?:[A-Z*\"“#\d][^\n]{6,140}[^\s.,;:]\n{1,3}){1,4}\Z")
#: Points that a head needs behind one.
ENOUGH_CAPTIONED: Final = 4.0
#: The words between a caption and a dash are a dateline, as with a publisher's habit.
_CAPTIONED: Final = Habit(shapes=frozenset((("dash",),)))


@dataclass(slots=True)
class Head:
    """The parts read above the story, and ``body``, the text without them.

    ``applied`` names what was found, in order.
    """

    body: str
    title: str = ""
    url: str = ""
    source: str = ""
    place: str = ""
    agency: str = ""
    published: str = ""
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)


def read_head(text: str, *, title: str = "", habit: Habit = NO_HABIT) -> Head:
    """The head of ``text``, whose lines are trimmed. ``title`` is the known title.

    >>> head = read_head("Laporan Sarah Masri | Banda Aceh\\nSERAMBINEWS.COM, BANDA ACEH - Hujan.")
    >>> head.authors, head.place, head.body
    (['Sarah Masri'], 'Banda Aceh', 'Hujan.')
    """
    head = Head(text.lstrip(_ODD_OPENING))
    for _ in range(_MOST_LINES):
        if not _read_line(head, title, habit):
            break
    if not head.applied:
        # A comma left by a lost link stays if there is no head.
        head.body = text
    return head


def _read_line(head: Head, title: str, habit: Habit) -> bool:
    """Take one line off; return whether there was one."""
    address = _ADDRESS.match(head.body) if head.body.startswith("http") else None
    if address is not None:
        head.url = head.url or address["url"]
        return _cut(head, "address line", head.body[address.end() :])
    photo = _PHOTO.match(head.body) if head.body.startswith("(") else None
    if photo is not None:
        return _cut(head, "photograph", head.body[photo.end() :])
    rest = _skip_title(head.body, head.title or title, habit)
    if rest is not None:
        return _cut(head, "title repeated", rest)
    byline = read_byline(head.body) or _read_other_byline(head.body, habit)
    if byline is not None:
        return _take_byline(head, byline)
    return _read_plain_line(head, title, habit) or _read_dateline(head, habit)


def _read_other_byline(body: str, habit: Habit) -> Byline | None:
    """A byline with a label that nobody knows, above a dateline or another byline. Someone whom
    the story names again is in it, such as a coach or an actor.
    """
    found = read_other_label(body)
    if found is None:
        return None
    below = body[found.end :]
    if any(name in below for name in (*found.authors, *found.editors)):
        return None
    begins = read_dateline(below, habit) is not None or read_byline(below) is not None
    return found if begins else None


def _read_dateline(head: Head, habit: Habit) -> bool:
    """Take the dateline; return whether more of a head may follow, as after a dated byline."""
    dateline = read_dateline(head.body, habit)
    if dateline is None:
        _read_inside(head, habit)
        return False
    _take(head, dateline, "", head.body[dateline.end :])
    return bool(dateline.author and not dateline.place)


def _read_plain_line(head: Head, title: str, habit: Habit) -> bool:
    end = head.body.find("\n", 0, _LONGEST_HEADLINE + 1)
    if end < 0:
        return False
    line, rest = head.body[:end], head.body[end + 1 :]
    if len(line) <= _LONGEST_LINE and _is_date_line(line):
        dates = find_dates(line)
        head.published = head.published or (dates[0][0] if dates else line)
        return _cut(head, "date line", rest)
    if not title and not head.title and _is_headline(line, rest, habit):
        head.title = line.strip("* ")
        return _cut(head, "headline", rest)
    return False


def _cut(head: Head, name: str, body: str) -> bool:
    head.body = body.lstrip(_ODD_OPENING)
    head.applied.append(name)
    return True


def _take_byline(head: Head, byline: Byline) -> bool:
    head.source = head.source or byline.source
    head.agency = head.agency or byline.agency
    head.authors += [name for name in byline.authors if name not in head.authors]
    head.editors += [name for name in byline.editors if name not in head.editors]
    return _cut(head, "byline", head.body[byline.end :])


def _take(head: Head, dateline: Dateline, before: str, after: str) -> None:
    head.source = dateline.source or head.source
    head.place = head.place or dateline.place
    head.agency = head.agency or dateline.agency
    head.published = head.published or dateline.published
    if dateline.author and dateline.author not in head.authors:
        head.authors.append(dateline.author)
    after = after.lstrip()
    head.body = f"{before}\n{after}" if before else after
    head.applied.append("dateline")


def _is_date_line(line: str) -> bool:
    """Whether ``line`` is a date, with at most a label and an outlet beside it."""
    if not line[:4].strip() or not any(map(str.isdigit, line)):
        return False
    if parse_date(line, alone=True) is not None:
        return True
    dates = find_dates(line)
    if not dates or parse_date(line) is None:
        return False
    beside = f"{line[: dates[0].start()]} {line[dates[-1].end() :]}"
    return all(
        _DATE_LABEL.fullmatch(word) or find_outlet(word.strip(",:-()")) for word in beside.split()
    )


def _is_headline(line: str, rest: str, habit: Habit) -> bool:
    """Whether ``line`` is a title: not a sentence, and followed by a head."""
    if line.rstrip().endswith((".", ",", ";")) or read_dateline(f"{line}\n{rest}", habit):
        return False
    rest = rest.lstrip()
    return read_dateline(rest, habit) is not None or read_byline(rest) is not None


def _skip_title(body: str, title: str, habit: Habit) -> str | None:
    """``body`` after a copy of ``title`` at its beginning, or ``None``.

    Titles made from the lead also begin the body; there the sentence continues, or is complete. So
    a new line, or a head, must follow.
    """
    if len(title) < _SHORTEST_TITLE or not body.startswith(title) or len(body) < len(title) + 80:
        return None
    after = body[len(title) :]
    rest = after.lstrip()
    if after[0] == "\n" and title[-1] != ".":
        return rest
    if after[0] != " ":
        return None
    begins = read_byline(rest) is not None or read_dateline(rest, habit) is not None
    return rest if begins else None


def _read_inside(head: Head, habit: Habit) -> None:
    """Read a dateline after a teaser or a caption, if it is beyond doubt."""
    body = head.body
    begin = body[:_LONGEST_TEASER]
    if not any(map(begin.__contains__, _DASHED)) or _read_behind_title(head, habit):
        return
    found = _find_on_line(body, habit) or _find_anchored(body, habit)
    if found is not None:
        start, dateline = found
        _take(head, dateline, body[:start].rstrip(), body[start + dateline.end :])
        return
    found = _find_captioned(body)
    if found is not None:
        start, dateline = found
        _take(head, dateline, "", body[start + dateline.end :])


def _find_on_line(body: str, habit: Habit) -> tuple[int, Dateline] | None:
    start = body.find("\n", 0, _LONGEST_TEASER) + 1
    for _ in range(_MOST_LINES):
        if start <= 0:
            return None
        near = any(map(body[start : start + _NEAR].__contains__, _DASHED))
        begins = near and _BEGINS_SO.match(body, start) is not None
        dateline = read_dateline(body[start:], habit) if begins else None
        # A caption says that what follows is no part of it; a teaser does not.
        captioned = _ENDS_CAPTION.search(body, max(0, start - _CAPTION_CHARS), start) is not None
        captioned = captioned or _ENDS_TITLE.search(body, 0, start) is not None
        enough = ENOUGH_CAPTIONED if captioned else ENOUGH_INSIDE
        if dateline is not None and dateline.score >= enough:
            return start, dateline
        start = body.find("\n", start, _LONGEST_TEASER) + 1
    return None


def _find_anchored(body: str, habit: Habit) -> tuple[int, Dateline] | None:
    """A dateline inside a line, found by its agency or outlet; its places must be listed."""
    begin = body[:_LONGEST_TEASER].lower()
    if not any(map(begin.__contains__, _ANCHOR_WORDS)):
        return None
    anchor = _ANCHOR.search(body, 0, _LONGEST_TEASER)
    if anchor is None or anchor.start() < 8:
        return None
    begins = 0
    for sentence in _SENTENCE.finditer(body, max(0, anchor.start() - LONGEST_HEAD), anchor.start()):
        begins = sentence.end()
    words = body[begins : anchor.start()].split(" ")
    if anchor[0][0] != "(":
        return None
    best: tuple[int, Dateline] | None = None
    start = anchor.start()
    for word in reversed(words[-8:]):
        start = start if not word else body.rindex(word, 0, start)
        dateline = read_dateline(body[start:], habit)
        whole = dateline is not None and start + dateline.end >= anchor.end() - 1
        # A date before it may be the teaser's: "hingga 8 september 2025 manado (antara) - ...".
        if dateline is None or not whole or dateline.published:
            continue
        if dateline.place and _is_listed(dateline.place):
            best = start, dateline
    return best


def _read_behind_title(head: Head, habit: Habit) -> bool:
    """Read the head after a title that runs into it: "Air Surut TRIBUNNEWS.COM - Warga ..."."""
    begins = _RUN_IN.search(head.body, 0, _LONGEST_HEADLINE)
    if begins is None or not is_title_case(head.body[: begins.start()]):
        return False
    behind = Head(head.body[begins.start() :])
    byline = read_byline(behind.body)
    if byline is not None:
        _take_byline(behind, byline)
    dateline = read_dateline(behind.body, habit)
    if dateline is not None:
        _take(behind, dateline, "", behind.body[dateline.end :])
    if "dateline" not in behind.applied:
        return False
    behind.body = f"{head.body[: begins.start()].rstrip()}\n{behind.body}"
    for name in ("body", "source", "place", "agency", "published"):
        setattr(head, name, getattr(behind, name) or getattr(head, name))
    head.authors += behind.authors
    head.applied += behind.applied
    return True


def _is_listed(places: str) -> bool:
    return all(map(is_known_place, places.split(", ")))


def _find_captioned(body: str) -> tuple[int, Dateline] | None:
    """A dateline after "Foto: ...", if nothing marks the caption's end: a listed place.

    The caption is removed with it.
    """
    caption = _CAPTION.match(body) if "Foto" in body[:_CAPTION_CHARS] else None
    if caption is None:
        return None
    words = caption["words"].split(" ")
    for count in range(min(LONGEST_KNOWN_WORDS, len(words)), 0, -1):
        place = " ".join(words[-count:])
        if is_known_place(place):
            start = caption.end("words") - len(place)
            dateline = read_dateline(body[start:], _CAPTIONED)
            return (start, dateline) if dateline is not None else None
    return None
