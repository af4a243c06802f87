"""What a word that the index hardly knows was meant to be.

A noisy channel: each way to misspell has a cost, and of two words equally near the likelier is the
more frequent, and the one that articles have together with the words around it. The costs are small
whole steps rather than fitted numbers, so that they hold for other readers' slips than those they
were tried on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import exp, log
from typing import NamedTuple

from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.chat_spelling import respell_chat
from searchsvc.query.expand.known_words import is_known_word
from searchsvc.query.expand.old_spelling import respell_old
from searchsvc.query.expand.prefixes import may_be_begun
from searchsvc.query.expand.slots import RARE, Slot, Variant
from searchsvc.query.expand.typos import find_slips

#: The weight of the likeliest guess, and the least part of it that is still asked for.
WEIGHT = 0.9
LEAST_SHARE = 0.05
MAX_GUESSES = 8
#: How much frequency says: a word e times as frequent makes up for this much cost.
PRIOR = 0.35
#: How much the same frequency says among the articles that have a neighbouring word, and how many
#: neighbours are asked.
CONTEXT = 0.3
NEIGHBOURS = 2
#: A guess beside a word that articles have must be so many times as frequent.
_FAR_MORE = 30
BESIDE_WEIGHT = 0.4
#: What remains of a guess at a last word that is the beginning of others: rather unfinished than
#: misspelt.
BEGUN_SHARE = 0.25


class Guess(NamedTuple):
    """``cost`` is a negative log likelihood, of the slip and of the word."""

    term: str
    cost: float
    rule: str


def guess_words(slots: Sequence[Slot], context: SearchContext) -> Iterator[Variant]:
    """For each word that articles do not have, or hardly, what it may have been meant to be."""
    for place, slot in enumerate(slots):
        if slot.documents >= RARE or (slot.stem_documents and slot.stem != slot.text):
            continue
        # No index has every word of the language; those it lacks are no slips.
        if is_known_word(slot, context) or (slot.known and is_rare_name(slot, context)):
            continue
        guesses = rank_guesses(slot, choose_neighbours(slots, place), context)
        if not guesses:
            continue
        least = guesses[0].cost
        weight = BESIDE_WEIGHT if slot.known else WEIGHT
        if "prefixes" not in context.without and may_be_begun(slot, context):
            weight *= BEGUN_SHARE
        for guess in guesses[:MAX_GUESSES]:
            share = exp(least - guess.cost)
            if share < LEAST_SHARE:
                break
            yield Variant(place, place + 1, (guess.term,), weight * share, guess.rule, guess=True)


_SOURCES: tuple[
    tuple[str, Callable[[str, SearchContext], Iterable[tuple[str, float, str]]]], ...
] = (
    ("old_spelling", respell_old),
    ("slang", respell_chat),
    ("typos", find_slips),
)


def is_rare_name(slot: Slot, context: SearchContext) -> bool:
    """Whether the few articles that have the word write it with a capital only."""
    seen = context.statistics(slot.text)
    return seen.capital > 0 and not seen.lower


def choose_neighbours(slots: Sequence[Slot], place: int) -> list[Slot]:
    """The nearest words that say what the query is about."""
    telling = [
        (abs(other - place), slot)
        for other, slot in enumerate(slots)
        if other != place and slot.documents >= RARE and slot.text not in load_stopwords()
    ]
    return [slot for _, slot in sorted(telling, key=lambda pair: pair[0])[:NEIGHBOURS]]


def rank_guesses(slot: Slot, neighbours: Sequence[Slot], context: SearchContext) -> list[Guess]:
    """The likeliest first. Where there are many, ``neighbours`` say no more than which of the
    likeliest it is.
    """
    found: dict[str, Guess] = {}
    for term, slip_cost, rule in _list_guesses(slot.text, context):
        documents = context.count(term)
        if not documents or (slot.known and documents < _FAR_MORE * slot.stem_documents):
            continue
        cost = slip_cost - PRIOR * log(1 + documents)
        if term not in found or cost < found[term].cost:
            found[term] = Guess(term, cost, rule)
    guesses = sorted(found.values(), key=lambda guess: (guess.cost, guess.term))
    if len(guesses) < 2 or not neighbours:
        return guesses
    likeliest = [
        guess._replace(cost=guess.cost - weigh_context(guess.term, neighbours, context))
        for guess in guesses[:MAX_GUESSES]
    ]
    return sorted(likeliest, key=lambda guess: (guess.cost, guess.term))


def weigh_context(term: str, neighbours: Sequence[Slot], context: SearchContext) -> float:
    """How much the words around speak for ``term``, as a cost that they save."""
    together = (context.count_together(term, slot.stem) for slot in neighbours)
    return CONTEXT * sum(log(1 + count) for count in together) / len(neighbours)


def _list_guesses(word: str, context: SearchContext) -> Iterable[tuple[str, float, str]]:
    for part, respell in _SOURCES:
        if part not in context.without:
            yield from respell(word, context)
