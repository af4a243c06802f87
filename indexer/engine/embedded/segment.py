"""What can be read from an opened segment? Typed, verified access to the arrays of its file.

The core is given whole posting arrays, with the bounds of the run to read; bounds come from
:meth:`PostingReader.bounds`, which verifies that run first. Opening, and the first read of each
page, refuse references outside the arrays: the core itself checks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import orjson

from indexer.article import Article, Summary
from indexer.engine.base import Form
from indexer.engine.copies import FIGURES, PLACES, Sketches
from indexer.engine.copy_pairs import find_copies_between
from indexer.engine.embedded.compression import ArticleExpander
from indexer.engine.embedded.container import Container
from indexer.engine.embedded.contents import NO_DAY, NO_SECOND, hash_id
from indexer.engine.embedded.layout import check_layout, read_lengths, read_values
from indexer.engine.embedded.native import Packed, core, pack
from indexer.engine.embedded.packed_posting import BLOCK, PostingBlocks, count_blocks
from indexer.engine.embedded.segment_entry import SegmentEntry
from indexer.engine.embedded.strings import Strings, encode_term
from indexer.errors import IndexCorrupt
from indexer.loading import loading

Array = npt.NDArray[Any]
Read = TypeVar("Read")

#: Sections with a zstd frame for each document.
FRAMES = ("stored", "summaries")


class PostingReader:
    """The posting lists of one form in one segment."""

    def __init__(self, container: Container, form: str, documents: int) -> None:
        """Raise IndexCorrupt if its blocks are inconsistent. A page of postings with values
        impossible for ``documents`` documents is refused when it is first read.
        """
        self.terms = Strings(container, f"{form}.terms")
        offsets = container[f"{form}.offsets"]
        self.offsets: Array = offsets.read_offsets(int(offsets.all()[-1]))
        self._section = container[f"{form}.postings"]
        self._positions = container["exact.positions"] if form == "exact" else None
        blocks = container[f"{form}.blocks"].all()
        self.postings = PostingBlocks(blocks, self._section.values)
        self.count = int(self.offsets[-1])
        positions = 0 if self._positions is None else len(self._positions.values) - 1
        bad = core.find_bad_block(
            blocks, count_blocks(self.count), len(self._section.values) - 1, positions
        )
        if bad >= 0:
            raise IndexCorrupt(container.path, f"block {bad} of its {form} postings cannot be")
        # Refers to arrays only: a reference cycle would keep unused files open.
        self._section.inspect = partial(
            _inspect_postings, self.postings.packed, self.offsets, documents
        )

    def find(self, term: str) -> int:
        """The number of ``term``, or -1."""
        return self.terms.find(encode_term(term))

    def bounds(self, term: int) -> tuple[int, int]:
        """(low, high) of the postings of term number ``term``, verified."""
        return self.range_bounds(term, term + 1)

    def range_bounds(self, first: int, end: int) -> tuple[int, int]:
        """(low, high) of the postings of terms ``first`` to ``end`` (exclusive), verified."""
        low, high = int(self.offsets[first]), int(self.offsets[end])
        if low < high:
            self._section.touch(*_find_words(self.postings.starts, low, high))
        return low, high

    def touch_positions(self, low: int, high: int) -> None:
        """Verify the positions of the exact postings ``low`` to ``high`` (end exclusive)."""
        if low < high and self._positions is not None:
            self._positions.touch(*_find_words(self.postings.position_starts, low, high))

    def touch_terms(self, terms: Array) -> None:
        """Verify the postings of many exact terms, and their positions."""
        lows, highs = self.offsets[terms], self.offsets[terms + 1]
        some = highs > lows
        lows, highs = lows[some] // BLOCK, (highs[some] - 1) // BLOCK + 1
        starts, positions = self.postings.starts, self.postings.position_starts
        self._section.touch_runs(starts[lows].astype(np.int64), starts[highs].astype(np.int64))
        if self._positions is not None:
            first, last = positions[lows].astype(np.int64), positions[highs].astype(np.int64)
            some = last > first
            self._positions.touch_runs(first[some], last[some])

    def touch_all(self) -> None:
        """Verify every posting, before reading all of them."""
        self._section.all()


def _find_words(starts: Array, low: int, high: int) -> tuple[int, int]:
    """The words of the blocks that contain the postings ``low`` to ``high``."""
    return int(starts[low // BLOCK]), int(starts[(high - 1) // BLOCK + 1])


def _inspect_postings(
    postings: Packed, offsets: Array, documents: int, first: int, end: int
) -> str:
    """What is wrong with the postings in the words ``first`` to ``end``; empty if nothing is."""
    terms = len(offsets) - 1
    blocks = count_blocks(int(offsets[-1]))
    wrong = core.find_bad_posting(postings, blocks, first, end, offsets, terms, documents)
    return f"posting {wrong} cannot be" if wrong >= 0 else ""


class LabelReader:
    """The labels of one facet in one segment. ``offsets`` is ``None`` for single labels."""

    @classmethod
    def of_none(cls, documents: int) -> LabelReader:
        """A reader for a field that none of ``documents`` documents has."""
        reader = cls.__new__(cls)
        reader.values, reader.offsets = (), None
        reader.codes = np.full(documents, -1, np.int32)
        return reader

    def __init__(self, container: Container, facet: str) -> None:
        self.values: Strings | tuple[bytes, ...] = Strings(container, f"labels.{facet}.values")
        name = f"labels.{facet}.offsets"
        several = name in container
        self.codes: Array = container[f"labels.{facet}.codes"].read_numbers(
            len(self.values), least=0 if several else -1
        )
        self.offsets: Array | None = (
            container[name].read_offsets(len(self.codes)) if several else None
        )

    def find(self, label: bytes) -> int:
        """The code of ``label``, or -1."""
        return -1 if isinstance(self.values, tuple) else self.values.find(label)

    def documents_with(self, code: int) -> Array:
        """Numbers of the documents that have the label ``code``, ascending."""
        rows = np.flatnonzero(self.codes == code)
        if self.offsets is None:
            return rows
        return np.searchsorted(self.offsets, rows, side="right") - 1

    def find_having(self) -> Array:
        """bool for each document: whether it has any label."""
        return self.codes >= 0 if self.offsets is None else np.diff(self.offsets) > 0


class _Runs:
    """A section with a run of bytes for each document. ``content``: all, *unverified*."""

    def __init__(self, container: Container, name: str) -> None:
        self.section = container[name]
        self.content = self.section.values.data
        self._offsets = container[f"{name}.offsets"]
        # Memory views give Python's numbers at once, where numpy makes an array first.
        self._numbers = self._offsets.values.data

    def find(self, documents: Sequence[int]) -> tuple[list[int], list[int]]:
        """The start of each document's run in ``content``, and its end; verified."""
        behind = [document + 1 for document in documents]
        self._offsets.touch_each(documents, [one + 1 for one in behind])
        number = self._numbers.__getitem__
        return list(map(number, documents)), list(map(number, behind))

    def touch(self, documents: Sequence[int]) -> tuple[list[int], list[int]]:
        """Verify the runs themselves as well; return the same."""
        lows, highs = self.find(documents)
        self.section.touch_each(lows, highs)
        return lows, highs


def open_segment(folder: Path, segment: SegmentEntry, index: str) -> SegmentData:
    """The segment's data. ``index``: the identity of its index.

    Raises IndexCorrupt if the file is not the one named in the table of contents, OSError.
    """
    data = SegmentData(folder / segment.file_name)
    container = data.container
    said = container.meta
    if (said.get("index"), said.get("segment")) != (index, segment.segid):
        raise IndexCorrupt(container.path, "it is a file of another index, or another segment")
    if data.document_count != segment.doc_count_all() or container.digest != segment.digest:
        raise IndexCorrupt(container.path, "it is not the file that the table of contents names")
    return data


class SegmentData:
    """An opened segment file. Thread-safe; immutable after opening."""

    def __init__(self, path: Path) -> None:
        container = self.container = Container(path)
        check_layout(container)
        self.document_count: int = container.meta["documents"]
        lengths = read_lengths(container)
        self.title_lengths: Array = lengths[0]
        self.body_lengths: Array = lengths[1]
        self.lead_lengths: Array = lengths[2]
        self.days: Array = container["days"].all()
        self.seconds: Array = container["seconds"].all()
        self.exact = PostingReader(container, "exact", self.document_count)
        self.stems = PostingReader(container, "stem", self.document_count)
        self.labels = {facet: LabelReader(container, facet) for facet in container.meta["labels"]}
        self.values: dict[str, Array] = {
            name: read_values(container, name) for name in container.meta["values"]
        }
        self.title_tokens = int(self.title_lengths.sum(dtype=np.int64))
        self.body_tokens = int(self.body_lengths.sum(dtype=np.int64))
        self._copies_in: WeakKeyDictionary[SegmentData, Array] = WeakKeyDictionary()

    @cached_property
    def packed(self) -> Packed:
        """The segment as the core reads it: the structure ``Segment``."""
        return pack(
            "Segment",
            documents=self.document_count,
            title_lengths=self.title_lengths,
            body_lengths=self.body_lengths,
            lead_lengths=self.lead_lengths,
            seconds=self.seconds,
            days=self.days,
            exact_offsets=self.exact.offsets,
            exact=self.exact.postings.packed,
            positions=self.container["exact.positions"].values,
            forms=self.forms[0],
            starts=self.container["starts"].values,
            starts_offsets=self.container["starts.offsets"].values,
            no_second=NO_SECOND,
            no_day=NO_DAY,
        )

    @cached_property
    def most_tokens(self) -> int:
        """The number of tokens of the longest document."""
        return int((self.title_lengths + self.body_lengths).max(initial=0))

    @cached_property
    def most_in_title(self) -> int:
        """The number of tokens of the longest title."""
        return int(self.title_lengths.max(initial=0))

    def count_tokens(self, documents: Array) -> int:
        """The number of tokens of these documents."""
        lengths = self.title_lengths[documents], self.body_lengths[documents]
        return sum(int(one.sum(dtype=np.int64)) for one in lengths)

    def postings(self, form: Form) -> PostingReader:
        return self.exact if form == Form.EXACT else self.stems

    # --- documents

    def labels_of(self, facet: str) -> LabelReader:
        """The labels of a facet; empty if it is one of a site's own that is missing here."""
        return self.labels.get(facet) or LabelReader.of_none(self.document_count)

    def values_of(self, column: str) -> Array:
        """float64 for each document: its value in the column, NaN if it has none."""
        values = self.values.get(column)
        return np.full(self.document_count, np.nan) if values is None else values

    @cached_property
    def ids(self) -> Strings:
        return Strings(self.container, "ids")

    @cached_property
    def fingerprints(self) -> Array:
        return self.container["fingerprints"].all()

    @cached_property
    def sketches(self) -> Sketches:
        """The sketches of its articles."""
        texts = self.container["copies.texts"].all().reshape(-1, PLACES)
        figures = self.container["copies.figures"].all().reshape(-1, FIGURES)
        return Sketches(texts, figures, self.days)

    @cached_property
    def copies(self) -> Array:
        """int32, P x 2: its pairs of copies, see :func:`indexer.engine.copy_pairs.find_copies`."""
        numbers = self.container["copies.pairs"].read_numbers(self.document_count)
        if len(numbers) % 2:
            raise IndexCorrupt(self.container.path, "a document is a copy of none")
        return numbers.reshape(-1, 2)

    def find_copies_in(self, other: SegmentData) -> Array:
        """int32, P x 2: pairs of its documents and copies of them in ``other``."""
        pairs = self._copies_in.get(other)
        if pairs is None:
            pairs = self._copies_in[other] = find_copies_between(self.sketches, other.sketches)
        return pairs

    @cached_property
    def id_hashes(self) -> tuple[Array, Array]:
        """(uint64 hashes of the ids, ascending; uint32 number of each one's document)."""
        documents = self.container["id_hash_documents"].read_numbers(self.document_count)
        return self.container["id_hashes"].all(), documents

    def find(self, article_id: bytes) -> int:
        """The number of the *last* document with this id, deleted or not; -1 for none."""
        hashes, documents = self.id_hashes
        wanted = np.uint64(hash_id(article_id))
        found = -1
        for at in range(
            int(np.searchsorted(hashes, wanted)), int(np.searchsorted(hashes, wanted, "right"))
        ):
            if self.ids[int(documents[at])] == article_id:
                found = max(found, int(documents[at]))
        return found

    @cached_property
    def _expander(self) -> ArticleExpander:
        data = self.container["dictionaries"].all().tobytes()
        dictionaries = []
        at = 0
        for length in self.container.meta["dictionaries"]:
            dictionaries.append(data[at : at + length])
            at += length
        return ArticleExpander(self.container.path, dictionaries)

    @cached_property
    def dictionaries(self) -> list[bytes]:
        return self._expander.dictionaries

    @cached_property
    def _frames(self) -> dict[str, _Runs]:
        return {name: _Runs(self.container, name) for name in FRAMES}

    @cached_property
    def _starts(self) -> _Runs:
        return _Runs(self.container, "starts")

    def stored(self, document: int) -> bytes:
        """The document's article as JSON. Raises IndexCorrupt if its bytes are damaged."""
        return self._expand("stored", document)

    def summary(self, document: int) -> bytes:
        """The same for the article's summary: a list of its fields."""
        return self._expand("summaries", document)

    def articles(self, documents: Sequence[int]) -> list[Article]:
        """The articles of several documents. Raises IndexCorrupt if the bytes of one are damaged,
        or hold none.
        """
        return self._read_each("stored", Article.from_dict, documents)

    def summaries(self, documents: Sequence[int]) -> list[Summary]:
        """Their summaries. Raises the same."""
        return self._read_each("summaries", Summary._make, documents)

    def _read_each(
        self, name: str, make: Callable[[Any], Read], documents: Sequence[int]
    ) -> list[Read]:
        """What ``make`` makes of the JSON of each."""
        made: list[Read] = []
        try:
            for stored in self._expand_each(name, documents):
                made.append(make(orjson.loads(stored)))
        except (ValueError, TypeError, AttributeError) as error:
            raise IndexCorrupt(
                self.container.path,
                f"{name!r} of document {documents[len(made)]} holds no record ({error})",
            ) from error
        return made

    def _expand_each(self, name: str, documents: Sequence[int]) -> list[bytes]:
        try:
            frames = self._frames[name]
            runs = map(slice, *frames.touch(documents))
            return self._expander.expand_all(list(map(frames.content.__getitem__, runs)))
        except IndexCorrupt:
            return [self._expand(name, document) for document in documents]

    def _expand(self, name: str, document: int) -> bytes:
        frames = self._frames[name]
        (low,), (high,) = frames.find([document])
        try:
            frames.section.touch(low, high)
            return self._expander.expand(frames.content[low:high])
        except IndexCorrupt as damage:
            # The frame has its own checksum: the damage may be in its neighbour on the page.
            try:
                return self._expander.expand(frames.content[low:high])
            except IndexCorrupt:
                raise damage from None

    def offsets_of(self, name: str) -> Array:
        """The start of each document's run of the section ``name``, and the end of the last."""
        total = len(self.container[name].values)
        return self.container[f"{name}.offsets"].read_offsets(total)

    def verify_frames(self, name: str, documents: Array) -> None:
        """Raise IndexCorrupt if that one of :data:`FRAMES` is damaged for any of ``documents``."""
        offsets = self.offsets_of(name)
        try:
            self.container[name].touch_runs(offsets[documents], offsets[documents + 1])
        except IndexCorrupt:
            for document in documents.tolist():
                self._expand(name, document)

    def verify_starts(self, documents: Array) -> None:
        """Raise IndexCorrupt if the token starts of any of ``documents`` are damaged."""
        offsets = self.offsets_of("starts")
        lows, highs = offsets[documents], offsets[documents + 1]
        some = highs > lows
        self.container["starts"].touch_runs(lows[some], highs[some])

    def touch_starts(self, documents: Sequence[int]) -> tuple[list[int], list[int]]:
        """Verify the starts of each document's tokens; return where they begin and end."""
        return self._starts.touch(documents)

    def token_starts(self, document: int) -> Array:
        """int32: the start offset of each token of the document, in the title, then in the body."""
        (low,), (high,) = self.touch_starts([document])
        encoded = self._starts.section.values[low:high]
        title, body = int(self.title_lengths[document]), int(self.body_lengths[document])
        starts = np.empty(title + body, np.int32)
        core.decode_starts(encoded, len(encoded), title, body, starts)
        return starts

    # --- terms

    @cached_property
    def lower_counts(self) -> Array:
        return self.container["exact.lower_counts"].all()

    @cached_property
    def capital_counts(self) -> Array:
        return self.container["exact.capital_counts"].all()

    @cached_property
    def term_sketches(self) -> Array:
        """uint32: a letter signature of each exact term, see ``sketch_terms`` of the core."""
        terms = self.exact.terms
        sketches = np.empty(len(terms), np.uint32)
        with loading():
            core.sketch_terms(terms.packed, sketches)
        return sketches

    @cached_property
    def stem_of(self) -> Array:
        return self.container["exact.stem_of"].read_numbers(len(self.stems.terms))

    @cached_property
    def forms(self) -> tuple[Array, Array]:
        """(int32 exact terms, int64 start of each stem's terms, and the end of the last)."""
        forms = self.container["stem.forms"].read_numbers(len(self.exact.terms))
        return forms, self.container["stem.form_offsets"].read_offsets(len(forms))

    def forms_of(self, stem: int) -> Array:
        """int32: numbers of the exact terms with the stem number ``stem``, ascending."""
        forms, offsets = self.forms
        return forms[offsets[stem] : offsets[stem + 1]]

    def read_evidence(self) -> Iterator[tuple[str, str, str, int]]:
        """(kind, key, value, count) rows of what was learned from these articles."""
        try:
            for row in orjson.loads(self.container["evidence"].all().tobytes()):
                kind, key, value, count = row
                yield kind, key, value, count
        except (ValueError, TypeError) as error:
            raise IndexCorrupt(
                self.container.path, f"its evidence is unreadable ({error})"
            ) from error
