"""Who reports, according to the lines above a story? "Laporan Wartawan TribunJakarta.com Elsa
Pratiwi".

A label ("Laporan", "Penulis:", "Oleh"), perhaps the outlet, and names up to the line's end, a bar,
or the dateline that follows. Copy that lost its line breaks has all of it on one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from indexer.ingest.outlets import HOST, find_agency, find_outlet
from indexer.ingest.wire.head_pieces import PUBLISHER_WORD
from indexer.ingest.wire.names import NAME, split_names
from indexer.ingest.wire.places import is_known_place
from indexer.ingest.wire.words import is_everyday_word
from indexer.language.name_lists import listed_people

_ROLE: Final = r"(?:wartawan|kontributor|koresponden|reporter|jurnalis|khusus|langsung|tim|dari)"
#: Labels that need no colon.
_BARE: Final = (
    *("penulis", "reporter", "pewarta", "wartawan", "kontributor", "jurnalis", "liputan"),
    *("editor", "redaktur"),
)
_LABEL: Final = re.compile(
    rf"(?:(?P<open>laporan(?: {_ROLE}){{0,3}}|oleh|by|ditulis oleh)\s?:?|"
    rf"(?P<closed>penulis|reporter|rep|pewarta|wartawan|kontributor|jurnalis|sumber|editor|redaktur"
    rf"|penerjemah|liputan|peliput|naskah|teks|penyunting)\s?:|"
    rf"(?P<bare>{'|'.join(_BARE)}))"
    rf"[ \t]+(?=\S)",
    re.IGNORECASE,
)
#: The first letters of labels, in either case.
_FIRST_LETTERS: Final = frozenset("lobdprwkjsentLOBDPRWKJSENT")
_LONGEST: Final = 140
_MOST_WORDS: Final = 5
_FEWEST_BARE: Final = 2
#: Gaps at which names may end: copy has wide gaps between outlet and name, too.
_MOST_ENDS: Final = 3
#: The end of the names: a line's end, a bar, a wide gap, or the outlet that begins a dateline.
_END: Final = re.compile(
    r"\s*\n\s*|\s*\|\s*|\s{2,}|"
    r"\s(?=[A-Z][A-Z\d-]{3,}(?:\.[A-Za-z]{2,4}){0,2}(?:,| ?[-–—]))|"
    r"\s(?=[a-z\d-]{2,20}\.(?:com|co\.id|id)\s?[-–—,])"
)
#: "Rahma Dewi, Kontributor" on a line of its own.
_TITLED: Final = re.compile(
    rf"\(?(?P<author>{NAME})(?:, ?| ?[-–—|/] ?| \()"
    rf"(?i:{_ROLE[3:-1]}|penulis|editor|pewarta)\b(?: [A-Z][\w.]*){{0,3}}\)? ?\n\s*"
)
#: "Rahma Dewi - detikInet" and "Tim detikcom - detikNews" on a line of their own.
_SIGNED: Final = re.compile(
    rf"(?P<author>{NAME}) [-–—|] ?(?P<outlet>[A-Za-z][\w.]{{2,24}}(?: \w{{2,14}})?) ?\n\s*"
)
_NAMES: Final = re.compile(rf"{NAME}(?:(?:, | dan | ?[/&] ?){NAME}){{0,4}}")
_EDITORS: Final = ("editor", "redaktur", "penerjemah", "penyunting")
#: A line with any label and names, labels of what is no byline, and what most labels of people
#: look like: agent nouns.
_OTHER: Final = re.compile(
    rf"(?P<label>[A-Z][A-Za-z]{{2,14}})(?P<colon>\s?:)? (?P<names>{_NAMES.pattern}) ?\n\s*"
)
_AGENT: Final = re.compile(r"pe[a-z]{4,}|[a-z]{3,}(?:er|or|is|wan|wati)", re.IGNORECASE)
_NO_BYLINE: Final = re.compile(
    r"foto|video|gambar|grafis|ilustrasi|lokasi|tempat|sumber|narasumber|judul", re.IGNORECASE
)


@dataclass(slots=True)
class Byline:
    """A byline. ``end`` is the offset where the text continues, in characters."""

    end: int
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    source: str = ""
    agency: str = ""


def read_byline(text: str) -> Byline | None:
    """The byline at the beginning of ``text``, or ``None``.

    >>> read_byline("Laporan Wartawan Tribunnews.com, Rahma Dewi\\nSOLO - Pasar ramai.").authors
    ['Rahma Dewi']
    """
    if text[:1] not in _FIRST_LETTERS and "\n" not in text[:_LONGEST]:
        return None
    label = _LABEL.match(text)
    if label is not None and label["bare"] is not None:
        return _read_bare(text, label)
    return _read_signed(text) if label is None else _read_labelled(text, label)


def read_other_label(text: str) -> Byline | None:
    """A line of a label and names at the beginning of ``text``: an agent noun ("Pelapor"), or any
    label before a listed person's name. Whether it is a byline, only what follows can tell.
    """
    signed = _SIGNED.match(text)
    if signed is not None and is_known_place(signed["outlet"]) and " " in signed["author"]:
        # "Rahma Dewi – Merauke": the reporter, and where she is.
        author = signed["author"]
        return None if is_known_place(author) else Byline(signed.end(), [author])
    other = _OTHER.match(text)
    if other is None or _NO_BYLINE.fullmatch(other["label"]):
        return None
    names, label = other["names"], other["label"]
    if other["colon"] is None:
        # "Pemerintah Siapkan Bantuan" is a headline.
        known = label.lower() in _BARE
    else:
        known = _AGENT.fullmatch(label) is not None or _has_person(names)
    if not known or " " not in names:
        return None
    people = split_names(names) or []
    editing = label.lower() in _EDITORS
    return Byline(other.end(), [] if editing else people, people if editing else [])


def _read_bare(text: str, label: re.Match[str]) -> Byline | None:
    """A line "Penulis Rahma Dewi": without a colon it needs a name, and nothing else."""
    end = text.find("\n", label.end(), label.end() + _LONGEST)
    names = text[label.end() : end].strip() if end >= 0 else ""
    words = re.split(r"[\s,/&]+", names)
    known = _has_person(names) or not all(map(is_everyday_word, words))
    if not known or len(words) < _FEWEST_BARE or _NAMES.fullmatch(names) is None:
        return None
    people = split_names(names) or []
    editing = label["bare"].lower() in _EDITORS
    after = end + len(text[end:]) - len(text[end:].lstrip())
    return Byline(after, [] if editing else people, people if editing else []) if people else None


def _has_person(names: str) -> bool:
    return any(word.lower().strip(".,") in listed_people() for word in names.split())


def _read_signed(text: str) -> Byline | None:
    lined = "\n" in text[:_LONGEST]
    titled = _TITLED.match(text) if lined else None
    if titled is not None and " " in titled["author"] and not is_known_place(titled["author"]):
        return Byline(titled.end(), [titled["author"]])
    signed = _SIGNED.match(text) if lined else None
    if signed is None or is_known_place(signed["author"]) or is_known_place(signed["outlet"]):
        return None
    team = signed["author"].startswith("Tim ")
    outlet = find_outlet(signed["outlet"]) or signed["outlet"]
    return Byline(signed.end(), [] if team else [signed["author"]], source=outlet)


def _read_labelled(text: str, label: re.Match[str]) -> Byline | None:
    word = (label["open"] or label["closed"]).lower()
    ends = _END.finditer(text, label.end(), label.end() + _LONGEST)
    for ended in islice(ends, _MOST_ENDS):
        value = text[label.end() : ended.start()].strip(" ,:.")
        byline = _read_value(value, word, ended, closed=label["closed"] is not None)
        if byline is not None or "\n" in ended[0] or "|" in ended[0]:
            return byline
    return None


def _read_value(value: str, word: str, ended: re.Match[str], *, closed: bool) -> Byline | None:
    """The byline between a label and ``ended``."""
    outlet, names = _take_outlet(" ".join(value.split()), role=" " in word)
    if word == "sumber":
        agency = find_agency(names)
        known = agency or ("|" in ended[0] and names.count(" ") < _MOST_WORDS)
        return Byline(ended.end(), agency=agency) if known else None
    small = closed and names.islower() and names.count(" ") < _MOST_WORDS
    if not small and _NAMES.fullmatch(names) is None:
        return None
    people = split_names(names)
    if not people:
        return None
    editing = word in _EDITORS
    return Byline(
        ended.end(),
        authors=[] if editing else people,
        editors=people if editing else [],
        source=outlet,
        agency=find_agency(names),
    )


def _take_outlet(value: str, *, role: bool) -> tuple[str, str]:
    """The outlet that stands before the names, and the names: "Tribun Jabar, Ery Chandra". Behind a
    ``role`` ("Laporan Kontributor ...") two names with a comma are for whom, and who: several
    reporters are joined by "dan".
    """
    before, comma, after = value.partition(",")
    if comma and after.strip():
        named = next(filter(None, map(find_outlet, (before, *before.split()))), "")
        for_whom = role and before.count(" ") and "," not in after
        if named or for_whom or PUBLISHER_WORD.search(before):
            return named, after.strip()
    words = value.split(" ")
    for count in range(min(3, len(words) - 1), 0, -1):
        head, rest = " ".join(words[:count]).strip(","), " ".join(words[count:])
        named = find_outlet(head) or (
            head if HOST.fullmatch(head) or PUBLISHER_WORD.search(words[count - 1]) else ""
        )
        if named:
            return find_outlet(head), rest
    return "", value
