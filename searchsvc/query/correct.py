"""What a query was meant to say: its words respelt, all of them judged together.

Every doubtful word has guesses (:mod:`searchsvc.query.expand.guesses`), and may be right as it is.
Of all ways to read the query the likeliest is sought: a word is likelier the more articles have it,
the more have it together with the others, and most of all right beside its neighbours, as the two
words of a name stand. The query as typed is one of the ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from indexer.engine.base import Form
from indexer.language.stem import is_misspelt
from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.query.expand import TypedSlot
from searchsvc.query.expand.guesses import FAR_MORE, Guess, list_guesses, score_word
from searchsvc.query.expand.known_words import is_known_word, is_small
from searchsvc.query.expand.prefixes import may_be_begun
from searchsvc.query.expand.slots import RARE, Slot
from searchsvc.query.expand.typos import MIN_LETTERS

#: How much is said by articles that have a word together with another of the query, and by those
#: that have the two in a row.
CONTEXT = 0.4
ROW = 0.5
NEIGHBOURS = 2
#: Articles supposed to have a word together with another as chance would have it, and the most that
#: the real ones may say either way.
_SMOOTHING = 2
_MOST_CONTEXT = 4.0
_NOT_TOGETHER = -0.7
#: How likely it is that a word no article has is right nevertheless: the shorter it is, the more
#: words are near to any row of letters. Found with words of some articles that others lack.
NEW_WORD = 1.1
_NEW_WORD_LETTERS = 4
_EACH_LETTER = 0.3
LEAST_NEW_WORD = -0.5
_VOWEL = re.compile("[aiueoy]")
#: Long words are doubted up to so many articles: outlets repeat their slips.
LONG_WORD = 7
FEW_OF_LONG = 10
#: How much likelier another reading must be than a word that articles have.
KNOWN_MARGIN = 0.3
#: A last word that is the beginning of others: rather unfinished than misspelt.
BEGUN_COST = 0.5
_MOST_BEGUN = 4
LONGEST_SHORT_FORM = 6
#: Guesses at a word that are judged with the others, and readings kept while they are.
MAX_GUESSES = 6
_BEAM = 8
#: In longer queries words are judged only where articles hardly have them.
_SENTENCE = 6
#: Two words stand in a row by habit where so many articles have them so.
_HABIT = 5


class Reading(NamedTuple):
    """One way to read a word: ``term`` is ``None`` where it stays as typed."""

    term: str | None
    score: float


_AS_TYPED = Reading(None, 0.0)


@dataclass(frozen=True, slots=True)
class Correction:
    """The query respelt: ``changed`` words stand in it as ``terms``."""

    query: str
    changed: tuple[TypedSlot, ...]
    terms: frozenset[str]

    @property
    def rare(self) -> bool:
        """Whether articles hardly have any of the words respelt."""
        return all(typed.slot.documents < RARE for typed in self.changed)


def correct_query(
    query: str, typed: Sequence[TypedSlot], context: SearchContext, *, lacking: bool
) -> Correction | None:
    """The likeliest other way to spell ``query``, ``None`` where it is likeliest right as typed.

    ``lacking``: no article has all the words. Then also words that articles do have are doubted,
    where they never stand beside their neighbours, and others near to them often do.
    """
    right = [_is_short_form(query, one) for one in typed]
    readings = [
        [_AS_TYPED] if right[place] else _list_readings(typed, place, context, lacking)
        for place in range(len(typed))
    ]
    if all(len(ways) == 1 for ways in readings):
        return None
    chosen = _choose(typed, readings, context)
    changed = [(one, way) for one, way in zip(typed, chosen, strict=True) if way.term is not None]
    if not changed:
        return None
    # From the end, so that the positions of the words before stay right.
    for one, way in sorted(changed, key=lambda pair: pair[0].start, reverse=True):
        query = f"{query[: one.start]}{way.term}{query[one.end :]}"
    terms = frozenset(way.term for _, way in changed if way.term is not None)
    return Correction(query, tuple(one for one, _ in changed), terms)


def _list_readings(
    typed: Sequence[TypedSlot], place: int, context: SearchContext, lacking: bool
) -> list[Reading]:
    """The ways to read one word, as typed first."""
    one = typed[place]
    slot = one.slot
    if one.understood or not slot.text.replace("-", "").isalpha():
        return [_AS_TYPED]
    if is_doubtful(slot, context):
        return list(_doubt(typed, place, context))
    if lacking and len(typed) <= _SENTENCE:
        return list(_doubt_in_row(typed, place, context))
    return [_AS_TYPED]


def _is_short_form(query: str, one: TypedSlot) -> bool:
    """Whether the word is written like a short form, among words that are not."""
    text = query[one.start : one.end]
    return text.isupper() and len(text) <= LONGEST_SHORT_FORM and query != query.upper()


def is_doubtful(slot: Slot, context: SearchContext) -> bool:
    """Whether articles hardly have the word, and nothing else says that it is one."""
    few = FEW_OF_LONG if len(slot.text) >= LONG_WORD else RARE
    inflected = slot.stem_documents and slot.stem != slot.text
    if slot.documents >= few or (inflected and not is_misspelt(slot.text)):
        return False
    # No index has every word of the language; those it lacks are no slips.
    return not is_known_word(slot, context)


def _doubt(typed: Sequence[TypedSlot], place: int, context: SearchContext) -> Iterator[Reading]:
    slot = typed[place].slot
    neighbours = choose_neighbours(typed, place)
    kept = score_kept(slot, context) + _weigh_together(slot.text, neighbours, context)
    begun = "prefixes" not in context.without and may_be_begun(slot, context)
    if begun:
        kept = max(kept, _score_begun(typed, place, neighbours, context))
    yield Reading(None, kept)
    if len(slot.text) < MIN_LETTERS and not neighbours:
        return
    least = 1 if neighbours or is_small(context) else RARE
    for guess in list_guesses(slot, context, least=max(least, FAR_MORE * slot.documents)):
        if guess.documents < RARE and not _stands_together(guess, neighbours, context):
            continue
        if begun and guess.term.startswith(slot.text):
            continue
        if _may_be_slip_of(typed, place, guess.term, context):
            score = guess.score + _weigh_together(guess.term, neighbours, context)
            yield Reading(guess.term, score)


def score_kept(slot: Slot, context: SearchContext) -> float:
    """How likely the word is as typed."""
    new = max(LEAST_NEW_WORD, NEW_WORD - _EACH_LETTER * max(0, len(slot.text) - _NEW_WORD_LETTERS))
    if not _VOWEL.search(slot.text):
        new = LEAST_NEW_WORD
    if not slot.known or (not slot.documents and is_misspelt(slot.text)):
        return new
    return new + score_word(slot.documents, context) + KNOWN_MARGIN


def _may_be_slip_of(
    typed: Sequence[TypedSlot], place: int, term: str, context: SearchContext
) -> bool:
    """Whether the few articles with a word may have it as a slip: not as a name, unless they also
    have the one that was meant, or that one stands beside the words around by habit.
    """
    text = typed[place].slot.text
    seen = context.statistics(text)
    if seen.lower or not seen.capital or context.count_together(text, term, Form.EXACT):
        return True
    rows = (row for row in _list_rows(typed, place, term) if context.count_row(row) >= _HABIT)
    return any(rows)


def _stands_together(guess: Guess, neighbours: Sequence[Slot], context: SearchContext) -> bool:
    """Whether an article has the guess and one of the words around; in a small index, any."""
    if guess.rule == "old_spelling" or is_small(context):
        return True
    return any(context.count_together(guess.term, slot.stem) for slot in neighbours)


def _score_begun(
    typed: Sequence[TypedSlot], place: int, neighbours: Sequence[Slot], context: SearchContext
) -> float:
    """How likely it is that the word is the beginning of others."""
    text = typed[place].slot.text
    longer = [
        (term, documents)
        for term, documents in context.snapshot.frequent_terms(text, limit=_MOST_BEGUN + 1)
        if term != text
    ]
    around = max(
        _weigh_together(term, neighbours, context)
        + sum(ROW * log(1 + context.count_row(row)) for row in _list_rows(typed, place, term))
        for term, _ in longer
    )
    documents = sum(documents for _, documents in longer)
    return score_word(documents, context) - BEGUN_COST + around


def _doubt_in_row(
    typed: Sequence[TypedSlot], place: int, context: SearchContext
) -> Iterator[Reading]:
    """Where the word never stands beside a neighbour, those near to it that do so by habit."""
    slot = typed[place].slot
    yield Reading(None, score_kept(slot, context))
    if slot.text in load_stopwords() or len(slot.text) < MIN_LETTERS:
        return
    most = max((context.count_row(row) for row in _list_rows(typed, place, slot.text)), default=0)
    least = max(_HABIT, FAR_MORE * most)
    for guess in list_guesses(slot, context, least=least):
        rows = _list_rows(typed, place, guess.term)
        if any(context.count_row(row) >= least for row in rows):
            yield Reading(guess.term, guess.score)


def _list_rows(typed: Sequence[TypedSlot], place: int, term: str) -> Iterator[tuple[str, str]]:
    """``term`` at the place with the word before it and the one behind, those that articles have;
    words of the scaffolding stand beside any.
    """
    for other in (place - 1, place + 1):
        if 0 <= other < len(typed):
            slot = typed[other].slot
            if slot.documents >= RARE and slot.text not in load_stopwords():
                yield (slot.text, term) if other < place else (term, slot.text)


def choose_neighbours(typed: Sequence[TypedSlot], place: int) -> list[Slot]:
    """The nearest words that say what the query is about."""
    telling = [
        (abs(other - place), one.slot)
        for other, one in enumerate(typed)
        if other != place and one.slot.documents >= RARE and one.slot.text not in load_stopwords()
    ]
    return [slot for _, slot in sorted(telling, key=lambda pair: pair[0])[:NEIGHBOURS]]


def _weigh_together(term: str, neighbours: Sequence[Slot], context: SearchContext) -> float:
    """How much the words around speak for ``term``: how much oftener articles with it have them
    than others do.
    """
    documents = context.count(term)
    if not neighbours or not documents:
        return 0.0
    said = 0.0
    for slot in neighbours:
        share = max(1, slot.stem_documents) / max(1, context.snapshot.document_count())
        together = context.count_together(term, slot.stem)
        lift = log((together + _SMOOTHING * share) / ((documents + _SMOOTHING) * share))
        said += min(_MOST_CONTEXT, max(0.0, lift)) if together else _NOT_TOGETHER
    return CONTEXT * said / len(neighbours)


def _choose(
    typed: Sequence[TypedSlot], readings: Sequence[list[Reading]], context: SearchContext
) -> list[Reading]:
    """The likeliest reading of each word, with all of them read so."""
    beam: list[tuple[float, list[Reading]]] = [(0.0, [])]
    for place, ways in enumerate(readings):
        best = sorted(ways[1:], key=lambda way: -way.score)[:MAX_GUESSES]
        beam = sorted(
            (
                (score + way.score + _weigh_row(typed, place, chosen, way, context), [*chosen, way])
                for score, chosen in beam
                for way in (ways[0], *best)
            ),
            key=lambda pair: -pair[0],
        )[:_BEAM]
    return beam[0][1]


def _weigh_row(
    typed: Sequence[TypedSlot],
    place: int,
    chosen: Sequence[Reading],
    way: Reading,
    context: SearchContext,
) -> float:
    """How much articles speak for the word right behind the one before."""
    if not place:
        return 0.0
    row = (
        chosen[-1].term or typed[place - 1].slot.text,
        way.term or typed[place].slot.text,
    )
    if not load_stopwords().isdisjoint(row):
        return 0.0
    return ROW * log(1 + context.count_row(row))
