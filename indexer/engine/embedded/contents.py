"""What does one segment contain? Arrays in memory, and how they are written to its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from indexer.engine.base import Form
from indexer.engine.copies import UNDATED, Sketches
from indexer.engine.copy_pairs import find_copies
from indexer.engine.embedded.container import ContainerWriter
from indexer.engine.embedded.packed_posting import PostingPacker
from indexer.engine.embedded.strings import JoinedStrings, decode_term, encode_term
from indexer.engine.run_starts import find_starts

Array = npt.NDArray[Any]

#: ``day`` and ``second`` of a document without a date.
NO_DAY = UNDATED
NO_SECOND = -(2**63)


#: Bodies of up to this many tokens have positions that fit 16 bits.
_NARROW_BODY = 65_536


def choose_position_type(body_lengths: Array) -> type[np.unsignedinteger[Any]]:
    """The type of the positions of a segment with such bodies (and no longer titles)."""
    longest = int(body_lengths.max()) if len(body_lengths) else 0
    return np.uint32 if longest > _NARROW_BODY else np.uint16


@dataclass(slots=True)
class PostingLists:
    """Posting lists of all terms of one form, concatenated, terms in byte order.

    ``terms``: V strings. ``offsets``: V + 1 int64, the start of each term's postings.
    ``postings``: P int64, see native/posting.h; documents ascend within a term. ``positions``:
    uint16 or uint32, those of each posting, title first; ``None`` for stems.
    """

    terms: JoinedStrings
    offsets: Array
    postings: Array
    positions: Array | None = None

    def pack(self) -> PackedLists:
        """The same as a file keeps them."""
        bits = 0 if self.positions is None else 8 * self.positions.nbytes
        packer = PostingPacker(len(self.postings), bits)
        packer.add(self.postings, self.positions)
        packer.finish()
        return PackedLists(self.terms, self.offsets, packer)


@dataclass(slots=True)
class PackedLists:
    """:class:`PostingLists` with postings and positions packed: a sixth of the memory."""

    terms: JoinedStrings
    offsets: Array
    packed: PostingPacker

    def write(self, out: ContainerWriter, form: Form) -> None:
        name = form.name.lower()
        self.terms.write(out, f"{name}.terms")
        out.add(f"{name}.offsets", self.offsets)
        out.add(f"{name}.postings", self.packed.postings)
        if form is Form.EXACT:
            out.add(f"{name}.positions", self.packed.positions)
        out.add(f"{name}.blocks", self.packed.blocks)


@dataclass(slots=True)
class LabelColumn:
    """Labels of one facet. ``codes`` index ``values``, which are in byte order.

    ``offsets`` is ``None`` if no document has more than one label: then ``codes`` holds one for
    each document, -1 for none. Otherwise document d has ``codes[offsets[d]:offsets[d + 1]]``.
    """

    values: Sequence[bytes]
    codes: Array
    offsets: Array | None


def build_label_column(labels: Sequence[Sequence[str]]) -> LabelColumn:
    """The column of one facet from each document's labels; a repeated label counts once."""
    distinct = [row if len(row) <= 1 else tuple(dict.fromkeys(row)) for row in labels]
    values = sorted({encode_term(label) for row in distinct for label in row})
    code_of = {decode_term(value): code for code, value in enumerate(values)}
    if all(len(row) <= 1 for row in distinct):
        codes = np.array([code_of[row[0]] if row else -1 for row in distinct], np.int32)
        return LabelColumn(values, codes, None)
    codes = np.array([code_of[label] for row in distinct for label in row], np.int32)
    return LabelColumn(values, codes, find_starts(list(map(len, distinct))))


@dataclass(slots=True)
class ByteRuns:
    """A run of bytes for each document. ``pieces``: uint8, the runs one after another.
    ``offsets``: D + 1 int64, the start of each run and the end of the last.
    """

    pieces: Iterable[Array]
    offsets: Array

    @classmethod
    def measure(cls, pieces: Iterable[Array], lengths: Sequence[Array]) -> ByteRuns:
        """The runs with these ``lengths``, in consecutive arrays."""
        return cls(pieces, find_starts(np.concatenate(lengths) if lengths else []))

    def write(self, out: ContainerWriter, name: str) -> None:
        out.add_chunks(name, self.pieces, np.uint8)
        out.add(f"{name}.offsets", self.offsets)


@dataclass(slots=True)
class SegmentContents:
    """The contents of a segment file; ``D`` documents. See docs/index-format.md."""

    ids: Sequence[bytes]
    fingerprints: Array  # D uint64
    title_lengths: Array  # D int32, tokens
    body_lengths: Array  # D int32, tokens
    lead_lengths: Array  # D int32, tokens
    days: Array  # D int32, NO_DAY if undated
    seconds: Array  # D int64, NO_SECOND if undated
    sketches: Sketches
    labels: Mapping[str, LabelColumn]
    values: Mapping[str, Array]  # D float64 each, NaN if a document has none
    stored: ByteRuns  # a zstd frame of each article as JSON
    summaries: ByteRuns  # a zstd frame of each article's summary as JSON
    dictionaries: Sequence[bytes]  # zstd dictionaries that the frames refer to by id
    starts: ByteRuns  # see inverting.encode_starts
    exact: Callable[[], PackedLists]  # both forms are called once, in two threads, so that both
    stems: Callable[[], PackedLists]  # are made while what precedes them is written
    lower_counts: Array  # V int32, per exact term
    capital_counts: Array  # V int32, per exact term
    stem_of: Array  # V int32: the stem number of each exact term
    evidence: Sequence[tuple[str, str, str, int]]


def hash_id(article_id: bytes) -> int:
    """64 bits of an article id, the same on every machine and in every process."""
    return int.from_bytes(blake2b(article_id, digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Origin:
    """A segment file's provenance: its index, its own name, and the first generation meant to
    contain it.
    """

    index: str
    segment: str
    generation: int


def write_segment(path: Path, contents: SegmentContents, origin: Origin) -> bytes:
    """Write ``contents`` to a new file at ``path``; the commit flushes it to disk.

    Returns the digest of the file, see ``Container.digest``.
    """
    meta = {
        **asdict(origin),
        "documents": len(contents.ids),
        "labels": list(contents.labels),
        "values": list(contents.values),
        "dictionaries": [len(dictionary) for dictionary in contents.dictionaries],
    }
    hashes = np.array([hash_id(one) for one in contents.ids], np.uint64)
    by_hash = np.argsort(hashes, kind="stable")
    with ThreadPoolExecutor(1) as beside, ContainerWriter(path, meta) as out:
        exact = beside.submit(contents.exact)
        JoinedStrings.join(contents.ids).write(out, "ids")
        out.add("id_hashes", hashes[by_hash])
        out.add("id_hash_documents", by_hash.astype(np.uint32))
        out.add("fingerprints", contents.fingerprints.astype(np.uint64))
        out.add("title_lengths", contents.title_lengths.astype(np.int32))
        out.add("body_lengths", contents.body_lengths.astype(np.int32))
        out.add("lead_lengths", contents.lead_lengths.astype(np.int32))
        out.add("days", contents.days.astype(np.int32))
        out.add("seconds", contents.seconds.astype(np.int64))
        out.add("copies.texts", contents.sketches.texts.ravel())
        out.add("copies.figures", contents.sketches.figures.ravel())
        out.add("copies.pairs", find_copies(contents.sketches).ravel())
        for facet, column in contents.labels.items():
            JoinedStrings.join(column.values).write(out, f"labels.{facet}.values")
            out.add(f"labels.{facet}.codes", column.codes)
            if column.offsets is not None:
                out.add(f"labels.{facet}.offsets", column.offsets)
        for name, values in contents.values.items():
            out.add(f"values.{name}", values.astype(np.float64))
        by_stem, form_offsets = _write_stems(out, contents)
        out.add("stem.forms", by_stem)
        out.add("stem.form_offsets", form_offsets)
        exact.result().write(out, Form.EXACT)
        out.add("exact.lower_counts", contents.lower_counts.astype(np.int32))
        out.add("exact.capital_counts", contents.capital_counts.astype(np.int32))
        out.add("exact.stem_of", contents.stem_of.astype(np.int32))
        contents.starts.write(out, "starts")
        out.add("dictionaries", b"".join(contents.dictionaries))
        contents.stored.write(out, "stored")
        contents.summaries.write(out, "summaries")
        out.add("evidence", orjson.dumps(list(contents.evidence)))
    return out.digest


def _write_stems(out: ContainerWriter, contents: SegmentContents) -> tuple[Array, Array]:
    """Write the posting lists of the stems; return the exact terms of each, see
    :func:`group_forms`.
    """
    stems = contents.stems()
    stems.write(out, Form.STEM)
    return group_forms(contents.stem_of, len(stems.terms))


def group_forms(stem_of: Array, stems: int) -> tuple[Array, Array]:
    """(int32, the numbers of the exact terms, ordered by their stem; int64, where those of each
    stem start).
    """
    forms = np.argsort(stem_of, kind="stable").astype(np.int32)
    return forms, find_starts(np.bincount(stem_of, minlength=stems))
