"""Which labelled credits close a story? "Penulis : X Editor : Y", on lines or run together.

A run of labels followed only by names, up to the end of the text. Copy that lost its breaks glues
them ("Dedi KurniaEditor: Sari"); words that are not names end the run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from indexer.ingest.outlets import HOST, find_agency, find_outlet
from indexer.ingest.wire.names import NAME, NAME_WORD, PARTICLES, find_agencies, split_names
from indexer.ingest.wire.places import NOT_PLACES
from indexer.ingest.wire.words import is_everyday_word

_WRITER: Final = (
    r"(?:reporter|rep|penulis|pewarta|wartawan|laporan|kontributor|koresponden|teks|oleh|naskah|"
    r"jurnalis|author|writer)"
)
_EDITOR: Final = (
    r"(?:redaktur(?: pelaksana)?|red|editor(?: bahasa)?|penyunting|penyelaras(?: bahasa)?|"
    r"reviewer)"
)
_OTHER: Final = (
    r"(?:penerjemah|translator|alih bahasa|foto|fotografer|sumber(?: berita)?|infografis|video|"
    r"uploader)"
)
_ROLE: Final = rf"(?:{_WRITER}|{_EDITOR}|{_OTHER})"
#: A label, at the beginning of a word or glued to a name; two roles may share it.
_LABEL: Final = re.compile(
    r"(?:(?<![^\W_])|(?<=[a-z.)])(?=(?-i:[A-Z])))"
    rf"(?P<role>{_ROLE}(?: ?(?:&|/|,|dan) ?{_ROLE})?)\s{{0,3}}:\s*|"
    r"\b(?P<by>(?:ditulis|disunting|diedit|disusun|diadaptasi|diterjemahkan|disadur) oleh)\s?:?\s+",
    re.IGNORECASE,
)
_BY: Final = re.compile(
    r"\b(?:di(?:tulis|sunting|edit|susun|adaptasi|terjemahkan|sadur)) oleh", re.I
)
#: In "disunting oleh" the verb describes the role.
_WRITES: Final = re.compile(
    rf"(?<!disunting )(?<!diedit )(?<!diterjemahkan )\b{_WRITER}\b|ditulis|disusun", re.IGNORECASE
)
_EDITS: Final = re.compile(rf"\b{_EDITOR}\b|disunting|diedit", re.IGNORECASE)
_TRIMMED: Final = " \n\t.,;|/()[]*-–"
_CHARACTERS: Final = 420
_LONGEST_VALUE: Final = 90
_MOST_WORDS: Final = 5
_SMALL_NAME: Final = range(2, 5)
_NAMES: Final = re.compile(
    rf"{NAME_WORD}(?:(?: |, ?| ?[/&|] ?| dan )(?:{NAME_WORD}|{PARTICLES})){{0,14}}"
)
#: "Rahma Dewi, dosen hukum tata negara": the author of an opinion piece, and their position.
_DESCRIBED: Final = re.compile(rf"(?P<name>{NAME}), [a-z][^.!?\"“”:\n]{{4,80}}")
_BEFORE: Final = re.compile(r"(?:^|\n|  |[.!?…:;\"”'’)\]*]|\w[|])[\s(\[*|–-]*\Z")


@dataclass(slots=True)
class CreditRun:
    """The people named by the labels. ``start``: the offset where the run begins."""

    start: int
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    agency: str = ""
    source: str = ""


def find_credit_run(text: str) -> CreditRun | None:
    """The run of labelled credits at the end of ``text``, or ``None``.

    >>> run = find_credit_run("Warga pulang. Pewarta: Dedi KurniaEditor: Sari Mela")
    >>> run.authors, run.editors
    (['Dedi Kurnia'], ['Sari Mela'])
    """
    offset = max(0, len(text) - _CHARACTERS)
    tail = text[offset:]
    last = tail[-_LONGEST_VALUE - 10 :]
    if ":" not in last and not ("oleh" in last and _BY.search(last)):
        return None
    labels = list(_LABEL.finditer(tail))
    ends = [label.start() for label in labels[1:]] + [len(tail)]
    # Some archives are entirely in lower case.
    small = tail == tail.lower()
    run: CreditRun | None = None
    credits: list[tuple[str, str]] = []
    for label, end in zip(reversed(labels), reversed(ends), strict=False):
        value = tail[label.end() : end].strip(_TRIMMED)
        role = label["role"] or label["by"]
        lined = tail[: label.start()].endswith("\n") and _is_small_name(value)
        if not _is_credit(role, value, small=small or lined):
            break
        credits.insert(0, (role, value))
        # Two labels are sufficient evidence if no full stop precedes them.
        before = _BEFORE.search(tail[: label.start()])
        if before or _is_bracketed(tail, label) or (len(credits) > 1 and label["role"]):
            run = _make_run(offset + label.start(), credits)
    return run


def _is_small_name(value: str) -> bool:
    """Whether ``value`` may be a name in lower case: two to four words, not all of the language."""
    words = value.split()
    return (
        len(words) in _SMALL_NAME
        and value.islower()
        and all(map(str.isalpha, words))
        and not all(map(is_everyday_word, words))
    )


def _is_bracketed(tail: str, label: re.Match[str]) -> bool:
    return tail[: label.start()].rstrip().endswith(("(", "["))


def _is_credit(role: str, value: str, *, small: bool) -> bool:
    """Whether ``value`` is plausible after this label: names, or a source."""
    if not value or len(value) > _LONGEST_VALUE:
        return False
    if role.lower().startswith("sumber"):
        return bool(find_agency(value) or find_outlet(value) or HOST.match(value))
    if _NAMES.fullmatch(value) is None and not (small and value.count(" ") < _MOST_WORDS):
        return _DESCRIBED.fullmatch(value) is not None
    return split_names(value) is not None


def _make_run(start: int, credits: list[tuple[str, str]]) -> CreditRun:
    run = CreditRun(start)
    for role, value in credits:
        if role.lower().startswith("sumber"):
            run.agency = run.agency or find_agency(value)
            run.source = run.source or find_outlet(value)
            continue
        described = _DESCRIBED.fullmatch(value)
        names = [
            name
            for name in split_names(described["name"] if described is not None else value) or []
            # "Oleh: Ketua MPR RI, Bambang Soesatyo": the office precedes the person.
            if name.split()[0].lower() not in NOT_PLACES
        ]
        run.agency = run.agency or find_agencies(value)
        if _WRITES.search(role):
            run.authors += [name for name in names if name not in run.authors]
        if _EDITS.search(role):
            run.editors += [name for name in names if name not in run.editors]
    return run
