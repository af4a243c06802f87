"""Which people's names does a text list? As bylines and credits write them."""

from __future__ import annotations

import re
from typing import Final

from indexer.ingest.outlets import find_agency, find_outlet

NAME_WORD: Final = r"[A-ZÀ-Þ][\w'’.-]{0,24}"
#: One to five capitalised words; particles of Arabic and Dutch names may come between.
PARTICLES: Final = r"(?:al|bin|binti|van|von|de|den|der|el|ibn|da|dos)"
NAME: Final = rf"{NAME_WORD}(?: (?:{PARTICLES} )?{NAME_WORD}){{0,4}}"
_SEPARATORS: Final = re.compile(r"\s*(?:[/;&|]|,(?!\s*(?:S|M)\.)|\sdan\s)\s*")
_NOT_NAMES: Final = frozenset(("-", "null", "none", "admin", "redaksi", "tim redaksi", "tim"))
_DEGREES: Final = (".H.", ".Si.", ".M.")
_MOST_WORDS: Final = 6


def split_names(text: str) -> list[str] | None:
    """The people that ``text`` lists, or ``None`` if it contains anything other than names.

    >>> split_names("RAHMA DEWI/Budi Hartono"), split_names("Apa itu?"), split_names("Xinhua")
    (['Rahma Dewi', 'Budi Hartono'], None, [])
    """
    names: list[str] = []
    for part in _SEPARATORS.split(text):
        name = part.strip() if part.endswith(_DEGREES) else part.strip(" .,-()*")
        if not name or name.lower() in _NOT_NAMES:
            continue
        if len(name.split()) > _MOST_WORDS or any(char in name for char in '?!"“”;'):
            return None
        if find_agency(name) or find_outlet(name):
            # "Pewarta: Xinhua" is not a person.
            continue
        names.append(_write_name(name))
    return names


def find_agencies(text: str) -> str:
    """The agency among the names of ``text``: "RINA WIDI | ANTARA" names her agency."""
    for part in _SEPARATORS.split(text):
        agency = find_agency(part.strip(" .,-()*"))
        if agency:
            return agency
    return ""


def _write_name(name: str) -> str:
    if name.isupper() and len(name) > 4:
        return " ".join(word[:1] + word[1:].lower() for word in name.split())
    return name
