"""Where the alternatives of a query's words stand in one segment: posting runs and slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.base import Alternative, Form, Phrase, Prefix, Scope, Term, Word
from indexer.engine.embedded.match_kernels import (
    count_distinct_in_scope,
    count_in_scope,
    intersect,
)
from indexer.engine.embedded.position_kernels import count_starts
from indexer.engine.embedded.remember import remember
from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.strings import encode_term

Array = npt.NDArray[Any]

#: Posting runs kept for each segment (those of phrases are arrays of their own), and slots.
_CACHED_RUNS = 512
_CACHED_SLOTS = 2048


@dataclass(frozen=True, slots=True, eq=False)
class PostingRun:
    """Postings ``low`` to ``high`` (end exclusive, at least one) of an array, verified.

    ``ascending``: documents ascend, each once. ``document_frequency`` is within any scope.
    """

    postings: Array
    low: int
    high: int
    ascending: bool = True

    def document_frequency(self, scope: Scope, document_count: int) -> int:
        """How many documents have the alternative within ``scope``."""
        if not self.ascending:
            return int(
                count_distinct_in_scope(
                    self.postings, self.low, self.high, int(scope), document_count
                )
            )
        if scope == Scope.ANYWHERE:
            return self.high - self.low
        return int(count_in_scope(self.postings, self.low, self.high, int(scope)))


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """An alternative as slots; see :mod:`position_kernels`. ``offsets`` are into ``terms``."""

    terms: Array
    offsets: Array

    @property
    def is_empty(self) -> bool:
        return len(self.terms) == 0


class SegmentResolver:
    """Looks alternatives up in one segment and remembers the latest. Safe for several threads."""

    def __init__(self, data: SegmentData) -> None:
        self.data = data
        self._latest: tuple[tuple[Word, ...], SlotTable] | None = None
        self.find_run = remember(self._find_run, _CACHED_RUNS)
        self.find_slots = remember(self._find_slots, _CACHED_SLOTS)

    # --- posting runs

    def _find_run(self, alternative: Alternative) -> PostingRun | None:
        """The postings of an alternative, its weight and rule left aside; ``None`` for none."""
        check_deadline()
        if isinstance(alternative, Term):
            reader = self.data.postings(alternative.form)
            number = reader.find(alternative.text)
            if number < 0:
                return None
            return self._make_run(alternative.form, number, number + 1)
        if isinstance(alternative, Prefix):
            first, end = self.data.exact.terms.prefix_range(encode_term(alternative.text))
            return None if first == end else self._make_run(Form.EXACT, first, end)
        return self._find_phrase(alternative)

    def _make_run(self, form: Form, first: int, end: int) -> PostingRun | None:
        reader = self.data.postings(form)
        low, high = reader.range_bounds(first, end)
        if low == high:
            return None
        return PostingRun(reader.postings, low, high, ascending=end == first + 1)

    def _find_phrase(self, phrase: Phrase) -> PostingRun | None:
        """Postings made of the documents in which the phrase stands, counted there."""
        terms = [term for term in phrase.terms if term is not None]
        runs = [self.find_run(Term(term.text, term.form)) for term in terms]
        if not runs or any(run is None for run in runs):
            return None
        ordered = sorted((run for run in runs if run), key=lambda run: run.high - run.low)
        rarest = ordered[0].postings[ordered[0].low : ordered[0].high]
        candidates = (rarest & 0xFFFFFFFF).astype(np.uint32)
        for run in ordered[1:]:
            check_deadline()
            kept = np.empty(len(candidates), np.uint32)
            count = intersect(candidates, run.postings, run.low, run.high, kept)
            candidates = kept[:count]
        slots = self.find_slots(phrase)
        data = self.data
        postings = np.empty(len(candidates), np.int64)
        count = count_starts(
            candidates,
            slots.terms,
            slots.offsets,
            data.title_lengths,
            data.body_lengths,
            data.lead_lengths,
            *self.position_arrays,
            postings,
        )
        return PostingRun(read_only(postings), 0, count) if count else None

    @property
    def position_arrays(self) -> tuple[Array, Array, Array, Array]:
        """What every loop of :mod:`position_kernels` reads positions from."""
        exact = self.data.exact
        return (
            exact.offsets,
            exact.postings,
            self.data.position_samples,
            self.data.positions,
        )

    # --- slots

    def find_table(self, words: Sequence[Word]) -> SlotTable:
        """A table with one group for each of ``words``.

        That of the latest tuple is remembered: the hits of a page ask with the same one each.
        """
        latest = self._latest
        if latest is not None and latest[0] is words:
            return latest[1]
        table = build_slot_table(self, [[word] for word in words])
        if isinstance(words, tuple):
            self._latest = (words, table)
        return table

    def _find_slots(self, alternative: Alternative) -> Slots:
        """The alternative as slots, the positions of all its terms verified.

        Empty where a term that it needs is not in the segment.
        """
        check_deadline()
        if isinstance(alternative, Phrase):
            parts = [
                np.empty(0, np.int32) if term is None else self._exact_terms(term)
                for term in alternative.terms
            ]
            if any(
                term is not None and len(part) == 0
                for term, part in zip(alternative.terms, parts, strict=True)
            ):
                parts = []
        else:
            parts = [self._exact_terms(alternative)]
        offsets = np.zeros(len(parts) + 1, np.int64)
        np.cumsum([len(part) for part in parts], out=offsets[1:])
        terms = np.concatenate(parts) if parts else np.empty(0, np.int32)
        if isinstance(alternative, Prefix) and len(terms):
            # A prefix's terms stand side by side: one run instead of thousands.
            low, high = self.data.exact.range_bounds(int(terms[0]), int(terms[-1]) + 1)
            self.data.touch_positions(low, high)
        else:
            self.data.touch_all_positions(*self.data.exact.touch_runs(terms))
        return Slots(read_only(terms.astype(np.int32)), read_only(offsets))

    def _exact_terms(self, alternative: Term | Prefix) -> Array:
        """Numbers of the exact terms that a term or prefix stands for: int32."""
        if isinstance(alternative, Prefix):
            first, end = self.data.exact.terms.prefix_range(encode_term(alternative.text))
            return np.arange(first, end, dtype=np.int32)
        if alternative.form == Form.EXACT:
            number = self.data.exact.find(alternative.text)
            return np.array([number] if number >= 0 else [], np.int32)
        stem = self.data.stems.find(alternative.text)
        return self.data.forms_of(stem) if stem >= 0 else np.empty(0, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class SlotTable:
    """Alternatives of several groups (words or clauses), flat; see :mod:`position_kernels`.

    ``alternatives[a]:alternatives[a + 1]`` are the slots of alternative a, ``scopes[a]`` is where
    it must stand; ``groups[g]:groups[g + 1]`` are the alternatives of group g.
    """

    terms: Array
    slots: Array
    alternatives: Array
    scopes: Array
    groups: Array


def build_slot_table(resolver: SegmentResolver, groups: Sequence[Sequence[Word]]) -> SlotTable:
    """The alternatives of each group of words, those that are not in the segment left out.

    Alternatives of one slot that must stand in the same scope become one: of a word's stem and
    its exact form, most terms are the same.
    """
    terms: list[Array] = []
    slots, alternatives, scopes, starts = [0], [0], [], [0]

    def append(found: Slots, scope: int) -> None:
        base = slots[-1]
        terms.append(found.terms)
        slots.extend((base + found.offsets[1:]).tolist())
        alternatives.append(len(slots) - 1)
        scopes.append(scope)

    for words in groups:
        singles: dict[int, list[Slots]] = {}
        for word in words:
            for alternative in word.alternatives:
                found = resolver.find_slots(strip_weight(alternative))
                if len(found.offsets) == 2:
                    singles.setdefault(int(word.scope), []).append(found)
                elif not found.is_empty:
                    append(found, int(word.scope))
        for scope, alike in singles.items():
            union = alike[0]
            if len(alike) > 1:
                together = np.unique(np.concatenate([one.terms for one in alike]))
                union = Slots(together, np.array([0, len(together)], np.int64))
            if not union.is_empty:
                append(union, scope)
        starts.append(len(scopes))
    return SlotTable(
        read_only(np.concatenate(terms) if terms else np.empty(0, np.int32)),
        read_only(np.array(slots, np.int64)),
        read_only(np.array(alternatives, np.int64)),
        read_only(np.array(scopes, np.int64)),
        read_only(np.array(starts, np.int64)),
    )


def strip_weight(alternative: Alternative) -> Alternative:
    """The alternative with weight and rule at rest: what decides where it stands."""
    if isinstance(alternative, Term):
        return Term(alternative.text, alternative.form)
    if isinstance(alternative, Prefix):
        return Prefix(alternative.text)
    return Phrase(tuple(term and Term(term.text, term.form) for term in alternative.terms))


def read_only(array: Array) -> Array:
    """The same array, not writable: compiled loops have one version for read-only input."""
    array.flags.writeable = False
    return array
