"""Where do documents contain a query's words? For highlighting, and for reranking the best hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.deadline import check_deadline
from indexer.engine.base import MOST_IN_PASSAGE, Occurrence, Passage, PassageBounds, Places, Word
from indexer.engine.embedded.native import core, pack_rows
from indexer.engine.embedded.resolve import SegmentResolver
from indexer.engine.embedded.room import borrow_room

Array = npt.NDArray[Any]

#: Documents that are looked through between two checks of the deadline, and those of which passages
#: are found: a usual page.
_MARKED_AT_ONCE = 16
_SHOWN_AT_ONCE = 10
#: Tokens times words of the documents that are looked through in one call, unless one alone has
#: more: there is room for all of them to match, 16 bytes each.
_MOST_MARKS = 1 << 20

#: A document and the segment it is in.
Located = tuple[SegmentResolver, int]


def find_occurrences(
    resolver: SegmentResolver, document: int, words: Sequence[Word]
) -> list[Occurrence]:
    """See :meth:`indexer.engine.base.Snapshot.occurrences`."""
    rows = find_tokens(resolver, [document], words)
    if len(rows) == 0:
        return []
    in_title, positions = rows[:, 1], rows[:, 2]
    tokens = np.where(in_title, positions, positions + resolver.data.title_lengths[document])
    starts = resolver.data.token_starts(document)[tokens].tolist()
    return [
        Occurrence(bool(in_title), position, start, word)
        for (_, in_title, position, word), start in zip(rows.tolist(), starts, strict=True)
    ]


def find_passages(
    resolver: SegmentResolver,
    documents: Sequence[int],
    words: Sequence[Word],
    bounds: Sequence[PassageBounds],
) -> list[Passage]:
    """The passages of documents of one segment."""
    passages: list[Passage] = []
    for first in range(0, len(documents), _SHOWN_AT_ONCE):
        check_deadline()
        some = slice(first, first + _SHOWN_AT_ONCE)
        passages += _find_some(resolver, documents[some], words, bounds[some])
    return passages


def _find_some(
    resolver: SegmentResolver,
    documents: Sequence[int],
    words: Sequence[Word],
    bounds: Sequence[PassageBounds],
) -> Iterator[Passage]:
    data = resolver.data
    data.touch_starts(documents)
    asked = [(one, *bound) for one, bound in zip(documents, bounds, strict=True)]
    starts = np.empty(len(asked) * (data.most_in_title + MOST_IN_PASSAGE), np.int32)
    found = np.empty((len(asked), 4), np.int64)
    with borrow_room() as room:
        core.find_passages(
            data.packed,
            resolver.find_table(words),
            pack_rows("Sought", asked, None),
            len(asked),
            MOST_IN_PASSAGE,
            room.for_tokens(data.most_tokens),
            room.for_marks(data.most_tokens * len(words)),
            np.empty(len(words) + MOST_IN_PASSAGE, np.int64),
            starts,
            found,
        )
    at = 0
    for in_title, in_body, first, last in found.tolist():
        body = at + in_title
        end = body + in_body
        yield Passage(starts[at:body].tolist(), starts[body:end].tolist(), first, last)
        at = end


def _divide(marks: npt.NDArray[np.int64]) -> Iterator[slice]:
    """Consecutive documents in groups as they are looked through."""
    start = total = 0
    for number, count in enumerate(marks.tolist()):
        if number > start and (number - start == _MARKED_AT_ONCE or total + count > _MOST_MARKS):
            yield slice(start, number)
            start, total = number, 0
        total += count
    if start < len(marks):
        yield slice(start, len(marks))


def find_tokens(
    resolver: SegmentResolver, documents: Sequence[int], words: Sequence[Word]
) -> Array:
    """int32[tokens, 4]: of each token that a word matches the index among ``documents``, whether it
    is in the title, its position in that field, and the word; ascending, a title before its body.
    """
    data = resolver.data
    table = resolver.find_table(words)
    asked = np.array(documents, np.uint32)
    tokens = data.title_lengths[asked] + data.body_lengths[asked]
    marks = tokens.astype(np.int64) * len(words)
    found = [np.empty((0, 4), np.int32)]
    with borrow_room() as room:
        workspace = room.for_tokens(data.most_tokens)
        marked = room.for_marks(data.most_tokens * len(words))
        for group in _divide(marks):
            check_deadline()
            some = asked[group]
            rows = np.empty((int(marks[group].sum()), 4), np.int32)
            count = core.list_tokens(data.packed, table, some, len(some), workspace, marked, rows)
            rows[:count, 0] += group.start
            found.append(rows[:count])
    return np.concatenate(found)


def gather_passages(
    located: Sequence[Located], words: Sequence[Word], bounds: Sequence[PassageBounds]
) -> list[Passage]:
    """See :meth:`indexer.engine.base.Snapshot.passages`; ``located`` are the documents."""
    passages: dict[int, Passage] = {}
    for resolver, asked in _sort_by_segment(located).items():
        documents = [located[number][1] for number in asked]
        found = find_passages(resolver, documents, words, [bounds[number] for number in asked])
        passages.update(zip(asked, found, strict=True))
    return [passages[number] for number in range(len(located))]


def _sort_by_segment(located: Sequence[Located]) -> dict[SegmentResolver, list[int]]:
    """The indexes of the documents in each segment."""
    by_segment: dict[SegmentResolver, list[int]] = {}
    for number, (resolver, _) in enumerate(located):
        by_segment.setdefault(resolver, []).append(number)
    return by_segment


def gather_places(
    located: Sequence[Located], words: Sequence[Word], idfs: Sequence[float]
) -> Places:
    """See :meth:`indexer.engine.base.Snapshot.places`; ``located`` are the documents."""
    by_segment = _sort_by_segment(located)
    found = [np.empty((0, 4), np.int32)]
    for resolver, asked in by_segment.items():
        rows = find_tokens(resolver, [located[number][1] for number in asked], words)
        rows[:, 0] = np.array(asked, np.int32)[rows[:, 0]]
        found.append(rows)
    rows = np.concatenate(found)
    if len(by_segment) > 1:
        # Documents in the requested order, the tokens of each unchanged.
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
    of_document, in_title, positions, numbers = np.ascontiguousarray(rows.T)
    return Places(
        of_document, in_title.astype(np.bool_), positions, numbers, np.array(idfs, np.float64)
    )
