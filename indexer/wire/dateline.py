"""The dateline: outlet, place, agency and date before the dash that opens a story.

A head is cut at its dash, its pieces are classified one by one, and the sequence of kinds must
be a row of :data:`SHAPES`. Anything else is prose and stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.outlets import HOST, find_agency, find_outlet, is_known_outlet
from indexer.wire.places import (
    LONGEST_KNOWN_WORDS,
    is_known_place,
    is_place_shaped,
    is_region,
    normalise_place,
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline says. ``end`` is where the story begins, in characters."""

    end: int
    source: str = ""
    place: str = ""
    agency: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """One accepted sequence of pieces, who writes it so, and a made-up example."""

    pieces: str
    outlet: str
    example: str


SHAPES: Final[tuple[Shape, ...]] = (
    Shape("place outlet", "Kompas, CNN Indonesia", "JAKARTA, KOMPAS.com - Harga beras naik."),
    Shape("outlet place", "Liputan6, Tempo, Republika, Bisnis, JPNN", "TEMPO.CO, Solo - Air naik."),
    Shape("outlet", "Merdeka, Suara, Rimanews", "Merdeka.com - Warga mengeluh."),
    Shape("place", "detik, Okezone, SINDOnews", "Jerez de la Frontera - Ia tiba, kata panitia."),
    Shape("place agency", "Antara, Xinhua", "Jakarta (ANTARA) - Menteri tiba."),
    Shape("place place", "Tempo", "Kebumen, Jawa Tengah - Sawah mengering."),
    Shape("place place agency", "Antara", "Kuta, Bali (ANTARA News) - Turis kembali."),
    Shape("place place outlet", "Kompas", "KUTA, BALI, KOMPAS.com - Turis kembali."),
    Shape("place date", "siaran pers", "Jakarta, 20 Juli 2022 - Bank sentral menahan bunga."),
    Shape("place date agency", "Antara", "Jakarta, 20/7 (ANTARA) - Bank sentral menahan bunga."),
    Shape("place agency date", "Antara", "Jakarta (ANTARA), 20/7 - Bank sentral menahan bunga."),
    Shape("place date outlet", "siaran pers", "Jakarta, 20/7/2022, InfoPublik - Rapat usai."),
    Shape("place outlet date", "InfoPublik", "Jakarta, InfoPublik, 20/7/2022 - Rapat usai."),
    Shape("outlet place date", "media daerah", "FAJAR.CO.ID, MAKASSAR (20/7) - Pasar sepi."),
    Shape("outlet date", "media daerah", "Jubi.id, 20 Juli 2022 - Rapat usai."),
    Shape("outlet place place", "media daerah", "TRIBUNNEWS.COM, KUTA, BALI - Turis kembali."),
    Shape("outlet outlet place", "JPNN, Tribun", "jpnn.com, SURYA.co.id, MALANG - Sawah kering."),
    Shape("outlet outlet", "jaringan media", "BolaSport.com, KOMPAS.com - Laga ditunda."),
    Shape("outlet place outlet", "jaringan media", "RM.id, JAKARTA, RMOL - Rapat usai."),
    Shape("place outlet outlet", "jaringan media", "SOLO, KOMPAS.com, SURYA.co.id - Rapat usai."),
    Shape("place outlet agency", "media daerah", "SOLO, KOMPAS.com (ANTARA) - Rapat usai."),
    Shape("place desk", "kementerian", "Jakarta (Kemenag) - Kuota haji diumumkan."),
    Shape("agency place", "Antara", "ANTARA, Jakarta - Menteri tiba."),
    Shape("outlet place agency", "media daerah", "RADAR.ID, JAKARTA (ANTARA) - Menteri tiba."),
)
_ACCEPTED: Final = frozenset(shape.pieces for shape in SHAPES)

_LONGEST_HEAD: Final = 110
#: Words a piece has at most: "Kabupaten Sumbawa Barat KOMPAS.com", "Rabu, 20 Juli 2022".
_MOST_WORDS: Final = 6
_DASH: Final = re.compile(r"\s*(?:-\s?-+|[-–—―−])[-–—]*\s*")
_PIECE: Final = re.compile(r"\(([^()\n]*)\)|\[([^\[\]\n]*)\]|([^,|()\[\]\n]+)")
_DATE: Final = re.compile(
    r"(?:[A-Z][a-z'’]{3,6},? )?(?:\d{1,2}[/.-]\d{1,2}(?:[/.-](?:\d{4}|\d\d))?|"
    r"\d{1,2} [A-Z][a-z]{2,8}(?: \d{4})?)",
)
_WORD: Final = re.compile(r"\w+")
_HYPHEN: Final = re.compile(r"\w-\w")
_WEEKDAY: Final = re.compile(r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu)", re.IGNORECASE)
_CAMEL_NAME: Final = re.compile(r"[A-Z]{2,}[a-z]{2,}|[A-Z][a-z]+[A-Z][a-z]{2,}")
_SITE_AT_END: Final = re.compile(r"(.+?)\s+(\S+\.\S+)")
_PLACE_STOP: Final = re.compile(r"\s*([A-Z][A-Z'.]+(?: [A-Z][A-Z'.]+){0,3}?)\.\s+(?=[A-Z\"“‘'])")
_PLACE_DASH: Final = re.compile(r"\s*([A-Z][\w.']+(?: [A-Z][\w.']+){0,3})\s+(?:--?|[–—])\s*(?=\S)")
_OUTLET_COMMA: Final = re.compile(r"\s*([\w.-]{4,30}(?: [\w.]{2,12})?)\s*,\s+(?=[A-Z])")
_COLON_PLACE: Final = re.compile(
    r"\s*(?:([\w.-]{3,24}),\s*)?([A-Z][\w.]+(?: [A-Z][\w.]+){0,2}):\s+"
)
_PUBLISHER_WORD: Final = re.compile(
    r"\b(?:Indonesia|News|TV|Post|Pos|Times|Online|Media|Kabar|Berita|Suara|Harian|Warta|Radar|Info|"
    r"Tribun|Jurnal|Channel|Daily|Koran|Radio)\b"
)
_STORY_START: Final = re.compile(r"[\"“‘'(\[«]{0,2}[A-Z0-9À-Þ]")
_SHORTEST_STORY: Final = 30
_HOST_SPACE: Final = re.compile(r"\s*([^,\n]{3,40}),\s*(\S{4,30})\s+(?=[A-Z][a-z])")
#: What news says somewhere and an encyclopaedia does not: who said it, and on which day.
_NEWS: Final = re.compile(
    r"\(\d{1,2}/\d{1,2}|\b(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|Minggu)\b|"
    r"[,\"”] (?:kata|ujar|ucap|tutur|jelas|tegas|ungkap|imbuh|papar|sebut|terang|tambah|tulis)|"
    r"\bdetik(?:com|[A-Z])|(?i:\bhari ini\b|\bbaru-baru ini\b|\bBaca juga\b)"
)


def read_dateline(text: str) -> Dateline | None:
    """The dateline that opens ``text``, or ``None`` where it opens with prose.

    ``text`` should be the whole story: a lone place we do not know counts only where the rest
    reads as news.

    >>> read_dateline("JAKARTA, KOMPAS.com - Harga beras naik lagi di pasar.").place
    'Jakarta'
    """
    newline = text.find("\n")
    line = text[: newline if 0 <= newline < _LONGEST_HEAD else _LONGEST_HEAD]
    found = _read_before_dash(text, line)
    if found is None:
        found = _read_without_dash(text, line)
    return found


def _read_before_dash(text: str, line: str) -> Dateline | None:
    for tries, dash in enumerate(_DASH.finditer(line)):
        if tries == 4:
            return None
        if dash[0] == "-" and line[dash.end() : dash.end() + 1].islower():
            # "anak-anak": the hyphen of a word.
            continue
        head = line[: dash.start()]
        if not head.strip():
            # "- Jakarta": a list, not a dateline.
            return None
        pieces = _classify(head)
        if pieces is None:
            continue
        kinds = " ".join(kind for kind, _ in pieces)
        if kinds not in _ACCEPTED or not _is_dateline(text, head, dash, pieces, kinds):
            continue
        return _complete(text, dash.end(), pieces, kinds)
    return None


def _classify(head: str) -> list[tuple[str, str]] | None:
    pieces: list[tuple[str, str]] = []
    for match in _PIECE.finditer(head):
        text = (match[1] or match[2] or match[3] or "").strip(" .:*-–—/")
        if not text:
            continue
        if len(pieces) == 4:
            return None
        named = _name_piece(text, in_brackets=match[3] is None)
        if named is None:
            return None
        pieces.extend(named)
    return pieces or None


def _name_piece(text: str, *, in_brackets: bool) -> list[tuple[str, str]] | None:
    if text.count(" ") >= _MOST_WORDS:
        return None
    outlet = find_outlet(text)
    agency = find_agency(text)
    if agency and (in_brackets or text.isupper()):
        return [("agency", agency)]
    if outlet:
        return [("outlet", outlet)]
    if _DATE.fullmatch(text):
        return [("date", text)]
    if _WEEKDAY.fullmatch(text):
        return []
    if in_brackets:
        # "(Kemenag)", "(Suara Karya)": a desk we have no row for.
        return [("desk", text)] if is_place_shaped(text) else None
    site = _SITE_AT_END.fullmatch(text)
    if site is not None:
        outlet = find_outlet(site[2])
        if outlet and is_place_shaped(site[1]):
            return [("place", site[1]), ("outlet", outlet)]
    if _CAMEL_NAME.fullmatch(text):
        # "VIVAbola", "MENARAnews": an outlet by its spelling, though we do not know its site.
        return [("outlet", text)]
    return [("place", text)] if is_place_shaped(text) else None


def _is_dateline(
    text: str, head: str, dash: re.Match[str], pieces: list[tuple[str, str]], kinds: str
) -> bool:
    story = text[dash.end() : dash.end() + _SHORTEST_STORY]
    spaced = dash[0][:1].isspace() and dash[0][-1:].isspace()
    if kinds == "outlet":
        known = is_known_outlet(pieces[0][1])
        # Lower-case archives write "kontan.co.id - pada perdagangan"; an unknown site needs
        # the capital of a new sentence. A name without its ending also needs the spaces.
        if "." not in head and not spaced:
            return False
        return bool(_STORY_START.match(story)) or (known and spaced and story[:1].isalpha())
    if head.count("(") != head.count(")"):
        # "Budi Utama (1 Mei 1875 - 3 Juni 1944)": the dash is inside the brackets.
        return False
    if any(kind in ("outlet", "agency") for kind, _ in pieces):
        last, value = pieces[-1]
        if last == "place" and not dash[0][:1].isspace() and not is_known_place(value):
            # "Liputan6.com, Jakarta Kepindahan Son Heung-min": the hyphen of a word, unless
            # the place is in capitals and the dash is none of a compound.
            return value.isupper() and dash[0][-1:].isspace() and bool(story)
        return bool(story) and (story[0].isupper() or not story[0].isalpha() or "." in head)
    # Places, dates and desks: shapes that prose can share.
    if len(story) < _SHORTEST_STORY or not _STORY_START.match(story):
        return False
    place = head.strip()
    if story[0].isdigit() and not (spaced and is_known_place(place)):
        # "Wolga - 3.690 km", "Budi Utama (1 Mei 1875) - 3 Juni 1944": facts, not a story.
        return False
    if any(kind in ("date", "desk") for kind, _ in pieces):
        return spaced
    if is_known_place(place):
        if dash[0][:1].isspace() and not dash[0][-1:].isspace():
            # "Jakarta -Harga beras" opens a story; "Jakarta -Bandung" is a road.
            first = _WORD.match(story)
            return first is not None and not is_known_place(first[0])
        return spaced or (dash[0][-1:].isspace() and (dash[0].strip() != "-" or place.isupper()))
    if not spaced and not (place.isupper() and dash[0][-1:].isspace()):
        return False
    if place.isupper() and len(place) <= 5 and " " not in place:
        return normalise_place(place).isupper()
    if story.startswith(place.split()[-1]):
        # "Perserikatan Bangsa - Bangsa": a repeated word with stray spaces.
        return False
    # A compound such as "Jokowi - JK" comes back; a dateline does not.
    if text.count(head + dash[0], dash.end()) or "." in place.strip("."):
        return False
    rest = text[dash.end() :]
    if " - " in rest and not _HYPHEN.search(rest):
        # Where every hyphen has spaces ("anak - anak"), "Kevin - Prince" is a name.
        return False
    return kinds != "place" or place.isupper() or _NEWS.search(rest) is not None


def _complete(text: str, end: int, pieces: list[tuple[str, str]], kinds: str) -> Dateline:
    values: dict[str, str] = {}
    places: list[str] = []
    for kind, value in pieces:
        if kind == "place":
            places.append(normalise_place(value))
        else:
            values.setdefault(kind, value)
    if kinds.startswith("place place") and "outlet" not in values and _is_publisher(*places[:2]):
        places.pop()
        values["outlet"] = pieces[1][1]
    if kinds == "outlet":
        # "KONTAN.CO.ID - JAKARTA. Harga ..." and "jpnn.com - JAKARTA - Harga ..."
        after = text[end : end + 60]
        match = _PLACE_STOP.match(after) or _PLACE_DASH.match(after)
        if match is not None and _is_sure_place(match[1]):
            places.append(normalise_place(match[1]))
            end += match.end()
    return Dateline(
        end=end,
        source=values.get("outlet", "") or values.get("desk", ""),
        place=", ".join(places),
        agency=values.get("agency", ""),
        published=values.get("date", ""),
    )


def _is_sure_place(text: str) -> bool:
    """Whether ``text`` behind an outlet's dash is a place; "Mercedes - Benz" has none."""
    return is_place_shaped(text) and (text.isupper() or is_known_place(text))


def _is_publisher(first: str, second: str) -> bool:
    """Whether ``second`` in "Semarang, Layar Indonesia -" is a publisher we have no row for."""
    if is_region(second) or is_known_place(second):
        return False
    return is_known_place(first) or bool(_PUBLISHER_WORD.search(second))


def _read_without_dash(text: str, line: str) -> Dateline | None:
    if "," not in line and ":" not in line:
        return None
    # "Liputan6.com, Jakarta Presiden ...": the dash was lost with the markup.
    match = _OUTLET_COMMA.match(line)
    if match is not None:
        host = find_outlet(match[1])
        if host and HOST.fullmatch(match[1]):
            words = line[match.end() :].split(" ")
            for count in range(min(LONGEST_KNOWN_WORDS, len(words) - 1), 0, -1):
                place = " ".join(words[:count])
                known = is_known_place(place) or (count == 1 and is_place_shaped(place))
                if known and _STORY_START.match(words[count]):
                    end = match.end() + len(place) + 1
                    return Dateline(end=end, source=host, place=normalise_place(place))
    # "Jakarta, Contoh.com  Presiden ...": so was this one.
    match = _HOST_SPACE.match(line)
    if match is not None and is_known_place(match[1]) and HOST.fullmatch(match[2].lower()):
        return Dateline(
            end=match.end(), source=find_outlet(match[2]), place=normalise_place(match[1])
        )
    # "Jakarta: Presiden ...": Media Indonesia and Medcom; "KBRN, Jakarta: ...": RRI.
    match = _COLON_PLACE.match(line)
    if match is not None and is_known_place(match[2]) and len(text) - match.end() > 200:
        host = find_outlet(match[1] or "")
        # "Blora: Sega Pecel, Sate Ayam" heads a list; news says who spoke, or when.
        told = bool(host) or (not match[1] and _NEWS.search(text, match.end()) is not None)
        if told and _STORY_START.match(text, match.end()):
            return Dateline(end=match.end(), source=host, place=normalise_place(match[2]))
    return None
