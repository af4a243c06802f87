"""What does a commit teach about words? Changes, kept commit by commit.

A commit writes what it changed: for each exact term and each stem, by how many articles its
document frequency grew or fell, and how often it was seen in lower case and capitalised; and rows
of evidence. The sum of all changes is the vocabulary of a generation (:mod:`.words`). Once there
are many changes, a commit writes their sum instead.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import zstandard

from indexer.engine.base import AnalysedBatch, Form
from indexer.engine.opensearch.encoding import decode_forms, decode_term, encode_term

#: Rows of one document, of some 20 bytes each.
_ROWS: Final = 200_000

Array = npt.NDArray[Any]
#: Of a term: articles that have it, times seen in lower case, times seen capitalised.
Counts = tuple[int, int, int]


class WordChanges:
    """What one commit changes, or the sum of many. Empty at first."""

    def __init__(self) -> None:
        self.terms: dict[Form, dict[str, Counts]] = {form: {} for form in Form}
        self.evidence: Counter[tuple[str, str, str]] = Counter()

    def __bool__(self) -> bool:
        return any(self.terms.values()) or bool(self.evidence)

    def _add(self, form: Form, term: str, documents: int, lower: int = 0, capital: int = 0) -> None:
        terms = self.terms[form]
        before = terms.get(term)
        if before is not None:
            documents, lower, capital = (
                before[0] + documents,
                before[1] + lower,
                before[2] + capital,
            )
        terms[term] = (documents, lower, capital)

    def add_batch(self, batch: AnalysedBatch, kept: Array) -> None:
        """Count the articles of ``batch`` that are ``kept``, and all that the batch teaches."""
        numbers: dict[str, int] = {}
        stem_of = np.array(
            [numbers.setdefault(stem, len(numbers)) for stem in batch.stems], np.int64
        )
        lengths = batch.title_lengths.astype(np.int64) + batch.body_lengths
        owners = np.repeat(np.arange(len(lengths)), lengths)
        used = kept[owners]
        terms, owners = batch.token_terms[used].astype(np.int64), owners[used]
        lower, capital = batch.lower_counts, batch.capital_counts
        self._count(Form.EXACT, batch.vocabulary, terms, owners, [lower, capital])
        self._count(
            Form.STEM,
            list(numbers),
            stem_of[terms],
            owners,
            [np.bincount(stem_of, seen, len(numbers)) for seen in (lower, capital)],
        )
        for kind, key, value, times in batch.evidence:
            self.evidence[kind, key, value] += times

    def _count(
        self, form: Form, texts: list[str], terms: Array, owners: Array, seen: list[Array]
    ) -> None:
        """Add the articles (``owners``) and times ``seen`` of some terms, numbers of ``texts``."""
        rows = np.stack([_count_documents(terms, owners, len(texts)), *seen]).astype(np.int64)
        for number in np.flatnonzero(rows.any(axis=0)).tolist():
            self._add(form, decode_term(encode_term(texts[number])), *rows[:, number].tolist())

    def take_away(self, groups: Iterable[str]) -> None:
        """Stop counting an article with these tokens, each as its group of forms."""
        terms = [decode_forms(group) for group in set(groups)]
        for form in Form:
            for term in {pair[form] for pair in terms}:
                self._add(form, term, -1)

    def add(self, other: WordChanges) -> None:
        """Add what another commit changed."""
        for form in Form:
            for term, counts in other.terms[form].items():
                self._add(form, term, *counts)
        self.evidence.update(other.evidence)

    def copy(self) -> WordChanges:
        """The same, to be changed apart: quickly, since every reader does so after each commit."""
        other = WordChanges()
        other.terms = {form: dict(terms) for form, terms in self.terms.items()}
        other.evidence = self.evidence.copy()
        return other

    # --- as documents

    def pack(self) -> Iterator[dict[str, Any]]:
        """As documents of a bounded size."""
        rows: list[list[Any]] = [
            [int(form), term, *counts]
            for form in Form
            for term, counts in self.terms[form].items()
            if any(counts)
        ]
        rows += [[*row, count] for row, count in self.evidence.items()]
        for first in range(0, len(rows), _ROWS):
            packed = zstandard.ZstdCompressor().compress(orjson.dumps(rows[first : first + _ROWS]))
            yield {"packed": b64encode(packed).decode()}

    def unpack(self, document: dict[str, Any]) -> None:
        """Add what one document of :meth:`pack` has."""
        packed = b64decode(document["packed"])
        for first, second, *rest in orjson.loads(zstandard.ZstdDecompressor().decompress(packed)):
            if isinstance(first, int):
                self._add(Form(first), second, *rest)
            else:
                self.evidence[first, second, rest[0]] += rest[1]


def _count_documents(terms: Array, owners: Array, size: int) -> Array:
    """In how many articles each of ``size`` terms occurs."""
    pairs = np.unique(owners * max(size, 1) + terms)
    counts: Array = np.bincount(pairs % max(size, 1), minlength=size)
    return counts
