"""How does Whoosh read our segments? Its own searcher can answer from the same index.

Nothing in the product's own search path goes through here. It keeps the index a Whoosh index
(``whoosh.index.open_dir`` opens it) and gives the tests an independent oracle.

Whoosh's fields, as :func:`new_table.build_whoosh_schema` declares them: ``title`` and ``body`` hold
exact terms, ``title_stem`` and ``body_stem`` stems, ``id`` article ids, each label facet its
labels, ``published_at`` days as ``2022-07-20``. Segments are written by our own writer only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import orjson
from whoosh.codec.base import Codec, FieldCursor, PerDocumentReader, TermsReader
from whoosh.formats import Positions
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from indexer.engine.base import Form
from indexer.engine.embedded.contents import NO_DAY
from indexer.engine.embedded.packed_posting import body_counts_of, documents_of, title_counts_of
from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.segment_entry import SegmentEntry
from indexer.schema import DATE_FACET, LABEL_FACETS

_TEXT_FIELDS: dict[str, tuple[Form, bool]] = {
    "title": (Form.EXACT, True),
    "body": (Form.EXACT, False),
    "title_stem": (Form.STEM, True),
    "body_stem": (Form.STEM, False),
}


class PackedCodec(Codec):  # type: ignore[misc]
    """Reads packed segments for Whoosh."""

    def terms_reader(self, storage: Any, segment: SegmentEntry) -> PackedTermsReader:
        return PackedTermsReader(open_segment(storage, segment))

    def per_document_reader(self, storage: Any, segment: SegmentEntry) -> PackedPerDocumentReader:
        return PackedPerDocumentReader(open_segment(storage, segment), segment)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise NotImplementedError(
            "Packed segments are written by searchsvc's own writer: run `searchsvc index`."
        )

    per_document_writer = field_writer = postings_writer = new_segment = _refuse


def open_segment(storage: Any, segment: SegmentEntry) -> SegmentData:
    """The segment's data, from the folder of Whoosh's file storage."""
    return SegmentData(Path(storage.folder) / segment.file_name)


class PackedTermsReader(TermsReader):  # type: ignore[misc]
    """Terms and postings of one segment, field by field."""

    def __init__(self, data: SegmentData) -> None:
        self._data = data
        self._fields: dict[str, _Field] = {
            name: _TextField(data, form, in_title=in_title)
            for name, (form, in_title) in _TEXT_FIELDS.items()
        }
        self._fields.update({facet: _LabelField(data, facet) for facet in LABEL_FACETS})
        self._fields[DATE_FACET] = _DayField(data)
        self._fields["id"] = _IdField(data)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        name, text = term
        return name in self._fields and len(self._fields[name].postings(text)[0]) > 0

    def indexed_field_names(self) -> list[str]:
        return sorted(self._fields)

    def cursor(self, fieldname: str, fieldobj: Any) -> _Cursor:
        return _Cursor(list(self._terms_of(fieldname)), fieldobj, self, fieldname)

    def _terms_of(self, name: str, start: bytes = b"") -> Iterator[bytes]:
        for term in self._fields[name].terms():
            if term >= start and len(self._fields[name].postings(term)[0]):
                yield term

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return ((name, term) for name in sorted(self._fields) for term in self._terms_of(name))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in sorted(self._fields):
            if name >= fieldname:
                start = prefix if name == fieldname else b""
                for term in self._terms_of(name, start):
                    yield name, term

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        if fieldname not in self._fields:
            raise TermNotFound(f"{fieldname}:{text!r}")
        field = self._fields[fieldname]
        documents, weights = field.postings(text)
        if len(documents) == 0:
            raise TermNotFound(f"{fieldname}:{text!r}")
        lengths = field.lengths(documents)
        return TermInfo(
            weight=float(weights.sum()),
            df=len(documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:
        info = self.term_info(fieldname, text)
        field = self._fields[fieldname]
        documents, weights = field.postings(text)
        return PackedMatcher(
            documents.tolist(),
            weights.astype(float).tolist(),
            format_,
            scorer,
            (fieldname, text),
            info,
            lambda index: field.positions(text, int(documents[index])),
        )

    def close(self) -> None:
        """Only the mapped file is open."""


class PackedMatcher(ListMatcher):  # type: ignore[misc]
    """A list matcher whose positions are looked up only when asked for."""

    def __init__(
        self,
        documents: list[int],
        weights: list[float],
        format_: Any,
        scorer: Any,
        term: tuple[str, bytes],
        info: TermInfo,
        find_positions: Callable[[int], list[int]],
    ) -> None:
        super().__init__(
            documents, weights=weights, format=format_, scorer=scorer, term=term, terminfo=info
        )
        self._find_positions = find_positions

    def copy(self) -> PackedMatcher:
        twin = PackedMatcher(
            self._ids,
            self._weights,
            self._format,
            self._scorer,
            self._term,
            self._terminfo,
            self._find_positions,
        )
        twin._i = self._i
        return twin

    def supports(self, astype: str) -> bool:
        return bool(self._format.supports(astype))

    def value(self) -> bytes:
        positions = self._find_positions(self._i)
        return bytes(self._format.encode(positions)) if isinstance(self._format, Positions) else b""

    def value_as(self, astype: str) -> Any:
        if astype == "positions":
            return self._find_positions(self._i)
        if astype == "frequency":
            return int(self.weight())
        return self._format.decoder(astype)(self.value())


class _Field:
    """One Whoosh field in one segment."""

    def __init__(self, data: SegmentData) -> None:
        self._data = data

    def terms(self) -> Iterator[bytes]:
        """Terms in byte order; some may have no postings in this field."""
        raise NotImplementedError

    def postings(self, text: bytes) -> tuple[Any, Any]:
        """(document numbers ascending, weights)."""
        raise NotImplementedError

    def lengths(self, documents: Any) -> Any:
        """Field length of each document; 1 if the field is not text."""
        return np.ones(len(documents), np.int32)

    def positions(self, text: bytes, document: int) -> list[int]:
        return [0]


class _TextField(_Field):
    def __init__(self, data: SegmentData, form: Form, *, in_title: bool) -> None:
        super().__init__(data)
        self._form = form
        self._in_title = in_title

    def terms(self) -> Iterator[bytes]:
        return iter(self._data.postings(self._form).terms)

    def postings(self, text: bytes) -> tuple[Any, Any]:
        reader = self._data.postings(self._form)
        number = reader.terms.find(text)
        if number < 0:
            return np.empty(0, np.int64), np.empty(0)
        postings = reader.postings.read(*reader.bounds(number))
        counts = title_counts_of(postings) if self._in_title else body_counts_of(postings)
        present = counts > 0
        return documents_of(postings)[present], counts[present]

    def lengths(self, documents: Any) -> Any:
        data = self._data
        return (data.title_lengths if self._in_title else data.body_lengths)[documents]

    def positions(self, text: bytes, document: int) -> list[int]:
        from indexer.engine.base import Term, Word
        from indexer.engine.embedded.occurrences import find_occurrences
        from indexer.engine.embedded.resolve import SegmentResolver

        word = Word("", (Term(text.decode(), self._form),))
        found = find_occurrences(SegmentResolver(self._data), document, [word])
        return [one.position for one in found if one.in_title == self._in_title]


class _LabelField(_Field):
    def __init__(self, data: SegmentData, facet: str) -> None:
        super().__init__(data)
        self._labels = data.labels[facet]

    def terms(self) -> Iterator[bytes]:
        return iter(self._labels.values)

    def postings(self, text: bytes) -> tuple[Any, Any]:
        code = self._labels.find(text)
        documents = self._labels.documents_with(code) if code >= 0 else np.empty(0, np.int64)
        return documents, np.ones(len(documents))


class _DayField(_Field):
    def terms(self) -> Iterator[bytes]:
        days = np.unique(self._data.days[self._data.days != NO_DAY]).astype("datetime64[D]")
        return (text.encode() for text in np.datetime_as_string(days).tolist())

    def postings(self, text: bytes) -> tuple[Any, Any]:
        try:
            day = np.datetime64(text.decode(), "D").astype(np.int64)
        except ValueError:
            return np.empty(0, np.int64), np.empty(0)
        documents = np.flatnonzero(self._data.days == day)
        return documents, np.ones(len(documents))


class _IdField(_Field):
    def terms(self) -> Iterator[bytes]:
        return iter(sorted(self._data.ids))

    def postings(self, text: bytes) -> tuple[Any, Any]:
        number = self._data.find(text)
        documents = np.array([number] if number >= 0 else [], np.int64)
        return documents, np.ones(len(documents))


class _Cursor(FieldCursor):  # type: ignore[misc]
    """Walks the terms of one field in order, as Whoosh's fuzzy queries do."""

    def __init__(
        self, terms: list[bytes], fieldobj: Any, reader: PackedTermsReader, name: str
    ) -> None:
        self._terms = terms
        self._field = fieldobj
        self._reader = reader
        self._name = name
        self._at = 0

    def is_valid(self) -> bool:
        return self._at < len(self._terms)

    def text(self) -> str | None:
        if not self.is_valid():
            return None
        return str(self._field.from_bytes(self._terms[self._at]))

    def first(self) -> str | None:
        self._at = 0
        return self.text()

    def find(self, string: str | bytes) -> str | None:
        from bisect import bisect_left

        wanted = string if isinstance(string, bytes) else self._field.to_bytes(string)
        self._at = bisect_left(self._terms, wanted)
        return self.text()

    def next(self) -> str | None:
        self._at += 1
        return self.text()

    def term_info(self) -> TermInfo | None:
        return (
            self._reader.term_info(self._name, self._terms[self._at]) if self.is_valid() else None
        )


class PackedPerDocumentReader(PerDocumentReader):  # type: ignore[misc]
    """Stored articles, lengths and deletions of one segment."""

    def __init__(self, data: SegmentData, segment: SegmentEntry) -> None:
        self._data = data
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._segment.deleted_docs()

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        stored = orjson.loads(self._data.stored(docnum))
        return {name: value for name, value in stored.items() if value not in ("", [])}

    def _lengths(self, fieldname: str) -> Any:
        if fieldname not in _TEXT_FIELDS:
            return np.zeros(self._data.document_count, np.int32)
        in_title = _TEXT_FIELDS[fieldname][1]
        return self._data.title_lengths if in_title else self._data.body_lengths

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self._lengths(fieldname)[docnum]) if fieldname in _TEXT_FIELDS else default

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).min()) if self._data.document_count else 0

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).max()) if self._data.document_count else 0
