"""Where the alternatives of a query's words are in one segment: posting runs and slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.base import Alternative, Form, Phrase, Prefix, Scope, Term, Word
from indexer.engine.embedded.native import (
    Packed,
    address_of,
    core,
    pack,
    pack_numbers,
    pack_rows,
)
from indexer.engine.embedded.packed_posting import documents_of
from indexer.engine.embedded.remember import remember
from indexer.engine.embedded.room import borrow_room
from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.strings import encode_term

Array = npt.NDArray[Any]
#: The structure ``Slot``: (low, high, by_stem). What one token of an alternative may be.
Slot = tuple[int, int, bool]

#: Posting runs kept for each segment (those of phrases are arrays of their own), and slots.
_CACHED_RUNS = 512
_CACHED_SLOTS = 2048

#: Any token.
_ANY: Slot = (0, 0, False)


@dataclass(frozen=True, slots=True, eq=False)
class PostingRun:
    """Postings ``low`` to ``high`` (end exclusive, at least one) of an array, verified.

    ``ascending``: documents ascend, each once. ``address``: where the array is.
    """

    postings: Array
    address: int
    low: int
    high: int
    ascending: bool = True

    def document_frequency(self, scope: Scope, document_count: int) -> int:
        """How many documents have the alternative within ``scope``."""
        if not self.ascending:
            marks = np.zeros(document_count, np.uint8)
            run = (self.postings, self.low, self.high, int(scope), marks)
            return int(core.count_distinct(*run))
        if scope == Scope.ANYWHERE:
            return self.high - self.low
        return int(core.count_in_scope(self.postings, self.low, self.high, int(scope)))


class SegmentResolver:
    """Looks alternatives up in one segment and remembers the latest. Safe for several threads.

    Alternatives are looked up without their weight and rule, see :func:`strip_weight`.
    """

    def __init__(self, data: SegmentData) -> None:
        self.data = data
        self._latest: tuple[tuple[Word, ...], Packed] | None = None
        self.find_run = remember(self._find_run, _CACHED_RUNS)
        self.find_slots = remember(self._find_slots, _CACHED_SLOTS)

    # --- posting runs

    def _find_run(self, alternative: Alternative) -> PostingRun | None:
        """The postings of an alternative; ``None`` for none."""
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
        return PostingRun(reader.postings, reader.address, low, high, ascending=end == first + 1)

    def _find_phrase(self, phrase: Phrase) -> PostingRun | None:
        """Postings made of the documents that have the phrase, counted there."""
        terms = [term for term in phrase.terms if term is not None]
        runs = [self.find_run(Term(term.text, term.form)) for term in terms]
        slots = self.find_slots(phrase)
        if not runs or not slots or any(run is None for run in runs):
            return None
        rarest, *others = sorted((run for run in runs if run), key=lambda run: run.high - run.low)
        documents = documents_of(rarest.postings[rarest.low : rarest.high])
        count = len(documents)
        for run in others:
            check_deadline()
            count = core.intersect(documents, count, run.postings, run.low, run.high)
        postings = np.empty(count, np.int64)
        table = pack_table([[(slots, Scope.ANYWHERE)]])
        with borrow_room() as room:
            workspace = room.for_tokens(self.data.most_tokens)
            asked = (self.data.packed, table, documents, count, workspace, postings)
            found = core.count_starts(*asked)
        return PostingRun(postings, address_of(postings, "i8"), 0, found) if found else None

    # --- slots

    def find_table(self, words: Sequence[Word]) -> Packed:
        """A table with one group for each of ``words``.

        That of the latest tuple is remembered: the hits of a page ask with the same one each.
        """
        latest = self._latest
        if latest is not None and latest[0] is words:
            return latest[1]
        table = build_table(self, [[word] for word in words])
        if isinstance(words, tuple):
            self._latest = (words, table)
        return table

    def _find_slots(self, alternative: Alternative) -> tuple[Slot, ...]:
        """What each token of the alternative may be, the positions of all these terms verified.

        Empty where the segment lacks a term that it needs.
        """
        check_deadline()
        terms = alternative.terms if isinstance(alternative, Phrase) else (alternative,)
        slots = [_ANY if term is None else self._find_slot(term) for term in terms]
        if any(slot is None for slot in slots):
            return ()
        found = tuple(slot for slot in slots if slot is not None)
        for slot in found:
            self._verify(slot)
        return found

    def _find_slot(self, alternative: Term | Prefix) -> Slot | None:
        """The exact terms of a term or prefix; ``None`` where there are none."""
        if isinstance(alternative, Prefix):
            first, end = self.data.exact.terms.prefix_range(encode_term(alternative.text))
            return (first, end, False) if first < end else None
        number = self.data.postings(alternative.form).find(alternative.text)
        if number < 0:
            return None
        if alternative.form == Form.EXACT:
            return number, number + 1, False
        low, high = self.data.forms[1][number : number + 2].tolist()
        return (low, high, True) if low < high else None

    def _verify(self, slot: Slot) -> None:
        low, high, by_stem = slot
        if by_stem:
            terms = self.data.forms[0][low:high]
            self.data.touch_all_positions(*self.data.exact.touch_runs(terms))
        elif low < high:
            # The terms of a prefix are side by side: one run instead of thousands.
            self.data.touch_positions(*self.data.exact.range_bounds(low, high))


def build_table(resolver: SegmentResolver, groups: Sequence[Sequence[Word]]) -> Packed:
    """The alternatives of each group of words, those that are not in the segment left out."""
    return pack_table(
        [
            list(
                dict.fromkeys(
                    (slots, word.scope)
                    for word in words
                    for alternative in word.alternatives
                    if (slots := resolver.find_slots(strip_weight(alternative)))
                )
            )
            for words in groups
        ]
    )


def pack_table(groups: Sequence[Sequence[tuple[tuple[Slot, ...], Scope]]]) -> Packed:
    """The structure ``SlotTable``, from the slots and the scope of each group's alternatives."""
    alternatives = [alternative for group in groups for alternative in group]
    return pack(
        "SlotTable",
        slots=pack_rows("Slot", [slot for slots, _ in alternatives for slot in slots], None),
        slot_ends=pack_numbers([*accumulate(len(slots) for slots, _ in alternatives)]),
        scopes=pack_numbers([scope for _, scope in alternatives]),
        alternative_ends=pack_numbers([*accumulate(map(len, groups))]),
        groups=len(groups),
    )


def strip_weight(alternative: Alternative) -> Alternative:
    """The alternative without its weight and rule: all that decides where it is."""
    if isinstance(alternative, Term):
        return Term(alternative.text, alternative.form)
    if isinstance(alternative, Prefix):
        return Prefix(alternative.text)
    return Phrase(tuple(term and Term(term.text, term.form) for term in alternative.terms))
