"""How else are measures and the numbers of laws written? ``80 km/jam``, ``M 5,3``, ``UU 13/2003``.

Rules of :mod:`indexer.language.numbers`. A number is here any token that begins with a digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.word_list import list_words

Terms = tuple[str, ...]

#: Each unit with all its names, as tokens: ``km/jam`` is two.
_UNITS: tuple[tuple[Terms, ...], ...] = tuple(
    tuple(tuple(name.split()) for name in names.split(", "))
    for names in (
        "kg, kilogram, kilo",
        "g, gram, gr",
        "km, kilometer",
        "m, meter",
        "cm, sentimeter, centimeter",
        "mm, milimeter",
        "ha, hektare, hektar",
        "persen, prosen",
        "ton, tonne",
        "liter, litre",
        "inci, inch, inchi",
        "mp, megapiksel, megapixel",
        "gb, gigabyte, gigabita",
        "tb, terabyte",
        "mah, miliampere",
        "cc, sentimeter kubik",
        "watt, w",
        "km jam, kilometer per jam, km per jam, kilometer jam, kpj, km h",
    )
)
_UNIT_OF = {name: names for names in _UNITS for name in names}
_LONGEST_UNIT = max(map(len, _UNIT_OF))

#: What stands before and after the magnitude of an earthquake.
_BEFORE_MAGNITUDE: tuple[Terms, ...] = (("magnitudo",), ("m",), ("mag",))
_AFTER_MAGNITUDE: tuple[Terms, ...] = (("sr",), ("skala", "richter"), ("magnitudo",))

#: What stands before the number of a regulation.
NUMBERED = ("no", "nomor")
_LAWS = ("uu", "undang-undang")
_REGULATIONS = list_words(
    "perppu perpu pp perpres keppres inpres perda pergub perbup perwali pmk pkpu perma qanun"
)
_MINISTERIAL = ("permen", "kepmen")


def rewrite_unit(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``5 kg`` as ``5 kilogram``, ``80 km/jam`` as ``80 kilometer per jam``, and its beginning,
    ``80 km``: tokens do not say whether a slash is between them.
    """
    if not tokens[start][:1].isdecimal():
        return
    for length in range(min(_LONGEST_UNIT, len(tokens) - start - 1), 0, -1):
        names = _UNIT_OF.get(tuple(tokens[start + 1 : start + 1 + length]))
        if names:
            for name in names:
                yield 1 + length, (tokens[start], *name)


def rewrite_magnitude(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``M 5,3`` and ``magnitudo 5,3`` as ``5,3 SR``, and back. Only one digit and a decimal:
    *BMW M5* is a car.
    """
    for before in _BEFORE_MAGNITUDE:
        if tuple(tokens[start : start + 1]) == before and _is_magnitude(tokens, start + 1):
            yield from ((2, terms) for terms in _write_magnitude(tokens[start + 1]))
    if _is_magnitude(tokens, start):
        for after in _AFTER_MAGNITUDE:
            if tuple(tokens[start + 1 : start + 1 + len(after)]) == after:
                yield from ((1 + len(after), terms) for terms in _write_magnitude(tokens[start]))


def _is_magnitude(tokens: Sequence[str], place: int) -> bool:
    whole, comma, decimal = tokens[place].partition(",") if place < len(tokens) else ("", "", "")
    return comma != "" and whole.isdecimal() and decimal.isdecimal() and len(whole + decimal) == 2


def _write_magnitude(number: str) -> Iterator[Terms]:
    for before in _BEFORE_MAGNITUDE:
        yield (*before, number)
    for after in _AFTER_MAGNITUDE:
        yield (number, *after)


def rewrite_citation(tokens: Sequence[str], start: int) -> Iterator[tuple[int, Terms]]:
    """``UU No 13 Tahun 2003``, ``UU 13/2003``: the number and the year, with the words between them
    or without. Only after the name of a kind of regulation, or *nomor*: people are 13, too, and
    *Liga 1 2020* is no law.
    """
    place = start + (tokens[start] in NUMBERED)
    regulations = _list_regulations(tokens[start - 1]) if start else ()
    if place == start and not regulations:
        return
    number, *rest = tokens[place : place + 3] or [""]
    years = rest[1:] if rest[:1] == ["tahun"] else rest[:1]
    if number.isdecimal() and len(number) <= 3 and years and _is_year_of_law(years[0]):
        length = place - start + (3 if rest[0] == "tahun" else 2)
        yield length, (number, "tahun", years[0])
        for before in (*NUMBERED, *regulations):
            yield length, (before, number, years[0])


def is_regulation(token: str) -> bool:
    """Whether ``token`` is the name of a kind of regulation: ``uu``, ``perpres``, ``permenhub``."""
    return bool(_list_regulations(token))


def _list_regulations(token: str) -> Terms:
    """The names of the kind of regulation that ``token`` names; none if it names none."""
    if token in _LAWS:
        return _LAWS
    return (token,) if token in _REGULATIONS or token.startswith(_MINISTERIAL) else ()


def _is_year_of_law(token: str) -> bool:
    return len(token) == 4 and token.isdecimal() and token[:2] in ("19", "20")
