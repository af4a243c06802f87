"""Does a story begin with a dateline? Outlet, place, agency and date, in any order and with any
separators.

The first line is cut into pieces (:mod:`indexer.ingest.wire.head_pieces`). Every run of pieces from
the start that could end there is a candidate; what its pieces are, what ends it, how the story
continues and the publisher's habits are evidence, in points. The candidate with the most points is
taken, if it has enough: two names with a dash ("Ukraina - Rusia") are prose.

====================================================  ==========================================
piece                                                 points
====================================================  ==========================================
host, outlet of the table, agency in brackets         3 to 4, "sure"
listed place; a country or a place in capitals        2; 1 alone, 2.5
word in capitals that no dictionary has               2 (up to five letters: 1)
capitalised words nobody knows                        -1, 0.5 where "Desa", "Kota" … says so
date, weekday; name of a desk in brackets             1; 0.5
end: spaced or long dash; glued, bar; colon, bracket  1 to 1.5; 0 to 0.5; -1
story: function word, everyday word; a second place   1.5, 1; -2
news: somebody speaks, or a day is named              1 (asked only where it decides)
habit: most articles of the publisher begin so        5
====================================================  ==========================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from indexer.ingest.outlets import HOST
from indexer.ingest.wire.head_pieces import (
    PUBLISHER_WORD,
    Gap,
    Part,
    Piece,
    begins_with_prose,
    cut_head,
    explain_piece,
    find_known_place,
    is_long_name,
)
from indexer.ingest.wire.places import (
    is_abroad,
    is_country,
    is_known_place,
    is_mountain,
    is_place_shaped,
    normalise_place,
)
from indexer.ingest.wire.words import is_everyday_word, is_function_word


@dataclass(frozen=True, slots=True)
class Habit:
    """How a publisher's articles usually begin, as learned in a run.

    ``names``: literal pieces, in lower case, that denote the publisher or one of its desks.
    ``shapes``: the kinds of gaps after each piece of its heads, in order: ``("comma", "dash")``
    (:class:`~indexer.ingest.wire.head_pieces.Gap`).
    """

    names: Mapping[str, str] = field(default_factory=dict)
    shapes: frozenset[tuple[str, ...]] = frozenset()

    def may_go_on(self, shape: tuple[str, ...]) -> bool:
        """Whether ``shape`` is the beginning of a usual shape, or all of it."""
        return any(usual[: len(shape)] == shape for usual in self.shapes)


NO_HABIT: Final = Habit()


@dataclass(frozen=True, slots=True)
class Dateline:
    """The contents of a dateline. ``end`` is the offset where the story begins, in characters."""

    end: int
    source: str = ""
    place: str = ""
    agency: str = ""
    published: str = ""
    author: str = ""
    score: float = 0.0


#: Points that a head needs, and those needed by a head inside the text, which prose may precede.
ENOUGH: Final = 3.0
ENOUGH_INSIDE: Final = 6.0
#: Points for an end that most of the publisher's heads have: an unknown place may then precede a
#: name.
_USUAL: Final = 5.0
_CAMEL_WORD: Final = re.compile(r"[A-Z][a-z]+")
#: Characters of a name in capitals that no company has: publishers run two words together.
_LONG_NAME: Final = 8
_SHORTEST_STORY: Final = 30
#: Three words with a full stop.
_SENTENCE: Final = re.compile(r"\s*\w+(?:[\s,]+[\w-]+){2,}[.!?]\s*")
_LONG_STORY: Final = 60
#: Lines below a place that must be paragraphs, and how one ends.
_LINES_BELOW: Final = 3
_PARAGRAPH_END: Final = re.compile(r"[.!?][\"”’')]{0,2}$")
_STORY: Final = re.compile(r"[\"“‘'(\[«]{0,2}(?P<word>[^\W_]+(?:['’-][^\W_]+)*)")
#: A date is part of a head, not the beginning of its story.
#: What makes the first word of a text a label, or one of several names.
_LABEL: Final = re.compile(r":\s|\s[-–—]\s")
_LISTED: Final = re.compile(r"\s[-–—]\s\w{1,30}:\s")
_LISTED_DASH: Final = re.compile(r"\s[-–—]\s")
_DATE_FIRST: Final = re.compile(r"(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|Minggu)[, (]{1,3}\d")
_MOST: Final[Mapping[str, int]] = {"place": 3, "outlet": 2, "agency": 2, "date": 1, "desk": 1}
#: Places that share their name with newspapers, which follow another place.
_ALSO_OUTLETS: Final = frozenset(("metro",))
#: What news usually says, unlike an encyclopaedia: who said it, and on which day.
_NEWS: Final = re.compile(
    r"\(\d{1,2}/\d{1,2}|\b(?:Senin|Selasa|Rabu|Kamis|Jum'?at|Sabtu|Minggu|Ahad)\b|"
    r"[,\"”] (?:kata|ujar|ucap|tutur|jelas|tegas|ungkap|imbuh|papar|sebut|terang|tambah|tulis)|"
    r"\bdetik(?:com|[A-Z])|(?i:\bhari ini\b|\bbaru-baru ini\b|\bBaca juga\b)"
)


def read_dateline(text: str, habit: Habit = NO_HABIT) -> Dateline | None:
    """The dateline at the beginning of ``text``, or ``None`` if it begins with prose.

    ``text`` should be the whole story: whether it reads like news can decide.

    >>> read_dateline("JAKARTA, KOMPAS.com - Harga beras naik lagi di pasar.").place
    'Jakarta'
    >>> read_dateline("Ukraina - Rusia kembali berunding, kata juru bicara.") is None
    True
    """
    if begins_with_prose(text):
        return None
    best: Dateline | None = None
    parts: list[Part] = []
    shape: tuple[str, ...] = ()
    for piece in cut_head(text):
        shape = (*shape, piece.gap.kind)
        if not parts and is_long_name(piece) and not habit.names:
            return None
        found = _explain(piece, habit)
        if not found:
            lost = _read_lost_dash(text, piece, parts)
            return lost if lost is not None and best is None else best
        if found[0].weight < 2 and parts and parts[-1].sure:
            best = best or _read_lost_dash(text, piece, parts)
        parts = _join(parts, found)
        foreign = _is_foreign(parts, piece.gap) and not habit.may_go_on(shape)
        if foreign or not _is_possible(parts):
            break
        candidate = _judge(text, parts, piece, usual=shape in habit.shapes)
        if candidate is not None and (best is None or candidate.score > best.score):
            best = candidate
    return best


def _is_foreign(parts: list[Part], gap: Gap) -> bool:
    """Whether the last piece is an unknown line or label, such as a title."""
    if gap.kind == "break":
        return all(part.weight <= 0 for part in parts)
    return gap.kind == "colon" and parts[-1].weight < 0


def _explain(piece: Piece, habit: Habit) -> tuple[Part, ...]:
    learned = habit.names.get(piece.text.strip(" .:*").lower())
    if learned is not None:
        return (Part("outlet", learned, 4.0, sure=True),)
    # "[MOLAWE] Harga ...": a bracket at the beginning of the text encloses what others write
    # without one.
    return explain_piece(piece.text, bracketed=piece.bracketed and piece.start > 1)


def _join(parts: list[Part], found: tuple[Part, ...]) -> list[Part]:
    """``parts`` and ``found``, reinterpreted by their order."""
    first = found[0]
    unknown = len(parts) == 1 and parts[0].kind == "place" and parts[0].weight < 0
    if first.kind == "outlet" and unknown:
        # "Rahma Dewi - detikInet": the author and the outlet; or a place with its outlet.
        return [Part("place", parts[0].value, 0.0), *found]
    if first.kind == "desk" and parts and parts[-1].kind == "outlet" and len(parts) == 1:
        # "JUARA.NET, BRNO - ", "Lensa Bahari (Molawe): ": after its outlet, it is a place.
        return [*parts, Part("place", first.value, 0.5)]
    if len(parts) == 1 and _is_word_of_publisher(parts[0]) and is_known_place(first.value):
        # "KETIK, MALANG - ": a word of the language before a place.
        return [Part("outlet", parts[0].value, 0.5), *found]
    alone = len(parts) == 1 and parts[0].kind == "place" and parts[0].weight >= 2
    if (
        alone
        and first.kind == "place"
        and (not is_known_place(first.value) or first.value.lower() in _ALSO_OUTLETS)
    ):
        # "SURABAYA, Memorandum - ": after a listed place, an unknown name is an outlet.
        return [*parts, Part("outlet", first.value, max(first.weight, 0.5))]
    return [*parts, *found]


def _is_word_of_publisher(part: Part) -> bool:
    """Whether a supposed place is a word of the language in capitals."""
    value = part.value
    unlisted = part.kind == "place" and value.isupper() and not is_known_place(value)
    return unlisted and " " not in value and is_everyday_word(value)


def _is_possible(parts: list[Part]) -> bool:
    if len(parts) > 1 and parts[-1].kind == "desk" and parts[-2].weight < 0:
        # "BJ Habibie (Instagram)" is a caption.
        return False
    counts: dict[str, int] = {}
    for part in parts:
        kind = "place" if part.kind == "region" else part.kind
        counts[kind] = counts.get(kind, 0) + 1
    return all(counts.get(kind, 0) <= most for kind, most in _MOST.items())


def _judge(text: str, parts: list[Part], piece: Piece, *, usual: bool) -> Dateline | None:
    """The candidate that ends after ``piece``, if it has enough points."""
    gap = piece.gap
    sure = any(part.sure for part in parts)
    if not sure and not any(part.kind in ("place", "region", "outlet") for part in parts):
        return None
    score = sum(part.weight for part in parts)
    ended = _weigh_end(gap, parts, usual=usual)
    if ended is None and _is_above(text, gap, parts):
        ended = 0.5
    if ended is None:
        return None
    told = _weigh_story(text, gap, parts, sure=sure)
    if told is None:
        return None
    if usual:
        told = max(told, 0.0)
    if len(parts) == 1 and not sure:
        score += _weigh_alone(parts[0])
    score += ended + told
    if ENOUGH - 1 <= score < ENOUGH and _NEWS.search(text, gap.end):
        score += 1
    return _complete(gap.end, parts, piece, score) if score >= ENOUGH else None


def _is_above(text: str, gap: Gap, parts: list[Part]) -> bool:
    """Whether a listed place, perhaps with a day, is alone on a line above a story: a paragraph
    follows, and no other short line, as in a list.
    """
    if gap.kind != "break" or parts[0].weight < 2 or parts[0].kind != "place":
        return False
    if any(part.kind not in ("place", "region", "date", "day") for part in parts):
        return False
    if not text[gap.start - 1].isalnum() or "\n" in text[: gap.start]:
        # A sentence ends there, or a list begins.
        return False
    lines = [line for line in text[gap.end :].split("\n", _LINES_BELOW) if line.strip()]
    first = lines[0].rstrip() if lines else ""
    return (
        _PARAGRAPH_END.search(first) is not None
        and len(first) >= _LONG_STORY
        and all(len(line) >= _LONG_STORY for line in lines[1:_LINES_BELOW])
    )


def _weigh_alone(part: Part) -> float:
    if is_country(part.value):
        # A country is seldom a dateline on its own.
        return -1.0
    # "WhatsApp - Aplikasi itu ...": brands are spelt like outlets, but not "JATIMTIMES - ".
    # "LombokPost - ".
    sign = (part.value.isupper() and len(part.value) >= _LONG_NAME) or any(
        map(PUBLISHER_WORD.fullmatch, _CAMEL_WORD.findall(part.value)[1:])
    )
    return 0.0 if part.kind != "outlet" else -0.5 if sign else -1.5


def _weigh_end(gap: Gap, parts: list[Part], *, usual: bool) -> float | None:
    """Points for what ends the head; ``None`` if nothing ends there."""
    if gap.open or gap.kind in ("comma", "end"):
        return None
    weight = _weigh_gap(gap, parts)
    return _USUAL + max(weight or 0.0, 0.0) if usual else weight


def _weigh_gap(gap: Gap, parts: list[Part]) -> float | None:
    if gap.kind == "dash":
        return _weigh_dash(gap, parts[-1])
    if gap.kind == "bracket" and not _may_end_bracketed(parts):
        return None
    if gap.kind == "stop":
        if gap.text[0] in ")]" and len(parts) > 1 and parts[-1].kind in ("desk", "outlet"):
            # "MEDAN (Sinar Kita). "
            return 0.5
        if parts[-1].sure:
            # "RMOL. Petani ..."
            return 0.5
        return 0.5 if parts[-1].value.isupper() and len(parts) > 1 else None
    if gap.kind == "space" and "  " not in gap.text:
        # After a date, which ends by itself, or was lost with the markup.
        return -1.0 if parts[-1].kind == "date" and len(parts) > 2 else None
    if gap.kind == "break" and not any(part.sure for part in parts) and not _is_outlet_place(parts):
        # A place on a line of its own begins a list, or ends a sentence, as often as it begins a
        # story.
        return None
    return {"bar": 0.5, "colon": -1.0}.get(gap.kind, -0.5)


def _is_outlet_place(parts: list[Part]) -> bool:
    """Whether an outlet and a listed place make a line: "TVRINews, Pekanbaru"."""
    return (
        len(parts) == len(("outlet", "place"))
        and parts[0].kind == "outlet"
        and parts[1].kind == "place"
        and parts[1].weight >= 2
    )


def _may_end_bracketed(parts: list[Part]) -> bool:
    """Whether a closing bracket can end the head: "[JAKARTA] Presiden", not "Bank X (Persero)
    Tbk".
    """
    listed = any(part.kind in ("place", "region") and part.weight >= 2 for part in parts)
    return listed and (len(parts) == 1 or parts[-1].sure)


def _weigh_dash(gap: Gap, last: Part) -> float:
    dash = gap.text.strip(" \n,.)]")
    before, after = gap.text[:1] != dash[:1], gap.text[-1:].isspace()
    long = len(dash) > 1 or dash not in "-−"
    if before and after:
        return 1.5 if long else 1.0
    clear = last.sure or last.value.isupper()
    if after:
        return 1.0 if clear or long else 0.0
    if before:
        return 0.0
    return 0.5 if clear else 0.0 if long else -1.0


def _weigh_story(text: str, gap: Gap, parts: list[Part], *, sure: bool) -> float | None:
    """Points for how the story continues; ``None`` if it cannot begin like this."""
    end = gap.end
    first = _STORY.match(text, end)
    if _is_signed(parts):
        # Before the date the head continues; after it anything may follow, such as a caption.
        return -2.0 if _DATE_FIRST.match(text, end) else 0.5
    if first is None:
        return 0.0 if sure and end < len(text) else None
    word = first["word"]
    if not any(map(str.isupper, word)):
        # "iPad" and "detikTravel" begin sentences unchanged.
        return _weigh_odd_start(text, gap, parts, word, sure=sure)
    if sure:
        return 0.5
    if (_LABEL if len(parts) > 1 else _LISTED).match(text, first.end()):
        # "Merauke – Sota – Torasi: tiga titik": names that a sentence lists.
        return None
    if _is_phrase(text, gap, parts, word):
        return None
    if is_function_word(word):
        return 1.5
    second = find_known_place(text[first.start("word") : end + 60])
    if (
        second
        and len(parts) > 1
        and "," not in text[: gap.start]
        and _LISTED_DASH.search(text, 0, gap.start)
    ):
        # "Klaten - Solo - Yogyakarta": the stations of a road.
        return None
    if second:
        return _weigh_second_place(parts, second)
    return _weigh_first_word(parts, word)


def _is_phrase(text: str, gap: Gap, parts: list[Part], word: str) -> bool:
    """Whether this is not a head: too little follows, or it is a compound of the text itself."""
    left = len(text) - gap.end
    if left < _SHORTEST_STORY and not _is_sentence(text, gap, word):
        return True
    if parts[0].weight < 2 and text.find(text[: gap.end], gap.end) >= 0:
        # A compound such as "Jokowi - JK" recurs; a dateline does not.
        return True
    return gap.kind == "colon" and len(parts) == 1 and left < _LONG_STORY


def _is_sentence(text: str, gap: Gap, word: str) -> bool:
    """Whether a sentence follows, though a short one: "BOGOR - Petani memanen padi.", not "Solo -
    Yogya macet total.".
    """
    clear = text[: gap.start].isupper() or is_everyday_word(word)
    return clear and _SENTENCE.fullmatch(text, gap.end) is not None


def _weigh_second_place(parts: list[Part], second: str) -> float:
    """Points for a story that begins with a place: "Ukraina - Rusia" are two of a kind."""
    places = [part.value for part in parts if part.kind in ("place", "region")]
    if len(parts) > 1 or not places or second.lower() == places[0].lower():
        return 0.0
    if places[0].isupper() and not second.isupper():
        # "JAKARTA - Surabaya dilanda banjir": two of a kind are written alike.
        return 0.0
    alike = all(kind(places[0]) == kind(second) for kind in (is_country, is_mountain))
    return -2.0 if alike else 0.0


def _weigh_first_word(parts: list[Part], word: str) -> float:
    """Points for a story that begins with a capitalised word."""
    if word.isupper() and len(word) > 1:
        return 0.0
    if is_everyday_word(word):
        return 1.0
    home = any(part.weight >= 2 and not is_abroad(part.value) for part in parts)
    return 0.0 if home else -2.0


def _weigh_odd_start(
    text: str, gap: Gap, parts: list[Part], word: str, *, sure: bool
) -> float | None:
    """Points for a story that begins with a lower-case letter or a figure."""
    if word[0].isdigit():
        # "Wolga - 3.690 km" is a fact.
        spaced = gap.text[:1].isspace() and gap.text[-1:].isspace()
        return 0.0 if sure or (spaced and is_known_place(parts[0].value)) else None
    # Lower-case archives write "kontan.co.id - pada perdagangan". "Tempo - hari - kerja ..." is not
    # a head.
    certain = sure and (len(parts) > 1 or any(part.weight >= 4 for part in parts))
    return 0.0 if certain and gap.kind == "dash" and gap.text != "-" else None


def _is_signed(parts: list[Part]) -> bool:
    """Whether it begins with a person and an outlet: "Rahma Dewi - detikInet"."""
    return len(parts) > 1 and parts[0].weight == 0 and parts[1].kind == "outlet"


def _read_lost_dash(text: str, piece: Piece, parts: list[Part]) -> Dateline | None:
    """A dateline whose dash was lost with the markup: "Liputan6.com, Jakarta Presiden ..."."""
    whole = piece.gap.kind == "dash" and is_place_shaped(piece.text)
    if not parts or len(parts) > 2 or whole:
        return _read_bare_host(text, piece) if not parts else None
    rest = text[piece.start : piece.start + 80]
    if parts[-1].sure and parts[-1].kind == "outlet":
        place = find_known_place(rest)
        after = rest[len(place) :]
        if place and _STORY.match(after.lstrip()) and (after.lstrip()[:1].isupper()):
            end = piece.start + len(rest) - len(after.lstrip())
            return _complete(end, [*parts, Part("place", place, 2.0)], piece, ENOUGH + 1)
        return None
    host = HOST.match(rest)
    if host is None or rest[host.end() : host.end() + 1] != " " or parts[-1].weight < 2:
        return None
    end = piece.start + host.end() + 1
    if not text[end : end + 1].isupper():
        return None
    found = explain_piece(host[0], bracketed=False)
    return _complete(end, [*parts, *found], piece, ENOUGH)


def _read_bare_host(text: str, piece: Piece) -> Dateline | None:
    """An outlet's host in capitals before the story, without a mark: "KABARKITA.COM Warga ..."."""
    host = HOST.match(text) if piece.start == 0 else None
    if host is None or not host[0].isupper() or text[host.end() : host.end() + 1] != " ":
        return None
    story = _STORY.match(text, host.end() + 1)
    if story is None or not story["word"][0].isupper() or story["word"].isupper():
        return None
    found = explain_piece(host[0], bracketed=False)
    return _complete(host.end() + 1, [*found], piece, ENOUGH) if found else None


def _complete(end: int, parts: list[Part], piece: Piece, score: float) -> Dateline:
    values: dict[str, str] = {}
    places: list[str] = []
    for part in parts:
        if part.kind in ("place", "region"):
            places.append(normalise_place(part.value))
        else:
            values.setdefault(part.kind, part.value)
    author = ""
    if _is_signed(parts) and "date" in values:
        author, places = parts[0].value, places[1:]
    return Dateline(
        end=end,
        source=values.get("outlet", "") or values.get("desk", ""),
        place=", ".join(dict.fromkeys(places)),
        agency=values.get("agency", ""),
        published=values.get("date", ""),
        author=author,
        score=score,
    )
