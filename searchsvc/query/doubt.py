"""How may a word of a query be read? As typed, or as a word that it may be a typo of.

Each reading has a score, a log likelihood. A word as typed is likelier the longer it is, since few
long words are near others by chance; another word is likelier the more articles have it, above all
together with the surrounding words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple

from indexer.engine.base import Form
from indexer.language.stem import is_misspelt
from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.compounds import find_joined_slips
from searchsvc.query.expand.guesses import FAR_MORE, Guess, list_guesses, score_word
from searchsvc.query.expand.known_words import is_known_word, is_listed, is_small
from searchsvc.query.expand.prefixes import may_be_begun
from searchsvc.query.expand.query_term import RARE, QueryTerm
from searchsvc.query.expand.typos import MIN_LETTERS

#: The weight of co-occurrence with another word of the query, for the nearest few words, and of
#: co-occurrence as a phrase.
CONTEXT = 0.4
NEIGHBOURS = 2
ROW = 0.5
#: Smoothing: articles assumed to have a word together with another by chance, the maximum that real
#: ones contribute, and the score without any.
_SMOOTHING = 2
_MOST_TOGETHER = 4.0
_NOT_TOGETHER = -0.7
#: The likelihood that a word in no article is nevertheless right: the shorter it is, the more words
#: are near any sequence of letters. Calibrated with words of some articles that others lack.
NEW_WORD = 1.05
_NEW_WORD_LETTERS = 4
_EACH_LETTER = 0.3
_LEAST_NEW_WORD = -0.5
_VOWEL = re.compile("[aiueoy]")
#: The additional likelihood of a word that articles have.
KNOWN_BONUS = 0.1
#: Words of two letters are short forms.
_SHORTEST = 3
#: Long words are doubted up to this many articles: outlets repeat their typos.
LONG_WORD = 7
FEW_OF_LONG = 10
#: A last word that is the prefix of others is more likely unfinished than misspelt; less so if
#: articles have it as it is.
BEGUN_COST = 0.5
KNOWN_BEGUN_COST = 0.8
#: The cost of a variant spelling, or of a missing space.
SPELLING_COST = 0.4
_MOST_BEGUN = 4
#: Candidates for each of two words that are tried with those for the other.
_MOST_OF_PAIR = 5
#: Capitalised words of up to this many letters are short forms.
LONGEST_SHORT_FORM = 6
#: Two words are a collocation if this many articles have them as a phrase; for words so short that
#: any letters make one, this many.
HABIT = 5
_HABIT_OF_SHORT = 10
#: In a small index.
_MORE_THAN_CHANCE = 2
#: A name must be this many times as frequent as a misspelling of it.
_FAR_MORE_OF_NAME = 10


class Reading(NamedTuple):
    """One reading of a word: another, or two, in ``term``; ``None`` if it stays as typed."""

    term: str | None
    score: float


def may_doubt(query: str, one: QueryTerm) -> bool:
    """Whether the word may be misspelt at all: not if a rule explains it, nor numbers, codes, and
    capitalised short forms among lower-case words.
    """
    if one.understood or not one.text.replace("-", "").isalpha():
        return False
    text = query[one.start : one.end]
    return not text.isupper() or len(text) > LONGEST_SHORT_FORM or query == query.upper()


def is_doubtful(word: QueryTerm, context: SearchContext) -> bool:
    """Whether hardly any article has the word, and nothing else identifies it as one."""
    if len(word.text) < _SHORTEST:
        return False
    few = FEW_OF_LONG if len(word.text) >= LONG_WORD else RARE
    if word.documents >= few:
        return False
    if is_unseen_form(word) and not is_misspelt(word.text):
        return not is_small(context) and not is_listed(word.text, context)
    if word.stem_documents and word.stem != word.text and not is_misspelt(word.text):
        return False
    # No index has every word of the language; missing ones are not typos.
    return not is_known_word(word, context)


def is_unseen_form(word: QueryTerm) -> bool:
    """Whether no article has the word itself, but some have other inflections of it."""
    return not word.documents and word.stem_documents > 0 and word.stem != word.text


def read_doubtful(
    typed: Sequence[QueryTerm], place: int, context: SearchContext
) -> Iterator[Reading]:
    """The readings of a word that hardly any article has, as typed first."""
    word = typed[place]
    neighbours = choose_neighbours(typed, place)
    kept = _score_kept(typed, place, neighbours, context)
    begun = "prefixes" not in context.without and may_be_begun(word, context)
    if begun:
        kept = max(kept, _score_begun(typed, place, neighbours, context))
    yield Reading(None, kept)
    if len(word.text) < MIN_LETTERS and not neighbours:
        return
    least = 1 if neighbours or is_small(context) else RARE
    for guess in list_guesses(word, context, least=max(least, FAR_MORE * word.documents)):
        if guess.documents < RARE and not _stands_together(guess, neighbours, context):
            continue
        if is_found_anyway(guess.term, typed[place], begun=begun):
            continue
        if is_rather_name(guess, typed, place, context):
            continue
        if _may_be_slip_of(typed, place, guess.term, context):
            score = guess.score + weigh_together(guess.term, neighbours, context)
            yield Reading(guess.term, score)


def read_joined(word: QueryTerm, context: SearchContext) -> Iterator[Reading]:
    """The compounds, as two words, that the word is when written together, but for a slip."""
    if "compounds" not in context.without:
        least = _MORE_THAN_CHANCE if is_small(context) else HABIT
        for parts, cost in find_joined_slips(word.text, context, least):
            score = score_word(context.count_row(parts), context) - SPELLING_COST - cost
            yield Reading(" ".join(parts), score)


def read_in_row(
    typed: Sequence[QueryTerm], place: int, context: SearchContext
) -> Iterator[Reading]:
    """The readings of any word, as typed first: similar words that form a collocation with a
    neighbour, if the word itself hardly ever does.
    """
    word = typed[place]
    neighbours = choose_neighbours(typed, place)
    yield Reading(None, _score_kept(typed, place, neighbours, context))
    if word.text in load_stopwords():
        return
    rows = list(list_rows(typed, place, word.text))
    most = max(map(context.count_row, rows), default=0)
    habit = HABIT if len(word.text) >= MIN_LETTERS else _HABIT_OF_SHORT
    is_part = is_part_of_name(typed, place, context)
    least = max(habit, (_FAR_MORE_OF_NAME if is_part else FAR_MORE) * most)
    # Finding similar words is the costly part.
    if not any(context.count(one) >= least for row in rows for one in row if one != word.text):
        return
    for guess in list_guesses(word, context, least=least, short=True):
        if is_found_anyway(guess.term, typed[place], begun=word.unfinished):
            continue
        rows = list(list_rows(typed, place, guess.term))
        if any(context.has_row(row, least) for row in rows):
            together = weigh_together(guess.term, neighbours, context)
            yield Reading(guess.term, guess.score + together)


def read_as_typed(typed: Sequence[QueryTerm], place: int, context: SearchContext) -> Reading:
    """The word unchanged."""
    return Reading(None, _score_kept(typed, place, choose_neighbours(typed, place), context))


def read_pair(
    typed: Sequence[QueryTerm], place: int, context: SearchContext
) -> Iterator[tuple[Reading, Reading]]:
    """The readings of a word and the next one as a collocation of two similar words, if the typed
    words hardly ever occur as a phrase.
    """
    pair = typed[place : place + 2]
    if any(len(word.text) < MIN_LETTERS or word.text in load_stopwords() for word in pair):
        return
    least = max(HABIT, FAR_MORE * context.count_row((pair[0].text, pair[1].text)))
    first, second = (list_guesses(word, context, least=least)[:_MOST_OF_PAIR] for word in pair)
    for one in first:
        for other in second:
            if context.count_row((one.term, other.term)) >= least:
                words = [
                    QueryTerm(guess.term, guess.term, guess.documents, guess.documents)
                    for guess in (one, other)
                ]
                yield (
                    Reading(one.term, one.score + weigh_together(one.term, words[1:], context)),
                    Reading(
                        other.term, other.score + weigh_together(other.term, words[:1], context)
                    ),
                )


def is_found_anyway(term: str, one: QueryTerm, *, begun: bool) -> bool:
    """Whether ``term`` is searched along with the word anyway; ``begun``: as its completion."""
    return (term,) in one.spellings or (begun and term.startswith(one.text))


def is_rather_name(
    guess: Guess, typed: Sequence[QueryTerm], place: int, context: SearchContext
) -> bool:
    """Whether the word is more likely a name that no article has than a typo of ``guess``: it is
    typed beside a name (*rizki bilar*), and the guess (*pilar*) begins with another letter and is
    neither a name nor forms a collocation with that name.
    """
    if guess.term[0] == typed[place].text[0] or guess.rule == "old_spelling":
        return False
    rows = list(list_rows(typed, place, guess.term))
    beside = {word for row in rows for word in row if word != guess.term}
    return (
        any(map(context.is_name, beside))
        and not context.is_name(guess.term)
        and not any(context.has_row(row, HABIT) for row in rows)
        and not is_small(context)
    )


def is_part_of_name(typed: Sequence[QueryTerm], place: int, context: SearchContext) -> bool:
    """Whether articles write the word, and one beside it, as names."""
    text = typed[place].text
    return context.is_name(text) and any(
        context.is_name(word)
        for row in list_rows(typed, place, text)
        for word in row
        if word != text
    )


def score_typed(word: QueryTerm, context: SearchContext) -> float:
    """The likelihood of the word as typed."""
    longer = max(0, len(word.text) - _NEW_WORD_LETTERS)
    new = max(_LEAST_NEW_WORD, NEW_WORD - _EACH_LETTER * longer)
    if not _VOWEL.search(word.text):
        new = _LEAST_NEW_WORD
    if not word.known or (not word.documents and is_misspelt(word.text)):
        return new
    if is_unseen_form(word):
        return score_word(word.stem_documents, context)
    return new + score_word(word.documents, context) + KNOWN_BONUS


def _score_begun(
    typed: Sequence[QueryTerm], place: int, neighbours: Sequence[QueryTerm], context: SearchContext
) -> float:
    """The likelihood that the word is the prefix of others."""
    text = typed[place].text
    longer = [
        (term, documents)
        for term, documents in context.snapshot.frequent_terms(text, limit=_MOST_BEGUN + 1)
        if term != text
    ]
    around = max(
        weigh_together(term, neighbours, context)
        + sum(weigh_row(row, context) for row in list_rows(typed, place, term))
        for term, _ in longer
    )
    documents = sum(documents for _, documents in longer)
    cost = KNOWN_BEGUN_COST if typed[place].known else BEGUN_COST
    return score_word(documents, context) - cost + around


def _score_kept(
    typed: Sequence[QueryTerm], place: int, neighbours: Sequence[QueryTerm], context: SearchContext
) -> float:
    """The likelihood of the word as typed given the others: unchanged, or only respelt or
    joined.
    """
    word = typed[place]
    scores = [score_typed(word, context) + weigh_together(word.text, neighbours, context)]
    for row in typed[place].spellings:
        score = score_word(context.count_row(row), context) - SPELLING_COST
        if len(row) == 1:
            score += weigh_together(row[0], neighbours, context)
            score += sum(weigh_row(pair, context) for pair in list_rows(typed, place, row[0]))
        scores.append(score)
    return max(scores)


def _may_be_slip_of(
    typed: Sequence[QueryTerm], place: int, term: str, context: SearchContext
) -> bool:
    """Whether the few articles with a word may have it as a typo: not as a name, unless they also
    have the intended one, or that one forms a collocation with the surrounding words.
    """
    text = typed[place].text
    seen = context.statistics(text)
    if not seen.lower and context.usage(text).in_capitals:
        return False
    if seen.lower or not seen.capital or context.count_together(text, term, Form.EXACT):
        return True
    return any(context.has_row(row, HABIT) for row in list_rows(typed, place, term))


def _stands_together(guess: Guess, neighbours: Sequence[QueryTerm], context: SearchContext) -> bool:
    """Whether an article has the candidate and one of the surrounding words; in a small index,
    always true.
    """
    if guess.rule == "old_spelling" or is_small(context):
        return True
    return any(context.count_together(guess.term, word.stem) for word in neighbours)


def choose_neighbours(typed: Sequence[QueryTerm], place: int) -> list[QueryTerm]:
    """The nearest words that say what the query is about."""
    telling = [
        (abs(other - place), one)
        for other, one in enumerate(typed)
        if other != place and is_telling(one)
    ]
    return [word for _, word in sorted(telling, key=lambda pair: pair[0])[:NEIGHBOURS]]


def list_rows(typed: Sequence[QueryTerm], place: int, term: str) -> Iterator[tuple[str, str]]:
    """``term`` in this place with the informative word before it and the one after it."""
    if place and is_telling(typed[place - 1]):
        yield typed[place - 1].text, term
    if place + 1 < len(typed) and is_telling(typed[place + 1]):
        yield term, typed[place + 1].text


def is_telling(word: QueryTerm) -> bool:
    """Whether the word is informative about those around it: function words occur beside any."""
    return word.documents >= RARE and word.text not in load_stopwords()


def weigh_together(term: str, neighbours: Sequence[QueryTerm], context: SearchContext) -> float:
    """How strongly the surrounding words support ``term``: how much more often they occur in its
    articles than in others.
    """
    documents = context.count(term)
    if not neighbours or not documents:
        return 0.0
    said = 0.0
    for word in neighbours:
        share = max(1, word.stem_documents) / max(1, context.snapshot.document_count())
        together = context.count_together(term, word.stem)
        lift = log((together + _SMOOTHING * share) / ((documents + _SMOOTHING) * share))
        said += min(_MOST_TOGETHER, max(0.0, lift)) if together else _NOT_TOGETHER
    return CONTEXT * said / len(neighbours)


def weigh_row(row: tuple[str, str], context: SearchContext) -> float:
    """How strongly two words are supported by the articles that have them as a phrase."""
    if not load_stopwords().isdisjoint(row):
        return 0.0
    return ROW * log(1 + context.count_row(row))
