"""Which words complete an unfinished last word? ``percepatan`` for ``percepat``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.language.stem_roots import load_lexicon
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.known_words import is_small
from searchsvc.query.expand.query_term import RARE, QueryTerm, Variant

MIN_LETTERS = 3
WEIGHT = 0.9
#: A word that articles have must be rarer than this to be taken for a prefix.
_FREQUENT = 50
#: How many times as frequent the completion of a rare word must be.
FAR_MORE = 30
BESIDE_WEIGHT = 0.3
#: Two words are a collocation if this many articles have them as a phrase. Of the completions of a
#: short word, this many of the most frequent are examined.
_HABIT = 20
_MOST_BEGUN = 12
_SHORTEST_IN_ROW = 2


def complete_last(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Completions of the last word, if nothing shows that it is finished."""
    for place, word in enumerate(words):
        if may_be_begun(word, context):
            weight = BESIDE_WEIGHT if is_word(word, context) else WEIGHT
            yield Variant(place, place + 1, (word.text,), weight, "prefix", guess=True)
        elif place:
            for term in complete_in_row(words[place - 1], word, context):
                yield Variant(place, place + 1, (term,), WEIGHT, "prefix")


def complete_in_row(before: QueryTerm, word: QueryTerm, context: SearchContext) -> Iterator[str]:
    """The completions of the last word that form a collocation with the word before it, if the last
    word itself never does: ``timnas indo``, ``wali ko``.
    """
    text = word.text
    if not word.unfinished or len(text) < _SHORTEST_IN_ROW or not text.isalpha():
        return
    if before.documents < _HABIT or context.count_row((before.text, text)):
        return
    for term, documents in context.snapshot.frequent_terms(text, limit=_MOST_BEGUN):
        row = (before.text, term)
        if term != text and documents >= _HABIT and context.count_row(row) >= _HABIT:
            yield term


def may_be_begun(word: QueryTerm, context: SearchContext) -> bool:
    """Whether the word may be a prefix of others that articles have."""
    if not word.unfinished or len(word.text) < MIN_LETTERS or not word.text.isalpha():
        return False
    if context.acronyms.longs(word.text):
        return False
    inflected = word.stem_documents > 0 and word.stem != word.text
    if word.documents >= _FREQUENT or (inflected and word.documents):
        return False
    # In a small index even a frequent word is in few articles.
    if word.documents >= RARE and is_small(context) and word.text in load_lexicon().roots:
        return False
    longer = context.snapshot.frequent_terms(word.text, limit=2)
    return any(term != word.text for term, _ in longer)


def is_word(word: QueryTerm, context: SearchContext) -> bool:
    """Whether the word occurs in its own right: not if hardly any article has it and it is far more
    often the prefix of another, as ``pemerin`` truncated in print.
    """
    if word.stem_documents >= RARE or not word.known:
        return word.known
    (most, documents), *_ = context.snapshot.frequent_terms(word.text, limit=1)
    return most == word.text or documents < FAR_MORE * word.stem_documents
