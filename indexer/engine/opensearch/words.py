"""Which words does a generation have? All of them, in memory."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache
from heapq import nsmallest
from itertools import chain

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.deadline import check_deadline
from indexer.engine.base import FEWEST_LETTERS, MOST_LETTERS, Form, NearTerm, TermStatistics
from indexer.engine.opensearch.encoding import decode_term, encode_term
from indexer.engine.opensearch.word_changes import Counts, WordChanges

_UNSEEN: Counts = (0, 0, 0)
_NO_VOWELS = str.maketrans("", "", "aiueo")
#: Above every character.
_LAST = "\U0010ffff"


class Words:
    """The vocabulary of one generation. Never changed; safe to use from several threads."""

    def __init__(self, changes: WordChanges) -> None:
        self._terms = changes.terms
        self._evidence = changes.evidence
        self.frequent = lru_cache(1024)(self._find_frequent)

    def statistics(self, text: str, form: Form) -> TermStatistics:
        """See :meth:`indexer.engine.base.Snapshot.statistics`."""
        counts = self._terms[form].get(decode_term(encode_term(text)), _UNSEEN)
        return TermStatistics(*counts) if counts[0] > 0 else TermStatistics(0, 0, 0)

    def count(self, text: str, form: Form = Form.EXACT) -> int:
        """How many articles have the term."""
        return self.statistics(text, form).documents

    @cached_property
    def _sorted(self) -> dict[Form, list[str]]:
        """The terms of each form in code point order."""
        return {
            form: sorted(term for term, counts in self._terms[form].items() if counts[0] > 0)
            for form in Form
        }

    def list_with_prefix(self, prefix: str, form: Form = Form.EXACT) -> list[str]:
        """The terms that begin with ``prefix``, in code point order."""
        terms = self._sorted[form]
        first, end = bisect_left(terms, prefix), len(terms)
        if prefix:
            end = bisect_left(terms, prefix + _LAST, first)
            # A term may go on with the greatest character of all.
            while end < len(terms) and terms[end].startswith(prefix):
                end += 1
        return terms[first:end]

    def count_all(self, prefix: str, form: Form) -> list[tuple[str, int]]:
        """(term, articles) of the terms that begin with ``prefix``, in code point order."""
        counts = self._terms[form]
        return [(term, counts[term][0]) for term in self.list_with_prefix(prefix, form)]

    def _find_frequent(self, prefix: str, limit: int) -> tuple[tuple[str, int], ...]:
        pairs = self.count_all(prefix, Form.EXACT)
        return tuple(nsmallest(limit, pairs, key=lambda pair: (-pair[1], pair[0])))

    # --- words that may be misspelt

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        """The terms that are looked for by likeness, by their length."""
        found: dict[int, list[str]] = {}
        for term in self._sorted[Form.EXACT]:
            if FEWEST_LETTERS <= len(term) <= MOST_LETTERS and term.isalpha():
                found.setdefault(len(term), []).append(term)
        return found

    def find_near(self, word: str, edits: int) -> list[NearTerm]:
        """See :meth:`indexer.engine.base.Snapshot.near_terms`."""
        if not word.isalpha() or len(word) > MOST_LETTERS:
            return []
        near = []
        for length in range(len(word) - edits, len(word) + edits + 1):
            terms = self._by_length.get(length, [])
            if not terms:
                continue
            check_deadline()
            distances = process.cdist(
                [word], terms, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8
            )[0]
            near += [
                NearTerm(terms[number], self.count(terms[number]), int(distances[number]))
                for number in np.flatnonzero((distances > 0) & (distances <= edits)).tolist()
            ]
        return sorted(near, key=lambda one: (one.edits, -one.documents, one.term))

    def find_vowelled(self, word: str) -> list[str]:
        """See :meth:`indexer.engine.base.Snapshot.vowelled_terms`."""
        if not word:
            return []
        check_deadline()
        pattern = re.compile("[aiueo]*".join(map(re.escape, word)) + "[aiueo]*")
        alike = self._by_consonants.get(word.translate(_NO_VOWELS), ())
        return [term for term in alike if term != word and pattern.fullmatch(term)]

    @cached_property
    def _by_consonants(self) -> dict[str, list[str]]:
        """The terms of :attr:`_by_length`, in code point order, by what is left without vowels."""
        found: dict[str, list[str]] = {}
        for term in sorted(chain.from_iterable(self._by_length.values())):
            found.setdefault(term.translate(_NO_VOWELS), []).append(term)
        return found

    def filter_known(self, texts: Sequence[str]) -> list[str]:
        """Those of ``texts`` that are exact terms."""
        return [text for text in texts if self.count(text)]

    # --- what was learned

    @cached_property
    def _learned(self) -> dict[str, dict[str, list[tuple[str, int]]]]:
        by_kind: dict[str, dict[str, list[tuple[str, int]]]] = {}
        for (kind, key, value), count in self._evidence.items():
            by_kind.setdefault(kind, {}).setdefault(key, []).append((value, count))
        for by_key in by_kind.values():
            for rows in by_key.values():
                rows.sort(key=lambda row: (-row[1], row[0]))
        return by_kind

    def list_evidence(self, kind: str) -> dict[str, list[tuple[str, int]]]:
        """See :meth:`indexer.engine.base.Snapshot.evidence`."""
        return self._learned.get(kind, {})
