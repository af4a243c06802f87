"""Which bracketed credits close a story? "(ant/dil/jpnn)", "[eko]", "(Tribunnews.com/Rahma Dewi)".

A bracket at the very end, after the last sentence, is split at its slashes; only if every part is a
person's initials, an agency, an outlet or a name is it a credit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from indexer.ingest.outlets import find_agency, find_outlet, is_known_outlet
from indexer.ingest.wire.names import NAME
from indexer.word_list import list_words

_LONGEST_CREDIT: Final = 90
_INSIDE: Final = re.compile(r"[^()\[\]\n]+")
_COMPANY: Final = ("Tbk", "Tbk.")
_DATE: Final = re.compile(r"\b\d{1,2}/\d{1,2}\b")
_ENDED: Final = re.compile(r"[.!?…*)\]][\"”'’]?\Z|[.,!?][\"”'’]\Z")
_SENTENCE_ENDS: Final = ".!?\"”'’…*)]"
_PARTS: Final = re.compile(r"\s*(?:[/,&;|]|\s[-–]\s|\sdan\s)\s*")
_INITIALS: Final = re.compile(
    r"[A-Za-z]{1,5}\d{0,3}|[A-Z]{1,2}-?\d{1,3}|[A-Z]{2,4}-[A-Z]{2,4}|"
    r"\d{1,3}|\*{1,4}|[A-Z][a-z]?\. ?[A-Z]"
)
_PERSON: Final = re.compile(
    r"(?:[A-Z][\w'’.-]{0,20})(?: (?:[A-Z][\w'’.-]{0,20}|al|bin|binti)){1,4}"
)
#: "(Reporter Rahma Dewi, Editor Sari)": a label without its colon.
_LABELLED: Final = re.compile(
    r"(?i:(?P<editor>editor|redaktur|penyunting)|reporter|penulis|pewarta|kontributor|teks)"
    rf" (?P<name>{NAME})"
)
_GIVEN_NAME: Final = re.compile(r"[A-Z][a-z'’]{2,20}")
#: Short words in brackets at the end of a story that are not initials.
_WORDS: Final = list_words(
    """
    tamat habis wib wita wit rp kg km cm persen amin bag hal lihat foto dok ed red
    """
)
#: Words in brackets that are not part of a person's name.
_NO_NAME: Final = list_words(
    """
    advertorial artikel bagian berita bersambung foto grafis habis infografis kerja kolom laporan
    opini redaksi sama selesai sumber terjemahan video
    """
)
_KEPT_INITIALS: Final = frozenset(("red", "adv", "adm", "tim", "rls", "hms"))
_OUTLET_WORDS: Final = re.compile(r"tim \w{3,20}|\w{3,14}network", re.IGNORECASE)


@dataclass(slots=True)
class Credits:
    """The contents of the closing brackets."""

    agency: str = ""
    source: str = ""
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)


def take_closing_credit(text: str, *, source: str = "") -> tuple[str, Credits] | None:
    """``text`` without the credit that closes it, and the credit; ``None`` if there is none.

    ``source`` is the publisher, if known; it may sign with its name.

    >>> take_closing_credit('"Kami pulang," kata dia. (ant/dil/jpnn)')[1].agency
    'Antara'
    """
    closed = text[-3:].rstrip(". ")
    if closed[-1:] not in (")", "]"):
        return None
    end = len(text) - len(text[-3:]) + len(closed) - 1
    start = max(text.rfind("(", 0, end), text.rfind("[", 0, end))
    inside = text[start + 1 : end]
    if start < 0 or not 0 < len(inside) <= _LONGEST_CREDIT or not _INSIDE.fullmatch(inside):
        return None
    rest = text[:start].rstrip()
    bare = rest.rstrip(" ,")
    if bare[-1:] in tuple(_SENTENCE_ENDS):
        # Commas left by lost links: "... minggu ini., ,(Rahma Dewi)".
        rest = bare
    if _DATE.search(inside) or rest.endswith(_COMPANY):
        # "(Kompas, 13/12)" quotes a source, "Kabar Kita Tbk. (KABR)" names a share.
        return None
    own_line = not rest or "\n" in text[len(rest) : start]
    certain = own_line or rest[-1] in _SENTENCE_ENDS
    credits = _read_inside(inside.strip(), _sign(source), certain=certain)
    if credits is None:
        return None
    ended = own_line or bool(_ENDED.search(rest[-3:]))
    dotted = text.rstrip().endswith(".")
    signed = bool(credits.source or credits.agency)
    if (dotted and not ended) or (credits.authors and not signed and (dotted or not ended)):
        # 'ialah "Negara Argentina" (Nacion Argentina).' explains a name.
        return None
    return rest, credits


def _sign(source: str) -> str:
    """The form in which a publisher signs credits: ``jpnn.com`` as ``jpnn``."""
    return source.lower().split(".", 1)[0]


def _read_inside(inside: str, sign: str, *, certain: bool) -> Credits | None:
    found = Credits()
    parts = [part for part in _PARTS.split(inside) if part]
    if not 1 <= len(parts) <= 6 or inside.isdigit():
        return None
    sure = certain
    for position, part in enumerate(parts):
        agency = find_agency(part)
        outlet = "" if agency else find_outlet(part)
        if agency:
            found.agency = found.agency or agency
            sure = True
        elif sign and part.lower() == sign:
            sure = True
        elif outlet and (is_known_outlet(outlet) or "." in part):
            found.source = found.source or outlet
            sure = True
        elif (labelled := _LABELLED.fullmatch(part)) is not None:
            people = found.editors if labelled["editor"] else found.authors
            people.append(labelled["name"])
            sure = True
        elif not _NO_NAME.isdisjoint(part.lower().split()):
            return None
        elif _PERSON.fullmatch(part) or (
            position > 0 and (found.source or found.agency) and _GIVEN_NAME.fullmatch(part)
        ):
            found.authors.append(part)
        elif not _is_initials(part, alone=len(parts) == 1) and not _OUTLET_WORDS.fullmatch(part):
            return None
    return found if sure else None


def _is_initials(part: str, *, alone: bool) -> bool:
    if _INITIALS.fullmatch(part) is None:
        return False
    if part.lower() in _KEPT_INITIALS:
        return True
    if part.isdigit():
        return not alone
    if alone and len(part) == 1 and part != "*":
        return False
    return part.lower() not in _WORDS
