"""Which segments are merged? Few segments make fast searches, few merges make fast commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

#: The newest segments are merged with an older one of up to this many times their own size.
GROWTH = 2
#: A merge never makes a segment of more documents than this: it holds the new segment's postings in
#: memory, some 6 kB per document, and no commit should take minutes.
MOST_DOCUMENTS = 250_000
#: While a writer announces more commits, it merges only when it has more segments than this.
MOST_SEGMENTS = 16
#: A segment is rewritten without its deleted documents once they are this fraction of it.
MOST_DELETED = 0.25


@dataclass(frozen=True, slots=True)
class Group:
    """Adjacent segments, by index. ``rewrite``: merge them into a new one."""

    members: tuple[int, ...]
    rewrite: bool


def choose_merges(
    sizes: Sequence[tuple[int, int]],
    *,
    everything: bool,
    more: bool = False,
    fixed: Collection[int] = (),
) -> list[Group]:
    """The groups to form from segments of (documents, deleted documents), in order.

    Only adjacent segments are merged, so documents keep the order in which they were added.
    ``everything``: as few segments as possible, without deleted documents. ``more``: another commit
    follows soon, so that most of a merge now would be repeated then. ``fixed``: indices of segments
    that stay as they are.

    >>> choose_merges([(10_000, 0), (10, 0), (10, 0)], everything=False)
    [Group(members=(0,), rewrite=False), Group(members=(1, 2), rewrite=True)]
    """
    if more and not everything and len(sizes) <= MOST_SEGMENTS:
        return [Group((place,), rewrite=False) for place in range(len(sizes))]
    groups: list[Group] = []
    end = len(sizes)
    while end > 0:
        start = end - 1
        if start in fixed:
            groups.append(Group((start,), rewrite=False))
            end = start
            continue
        total = _live(sizes[start])
        while start > 0 and start - 1 not in fixed:
            before = _live(sizes[start - 1])
            if total + before > MOST_DOCUMENTS or not (everything or before <= GROWTH * total):
                break
            start -= 1
            total += before
        members = tuple(range(start, end))
        rewrite = len(members) > 1 or _is_worn(sizes[start], everything=everything)
        groups.append(Group(members, rewrite))
        end = start
    return groups[::-1]


def _live(size: tuple[int, int]) -> int:
    documents, deleted = size
    return documents - deleted


def _is_worn(size: tuple[int, int], *, everything: bool) -> bool:
    documents, deleted = size
    return deleted > 0 and (everything or deleted >= MOST_DELETED * documents)
