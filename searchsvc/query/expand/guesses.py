"""Which words may a typed one have meant, and how likely is each by itself?

A noisy channel: the typed word is the intended one, altered by edits that each have a cost. Of two
equally near words, the likelier is the more frequent. The surrounding words decide further
(:mod:`searchsvc.query.correct`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import log
from typing import NamedTuple

from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.by_ear import respell_heard
from searchsvc.query.expand.chat_spelling import respell_chat
from searchsvc.query.expand.name_variants import respell_name
from searchsvc.query.expand.old_spelling import respell_old
from searchsvc.query.expand.query_term import QueryTerm
from searchsvc.query.expand.typos import find_short_slips, find_slips

#: The weight of frequency: a word e times as frequent makes up for this much cost.
PRIOR = 0.35
#: Frequencies are scaled to an index of this many articles; below the minimum they are
#: uninformative.
_USUAL = 25_000
_FEWEST = 250
#: People search for names, and seldom for function words.
NAME_BONUS = 0.3
STOPWORD_COST = 0.7
#: Nobody writes ``tj`` or ``oe`` by a typo.
OLD_BONUS = 1.0
#: A correction of a word that articles have must be this many times as frequent.
FAR_MORE = 30


class Guess(NamedTuple):
    """A word of the index that ``documents`` contain. ``score`` is a log likelihood, of the edits
    and of the word.
    """

    term: str
    documents: int
    score: float
    rule: str


_Respell = Callable[[str, SearchContext, int], Iterable[tuple[str, float, str]]]
_SOURCES: tuple[tuple[str, _Respell], ...] = (
    ("old_spelling", respell_old),
    ("slang", respell_chat),
    ("typos", find_slips),
    ("by_ear", respell_heard),
    ("name_spellings", respell_name),
)


def list_guesses(
    word: QueryTerm, context: SearchContext, *, least: int, short: bool = False
) -> list[Guess]:
    """The words that ``word`` may mean and at least ``least`` articles have, likeliest first, ties
    by term, without the word itself. ``short``: also for a short word, which may mean many.
    """
    found: dict[str, Guess] = {}
    sources = (*_SOURCES, ("typos", find_short_slips)) if short else _SOURCES
    for part, respell in sources:
        if part in context.without:
            continue
        for term, cost, rule in respell(word.text, context, least):
            documents = context.count(term)
            if documents < least:
                continue
            score = score_word(documents, context) - cost + _weigh_sort(term, context)
            score += OLD_BONUS * (rule == "old_spelling")
            if term not in found or score > found[term].score:
                found[term] = Guess(term, documents, score, rule)
    return sorted(found.values(), key=lambda guess: (-guess.score, guess.term))


def _weigh_sort(term: str, context: SearchContext) -> float:
    """How much more likely this kind of word is in a query than in an article."""
    if term in load_stopwords():
        return -STOPWORD_COST
    return NAME_BONUS if context.is_name(term) else 0.0


def score_word(documents: int, context: SearchContext) -> float:
    """The log likelihood of a word that this many articles have."""
    total = max(_FEWEST, context.snapshot.document_count())
    return PRIOR * log(1 + documents * _USUAL / total)
