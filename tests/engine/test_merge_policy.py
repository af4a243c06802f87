"""Which segments a commit merges."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.batches import Draft, build_batch

from indexer.engine.embedded import open_engine
from indexer.engine.embedded.merge_policy import (
    MOST_DOCUMENTS,
    MOST_SEGMENTS,
    choose_merges,
)
from indexer.engine.embedded.whoosh.catalog import Catalog

Size = tuple[int, int]


def merged(sizes: list[Size], *, everything: bool = False, more: bool = False) -> list[list[int]]:
    """The members of the groups that are rewritten; all groups together are all segments."""
    groups = choose_merges(sizes, everything=everything, more=more)
    assert [one for group in groups for one in group.members] == list(range(len(sizes)))
    return [list(group.members) for group in groups if group.rewrite]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([(10, 0)], []),
        ([(10, 0), (10, 0)], [[0, 1]]),
        ([(20, 0), (10, 0)], [[0, 1]]),
        ([(21, 0), (10, 0)], []),
        # What a merge made can take in the one before it.
        ([(40, 0), (10, 0), (10, 0)], [[0, 1, 2]]),
        ([(41, 0), (10, 0), (10, 0)], [[1, 2]]),
        # Deleted documents do not count, and a segment with many is written anew.
        ([(41, 1), (10, 0), (10, 0)], [[0, 1, 2]]),
        ([(100, 24)], []),
        ([(100, 25)], [[0]]),
        ([(MOST_DOCUMENTS, 0), (MOST_DOCUMENTS, 0)], []),
        ([(MOST_DOCUMENTS - 1, 0), (1, 0)], []),
    ],
)
def test_segments_of_like_size_are_merged(sizes: list[Size], expected: list[list[int]]) -> None:
    assert merged(sizes) == expected


def test_everything_leaves_nothing_deleted() -> None:
    assert merged([(1000, 1), (10, 0)], everything=True) == [[0, 1]]
    assert merged([(1000, 1)], everything=True) == [[0]]
    assert merged([(MOST_DOCUMENTS, 0), (5, 0), (5, 0)], everything=True) == [[1, 2]]


def test_merges_wait_while_more_is_to_come_but_segments_do_not_pile_up() -> None:
    sizes = [(10, 0)] * MOST_SEGMENTS
    assert merged(sizes, more=True) == []
    assert merged([*sizes, (10, 0)], more=True) == [list(range(MOST_SEGMENTS + 1))]


def test_the_last_commit_makes_up_for_merges_that_waited(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "index", create=True)
    with engine.writer() as writer:
        for number in range(5):
            writer.add(build_batch([Draft(f"artikel-{number}", "judul", "isi")]))
            writer.commit(more=True)
        assert len(Catalog(tmp_path / "index").read().segments) == 5
        assert writer.commit().added == 0
    assert len(Catalog(tmp_path / "index").read().segments) == 1
    assert engine.snapshot().document_count() == 5
    assert engine.check() == []
