"""Which labels of a facet does a person mean by typing ``penulis:adil`` or selecting a value?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from indexer.deadline import check_deadline
from indexer.ingest.facet_values import clean_label
from indexer.language.fold import fold
from indexer.language.tokens import tokenize
from indexer.word_list import list_words
from searchsvc.query.context import SearchContext

#: Maximum number of labels matched by a typed value; more would make an uninformative filter.
MAX_LABELS = 200
#: Suffixes that sites add to their common name: antaranews.com, merdekaonline.id.
_SITE_ENDINGS = list_words("news berita online daily indonesia net web tv") | {""}
#: Fewer letters are a prefix of many publishers' names.
_SHORTEST_BEGINNING = 4


def choose_labels(context: SearchContext, facet: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """The labels selected by ``values``: each cleaned like the articles' values, and spelt as in
    the index if only case or accents differ. An unknown one stays, and matches nothing.
    """
    by_fold = context.labels(facet)
    chosen: list[str] = []
    for value in values:
        label = clean_label(facet, value) or value
        alike = by_fold.get(fold(label), ())
        chosen.extend([label] if label in alike or not alike else alike)
    return tuple(dict.fromkeys((*chosen, *find_joined(context, facet, chosen))))


def find_joined(context: SearchContext, facet: str, names: Iterable[str]) -> list[str]:
    """The labels that the site's dictionary counts as one with any of ``names``. Articles indexed
    before that entry still have them.
    """
    joined = context.analyzer.dictionary.labels
    if not joined:
        return []
    heads = {joined.get(name.casefold(), name).casefold() for name in names}
    aliases = [alias for alias, label in joined.items() if label.casefold() in heads]
    by_fold = context.labels(facet)
    return [label for name in (*heads, *aliases) for label in by_fold.get(fold(name), ())]


def find_labels(context: SearchContext, facet: str, typed: str) -> tuple[str, ...]:
    """The labels that a typed value means, most frequent first.

    The exact label if there is one, ignoring case; else publishers whose name is the typed one plus
    a usual suffix (``antara`` finds ``antaranews.com``); else every label with all the typed words:
    ``adil`` finds ``M. Adil Syarif``; else publishers whose name begins with it.
    """
    by_fold = context.labels(facet)
    if very := find_alike(context, facet, typed):
        return very
    check_deadline()
    name = _squeeze(typed) if facet == "source" else ""
    return (
        (find_sites(by_fold, name, endings=_SITE_ENDINGS) if name else ())
        or find_with_words(by_fold, typed)
        or (find_sites(by_fold, name) if len(name) >= _SHORTEST_BEGINNING else ())
    )


def find_alike(context: SearchContext, facet: str, typed: str) -> tuple[str, ...]:
    """The labels that are the typed value, ignoring case and usual differences in spelling."""
    by_fold = context.labels(facet)
    alike = by_fold.get(fold(typed)) or by_fold.get(fold(clean_label(facet, typed))) or []
    return tuple(dict.fromkeys((*alike, *find_joined(context, facet, (typed, *alike)))))


def find_publishers(context: SearchContext, typed: str) -> tuple[str, ...]:
    """The publishers that have the typed name, up to a usual suffix (``ANTARA News``)."""
    alike, name = find_alike(context, "source", typed), _squeeze(typed)
    return alike or (
        find_sites(context.labels("source"), name, endings=_SITE_ENDINGS) if name else ()
    )


def find_with_words(by_fold: Mapping[str, list[str]], typed: str) -> tuple[str, ...]:
    """Every label that has all the typed words."""
    wanted = {token.text for token in tokenize(typed)}
    if not wanted:
        return ()
    some = max(wanted, key=len)
    found: list[str] = []
    for folded, labels in by_fold.items():
        # Most labels fail this; tokenising them is the costly part.
        if some in folded and wanted <= {token.text for token in tokenize(folded)}:
            found.extend(labels)
            if len(found) >= MAX_LABELS:
                break
    return tuple(found[:MAX_LABELS])


def find_sites(
    by_fold: Mapping[str, list[str]], name: str, *, endings: Collection[str] | None = None
) -> tuple[str, ...]:
    """Publishers whose name begins with ``name`` (letters and digits only), and, if ``endings`` are
    given, continues with nothing but one of these.
    """
    found: list[str] = []
    for folded, labels in by_fold.items():
        begins, rest = (own := _squeeze(folded.split(".")[0])).startswith(name), own[len(name) :]
        if begins and (endings is None or rest in endings):
            found.extend(labels)
    return tuple(found[:MAX_LABELS])


def _squeeze(name: str) -> str:
    """The letters and digits of a name: ``Pikiran Rakyat`` and ``pikiran-rakyat`` are the same."""
    return "".join(filter(str.isalnum, fold(name).removeprefix("www.").split(".")[0]))
