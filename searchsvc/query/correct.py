"""What was a query meant to say? Its words respelt, all judged together.

Every word that may be misspelt has several readings (:mod:`searchsvc.query.doubt`). Of all
combinations the likeliest is chosen: that with the likeliest words, which co-occur in articles,
like the two words of a name. The query as typed is one of the combinations.
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
    read_joined,
    read_pair,
    weigh_row,
)
from searchsvc.query.expand import QueryTerm

#: Readings of a word that are judged with the others, and of the query that are kept meanwhile.
MAX_READINGS = 6
_BEAM = 8
#: In longer queries, words are judged only if hardly any article has them.
_SENTENCE = 6

_AS_TYPED = [Reading(None, 0.0)]


@dataclass(frozen=True, slots=True)
class Correction:
    """The respelt query: some words became ``terms``. ``rare``: hardly any article has the original
    words.
    """

    query: str
    terms: frozenset[str]
    rare: bool


def find_correction(
    query: str, typed: tuple[QueryTerm, ...], context: SearchContext, *, lacking: bool
) -> Correction | None:
    """As :func:`correct_query`, remembered like the meaning of the query."""
    key = ("correction", typed, lacking)
    return context.recall_query(
        query, key, lambda: correct_query(query, typed, context, lacking=lacking)
    )


def correct_query(
    query: str, typed: Sequence[QueryTerm], context: SearchContext, *, lacking: bool
) -> Correction | None:
    """The likeliest correction of ``query``, or ``None`` if it is probably right as typed.

    If no word is doubtful by itself, parts of names are doubted that articles have, but hardly ever
    together; if hardly any article has all the words (``lacking``), any word.
    """
    may = [place for place, one in enumerate(typed) if may_doubt(query, one)]
    readings = [_AS_TYPED] * len(typed)
    for place in may:
        if is_doubtful(typed[place], context):
            ways = readings[place] = list(read_doubtful(typed, place, context))
            if max(ways, key=lambda way: way.score) is ways[0]:
                ways += read_joined(typed[place], context)
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
    typed: Sequence[QueryTerm],
    may: Sequence[int],
    context: SearchContext,
) -> None:
    """Add corrections of two neighbours at once, if articles regularly have the corrections as a
    phrase, and hardly any has the typed words as one: ``erik tohir``.
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
    typed: Sequence[QueryTerm], readings: Sequence[list[Reading]], context: SearchContext
) -> list[Reading]:
    """The likeliest reading of each word, given the readings of all others."""
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
                    before = chosen[-1].term or typed[place - 1].text
                    row = weigh_row((before, way.term or typed[place].text), context)
                longer.append((score + way.score + row, [*chosen, way]))
        beam = sorted(longer, key=lambda pair: -pair[0])[:_BEAM]
    return beam[0][1]


def respell(
    query: str, typed: Sequence[QueryTerm], chosen: Sequence[Reading], context: SearchContext
) -> Correction | None:
    """``query`` with its words as ``chosen``, or ``None`` if all stay as typed."""
    terms = []
    rare = True
    # From the end, so that the offsets of earlier words stay valid.
    for one, way in sorted(zip(typed, chosen, strict=True), key=lambda pair: -pair[0].start):
        if way.term is not None:
            # Leading asterisks mean nothing, and would look odd in an offer.
            before = query[: one.start].rstrip("*")
            # Of two words, an operator would hold of one alone.
            spelt = f'"{way.term}"' if one.bound and " " in way.term else way.term
            query = f"{before}{spelt}{query[one.end :]}"
            terms += way.term.split()
            rare = rare and is_doubtful(one, context)
    return Correction(query, frozenset(terms), rare) if terms else None
