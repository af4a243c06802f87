"""Which synonyms does the site's own dictionary give? ``bensin`` for ``bbm``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.engine.base import Form
from indexer.language.dictionary import Dictionary, Row
from searchsvc.query.context import SearchContext
from searchsvc.query.expand.query_term import QueryTerm, Variant

RULE = "dictionary"
#: Twice this, for a phrase and one of its words, is less than a word as typed in its own stem.
WEIGHT = 0.7
#: The weight of a form in articles that have it under another stem than the dictionary's. Less than
#: the bonus of a word as typed: other articles may already have the form under this stem.
FORM_WEIGHT = 0.4
#: Maximum number of synonyms searched for one row of words, in file order.
MAX_SYNONYMS = 16


def find_synonyms(words: Sequence[QueryTerm], context: SearchContext) -> Iterator[Variant]:
    """Synonyms of the typed words, according to the dictionary, that articles have."""
    synonyms = context.dictionary.synonyms
    if not synonyms:
        return
    texts = tuple(word.text for word in words)
    for start in range(len(texts)):
        for end in range(start + 1, min(start + context.dictionary.longest_row, len(texts)) + 1):
            others = synonyms.get(texts[start:end])
            if others:
                stems = {words[start].stem} if end == start + 1 else set()
                for row in list(_keep_written(others, stems, context))[:MAX_SYNONYMS]:
                    yield Variant(start, end, row, WEIGHT, RULE)


def _keep_written(rows: Sequence[Row], stems: set[str], context: SearchContext) -> Iterator[Row]:
    """The rows that articles have. A single word in any inflection, but not if its stem is among
    ``stems``, which are searched already, or that of an earlier word.
    """
    for row in rows:
        if len(row) > 1:
            if context.count_row(row):
                yield row
            continue
        stem = next((stem for _, stem in context.analyzer.analyse_text(row[0])), row[0])
        written = context.count(row[0]) or context.count(stem, Form.STEM)
        if written and stem not in stems:
            stems.add(stem)
            yield row


def put_first(
    variants: list[Variant], words: Sequence[QueryTerm], dictionary: Dictionary
) -> list[Variant]:
    """``variants`` without those that the dictionary makes redundant: the same result from another
    rule, which would count twice, and guesses for a word with synonyms or for a stop word.
    """
    own = [variant for variant in variants if variant.rule == RULE]
    said = {(variant.start, variant.end, variant.terms) for variant in own}
    known = {(variant.start, variant.end) for variant in own}
    known.update(
        (place, place + 1) for place, word in enumerate(words) if word.text in dictionary.stopwords
    )
    return own + [
        variant
        for variant in variants
        if variant.rule != RULE
        and (variant.start, variant.end, variant.terms) not in said
        and not (variant.guess and (variant.start, variant.end) in known)
    ]
