"""Which words does a site add? Its synonyms, stems, stop words and names, the labels that it counts
as one, the words that it never suggests, and the articles that it pins to a query or hides from it.

:mod:`indexer.language.dictionary_text` parses the file; this module holds the result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import NamedTuple

from indexer.language.names import NameGuard
from indexer.language.stem import Stemmer

#: Consecutive terms.
Row = tuple[str, ...]


class Entry(NamedTuple):
    """One entry that the analysis of articles depends on: ``stem`` of ``word``; with kind ``name``
    and an empty ``stem``, ``word`` is a name; with kind ``label``, articles labelled ``word`` count
    under the label ``stem``.
    """

    kind: str
    word: str
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The entries of a dictionary, all of them folded terms.

    ``synonyms`` maps a row of terms to the rows that mean the same. ``stems`` maps a form to the
    word whose stem it shares; a form mapped to itself stays whole. No word is both in ``stems`` and
    in ``names``. ``blocked``: rows that no suggestion may contain. ``labels`` maps a label in lower
    case (casefold) to the one that it counts under. ``pinned`` and ``hidden`` map a query to the
    ids of articles that come first among its hits, in this order, or that are none of them.
    ``indexed``: forms whose stem was applied to every article of the index; for the others,
    ``unindexed``, queries must look up the form itself as well. ``fingerprint`` is equal exactly
    when dictionaries are equal, and empty for an empty one.
    """

    synonyms: Mapping[Row, tuple[Row, ...]] = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)
    stopwords: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    blocked: frozenset[Row] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    pinned: Mapping[Row, tuple[str, ...]] = field(default_factory=dict)
    hidden: Mapping[Row, tuple[str, ...]] = field(default_factory=dict)
    indexed: frozenset[str] = frozenset()
    unindexed: frozenset[str] = field(init=False)
    fingerprint: str = field(init=False)
    longest_row: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unindexed", frozenset(self.stems) - self.indexed)
        object.__setattr__(self, "fingerprint", _draw_fingerprint(self))
        object.__setattr__(self, "longest_row", max(map(len, self.synonyms), default=0))

    def __bool__(self) -> bool:
        return bool(self.fingerprint)

    def list_entries(self) -> frozenset[Entry]:
        """The entries that indexed articles depend on: stems, names and labels."""
        stems = (Entry("stem", form, root) for form, root in self.stems.items())
        labels = (Entry("label", alias, label) for alias, label in self.labels.items())
        return frozenset((*stems, *labels, *(Entry("name", name) for name in self.names)))

    def after_indexing(self, entries: frozenset[Entry]) -> Dictionary:
        """A copy for an index all of whose articles were analysed with ``entries``."""
        done = self.list_entries() & entries
        return replace(
            self, indexed=frozenset(entry.word for entry in done if entry.kind == "stem")
        )


def _draw_fingerprint(dictionary: Dictionary) -> str:
    parts = [
        sorted(dictionary.synonyms.items()),
        sorted(dictionary.stems.items()),
        sorted(dictionary.stopwords),
        sorted(dictionary.names),
        sorted(dictionary.blocked),
        sorted(dictionary.labels.items()),
        sorted(dictionary.pinned.items()),
        sorted(dictionary.hidden.items()),
        sorted(dictionary.unindexed),
    ]
    if not any(parts):
        return ""
    return blake2b(json.dumps(parts).encode(), digest_size=8).hexdigest()


#: The dictionary of a site without one.
EMPTY = Dictionary()


def make_stemmer(dictionary: Dictionary = EMPTY) -> Stemmer:
    """Our stemmer, with the names and stems of ``dictionary`` overriding its own.

    >>> stemmer = make_stemmer(Dictionary(stems={"gawai": "gawai", "gawaiku": "gawai"}))
    >>> stemmer.stem("gawaiku"), stemmer.explain("gawaiku")
    ('gawai', ['dictionary'])
    """
    guard = NameGuard(dictionary.names)
    plain = Stemmer(protected=guard)
    if not dictionary.stems:
        return plain
    overrides = {form: _follow(form, dictionary.stems, plain) for form in dictionary.stems}
    return Stemmer(protected=guard, overrides=overrides)


def _follow(form: str, stems: Mapping[str, str], plain: Stemmer) -> str:
    """The stem of the word that ``form`` is mapped to, which may itself be mapped."""
    seen = {form}
    word = stems[form]
    while word not in seen:
        seen.add(word)
        word = stems.get(word) or plain.stem(word)
    return word
