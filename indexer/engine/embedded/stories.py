"""Which articles of a snapshot tell one story? See :mod:`indexer.engine.copies` for the criteria.

Copies within a segment are found when it is written and stored in its file. Those between segments
are found when a snapshot first needs them, and cached as long as both segments are open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.base import Hit, Query
from indexer.engine.copies import sort_distinct
from indexer.engine.copy_pairs import connect
from indexer.engine.embedded.contents import NO_SECOND
from indexer.engine.embedded.gates import OPEN
from indexer.engine.embedded.weighing import SearchedSegment

Array = npt.NDArray[Any]


#: A hit among the best: the structure ``Best``.
BEST = np.dtype([("score", "f8"), ("key", "i8"), ("ref", "i8")])

#: With up to this many copies among the best, no second search is needed.
FEW_COPIES = 32


class StoryTable:
    """The stories of a snapshot that several of its articles tell."""

    def __init__(self, segments: Sequence[SearchedSegment]) -> None:
        self._segments = segments
        self._firsts = np.array([segment.first_ref for segment in segments], np.int64)
        size = sum(segment.data.document_count for segment in segments)
        #: int32: the story of each ref, -1 if it has no copies.
        self.numbers = connect(size, self._list_pairs())
        #: The number of refs that have a story.
        self.member_count = int(np.count_nonzero(self.numbers >= 0))

    def _list_pairs(self) -> Array:
        """int64, P x 2: refs of live documents that are copies."""
        live = [segment.gates.make_gate(()).values == OPEN for segment in self._segments]
        found = [np.empty((0, 2), np.int64)]
        for at, one in enumerate(self._segments):
            for before in range(at + 1):
                check_deadline()
                other = self._segments[before]
                pairs = one.data.copies if one is other else one.data.find_copies_in(other.data)
                kept = live[at][pairs[:, 0]] & live[before][pairs[:, 1]]
                found.append(pairs[kept] + np.array([one.first_ref, other.first_ref]))
        return np.concatenate(found)

    def count_stories(self, total: int, members: Array) -> int:
        """The number of stories that ``total`` documents tell, ``members`` of which have copies."""
        return total - len(members) + len(sort_distinct(self.numbers[members]))

    def make_page(self, query: Query, best: Array, members: Array) -> list[Hit]:
        """The page of hits for a collapsing query, as far as ``best`` reaches.

        ``best``: :data:`BEST` in order. ``members``: refs of all matches that have a story.
        """
        page = best[self._find_heads(best["ref"])[query.offset : query.offset + query.limit]]
        return [
            Hit(hit.ref, hit.score, tuple(self._list_others(hit.ref, members)))
            for hit in list_hits(page)
        ]

    def find_copies(self, ref: int) -> list[int]:
        """The refs of all others that tell this one's story, the earliest first."""
        return self._list_others(ref, np.flatnonzero(self.numbers >= 0))

    def _list_others(self, ref: int, members: Array) -> list[int]:
        """Those of ``members`` that tell the story of ``ref``, without ``ref`` itself."""
        number = self.numbers[ref]
        if number < 0:
            return []
        others = members[(self.numbers[members] == number) & (members != ref)]
        listed: list[int] = self._sort_by_date(others).tolist()
        return listed

    def _find_heads(self, refs: Array) -> Array:
        """int64, ascending: the indices in ``refs`` of the first article of each story."""
        numbers = self.numbers[refs].astype(np.int64)
        alone = numbers < 0
        # A separate number for each that has no copies.
        numbers[alone] = -1 - refs[alone]
        _, firsts = np.unique(numbers, return_index=True)
        firsts.sort()
        return firsts

    def _sort_by_date(self, refs: Array) -> Array:
        """``refs``, the earliest first, undated last, ties by ref."""
        if len(refs) < 2:
            return refs
        places = np.searchsorted(self._firsts, refs, side="right") - 1
        seconds = np.array(
            [
                self._segments[place].data.seconds[ref - self._firsts[place]]
                for place, ref in zip(places.tolist(), refs.tolist(), strict=True)
            ],
            np.int64,
        )
        order = np.lexsort((refs, seconds, seconds == NO_SECOND))
        return refs[order]


def list_hits(best: Array) -> list[Hit]:
    """A hit for each of ``best``, which has dtype :data:`BEST`."""
    return list(map(Hit, best["ref"].tolist(), best["score"].tolist()))
