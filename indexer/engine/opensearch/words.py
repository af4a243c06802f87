"""What does a query need to know of the words of a generation? All of them are in memory."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from heapq import nsmallest

from indexer.deadline import check_deadline
from indexer.engine.base import MOST_LETTERS, Form, NearTerm, TermStatistics
from indexer.engine.opensearch.encoding import abbreviate_term
from indexer.engine.opensearch.near import Likeness
from indexer.engine.opensearch.vocabulary import Vocabulary, drop_vowels

#: Above every character.
_LAST = "\U0010ffff"


class Words:
    """The words of one generation, read by ``read`` once they are needed. Safe to use from several
    threads.
    """

    def __init__(self, read: Callable[[], Vocabulary]) -> None:
        self._read = read
        self.frequent = lru_cache(1024)(self._find_frequent)
        # A query asks of each of its terms for every field and purpose.
        self.count = lru_cache(4096)(self._count)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return self._read()

    def statistics(self, text: str, form: Form) -> TermStatistics:
        """See :meth:`indexer.engine.base.Snapshot.statistics`."""
        counts = self._vocabulary.summed.terms[form].get(abbreviate_term(text))
        return TermStatistics(*counts) if counts[0] > 0 else TermStatistics(0, 0, 0)

    def _count(self, text: str, form: Form = Form.EXACT) -> int:
        """How many articles have the term."""
        return max(0, self._vocabulary.summed.terms[form].get(abbreviate_term(text))[0])

    def list_with_prefix(self, prefix: str, form: Form = Form.EXACT) -> list[str]:
        """The terms that begin with ``prefix``, in code point order."""
        terms = self._vocabulary.orders.all[form]
        first, end = bisect_left(terms, prefix), len(terms)
        if prefix:
            end = bisect_left(terms, prefix + _LAST, first)
            # A term may go on with the greatest character of all.
            while end < len(terms) and terms[end].startswith(prefix):
                end += 1
        return terms[first:end]

    def count_all(self, prefix: str, form: Form) -> list[tuple[str, int]]:
        """(term, articles) of the terms that begin with ``prefix``, in code point order."""
        terms = self.list_with_prefix(prefix, form)
        counts = self._vocabulary.summed.terms[form].get_all(terms)
        return list(zip(terms, counts[:, 0].tolist(), strict=True))

    def _find_frequent(self, prefix: str, limit: int) -> tuple[tuple[str, int], ...]:
        pairs = self.count_all(prefix, Form.EXACT)
        return tuple(nsmallest(limit, pairs, key=lambda pair: (-pair[1], pair[0])))

    # --- words that may be misspelt

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness(self._vocabulary.orders.by_length)

    def find_near(self, word: str, edits: int) -> list[NearTerm]:
        """See :meth:`indexer.engine.base.Snapshot.near_terms`."""
        if not word.isalpha() or len(word) > MOST_LETTERS:
            return []
        near = [
            NearTerm(term, self.count(term), found)
            for term, found in self._likeness.find(word, edits)
        ]
        return sorted(near, key=lambda one: (one.edits, -one.documents, one.term))

    def find_vowelled(self, word: str) -> list[str]:
        """See :meth:`indexer.engine.base.Snapshot.vowelled_terms`."""
        if not word:
            return []
        check_deadline()
        pattern = re.compile("[aiueo]*".join(map(re.escape, word)) + "[aiueo]*")
        alike = self._vocabulary.orders.by_consonants.get(drop_vowels(word), ())
        return [term for term in alike if term != word and pattern.fullmatch(term)]

    def filter_known(self, texts: Sequence[str]) -> list[str]:
        """Those of ``texts`` that are exact terms."""
        return [text for text in texts if self.count(text)]

    def list_evidence(self, kind: str) -> dict[str, list[tuple[str, int]]]:
        """See :meth:`indexer.engine.base.Snapshot.evidence`."""
        return self._vocabulary.learned.get(kind, {})
