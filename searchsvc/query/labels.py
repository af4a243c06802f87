"""Which labels of a facet a person means who types ``penulis:adil`` or chooses a value."""

from __future__ import annotations

from indexer.facet_values import clean_label
from indexer.language.fold import fold
from indexer.language.tokens import tokenize
from searchsvc.query.context import SearchContext

#: Labels that one typed value may stand for; more would make a filter that says nothing.
MAX_LABELS = 200


def choose_labels(context: SearchContext, facet: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """The labels chosen by ``values``: each cleaned as articles' values are, and as it is written
    in the index where only case or accents differ. One the index does not have stays, and matches
    nothing.
    """
    by_fold = context.labels(facet)
    chosen: list[str] = []
    for value in values:
        label = clean_label(facet, value) or value
        alike = by_fold.get(fold(label), ())
        chosen.extend([label] if label in alike or not alike else alike)
    return tuple(dict.fromkeys(chosen))


def find_labels(context: SearchContext, facet: str, typed: str) -> tuple[str, ...]:
    """The labels that a typed value means, most frequent first; none where there are none.

    The very label where there is one, whatever its case; else every label that has all the typed
    words: ``adil`` finds ``M. Adil Syarif``.
    """
    by_fold = context.labels(facet)
    alike = by_fold.get(fold(typed)) or by_fold.get(fold(clean_label(facet, typed)))
    if alike:
        return tuple(alike)
    wanted = {token.text for token in tokenize(typed)}
    if not wanted:
        return ()
    some = max(wanted, key=len)
    found: list[str] = []
    for folded, labels in by_fold.items():
        # Most labels fail this; taking them apart is what costs.
        if some in folded and wanted <= {token.text for token in tokenize(folded)}:
            found.extend(labels)
            if len(found) >= MAX_LABELS:
                break
    return tuple(found[:MAX_LABELS])
