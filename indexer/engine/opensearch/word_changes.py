"""What does a commit teach about words? Changes, kept commit by commit.

A commit writes what it changed: for each exact term and each stem, by how many articles its
document frequency grew or fell, and how often it was seen in lower case and capitalised; and rows
of evidence. The sum of all changes is the vocabulary of a generation (:mod:`.vocabulary`). They lie
in documents (:mod:`.word_documents`).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import zstandard

from indexer.engine.base import AnalysedBatch, Form
from indexer.engine.opensearch.encoding import abbreviate_term, decode_forms

#: Rows of one document, of some 20 bytes each.
_ROWS: Final = 200_000

Array = npt.NDArray[Any]
#: Of a term: articles that have it, times seen in lower case, times seen capitalised.
Counts = tuple[int, int, int]
_UNSEEN: Final[Counts] = (0, 0, 0)


def _number_from(first: int, known: Mapping[str, int] = MappingProxyType({})) -> dict[str, int]:
    """``known``, which also gives each text that is asked of it for the first time a number."""
    return defaultdict(count(first).__next__, known)


class TermCounts:
    """The :data:`Counts` of many terms, each in a row of an array: a tuple for each would take four
    times the memory. Iterates over the terms.
    """

    def __init__(self) -> None:
        self._rows = _number_from(0)
        self._counts = np.zeros((0, len(_UNSEEN)), np.int64)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, terms: Sequence[str], counts: Array) -> None:
        """Add ``counts``, a row for each of ``terms``, no two of which are the same."""
        rows = self._rows
        places = list(map(rows.__getitem__, terms))
        if len(rows) > len(self._counts):
            grown = np.zeros((len(rows) + len(rows) // 8, len(_UNSEEN)), np.int64)
            grown[: len(self._counts)] = self._counts
            self._counts = grown
        self._counts[places] += counts

    def get(self, term: str) -> Counts:
        row = self._rows.get(term)
        if row is None:
            return _UNSEEN
        documents, lower, capital = self._counts[row].tolist()
        return documents, lower, capital

    def get_all(self, terms: Iterable[str]) -> Array:
        """int64, a row of counts for each of ``terms``, which are here."""
        counts: Array = self._counts[[self._rows[term] for term in terms]]
        return counts

    def list_counted(self, documents: int | None = None) -> list[str]:
        """The terms with counts that are not all 0; or those of at least ``documents`` articles."""
        counts = self._counts[: len(self._rows)]
        kept = counts.any(axis=1) if documents is None else counts[:, 0] >= documents
        terms = list(self._rows)
        return terms if kept.all() else [terms[row] for row in np.flatnonzero(kept).tolist()]

    def copy(self) -> TermCounts:
        other = TermCounts()
        other._rows, other._counts = _number_from(len(self), self._rows), self._counts.copy()
        return other


class WordChanges:
    """What one commit changes, or the sum of many. Empty at first."""

    def __init__(self) -> None:
        self.terms: dict[Form, TermCounts] = {form: TermCounts() for form in Form}
        self.evidence: Counter[tuple[str, str, str]] = Counter()
        #: The last stem of each term whose letter case is not yet counted for it.
        self._stem_of: dict[str, str] = {}

    def __len__(self) -> int:
        """How many rows it has."""
        return sum(map(len, self.terms.values())) + len(self.evidence)

    def add_batch(self, batch: AnalysedBatch, kept: Array) -> None:
        """Count the articles of ``batch`` that are ``kept``, and all that the batch teaches; how
        stems are written only once :meth:`count_case_of_stems` is called.
        """
        numbers: dict[str, int] = {}
        stem_of = np.array(
            [numbers.setdefault(stem, len(numbers)) for stem in batch.stems], np.int64
        )
        lengths = batch.title_lengths.astype(np.int64) + batch.body_lengths
        owners = np.repeat(np.arange(len(lengths)), lengths)
        used = kept[owners]
        owners, terms = _list_distinct(owners[used], batch.token_terms[used], len(stem_of))
        seen = batch.lower_counts, batch.capital_counts
        self._count(Form.EXACT, batch.vocabulary, terms, seen)
        _, stems = _list_distinct(owners, stem_of[terms], len(numbers))
        self._count(Form.STEM, list(numbers), stems, [np.zeros(len(numbers), np.int64)] * 2)
        for number in np.flatnonzero(seen[0] + seen[1]).tolist():
            self._stem_of[abbreviate_term(batch.vocabulary[number])] = batch.stems[number]
        for kind, key, value, times in batch.evidence:
            self.evidence[kind, key, value] += times

    def _count(self, form: Form, texts: list[str], terms: Array, seen: Sequence[Array]) -> None:
        """Add the articles of terms, numbers of ``texts``, of which ``terms`` has one for each
        article that has it, and how often they were ``seen``.
        """
        counts = np.stack([np.bincount(terms, minlength=len(texts)), *seen], axis=1)
        counted = np.flatnonzero(counts.any(axis=1))
        self.terms[form].add(
            [abbreviate_term(texts[number]) for number in counted.tolist()],
            counts[counted].astype(np.int64),
        )

    def count_case_of_stems(self, latest: Mapping[str, str]) -> None:
        """Count for each stem how often its terms were seen in lower case and capitalised, since
        all batches are known: in ``latest`` are terms that have another stem than in theirs.
        """
        for term, stem in latest.items():
            if (term := abbreviate_term(term)) in self._stem_of:
                self._stem_of[term] = stem
        counts = self.terms[Form.EXACT].get_all(self._stem_of)
        numbers = _number_from(0)
        stem_of = [numbers[abbreviate_term(stem)] for stem in self._stem_of.values()]
        summed = np.zeros((len(numbers), len(_UNSEEN)), np.int64)
        np.add.at(summed, stem_of, counts * (0, 1, 1))
        self.terms[Form.STEM].add(list(numbers), summed)
        self._stem_of = {}

    def replace_stems(self, pairs: Collection[tuple[str, str]]) -> None:
        """Count an article with other stems. ``pairs``: the groups of forms of its tokens, each as
        it was and as it is now.
        """
        had, has = ({decode_forms(pair[when])[Form.STEM] for pair in pairs} for when in (0, 1))
        self.terms[Form.STEM].add(list(had - has), np.array([-1, 0, 0]))
        self.terms[Form.STEM].add(list(has - had), np.array([1, 0, 0]))

    def move_case(self, seen: Counts, old: str, new: str) -> None:
        """Count letter case that was ``seen``, and counted for the stem ``old``, for ``new``."""
        _, *times = seen
        self.terms[Form.STEM].add([old], -np.array([0, *times]))
        self.terms[Form.STEM].add([new], np.array([0, *times]))

    def take_away(self, groups: Iterable[str]) -> None:
        """Stop counting an article with these tokens, each as its group of forms."""
        terms = [decode_forms(group) for group in set(groups)]
        for form in Form:
            of_form = {pair[form] for pair in terms}
            self.terms[form].add(list(of_form), np.array([-1, 0, 0]))

    def add(self, other: WordChanges, sign: int = 1) -> None:
        """Add what another commit changed; with ``sign`` -1, take it away."""
        for form, counts in other.terms.items():
            terms = counts.list_counted()
            self.terms[form].add(terms, sign * counts.get_all(terms))
        for row, times in other.evidence.items():
            self.evidence[row] += sign * times

    def copy(self) -> WordChanges:
        """The same, to be changed apart: quickly, since every reader does so after each commit."""
        other = WordChanges()
        other.terms = {form: counts.copy() for form, counts in self.terms.items()}
        other.evidence = self.evidence.copy()
        return other

    # --- as documents

    def pack(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """As documents of a bounded size, each with the number of its rows."""
        rows: list[list[Any]] = []
        for form, counts in self.terms.items():
            # Readers sort them: what is in order is sorted at once.
            terms = sorted(counts.list_counted())
            numbers = counts.get_all(terms).tolist()
            rows += [[int(form), term, *one] for term, one in zip(terms, numbers, strict=True)]
        rows += [[*row, times] for row, times in self.evidence.items() if times]
        for first in range(0, len(rows), _ROWS):
            some = rows[first : first + _ROWS]
            packed = zstandard.ZstdCompressor().compress(orjson.dumps(some))
            yield len(some), {"packed": b64encode(packed).decode()}

    def unpack(self, document: dict[str, Any]) -> None:
        """Add what one document of :meth:`pack` has."""
        packed = b64decode(document["packed"])
        rows = orjson.loads(zstandard.ZstdDecompressor().decompress(packed))
        for first, some in groupby(rows, itemgetter(0)):
            if isinstance(first, int):
                _, terms, *counts = zip(*some, strict=True)
                self.terms[Form(first)].add(terms, np.array(counts, np.int64).T)
            else:
                for kind, key, value, times in some:
                    self.evidence[kind, key, value] += times


def _list_distinct(owners: Array, terms: Array, size: int) -> tuple[Array, Array]:
    """The distinct pairs of an owner and one of ``size`` terms."""
    most = (int(owners[-1]) + 1 if len(owners) else 1) * size
    # Half as wide, they are sorted several times faster.
    pairs = (owners * size + terms).astype(np.int32 if most < 2**31 else np.int64)
    pairs.sort()
    first = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=first[1:])
    owner, term = np.divmod(pairs[first], max(size, 1))
    return owner, term
