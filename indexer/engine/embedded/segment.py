"""One segment, opened for reading: typed, verified access to the arrays of its file.

Posting arrays are handed to compiled loops whole, with the bounds of the run to read; bounds
come from :meth:`PostingReader.bounds`, which verifies that run first.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from indexer.engine.base import Form
from indexer.engine.embedded.build_kernels import POSITION_SAMPLE
from indexer.engine.embedded.compression import ArticleExpander
from indexer.engine.embedded.container import Container
from indexer.engine.embedded.contents import hash_id
from indexer.engine.embedded.strings import Strings, encode_term
from indexer.errors import IndexCorrupt

Array = npt.NDArray[Any]


class PostingReader:
    """The posting lists of one form in one segment."""

    def __init__(self, container: Container, form: str) -> None:
        self.terms = Strings(container, f"{form}.terms")
        self.offsets: Array = container[f"{form}.offsets"].all()
        self._section = container[f"{form}.postings"]
        self.postings: Array = self._section.values

    def find(self, term: str) -> int:
        """The number of ``term``, or -1."""
        return self.terms.find(encode_term(term))

    def bounds(self, term: int) -> tuple[int, int]:
        """(low, high) of the postings of term number ``term``, verified."""
        return self.range_bounds(term, term + 1)

    def range_bounds(self, first: int, end: int) -> tuple[int, int]:
        """(low, high) of the postings of terms ``first`` to ``end`` (exclusive), verified."""
        low, high = int(self.offsets[first]), int(self.offsets[end])
        self._section.touch(low, high)
        return low, high

    def touch_runs(self, terms: Array) -> tuple[Array, Array]:
        """(lows, highs) of the postings of many terms, verified; those without any left out."""
        lows, highs = self.offsets[terms], self.offsets[terms + 1]
        some = highs > lows
        lows, highs = lows[some], highs[some]
        self._section.touch_runs(lows, highs)
        return lows, highs

    def touch_all(self) -> None:
        """Verify every posting; before reading them all."""
        self._section.all()


class LabelReader:
    """The labels of one facet in one segment. ``offsets`` is ``None`` for single labels."""

    def __init__(self, container: Container, facet: str) -> None:
        self.values = Strings(container, f"labels.{facet}.values")
        self.codes: Array = container[f"labels.{facet}.codes"].all()
        name = f"labels.{facet}.offsets"
        self.offsets: Array | None = container[name].all() if name in container else None

    def documents_with(self, code: int) -> Array:
        """Numbers of the documents that have the label ``code``, ascending."""
        rows = np.flatnonzero(self.codes == code)
        if self.offsets is None:
            return rows
        return np.searchsorted(self.offsets, rows, side="right") - 1


class SegmentData:
    """An opened segment file. Safe for several threads; nothing here changes after opening."""

    def __init__(self, path: Path) -> None:
        container = self.container = Container(path)
        self.document_count: int = container.meta["documents"]
        self.title_lengths: Array = container["title_lengths"].all()
        self.body_lengths: Array = container["body_lengths"].all()
        self.lead_lengths: Array = container["lead_lengths"].all()
        self.days: Array = container["days"].all()
        self.seconds: Array = container["seconds"].all()
        self.exact = PostingReader(container, "exact")
        self.stems = PostingReader(container, "stem")
        self.labels = {facet: LabelReader(container, facet) for facet in container.meta["labels"]}
        self.title_tokens = int(self.title_lengths.sum(dtype=np.int64))
        self.body_tokens = int(self.body_lengths.sum(dtype=np.int64))

    def postings(self, form: Form) -> PostingReader:
        return self.exact if form == Form.EXACT else self.stems

    # --- documents

    @cached_property
    def ids(self) -> Strings:
        return Strings(self.container, "ids")

    @cached_property
    def fingerprints(self) -> Array:
        return self.container["fingerprints"].all()

    @cached_property
    def id_hashes(self) -> tuple[Array, Array]:
        """(uint64 hashes of the ids, ascending; uint32 the number of each one's document)."""
        return self.container["id_hashes"].all(), self.container["id_hash_documents"].all()

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

    def stored(self, document: int) -> bytes:
        """The document's article as JSON. Raises IndexCorrupt where its bytes are damaged."""
        low, high = self.container["stored.offsets"].slice(document, document + 2).tolist()
        section = self.container["stored"]
        try:
            return self._expander.expand(section.slice(low, high).tobytes())
        except IndexCorrupt as damage:
            # The frame has a checksum of its own: what is damaged may be its neighbour on the page.
            try:
                return self._expander.expand(section.values[low:high].tobytes())
            except IndexCorrupt:
                raise damage from None

    def verify_stored(self, documents: Array) -> None:
        """Raise IndexCorrupt where the article of any of ``documents`` is damaged."""
        offsets = self.container["stored.offsets"].all()
        try:
            self.container["stored"].touch_runs(offsets[documents], offsets[documents + 1])
        except IndexCorrupt:
            for document in documents.tolist():
                self.stored(document)

    def verify_starts(self, documents: Array) -> None:
        """Raise IndexCorrupt where the token starts of any of ``documents`` are damaged."""
        offsets = self.container["starts.offsets"].all()
        lows, highs = offsets[documents], offsets[documents + 1]
        some = highs > lows
        self.container["starts"].touch_runs(lows[some], highs[some])

    def encoded_starts(self, document: int) -> Array:
        """The document's run of :func:`.build_kernels.encode_starts`: uint8."""
        low, high = self.container["starts.offsets"].slice(document, document + 2).tolist()
        return self.container["starts"].slice(low, high)

    # --- terms

    @cached_property
    def lower_counts(self) -> Array:
        return self.container["exact.lower_counts"].all()

    @cached_property
    def capital_counts(self) -> Array:
        return self.container["exact.capital_counts"].all()

    @cached_property
    def stem_of(self) -> Array:
        return self.container["exact.stem_of"].all()

    @cached_property
    def _forms(self) -> tuple[Array, Array]:
        return self.container["stem.forms"].all(), self.container["stem.form_offsets"].all()

    def forms_of(self, stem: int) -> Array:
        """int32: numbers of the exact terms that have the stem number ``stem``, ascending."""
        forms, offsets = self._forms
        return forms[offsets[stem] : offsets[stem + 1]]

    @cached_property
    def position_samples(self) -> Array:
        return self.container["exact.position_samples"].all()

    @property
    def positions(self) -> Array:
        """uint16 or uint32, unverified: call :meth:`touch_positions` for the postings to read."""
        return self.container["exact.positions"].values

    def touch_positions(self, low: int, high: int) -> None:
        """Verify the positions of the exact postings ``low`` to ``high`` (end exclusive)."""
        samples = self.position_samples
        first = int(samples[low // POSITION_SAMPLE])
        last = int(samples[min(-(-high // POSITION_SAMPLE), len(samples) - 1)])
        self.container["exact.positions"].touch(first, last)

    def touch_all_positions(self, lows: Array, highs: Array) -> None:
        """As :meth:`touch_positions` for many runs of postings, none of them empty."""
        samples = self.position_samples
        firsts = samples[lows // POSITION_SAMPLE]
        lasts = samples[np.minimum(-(-highs // POSITION_SAMPLE), len(samples) - 1)]
        self.container["exact.positions"].touch_runs(firsts, lasts)

    @cached_property
    def evidence(self) -> list[tuple[str, str, str, int]]:
        rows = orjson.loads(self.container["evidence"].all().tobytes())
        return [(kind, key, value, count) for kind, key, value, count in rows]
