"""How do batches become committed generations? The embedded engine's writer."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.durable_file import flush_to_disk
from indexer.engine.base import AnalysedBatch, AnalysedDocument, Written
from indexer.engine.embedded.build import SegmentBuilder
from indexer.engine.embedded.contents import Origin, SegmentContents, write_segment
from indexer.engine.embedded.id_table import IdTable
from indexer.engine.embedded.merge import merge_segments
from indexer.engine.embedded.merge_policy import choose_merges
from indexer.engine.embedded.restemming import find_latest_stems, has_others
from indexer.engine.embedded.segment import SegmentData, open_segment
from indexer.engine.embedded.strings import encode_term, encode_terms
from indexer.engine.embedded.whoosh.catalog import Catalog, Generation
from indexer.engine.embedded.whoosh.lock import WriterLock
from indexer.engine.embedded.whoosh.segment import PackedSegment
from indexer.engine.embedded.whoosh.table import INDEX_NAME
from indexer.errors import (
    IndexCorrupt,
    IndexerError,
    IndexNotConfirmed,
    IndexNotWritten,
    IndexTakenOver,
    IndexUnreadable,
)
from indexer.freed_memory import give_back_memory

Array = npt.NDArray[Any]

#: A segment is written once this many tokens are buffered, while as many more are; some 40 bytes of
#: memory each, articles included, 20 of them only during the build.
FLUSH_TOKENS = 4_000_000


class _OpenSegment:
    """A segment in the writer's working state, with its data opened when first needed.

    ``data`` is the writer's: opened segments by file name. ``index``: the index's identity.
    """

    def __init__(
        self, folder: Path, index: str, segment: PackedSegment, data: dict[str, SegmentData]
    ) -> None:
        self.segment = segment
        self._folder = folder
        self._index = index
        self._opened = data
        self.deleted = set(segment.deleted_docs())

    @property
    def data(self) -> SegmentData:
        """Raises IndexCorrupt, IndexUnreadable."""
        path = self._folder / self.segment.file_name
        if path.name not in self._opened:
            try:
                self._opened[path.name] = open_segment(self._folder, self.segment, self._index)
            except OSError as error:
                raise IndexUnreadable(str(path), error.strerror or str(error)) from error
        return self._opened[path.name]

    def holds(self, number: int, fingerprint: bytes) -> bool:
        """Whether the document is the very article with this fingerprint."""
        try:
            if self.data.fingerprints[number].tobytes() != fingerprint:
                return False
            self.data.stored(number)
            self.data.summary(number)
        except IndexCorrupt:
            # An article that can no longer be read is repaired by the given one.
            return False
        return True

    def settle(self) -> PackedSegment:
        """The segment with the writer's deletions applied."""
        if len(self.deleted) != self.segment.deleted_count():
            self.segment.delete_documents(np.array(sorted(self.deleted), np.uint32))
        return self.segment


class _Buffer:
    """Documents that are not yet in a file."""

    def __init__(self, dictionary: bytes | None) -> None:
        self.builder = SegmentBuilder(dictionary)
        #: The number of the last document added with each id.
        self._numbers: dict[bytes, int] = {}
        self._fingerprints: list[bytes] = []
        self.deleted: set[int] = set()

    def add(self, batch: AnalysedBatch, keep: Array, ids: Sequence[bytes]) -> None:
        """Add the documents of ``batch`` for which ``keep`` (D bool) is true; ``ids``: of all."""
        first = self.builder.add(batch, keep)
        for number, index in enumerate(np.flatnonzero(keep).tolist(), first):
            self._numbers[ids[index]] = number
            self._fingerprints.append(batch.documents[index].fingerprint)

    def find_live(self, article_id: bytes) -> int | None:
        """The number of the document with this id."""
        number = self._numbers.get(article_id)
        return None if number in self.deleted else number

    def holds(self, number: int, fingerprint: bytes) -> bool:
        """Whether the document is the very article with this fingerprint."""
        return self._fingerprints[number] == fingerprint


#: Where a document is, and its number there.
_Place = tuple[_OpenSegment | _Buffer, int]


class _SegmentList(list[_OpenSegment]):
    """Open segments in order, with a lookup of articles among them."""

    def __init__(self, segments: Iterable[_OpenSegment] = ()) -> None:
        super().__init__(segments)
        self._table = IdTable()
        self._tabled = 0

    def find_all_live(self, ids: Sequence[bytes]) -> list[_Place | None]:
        """For each id the segment with the live article, and its number there."""
        for opened in self[self._tabled :]:
            self._table.add(opened.data)
        self._tabled = len(self)
        return [self._choose_live(occurrences) for occurrences in self._table.find_all(ids)]

    def _choose_live(self, occurrences: Iterable[tuple[int, int]]) -> _Place | None:
        for which, number in occurrences:
            if number not in self[which].deleted:
                return self[which], number
        return None


def _describe(error: Exception) -> str:
    """Why something failed, in the system's words if the error is the system's."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)


def _holds(place: _Place | None, fingerprint: bytes) -> bool:
    """Whether the very article with this fingerprint is there."""
    if place is None:
        return False
    holder, number = place
    return holder.holds(number, fingerprint)


def _delete_at(place: _Place | None) -> bool:
    """Delete the document there; return whether there is one."""
    if place is None:
        return False
    holder, number = place
    holder.deleted.add(number)
    return True


class EmbeddedWriter:
    """See :class:`indexer.engine.base.Writer`. Created by ``EmbeddedEngine.writer``."""

    def __init__(
        self, folder: Path, *, flush_tokens: int | None = None, wait_s: float = 0.0
    ) -> None:
        self._folder = folder
        self._flush_tokens = FLUSH_TOKENS if flush_tokens is None else flush_tokens
        self._catalog = Catalog(folder)
        self._data: dict[str, SegmentData] = {}
        #: Whether the last commit postponed merges.
        self._put_off = False
        #: Names of segment files that are damaged where a merge would read them.
        self._damaged: set[str] = set()
        self._merge_problem = ""
        #: Names of the segment files written since the last commit without ``more``, and the stems
        #: that terms have by now.
        self._own: set[str] = set()
        self._stems: dict[bytes, bytes] = {}
        self._written: Written | None = None
        self._thread = ThreadPoolExecutor(1)
        self._lock = WriterLock(folder)
        self._lock.acquire(wait_s=wait_s)
        try:
            generation = self._catalog.read()
            #: The highest number of any table: not even a damaged one's is reused.
            self._greatest = self._catalog.latest_number() or 0
            self._start_from(generation)
            # A writer that died may have left files behind.
            self._catalog.remove_leftovers(self._committed)
        except BaseException:
            self._lock.release()
            raise

    def _start_from(self, generation: Generation) -> None:
        """Make ``generation`` the committed one, without changes since."""
        self._committed = generation
        names = {segment.file_name for segment in generation.segments}
        self._data = {name: data for name, data in self._data.items() if name in names}
        self._begin(generation.segments)
        self._optimize = False

    def _begin(self, segments: list[PackedSegment]) -> None:
        """Start from ``segments``, with nothing added or deleted."""
        # Copies: deletions must not affect the committed generation before the commit.
        self._segments = _SegmentList(self._open(one.copy()) for one in segments)
        self._buffer: _Buffer | None = None
        #: The buffer that is being written beside, and the segment that it becomes.
        self._flushed: tuple[_Buffer, Future[PackedSegment]] | None = None
        #: Ids added, replaced or deleted since the commit: id -> (whether the commit has it,
        #: whether it is in the index now).
        self._touched: dict[bytes, tuple[bool, bool]] = {}
        self._unchanged: set[bytes] = set()
        self._forgot_all = False

    def _open(self, segment: PackedSegment) -> _OpenSegment:
        return _OpenSegment(self._folder, self._committed.index, segment, self._data)

    # --- changes

    def add(self, batch: AnalysedBatch) -> None:
        with self._explain_refusals():
            self._finish_flush(wait=False)
        ids = [encode_term(document.article.id) for document in batch.documents]
        last = {article_id: number for number, article_id in enumerate(ids)}
        keep = np.zeros(len(ids), np.bool_)
        places = dict(zip(last, self._find_all(list(last)), strict=True))
        for article_id, number in last.items():
            if _holds(places[article_id], batch.documents[number].fingerprint):
                self._unchanged.add(article_id)
            else:
                keep[number] = True
        if not batch.documents:
            stems = zip(encode_terms(batch.vocabulary), encode_terms(batch.stems), strict=True)
            self._stems.update(stems)
        if not keep.any():
            return
        if self._stems:
            for term in encode_terms(batch.vocabulary):
                self._stems.pop(term, None)
        if self._buffer is None:
            self._buffer = _Buffer(self._find_dictionary())
        self._buffer.add(batch, keep, ids)
        for index in np.flatnonzero(keep).tolist():
            stood = _delete_at(places[ids[index]])
            self._touch(ids[index], stood=stood, stays=True)
        if self._buffer.builder.token_count >= self._flush_tokens:
            with self._explain_refusals():
                self._flush()

    def _find_dictionary(self) -> bytes | None:
        """The zstd dictionary that the newest articles were compressed with."""
        if self._flushed is not None and self._flushed[0].builder.dictionary is not None:
            return self._flushed[0].builder.dictionary
        for opened in reversed(self._segments):
            if opened.data.dictionaries:
                return opened.data.dictionaries[-1]
        return None

    @contextmanager
    def _explain_refusals(self) -> Iterator[None]:
        """Raise IndexNotWritten if the system refuses to write."""
        try:
            yield
        except (OSError, MemoryError) as error:
            raise IndexNotWritten(str(self._folder), _describe(error)) from error

    def skip_unchanged(self, documents: Sequence[AnalysedDocument]) -> list[bool]:
        ids = [encode_term(document.article.id) for document in documents]
        unchanged = [
            _holds(place, document.fingerprint)
            for place, document in zip(self._find_all(ids), documents, strict=True)
        ]
        self._unchanged.update(compress(ids, unchanged))
        return unchanged

    def _find_all(self, ids: Sequence[bytes]) -> list[_Place | None]:
        """Where the live article with each id is."""
        places = self._segments.find_all_live(ids)
        for buffer in (self._flushed and self._flushed[0], self._buffer):
            if buffer is not None:
                numbers = map(buffer.find_live, ids)
                places = [
                    place if number is None else (buffer, number)
                    for place, number in zip(places, numbers, strict=True)
                ]
        return places

    def _touch(self, article_id: bytes, *, stood: bool, stays: bool) -> None:
        """Record that an article was changed; ``stood``: whether it existed before. Unless
        something had touched it since the commit, it then was in the commit.
        """
        before = self._touched.get(article_id)
        self._touched[article_id] = (stood if before is None else before[0]), stays

    def delete(self, article_ids: Iterable[str]) -> int:
        deleted = 0
        ids = list(dict.fromkeys(map(encode_term, article_ids)))
        for article_id, place in zip(ids, self._find_all(ids), strict=True):
            if _delete_at(place):
                self._touch(article_id, stood=True, stays=False)
                deleted += 1
        return deleted

    def delete_all(self) -> None:
        if self._flushed is not None and self._flushed[1].exception() is None:
            self._finish_flush()
        committed = {segment.file_name for segment in self._committed.segments}
        for opened in self._segments:
            if opened.segment.file_name not in committed:
                (self._folder / opened.segment.file_name).unlink(missing_ok=True)
        self._begin([])
        self._forgot_all = True

    def optimize(self) -> None:
        self._optimize = True

    # --- committing

    @property
    def committed(self) -> Written | None:
        return self._written

    def commit(self, *, more: bool = False, note: str = "") -> Written:
        with self._explain_refusals():
            return self._commit(more, note)

    def _commit(self, more: bool, note: str) -> Written:
        self._flush()
        self._finish_flush()
        changed = bool(self._touched) or self._forgot_all
        tidy = self._optimize or (self._put_off and not more)
        if not changed and not tidy:
            self._written = self._count_changes(self._committed.number)
            self._start_from(self._committed)
            # An earlier run may have ended before its commit was confirmed.
            self._catalog.confirm(self._committed)
            return self._written
        self._merge_problem = ""
        merged = self._merge_all(more)
        generation = Generation(
            self._greatest + 1,
            [opened.settle() for opened in merged],
            self._committed.index,
            note or self._committed.note,
        )
        written = replace(self._count_changes(generation.number), put_off=self._merge_problem)
        self._refuse_if_taken_over()
        try:
            self._catalog.commit(generation)
        except IndexNotConfirmed:
            self._accept(generation, written, put_off=more)
            raise
        except BaseException:
            # Although interrupted or refused, it may have succeeded.
            if self._catalog.has_committed(generation):
                self._accept(generation, written, put_off=more)
            raise
        self._accept(generation, written, put_off=more)
        return written

    def _accept(self, generation: Generation, written: Written, *, put_off: bool) -> None:
        """Continue from ``generation``, which is now the newest."""
        self._written = written
        self._greatest = generation.number
        self._start_from(generation)
        self._put_off = put_off
        if not put_off:
            self._own.clear()
            self._stems.clear()

    def _refuse_if_taken_over(self) -> None:
        """Raise IndexTakenOver if this writer may no longer be the only one.

        Removing the lock lets a second writer in, which deletes what this one has written.
        """
        self._lock.check()
        newest = self._catalog.latest_number()
        if newest != self._committed.number:
            raise IndexTakenOver(str(self._folder), f"its newest generation is {newest}")

    def _count_changes(self, number: int) -> Written:
        """What this commit, as generation ``number``, changes relative to the committed one, by
        article id.
        """
        before = _SegmentList(map(self._open, self._committed.segments))
        stood = [stood for stood, _ in self._touched.values()]
        if self._forgot_all:
            stood = [place is not None for place in before.find_all_live(list(self._touched))]
        added = updated = deleted = 0
        for was_there, (_, stays) in zip(stood, self._touched.values(), strict=True):
            added += stays and not was_there
            updated += stays and was_there
            deleted += was_there and not stays
        if self._forgot_all:
            deleted = sum(opened.segment.doc_count() for opened in before) - updated
        unchanged = len(self._unchanged - self._touched.keys())
        return Written(number, added, updated, unchanged, deleted)

    def _flush(self) -> None:
        """Begin to write the buffer as a segment that the next commit will name. At most one is
        written beside what follows, to bound memory.
        """
        if self._buffer is None:
            return
        self._finish_flush()
        builder = self._buffer.builder
        builder.train_dictionary()
        writing = self._thread.submit(self._write_buffer, builder, self._stems.copy())
        self._flushed = self._buffer, writing
        self._buffer = None

    def _write_buffer(self, builder: SegmentBuilder, stems: Mapping[bytes, bytes]) -> PackedSegment:
        """Runs in a thread of its own."""
        if builder.is_large:
            give_back_memory()
        contents = builder.build(stems)
        if builder.is_large:
            give_back_memory()
        segment = self._write(contents)
        del contents
        if builder.is_large:
            give_back_memory()
        return segment

    def _finish_flush(self, *, wait: bool = True) -> None:
        """Take over the segment being written, if one is; without ``wait``, only if it is complete.
        Whatever writing it raised is raised now, and again by every later call.
        """
        if self._flushed is None or not (wait or self._flushed[1].done()):
            return
        buffer, writing = self._flushed
        opened = self._open(writing.result())
        self._own.add(opened.segment.file_name)
        opened.deleted = buffer.deleted
        self._segments.append(opened)
        self._flushed = None

    def _write(self, contents: SegmentContents) -> PackedSegment:
        segment = PackedSegment(INDEX_NAME, len(contents.ids))
        origin = Origin(self._committed.index, segment.segid, self._greatest + 1)
        segment.set_digest(write_segment(self._folder / segment.file_name, contents, origin))
        return segment

    def _merge_all(self, more: bool) -> list[_OpenSegment]:
        """All segments after the merges that the policy requires; at the last commit, those of this
        writer with the same stems.
        """
        if more:
            return self._merge(self._segments, more)
        try:
            own = [one for one in self._segments if one.segment.file_name in self._own]
            if len(own) > 1:
                self._stems = find_latest_stems([one.data for one in own]) | self._stems
        except (IndexCorrupt, IndexUnreadable, MemoryError) as error:
            self._note_problem(error)
        return [self._restem(one) or one for one in self._merge(self._segments, more)]

    def _restem(self, opened: _OpenSegment) -> _OpenSegment | None:
        """The segment with the latest stems, or ``None`` if it has them, is not of this writer, or
        that fails.
        """
        if not self._stems or opened.segment.file_name not in self._own:
            return None
        try:
            outdated = has_others(opened.data, self._stems)
        except (IndexCorrupt, IndexUnreadable, MemoryError) as error:
            self._note_problem(error)
            return None
        return self._rewrite([opened]) if outdated else None

    def _note_problem(self, error: Exception) -> None:
        """Keep why a segment stays as it is, for those who read what was written."""
        if isinstance(error, IndexCorrupt):
            self._damaged.add(Path(error.path).name)
        self._merge_problem = _describe(error)

    def _merge(self, segments: list[_OpenSegment], more: bool) -> list[_OpenSegment]:
        """``segments`` after the merges that the policy requires, without empty ones."""
        for one in segments:
            one.settle()
        sizes = [(one.segment.doc_count_all(), one.segment.deleted_count()) for one in segments]
        fixed = [
            number for number, one in enumerate(segments) if one.segment.file_name in self._damaged
        ]
        merged: list[_OpenSegment] = []
        for group in choose_merges(sizes, everything=self._optimize, more=more, fixed=fixed):
            members = [segments[index] for index in group.members]
            if all(one.segment.doc_count() == 0 for one in members):
                continue
            if not group.rewrite:
                merged.extend(members)
            elif (rewritten := self._rewrite(members)) is not None:
                merged.append(rewritten)
            elif any(one.segment.file_name in self._damaged for one in members):
                # Merge the others, without the damaged one.
                merged.extend(self._merge(members, more))
            else:
                merged.extend(members)
        return merged

    def _rewrite(self, members: list[_OpenSegment]) -> _OpenSegment | None:
        """``members`` merged into one segment, or ``None`` if that fails.

        A commit never depends on a merge, which only makes searches faster and the index smaller.
        """
        path: Path | None = None
        try:
            self._refuse_what_does_not_fit(members)
            segment = self._write(
                merge_segments(
                    [(one.data, one.segment.deleted_mask()) for one in members], self._stems
                )
            )
            path = self._folder / segment.file_name
            # A disk may report only now that it is full.
            flush_to_disk(path)
        except (IndexCorrupt, IndexUnreadable, OSError, MemoryError) as error:
            self._note_problem(error)
            if path is not None:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            return None
        for one in members:
            # Read once, from end to end, and about to be deleted.
            one.data.container.release_pages()
        self._own.add(segment.file_name)
        return self._open(segment)

    def _refuse_what_does_not_fit(self, members: list[_OpenSegment]) -> None:
        """Raise OSError if the disk lacks space for what a merge may write."""
        size = sum(one.data.container.size_bytes for one in members)
        free = shutil.disk_usage(self._folder).free
        if free < size:
            raise OSError(errno.ENOSPC, f"merging needs {size:,} bytes, and {free:,} are free")

    # --- leaving

    def __enter__(self) -> EmbeddedWriter:
        return self

    def __exit__(self, *exc_info: object) -> None:
        try:
            # Afterwards no file appears.
            self._thread.shutdown()
            self._lock.check()
            # What the folder says is committed decides, not this object's state: an interrupted
            # commit may have succeeded.
            self._catalog.remove_leftovers(self._catalog.read())
        except (OSError, IndexerError):
            # The next writer removes them, or reports what is wrong.
            pass
        finally:
            self._lock.release()
