"""What a query was meant to say: its words respelt, all of them judged together.

Every word that may be misspelt has several readings (:mod:`searchsvc.query.doubt`). Of all ways to
read the query the likeliest is sought: that of the likeliest words, which stand right beside one
another in articles, as the two words of a name do. The query as typed is one of the ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from searchsvc.query.context import SearchContext
from searchsvc.query.doubt import (
    Reading,
    is_doubtful,
    is_part_of_name,
    may_doubt,
    read_as_typed,
    read_doubtful,
    read_in_row,
    read_pair,
    weigh_row,
)
from searchsvc.query.expand import TypedSlot

#: Readings of a word that are judged with the others, and of the query that are kept meanwhile.
MAX_READINGS = 6
_BEAM = 8
#: In longer queries words are judged only where articles hardly have them.
_SENTENCE = 6

_AS_TYPED = [Reading(None, 0.0)]


@dataclass(frozen=True, slots=True)
class Correction:
    """The query respelt: words of it stand as ``terms`` now. ``rare``: articles hardly have any of
    those that were changed.
    """

    query: str
    terms: frozenset[str]
    rare: bool


def correct_query(
    query: str, typed: Sequence[TypedSlot], context: SearchContext, *, lacking: bool
) -> Correction | None:
    """The likeliest other way to spell ``query``, ``None`` where it is likeliest right as typed.

    Where no word is doubtful by itself, the parts of names are doubted that articles have, but
    hardly so beside one another; ``lacking``, where hardly any article has all the words, any word.
    """
    may = [place for place, one in enumerate(typed) if may_doubt(query, one)]
    readings = [_AS_TYPED] * len(typed)
    for place in may:
        if is_doubtful(typed[place].slot, context):
            readings[place] = list(read_doubtful(typed, place, context))
    found = respell(query, typed, choose_readings(typed, readings, context), context)
    if found or len(typed) > _SENTENCE:
        return found
    if lacking:
        add_pairs(readings, typed, may, context)
    for place in may:
        if len(readings[place]) == 1 and (lacking or is_part_of_name(typed, place, context)):
            readings[place] = list(read_in_row(typed, place, context))
    return respell(query, typed, choose_readings(typed, readings, context), context)


def add_pairs(
    readings: list[list[Reading]],
    typed: Sequence[TypedSlot],
    may: Sequence[int],
    context: SearchContext,
) -> None:
    """Add what two neighbours may both be slips of, where articles have those in a row by habit,
    and hardly any has the typed ones: ``erik tohir``.
    """
    for place in may:
        if place + 1 in may:
            pairs = list(read_pair(typed, place, context))
            for offset in (0, 1):
                if pairs:
                    kept = readings[place + offset][0]
                    if kept is _AS_TYPED[0]:
                        kept = read_as_typed(typed, place + offset, context)
                    ways = dict.fromkeys(pair[offset] for pair in pairs)
                    readings[place + offset] = [kept, *readings[place + offset][1:], *ways]


def choose_readings(
    typed: Sequence[TypedSlot], readings: Sequence[list[Reading]], context: SearchContext
) -> list[Reading]:
    """The likeliest reading of each word, with all of them read so."""
    if all(len(ways) == 1 for ways in readings):
        return [ways[0] for ways in readings]
    beam: list[tuple[float, list[Reading]]] = [(0.0, [])]
    for place, ways in enumerate(readings):
        best = sorted(ways[1:], key=lambda way: -way.score)[:MAX_READINGS]
        longer = []
        for score, chosen in beam:
            for way in (ways[0], *best):
                row = 0.0
                if place:
                    before = chosen[-1].term or typed[place - 1].slot.text
                    row = weigh_row((before, way.term or typed[place].slot.text), context)
                longer.append((score + way.score + row, [*chosen, way]))
        beam = sorted(longer, key=lambda pair: -pair[0])[:_BEAM]
    return beam[0][1]


def respell(
    query: str, typed: Sequence[TypedSlot], chosen: Sequence[Reading], context: SearchContext
) -> Correction | None:
    """``query`` with its words as ``chosen``, ``None`` where all stay as typed."""
    terms = []
    rare = True
    # From the end, so that the positions of the words before stay right.
    for one, way in sorted(zip(typed, chosen, strict=True), key=lambda pair: -pair[0].start):
        if way.term is not None:
            # Stars in front say nothing, and would look odd in what is offered.
            before = query[: one.start].rstrip("*")
            query = f"{before}{way.term}{query[one.end :]}"
            terms.append(way.term)
            rare = rare and is_doubtful(one.slot, context)
    return Correction(query, frozenset(terms), rare) if terms else None
