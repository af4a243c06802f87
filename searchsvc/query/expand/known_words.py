"""Is a word that articles lack nevertheless a word, rather than a typo?"""

from __future__ import annotations

from indexer.language.everyday_words import load_everyday_words
from indexer.language.name_lists import listed_names, listed_titles
from indexer.language.name_spellings import listed_spellings
from indexer.language.stem import is_misspelt
from indexer.language.stem_roots import load_lexicon
from indexer.language.stopwords import load_stopwords
from indexer.loading import loaded_once
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import QueryTerm
from searchsvc.query.expand.typos import DOUBLED_COST, MISSING_COST, weigh_slips
from searchsvc.query.lookups import FEW_ARTICLES

#: Shorter words are one edit away from too many others for that to be evidence.
_LEAST_LETTERS = 7


def is_known_word(word: QueryTerm, context: SearchContext) -> bool:
    """Whether the word exists in the language: a function word, a listed name, a short form, an
    everyday word, or a word of a label, whatever this index has; a root or an affixed form of one,
    unless the words that articles have make it a likely typo.
    """
    if is_listed(word.text, context):
        return True
    if not word.known and (not is_small(context) or is_near_seen_word(word.text, context)):
        return False
    return is_root_or_derived(word)


def is_listed(text: str, context: SearchContext) -> bool:
    """Whether the word is listed, by us, the site or the labels, or is a short form."""
    return (
        text in list_known_words()
        or text in context.label_table.words
        or text in context.dictionary.stopwords
        or bool(context.acronyms.longs(text))
    )


def is_small(context: SearchContext) -> bool:
    """Whether the index lacks many everyday words. A large one lacks only rare roots, which typos
    often resemble, or affixed forms of them (``dipaki``, of *paki*).
    """
    return context.snapshot.document_count() <= FEW_ARTICLES


def is_near_seen_word(word: str, context: SearchContext) -> bool:
    """Whether ``word``, which no article has in any inflection, is probably a typo of a word that
    articles have: *kepolisan*, which is *polis* with affixes, of *kepolisian*.

    Among so many roots a typo in an affixed word easily hits one, hence any likely edit counts. A
    word that is a root itself is a typo only if it differs by a doubled letter.
    """
    if len(word) < _LEAST_LETTERS:
        return False
    most = DOUBLED_COST if word in load_lexicon().roots else MISSING_COST
    return any(weigh_slips(word, near.term) <= most for near in context.near_terms(word, 1))


def is_root_or_derived(word: QueryTerm) -> bool:
    lexicon = load_lexicon()
    if word.text in lexicon.roots:
        return True
    derived = word.stem in lexicon.roots and word.stem not in lexicon.weak
    return derived and not is_misspelt(word.text)


@loaded_once
def list_known_words() -> frozenset[str]:
    """The words of our lists other than roots."""
    everyday = (row[0] for row in load_everyday_words() if len(row) == 1)
    return load_stopwords().union(listed_names(), listed_titles(), listed_spellings(), everyday)
