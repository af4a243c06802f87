"""Where are the words of a query in one segment? Posting runs for scoring, slots for positions.

A word is resolved once per segment for all its uses: the search itself, the reranking of its best
hits, and highlighting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.base import Alternative, Form, Phrase, Prefix, Scope, Term, Word
from indexer.engine.embedded.native import Packed, Sheet, core
from indexer.engine.embedded.packed_posting import (
    documents_of,
    pack_few,
    title_counts_of,
    unpack_postings,
)
from indexer.engine.embedded.remember import remember
from indexer.engine.embedded.room import borrow_room
from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.strings import encode_term

Array = npt.NDArray[Any]
#: The structure ``Slot``: (low, high, by_stem), the terms that one token of an alternative may
#: match.
Slot = tuple[int, int, bool]
#: The slots of an alternative's tokens, and the scope in which it must occur.
Pattern = tuple[tuple[Slot, ...], Scope]
#: A phrase without the weights and rules of its terms; ``None`` is any token.
Row = tuple[tuple[str, Form] | None, ...]

#: Cached per segment: words of the latest queries, terms, and the computed postings of phrases.
_CACHED_WORDS = 256
_CACHED_TERMS = 4096
_CACHED_PHRASES = 256

#: Any token.
_ANY: Slot = (0, 0, False)


@dataclass(frozen=True, slots=True, eq=False)
class PostingRun:
    """Postings ``low`` to ``high`` (end exclusive, at least one), verified.

    ``postings``: the structure ``Postings``. ``ascending``: documents ascend, each once.
    """

    postings: Packed
    low: int
    high: int
    ascending: bool = True
    _frequencies: dict[Scope, int] = field(default_factory=dict)

    def list_documents(self, *, titles_only: bool = False) -> Array:
        """uint32: the document of each posting; ``titles_only``: of each that is in a title."""
        postings = unpack_postings(self.postings, self.low, self.high)
        if titles_only:
            postings = postings[title_counts_of(postings) > 0]
        return documents_of(postings)

    def document_frequency(self, scope: Scope, document_count: int) -> int:
        """How many documents contain the alternative within ``scope``."""
        if self.ascending and scope == Scope.ANYWHERE:
            return self.high - self.low
        if scope not in self._frequencies:
            run = (self.postings, self.low, self.high, int(scope))
            self._frequencies[scope] = (
                core.count_in_scope(*run)
                if self.ascending
                else core.count_distinct(*run, np.zeros(document_count, np.uint8))
            )
        return self._frequencies[scope]


@dataclass(slots=True, eq=False)
class ResolvedWord:
    """A word in one segment. ``runs``: the postings of each of its alternatives, ``None`` if the
    segment lacks it. ``patterns``: their patterns, without duplicates; ``None`` until requested.
    """

    word: Word
    runs: list[PostingRun | None]
    patterns: tuple[Pattern, ...] | None = None
    _counts: list[int] | None = None

    def count_documents(self, document_count: int) -> list[int]:
        """How many of the segment's documents have each of the alternatives that have the greatest
        weight; 0 for the others.
        """
        if self._counts is None:
            alternatives, scope = self.word.alternatives, self.word.scope
            greatest = max([one.weight for one in alternatives], default=0.0)
            self._counts = [
                run.document_frequency(scope, document_count)
                if run is not None and one.weight == greatest
                else 0
                for run, one in zip(self.runs, alternatives, strict=True)
            ]
        return self._counts

    def weigh_runs(self) -> list[tuple[PostingRun, float]]:
        """The existing runs with the weights of their alternatives, the longest first."""
        weighed = [
            (run, one.weight)
            for run, one in zip(self.runs, self.word.alternatives, strict=True)
            if run is not None
        ]
        if len(weighed) > 1:
            # A word's longest run usually contains the documents of all others, in ascending order.
            weighed.sort(key=lambda row: row[0].low - row[0].high)
        return weighed


class SegmentResolver:
    """Looks words and alternatives up in one segment, and caches the latest. Thread-safe. Weights
    and rules of alternatives are irrelevant here.
    """

    def __init__(self, data: SegmentData) -> None:
        self.data = data
        #: Keyed by identity: repeated lookups pass the same object.
        self._words: dict[int, ResolvedWord] = {}
        self._latest_table: tuple[tuple[Word, ...], Packed] | None = None
        self.find_number = remember(self._find_number, _CACHED_TERMS)
        self._find_term = remember(self._look_up_term, _CACHED_TERMS)
        self._find_prefix = remember(self._look_up_prefix, _CACHED_TERMS)
        self._find_row = remember(self._look_up_row, _CACHED_PHRASES)
        self._find_slot = remember(self._look_up_slot, _CACHED_TERMS)
        self._find_prefix_slot = remember(self._look_up_prefix_slot, _CACHED_TERMS)

    def resolve(self, word: Word) -> ResolvedWord:
        """The word in this segment."""
        kept = self._words.get(id(word))
        # Cached objects are alive, so that nothing else can have their identity.
        if kept is not None:
            return kept
        runs = [self.find_run(one, word.scope) for one in word.alternatives]
        found = ResolvedWord(word, runs)
        if len(self._words) >= _CACHED_WORDS:
            self._words.clear()
        self._words[id(word)] = found
        return found

    # --- posting runs

    def _find_number(self, text: str, form: Form) -> int:
        """The number of a term, or -1."""
        check_deadline()
        return self.data.postings(form).find(text)

    def find_run(
        self, alternative: Alternative, scope: Scope = Scope.ANYWHERE
    ) -> PostingRun | None:
        """The postings of an alternative, at least those within ``scope``, or ``None``."""
        if isinstance(alternative, Term):
            # Python's enumerations hash slowly.
            return self._find_term(alternative.text, alternative.form == Form.EXACT)
        if isinstance(alternative, Phrase):
            return self._find_row(_list_terms(alternative), scope == Scope.TITLE)
        return self._find_prefix(alternative.text)

    def _look_up_term(self, text: str, exact: bool) -> PostingRun | None:
        form = Form.EXACT if exact else Form.STEM
        number = self.find_number(text, form)
        return None if number < 0 else self._make_run(form, number, number + 1)

    def _look_up_prefix(self, text: str) -> PostingRun | None:
        check_deadline()
        first, end = self.data.exact.terms.prefix_range(encode_term(text))
        return None if first == end else self._make_run(Form.EXACT, first, end)

    def _make_run(self, form: Form, first: int, end: int) -> PostingRun | None:
        reader = self.data.postings(form)
        low, high = reader.range_bounds(first, end)
        if low == high:
            return None
        return PostingRun(reader.postings.packed, low, high, ascending=end == first + 1)

    def _look_up_row(self, row: Row, titles_only: bool) -> PostingRun | None:
        """Postings computed for the documents that have the phrase, with its frequencies;
        ``titles_only``: only for those few that have it in the title, with its frequency there.
        """
        terms = [one for one in row if one is not None]
        runs = [self._find_term(text, form == Form.EXACT) for text, form in terms]
        found = [run for run in runs if run is not None]
        slots = self._find_slots(row) if found and len(found) == len(runs) else ()
        if not slots:
            return None
        rarest, *others = sorted(found, key=lambda run: run.high - run.low)
        documents = rarest.list_documents(titles_only=titles_only)
        count = len(documents)
        for run in others:
            check_deadline()
            count = core.intersect(documents, count, run.postings, run.low, run.high)
        if not count:
            return None
        postings = np.empty(count, np.int64)
        table = pack_table([[(slots, Scope.TITLE if titles_only else Scope.ANYWHERE)]])
        with borrow_room() as room:
            workspace = room.for_tokens(self.data.most_tokens)
            asked = (self.data.packed, table, documents, count, workspace, postings)
            starts = core.count_starts(*asked)
        return PostingRun(pack_few(postings[:starts]).packed, 0, starts) if starts else None

    # --- slots

    def find_patterns(self, word: Word) -> tuple[Pattern, ...]:
        """The patterns of a word's alternatives, without duplicates, the positions of all their
        terms verified; alternatives that the segment lacks are omitted.
        """
        resolved = self.resolve(word)
        if resolved.patterns is None:
            found = map(self.find_slots, word.alternatives)
            resolved.patterns = tuple(dict.fromkeys((one, word.scope) for one in found if one))
        return resolved.patterns

    def find_table(self, words: Sequence[Word]) -> Packed:
        """A table with one group for each of ``words``.

        The latest is kept: callers ask about many documents with the same words.
        """
        asked, latest = tuple(words), self._latest_table
        if latest is None or latest[0] != asked:
            patterns = list(map(self.find_patterns, asked))
            latest = self._latest_table = (asked, pack_table(patterns))
        return latest[1]

    def find_slots(self, alternative: Alternative) -> tuple[Slot, ...]:
        """The slots of the alternative's tokens; empty if the segment lacks one."""
        if isinstance(alternative, Phrase):
            return self._find_slots(_list_terms(alternative))
        if isinstance(alternative, Prefix):
            slot = self._find_prefix_slot(alternative.text)
        else:
            slot = self._find_slot(alternative.text, alternative.form)
        return () if slot is None else (slot,)

    def _find_slots(self, row: Row) -> tuple[Slot, ...]:
        slots = [_ANY if term is None else self._find_slot(*term) for term in row]
        return () if None in slots else tuple(slot for slot in slots if slot is not None)

    def _look_up_slot(self, text: str, form: Form) -> Slot | None:
        """The exact terms of a term, their positions verified, or ``None``."""
        number = self.find_number(text, form)
        if number < 0:
            return None
        if form == Form.EXACT:
            self.data.exact.touch_positions(*self.data.exact.range_bounds(number, number + 1))
            return number, number + 1, False
        low, high = self.data.forms[1][number : number + 2].tolist()
        self.data.exact.touch_terms(self.data.forms[0][low:high])
        return (low, high, True) if low < high else None

    def _look_up_prefix_slot(self, text: str) -> Slot | None:
        """The exact terms with this prefix, which are contiguous."""
        check_deadline()
        first, end = self.data.exact.terms.prefix_range(encode_term(text))
        if first == end:
            return None
        self.data.exact.touch_positions(*self.data.exact.range_bounds(first, end))
        return first, end, False


def _list_terms(phrase: Phrase) -> Row:
    return tuple(None if one is None else (one.text, one.form) for one in phrase.terms)


def build_table(resolver: SegmentResolver, groups: Sequence[Sequence[Word]]) -> Packed:
    """The alternatives of each group of words, without those that the segment lacks."""
    return pack_table(
        [
            tuple(dict.fromkeys(one for word in words for one in resolver.find_patterns(word)))
            for words in groups
        ]
    )


def pack_table(groups: Sequence[Sequence[Pattern]]) -> Packed:
    """The structure ``SlotTable``, from the patterns of each group's alternatives."""
    patterns = [pattern for group in groups for pattern in group]
    cells = [cell for slots, _ in patterns for slot in slots for cell in slot]
    sheet = Sheet()
    return sheet.finish(
        "SlotTable",
        None,
        slots=sheet.put("Slot", cells),
        slot_ends=sheet.put("int64_t", [*accumulate(len(slots) for slots, _ in patterns)]),
        scopes=sheet.put("int64_t", [scope for _, scope in patterns]),
        alternative_ends=sheet.put("int64_t", [*accumulate(map(len, groups))]),
        groups=len(groups),
    )
