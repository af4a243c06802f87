"""Which other spellings of a word do articles have? ``hoaks`` for ``hoax``, ``digerebek`` for
``digrebek``, ``hilang`` for ``ilang``.

A derived spelling relates a word of the language to a form outside it: two words of the language
are never joined by rule (*masa*, *massa*), only by our list of doublets. A form that the articles
write like a name, or far more often than the word, is something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from indexer.engine.base import Form
from indexer.language.stem_roots import find_spellings, load_lexicon, read_words
from indexer.language.word_spellings import Respelling, list_loose, list_standard
from indexer.loading import loaded_once
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.everyday import is_written
from searchsvc.query.expand.known_words import is_small, list_known_words
from searchsvc.query.expand.query_term import RARE, QueryTerm, Variant

WEIGHT = 0.8
#: Shorter words have too many others one letter away; with these letters there are few.
MIN_LETTERS = 5
MIN_LETTERS_IF_RARE = 4
_RARE_LETTERS = ("x", "ae")
#: Shorter words without their ``h`` are more often short forms or names.
_SHORTEST_WHOLE = 4
_FAR_MORE = 10
#: If a rule changes the pronunciation, the word must be this many times as frequent as the form.
_MORE = 5


def find_word_spellings(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Other spellings of words: listed doublets, those derived by rule, and words with a silent
    initial ``h``.
    """
    for place, word in enumerate(words):
        spellings = (*find_spellings(word.stem), *restore_h(word, context), *respell(word, context))
        for spelling in dict.fromkeys(spellings):
            if is_written((spelling,), word.stem, context):
                yield Variant(place, place + 1, (spelling,), WEIGHT, "spelling")


def restore_h(word: QueryTerm, context: SearchContext) -> Iterator[str]:
    """``hilang`` for ``ilang``: not a root, not a name, and rare compared with the whole word."""
    roots = load_lexicon().roots
    whole = "h" + word.stem
    if len(whole) <= _SHORTEST_WHOLE or word.stem in roots or whole not in roots:
        return
    whole_documents = context.count(whole, Form.STEM)
    if word.stem_documents * _FAR_MORE <= whole_documents and not context.is_name(word.text):
        yield whole


def respell(word: QueryTerm, context: SearchContext) -> Iterator[str]:
    """The word that it is a spelling of; if it is the word itself, its spellings that
    articles have.
    """
    if is_root(word.stem):
        # In a large index, a word that hardly any article has is a typo.
        least = 1 if is_small(context) else RARE
        for one in list_written(word.stem, context):
            if context.count(one.word, Form.STEM) >= least and is_spelling(
                one, one.word, word.stem, context
            ):
                yield one.word
        return
    # For an inflected form that no article has, only the same form of the word: "ditemoekan" is not
    # any word of "temu". If articles lack that one, guesses know better.
    whole = word.documents > 0 or word.text == word.stem
    places = 0
    for one in list_standard_roots(word.stem) if whole else list_standard(word.text):
        # Only the nearest words: one two changes away is not meant if one change leads to a word.
        if places and one.places > places:
            break
        if not whole and not context.contains(one.word):
            continue
        stem = one.word if whole else find_stem(one.word, context)
        if is_root(stem) and is_spelling(one, word.stem, stem, context):
            places = one.places
            yield one.word


def list_written(root: str, context: SearchContext) -> list[Respelling]:
    """The spellings of ``root`` that articles have."""

    def find() -> list[Respelling]:
        spellings = list(list_loose(root))
        written = set(context.snapshot.known_terms([one.word for one in spellings]))
        return [one for one in spellings if one.word in written]

    return context.knowledge.recall(("loose", root), find)


@lru_cache(10_000)
def list_standard_roots(word: str) -> tuple[Respelling, ...]:
    """The roots that ``word`` may be a spelling of, nearest first: usually none of hundreds of
    candidates.
    """
    return tuple(one for one in list_standard(word) if is_root(one.word))


def find_stem(word: str, context: SearchContext) -> str:
    return next((stem for _, stem in context.analyzer.analyse_text(word)), word)


def is_root(stem: str) -> bool:
    lexicon = load_lexicon()
    return stem in lexicon.roots and stem not in lexicon.weak


def is_spelling(respelling: Respelling, loose: str, standard: str, context: SearchContext) -> bool:
    """Whether ``loose`` is not a separate word, and the usage of the two in articles does not
    contradict their being one.
    """
    is_rare = any(letters in loose for letters in _RARE_LETTERS)
    least = MIN_LETTERS_IF_RARE if is_rare else MIN_LETTERS
    if (
        min(len(loose), len(standard) + 1) < least
        or loose in load_lexicon().roots
        or loose in list_known_words()
        or loose in list_own_words()
        or context.acronyms.longs(loose)
    ):
        return False
    seen = context.statistics(loose, Form.STEM)
    if seen.documents < RARE and not respelling.far:
        return True
    # An x is foreign to our words, but not to acronyms.
    if seen.capital > seen.lower and (
        "x" not in loose or respelling.far or context.usage(loose).in_capitals
    ):
        return False
    most = context.count(standard, Form.STEM)
    return seen.documents < RARE or seen.documents * (_MORE if respelling.far else 1) <= most


@loaded_once
def list_own_words() -> frozenset[str]:
    """Words that look like variant spellings of others."""
    return frozenset(read_words("words_apart.txt"))
