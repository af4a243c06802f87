"""How do several segments become one? Array by array, without deleted documents."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.base import Form
from indexer.engine.copies import Sketches
from indexer.engine.embedded.contents import (
    ByteRuns,
    LabelColumn,
    PackedLists,
    PostingLists,
    SegmentContents,
    choose_position_type,
)
from indexer.engine.embedded.inverting import gather_stems, sum_positions
from indexer.engine.embedded.native import core
from indexer.engine.embedded.packed_posting import PostingPacker, is_wide
from indexer.engine.embedded.segment import FRAMES, LabelReader, SegmentData
from indexer.engine.embedded.strings import JoinedStrings, find_places, merge_strings
from indexer.engine.run_starts import find_starts

Array = npt.NDArray[Any]

#: Postings merged at a time, unless a term has more: what a processor's cache holds.
_MERGED_AT_ONCE = 1 << 17
#: Documents whose bytes are in memory at a time.
_COPIED_AT_ONCE = 4096

_NO_STEMS: Mapping[bytes, bytes] = MappingProxyType({})


@dataclass(slots=True)
class MergeSource:
    """One segment to merge. ``kept``: numbers of the documents to keep, ascending.

    ``new_numbers`` maps a document's number to its number after the merge, -1 if it is dropped.
    """

    data: SegmentData
    kept: Array
    new_numbers: Array


def prepare_sources(segments: Sequence[tuple[SegmentData, Array]]) -> list[MergeSource]:
    """Number the kept documents of (segment, deleted bool[D]) pairs consecutively."""
    sources = []
    first = 0
    for data, deleted in segments:
        kept = np.flatnonzero(~deleted)
        new_numbers = np.full(data.document_count, -1, np.int32)
        new_numbers[kept] = np.arange(first, first + len(kept), dtype=np.int32)
        first += len(kept)
        sources.append(MergeSource(data, kept, new_numbers))
    return sources


def merge_segments(
    segments: Sequence[tuple[SegmentData, Array]], latest: Mapping[bytes, bytes] = _NO_STEMS
) -> SegmentContents:
    """A segment of the live documents of ``segments``, in order.

    Each segment comes with its deleted documents (bool[D]). ``latest``: stems of terms, instead of
    those that the segments have. Pages of the files read are released at
    once: only the new segment stays in memory. Everything read is verified. Raises IndexCorrupt,
    naming the damaged file.
    """
    sources = prepare_sources(segments)
    with ThreadPoolExecutor() as threads:
        # Before any expensive work.
        deque(threads.map(_verify_articles, sources), maxlen=0)
    exact_terms, exact_numbers = merge_strings([source.data.exact.terms for source in sources])
    replaced = sorted(latest)
    new_stems = sorted(set(latest.values()))
    stem_terms, stem_numbers = merge_strings(
        [*(source.data.stems.terms for source in sources), JoinedStrings.join(new_stems)]
    )
    new_number = dict(zip(new_stems, stem_numbers.pop().tolist(), strict=True))
    stem_of = np.zeros(len(exact_terms), np.int32)
    lower = np.zeros(len(exact_terms), np.int64)
    capital = np.zeros(len(exact_terms), np.int64)
    for source, numbers, stem_map in zip(sources, exact_numbers, stem_numbers, strict=True):
        # If segments disagree about a stem, the newest has seen the most evidence.
        stem_of[numbers] = stem_map[source.data.stem_of]
        lower[numbers] += source.data.lower_counts
        capital[numbers] += source.data.capital_counts
    places = find_places(JoinedStrings.join(replaced), exact_terms)
    for term, place in zip(replaced, places.tolist(), strict=True):
        if place >= 0:
            stem_of[place] = new_number[latest[term]]
    agreed = all(
        np.array_equal(stem_map[source.data.stem_of], stem_of[numbers])
        for source, numbers, stem_map in zip(sources, exact_numbers, stem_numbers, strict=True)
    )
    stems: Callable[[], PackedLists]
    if agreed:
        stems = partial(merge_lists, sources, Form.STEM, stem_terms, stem_numbers)
    else:
        stems = partial(_gather_stems, sources, exact_terms, exact_numbers, stem_of, stem_terms)
    most = np.iinfo(np.int32).max
    return SegmentContents(
        ids=[one for source in sources for one in _keep(list(source.data.ids), source)],
        fingerprints=concatenate_rows(sources, "fingerprints", np.uint64),
        title_lengths=concatenate_rows(sources, "title_lengths", np.int32),
        body_lengths=concatenate_rows(sources, "body_lengths", np.int32),
        lead_lengths=concatenate_rows(sources, "lead_lengths", np.int32),
        days=concatenate_rows(sources, "days", np.int32),
        seconds=concatenate_rows(sources, "seconds", np.int64),
        sketches=join_sketches(sources),
        labels={facet: merge_labels(sources, facet) for facet in list_names(sources, "labels")},
        values={name: merge_values(sources, name) for name in list_names(sources, "values")},
        stored=gather_bytes(sources, "stored"),
        summaries=gather_bytes(sources, "summaries"),
        dictionaries=list(
            dict.fromkeys(one for source in sources for one in source.data.dictionaries)
        ),
        starts=gather_bytes(sources, "starts"),
        exact=partial(merge_lists, sources, Form.EXACT, exact_terms, exact_numbers),
        stems=stems,
        lower_counts=np.minimum(lower, most).astype(np.int32),
        capital_counts=np.minimum(capital, most).astype(np.int32),
        stem_of=stem_of,
        evidence=merge_evidence(sources),
    )


def _keep(rows: list[bytes], source: MergeSource) -> Iterator[bytes]:
    """The rows of the documents that are kept."""
    return map(rows.__getitem__, source.kept.tolist())


def _verify_articles(source: MergeSource) -> None:
    """Raise IndexCorrupt if anything kept with a document is damaged. Dropped documents are not
    read: replacing damaged articles heals an index.
    """
    for name in FRAMES:
        source.data.verify_frames(name, source.kept)
    source.data.verify_starts(source.kept)


def merge_lists(
    sources: Sequence[MergeSource], form: Form, terms: JoinedStrings, numbers: Sequence[Array]
) -> PackedLists:
    """The merged posting lists of one form, with positions if it has them. A term without any
    postings left stays, empty.

    ``numbers``: for each source, int32, the number among ``terms`` of each of its own.
    """
    offsets = _count_postings(sources, form, terms, numbers)
    longest = np.array([source.data.most_tokens for source in sources])
    position_type = np.dtype(choose_position_type(longest))
    tokens = sum(source.data.count_tokens(source.kept) for source in sources)
    with_positions = form is Form.EXACT
    packer = PostingPacker(
        int(offsets[-1]), 8 * position_type.itemsize * tokens if with_positions else 0
    )
    ends = np.searchsorted(offsets, np.arange(_MERGED_AT_ONCE, offsets[-1], _MERGED_AT_ONCE))
    for first, end in pairwise(np.unique([0, *ends, len(terms)]).tolist()):
        parts = [
            _SomeTerms(source, form, numbers_of, first, end)
            for source, numbers_of in zip(sources, numbers, strict=True)
        ]
        own_offsets = offsets[first : end + 1] - offsets[first]
        postings = np.empty(int(own_offsets[-1]), np.int64)
        cursor = own_offsets.copy()
        for part in parts:
            part.copy_postings(cursor, postings)
        positions = None
        if with_positions:
            cursor = sum_positions(own_offsets, postings)
            positions = np.empty(int(cursor[-1]), position_type)
            for part in parts:
                part.copy_positions(cursor, positions)
        packer.add(postings, positions)
        for source in sources:
            source.data.container.release_pages()
    packer.finish()
    return PackedLists(terms, offsets, packer)


class _SomeTerms:
    """The postings of one source of the merged terms ``first`` to ``end`` (exclusive)."""

    def __init__(
        self, source: MergeSource, form: Form, numbers: Array, first: int, end: int
    ) -> None:
        low, high = np.searchsorted(numbers, [first, end]).tolist()
        self._source = source
        self._reader = source.data.postings(form)
        self._offsets = self._reader.offsets[low : high + 1]
        self._numbers = numbers[low:high] - np.int32(first)

    def copy_postings(self, cursor: Array, out: Array) -> None:
        """Append them to the run of each term, which goes on at ``cursor``."""
        core.copy_postings(
            self._offsets,
            len(self._numbers),
            self._reader.postings.packed,
            self._source.new_numbers,
            self._numbers,
            cursor,
            out,
        )

    def copy_positions(self, cursor: Array, out: Array) -> None:
        """The same for their positions."""
        core.copy_positions(
            self._offsets,
            len(self._numbers),
            self._reader.postings.packed,
            self._source.data.container["exact.positions"].all(),
            self._source.new_numbers,
            self._numbers,
            cursor,
            out,
            is_wide(out),
        )


def _count_postings(
    sources: Sequence[MergeSource], form: Form, terms: JoinedStrings, numbers: Sequence[Array]
) -> Array:
    """int64[terms + 1]: where the merged postings of each term begin. Verifies all there are."""
    counts = np.zeros(len(terms), np.int64)
    for source, numbers_of in zip(sources, numbers, strict=True):
        reader = source.data.postings(form)
        reader.touch_all()
        core.count_kept(
            reader.offsets,
            len(numbers_of),
            reader.postings.packed,
            source.new_numbers,
            numbers_of,
            counts,
        )
        source.data.container.release_pages()
    return find_starts(counts)


def _gather_stems(
    sources: Sequence[MergeSource],
    exact_terms: JoinedStrings,
    numbers: Sequence[Array],
    stem_of: Array,
    stem_terms: JoinedStrings,
) -> PackedLists:
    """The posting lists of the stems, if segments disagree about some: from all exact ones."""
    offsets = _count_postings(sources, Form.EXACT, exact_terms, numbers)
    postings = np.empty(int(offsets[-1]), np.int64)
    cursor = offsets.copy()
    for source, numbers_of in zip(sources, numbers, strict=True):
        part = _SomeTerms(source, Form.EXACT, numbers_of, 0, len(exact_terms))
        part.copy_postings(cursor, postings)
        source.data.container.release_pages()
    return gather_stems(PostingLists(exact_terms, offsets, postings), stem_of, stem_terms).pack()


def merge_labels(sources: Sequence[MergeSource], facet: str) -> LabelColumn:
    """The column of one facet. Labels that no kept document has are dropped."""
    readers = [source.data.labels_of(facet) for source in sources]
    vocabularies = [list(reader.values) for reader in readers]
    rows = [
        labels_by_document(reader, source) for reader, source in zip(readers, sources, strict=True)
    ]
    used = [
        {vocabulary[code] for code in np.unique(codes[codes >= 0]).tolist()}
        for vocabulary, (codes, _) in zip(vocabularies, rows, strict=True)
    ]
    values = sorted(set().union(*used))
    code_of = {value: code for code, value in enumerate(values)}
    merged = []
    for vocabulary, (codes, _) in zip(vocabularies, rows, strict=True):
        # The last entry is for "no label", so that code -1 finds it.
        renumbered = np.array([code_of.get(value, -1) for value in vocabulary] + [-1], np.int32)
        merged.append(renumbered[codes])
    if all(lengths is None for _, lengths in rows):
        return LabelColumn(values, np.concatenate(merged), None)
    flat, lengths_of_all = [], []
    for codes, (_, lengths) in zip(merged, rows, strict=True):
        flat.append(codes[codes >= 0])
        lengths_of_all.append((codes >= 0).astype(np.int64) if lengths is None else lengths)
    return LabelColumn(values, np.concatenate(flat), find_starts(np.concatenate(lengths_of_all)))


def list_names(sources: Sequence[MergeSource], name: str) -> list[str]:
    """The columns that any of the segments has, in order: sites' own fields may differ."""
    return sorted(set().union(*(getattr(source.data, name) for source in sources)))


def merge_values(sources: Sequence[MergeSource], column: str) -> Array:
    """The values of the kept documents in a column."""
    return np.concatenate([source.data.values_of(column)[source.kept] for source in sources])


def labels_by_document(reader: LabelReader, source: MergeSource) -> tuple[Array, Array | None]:
    """(codes of the kept documents, concatenated; the number of codes of each, or ``None`` if each
    has one).
    """
    if reader.offsets is None:
        return reader.codes[source.kept], None
    lengths = np.diff(reader.offsets)[source.kept]
    codes = np.empty(int(lengths.sum()), np.int32)
    gather_runs(reader.codes, reader.offsets, source.kept, codes)
    return codes, lengths


def gather_runs(values: Array, offsets: Array, rows: Array, out: Array) -> None:
    """Copy the runs ``values[offsets[row]:offsets[row + 1]]`` of ``rows`` consecutively."""
    core.gather_runs(values, values.itemsize, offsets, rows, len(rows), out)


def concatenate_rows(sources: Sequence[MergeSource], name: str, dtype: type) -> Array:
    """A per-document column of the kept documents."""
    return np.concatenate([getattr(source.data, name)[source.kept] for source in sources]).astype(
        dtype
    )


def join_sketches(sources: Sequence[MergeSource]) -> Sketches:
    """The sketches of the kept documents."""
    kept = [source.data.sketches.take(source.kept) for source in sources]
    return Sketches(*(np.concatenate(column) for column in zip(*kept, strict=True)))


def gather_bytes(sources: Sequence[MergeSource], name: str) -> ByteRuns:
    """A section with a run of bytes for each document; copied only when it is written."""
    lengths = [np.diff(source.data.offsets_of(name))[source.kept] for source in sources]
    return ByteRuns.measure(_copy_bytes(sources, name), lengths)


def _copy_bytes(sources: Sequence[MergeSource], name: str) -> Iterator[Array]:
    for source in sources:
        values = source.data.container[name].values
        offsets = source.data.offsets_of(name)
        for first in range(0, len(source.kept), _COPIED_AT_ONCE):
            some = source.kept[first : first + _COPIED_AT_ONCE]
            run = np.empty(int((offsets[some + 1] - offsets[some]).sum()), np.uint8)
            gather_runs(values, offsets, some, run)
            source.data.container.release_pages()
            yield run


def merge_evidence(sources: Sequence[MergeSource]) -> list[tuple[str, str, str, int]]:
    """Evidence rows, with the counts of equal ones summed."""
    totals: Counter[tuple[str, str, str]] = Counter()
    for source in sources:
        for kind, key, value, count in source.data.read_evidence():
            totals[kind, key, value] += count
    return [(*row, count) for row, count in totals.items()]
