"""Which long form does a short form mean beside these words? ``PMI`` and blood.

Each sense has its share of the evidence; a word beside the short form favours the senses whose
articles have it more often. If one sense is clear, the others are not searched.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.language.acronym_table import Expansion, Found
from indexer.language.stopwords import load_stopwords
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import QueryTerm

#: Legal forms before or after a company's name, which look like short forms of courts.
LEGAL_FORMS = frozenset(["pt", "cv", "ud", "pd", "fa", "nv", "tbk"])
#: Words beside a short form that are considered.
MAX_NEIGHBOURS = 3
#: Smoothing: every sense is given half an article with the word, so that none is ruled out by
#: chance.
_SMOOTHING = 0.5
#: The fraction of a nickname's articles that must have the name.
_BORNE_SHARE = 0.3
#: The minimum likelihood of a sense relative to the best one's.
_LEAST_SHARE = 0.05


def choose_senses(
    found: Found, words: Sequence[QueryTerm], context: SearchContext
) -> list[tuple[Expansion, float]]:
    """The long forms that articles have and that fit the surrounding words, each with its
    likelihood relative to the best one (1).
    """
    if is_legal_form(found, words, context):
        return []
    written = [(expansion, context.count_row(expansion.terms)) for expansion in found.expansions]
    short = tuple(word.text for word in words[found.start : found.end])
    written = [
        (expansion, documents)
        for expansion, documents in written
        if documents and is_borne(short, expansion.terms, context)
    ]
    if len(written) < 2:
        return [(expansion, expansion.weight) for expansion, _ in written]
    stems = list_neighbours(found, words)
    likelihoods = []
    for expansion, documents in written:
        likelihood = expansion.weight
        for stem in stems:
            together = context.count_row_with(expansion.terms, stem)
            likelihood *= (together + _SMOOTHING) / (documents + 2 * _SMOOTHING)
        likelihoods.append(likelihood)
    best = max(likelihoods)
    return [
        (expansion, likelihood / best)
        for (expansion, _), likelihood in zip(written, likelihoods, strict=True)
        if likelihood >= _LEAST_SHARE * best
    ]


def is_legal_form(found: Found, words: Sequence[QueryTerm], context: SearchContext) -> bool:
    """Whether the short form is a company's legal form: ``PT`` directly before what articles write
    as a name, and no more often after the long form.
    """
    if found.end - found.start > 1 or words[found.start].text not in LEGAL_FORMS:
        return False
    if found.end == len(words):
        return False
    short, name = words[found.start].text, words[found.end].text
    as_long = max(context.count_row((*one.terms, name)) for one in found.expansions)
    return as_long <= context.count_row((short, name)) and name not in load_stopwords()


def is_borne(short: tuple[str, ...], long: tuple[str, ...], context: SearchContext) -> bool:
    """Whether articles use the short form for that name, if it is only a nickname of its bearer: it
    is not a word that they write in lower case (``dana``), and enough articles with it have the
    name, too. Many people are called Rudy.
    """
    if not context.acronyms.is_nickname(" ".join(short), " ".join(long)):
        return True
    seen = context.statistics(short[0])
    if len(short) == 1 and seen.lower > seen.capital:
        return False
    together = context.count_rows_together(short, long)
    return together >= _BORNE_SHARE * context.count_row(short)


def list_neighbours(found: Found, words: Sequence[QueryTerm]) -> list[str]:
    """The stems of the informative words nearest to the short form."""
    others = [
        (min(abs(place - found.start), abs(place - found.end + 1)), word.stem)
        for place, word in enumerate(words)
        if not found.start <= place < found.end
        and word.stem_documents
        and word.text not in load_stopwords()
        and word.text not in LEGAL_FORMS
    ]
    return [stem for _, stem in sorted(others)[:MAX_NEIGHBOURS]]
