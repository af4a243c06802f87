"""Is this word an everyday word, or could it be a name? For capitalised words in copy."""

from __future__ import annotations

from functools import lru_cache

from indexer.language.name_lists import listed_people
from indexer.language.stem import Stemmer
from indexer.language.stem_roots import load_lexicon
from indexer.language.stopwords import load_stopwords
from indexer.loading import loaded_once

_SPOKEN = ("ng", "ny")


@loaded_once
def _stemmer() -> Stemmer:
    return Stemmer()


def is_function_word(word: str) -> bool:
    """Whether ``word`` is one of those that every text contains: ``Dalam``, ``Ia``, ``Para``."""
    return word.lower() in load_stopwords()


@lru_cache(maxsize=8192)
def is_everyday_word(word: str) -> bool:
    """Whether ``word`` is in the dictionary or derived from a word in it, and is not a listed name.

    >>> [is_everyday_word(word) for word in ("Penyanyi", "Polisi", "Jokowi", "Ngantang")]
    [True, True, False, False]
    """
    folded = word.lower()
    if folded in listed_people():
        return False
    roots = load_lexicon().roots
    if folded in roots or folded in load_stopwords():
        return True
    # "Ngantang" is a town, though a colloquial rule could derive it from "gantang".
    return not folded.startswith(_SPOKEN) and _stemmer().stem(folded) in roots
