"""Which segments make up the index? Its tables of contents, one per generation; the newest counts.

Whoosh defines a generation and names its files. This module adds what Whoosh lacks: flushing to
disk before a table gets its name, a format number that is read before anything else, falling back
to the last intact table, and errors that say what to do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import orjson

from indexer.durable_file import FOLDER_MODE, flush_to_disk, replace_file
from indexer.engine.embedded.container import FORMAT
from indexer.engine.embedded.whoosh.segment import PackedSegment
from indexer.engine.embedded.whoosh.table import (
    INDEX_NAME,
    SEGMENT_NAME,
    TABLE_NAME,
    UNFINISHED_TABLE_NAME,
    read_table,
)
from indexer.errors import (
    IndexCorrupt,
    IndexNotConfirmed,
    IndexNotFound,
    IndexOutdated,
    IndexSetAside,
)

FORMAT_FILE = "searchsvc-index.json"
#: Folders beside the segments: files that a damaged table named are moved there, never deleted.
SET_ASIDE = "set-aside-"
_ENGINE = "embedded"
#: Attempts to read a folder in which commits are in progress.
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Generation:
    """One committed state: its number, its segments in document order, and the identity of its
    index, assigned when the index was created, empty if not read. ``note``: see
    :attr:`indexer.engine.base.Snapshot.note`.
    """

    number: int
    segments: list[PackedSegment]
    index: str = ""
    note: str = ""


class Catalog:
    """The tables of contents of the index in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> None:
        """Create an empty index if there is none; an existing one is left unchanged.

        The folder must exist, and the write lock be held. Raises IndexCorrupt if there are segments
        without a table: they may hold the only copy of someone's articles.
        """
        if self.latest_number() is not None:
            return
        self._refuse_stray_segments()
        # Only writers import Whoosh.
        from indexer.engine.embedded.whoosh.new_table import write_table

        note = {"format": FORMAT, "engine": _ENGINE, "index": uuid4().hex}
        replace_file(self.folder / FORMAT_FILE, orjson.dumps(note))
        write_table(self.folder, [], 0)
        flush_to_disk(self.folder)

    def latest_number(self) -> int | None:
        """The number of the newest generation, intact or not; ``None`` if there is no index."""
        return max(self._list_numbers(), default=None)

    def _list_numbers(self) -> list[int]:
        """The numbers of the existing tables, the newest first."""
        found = (TABLE_NAME.match(name) for name in self._list_names())
        return sorted((int(match[1]) for match in found if match), reverse=True)

    def _list_names(self) -> list[str]:
        try:
            return os.listdir(self.folder)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def table_path(self, number: int) -> Path:
        """The file of the table of generation ``number``."""
        return self.folder / f"_{INDEX_NAME}_{number}.toc"

    def _refuse_stray_segments(self) -> None:
        """Raise IndexCorrupt if there are segments in the folder; call only without a table."""
        segments = sum(SEGMENT_NAME.match(name) is not None for name in self._list_names())
        if segments:
            raise IndexCorrupt(
                str(self.folder / f"_{INDEX_NAME}_*.toc"),
                f"the table of contents is missing, beside {segments} files with articles",
            )

    def read_identity(self) -> str:
        """The identity of the index. Raises IndexNotFound, IndexOutdated or IndexCorrupt if it
        cannot be opened.
        """
        if self.latest_number() is None:
            self._refuse_stray_segments()
            raise IndexNotFound(str(self.folder))
        path = self.folder / FORMAT_FILE
        try:
            note = orjson.loads(path.read_bytes())
            found, engine = note["format"], note["engine"]
        except FileNotFoundError as error:
            raise IndexCorrupt(str(path), "it is missing") from error
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise IndexCorrupt(str(path), "it is not the JSON it should be") from error
        if engine != _ENGINE:
            raise IndexCorrupt(str(path), f"it names the engine {engine!r}, not {_ENGINE!r}")
        if not isinstance(found, int):
            raise IndexCorrupt(str(path), f"it names the format {found!r}, not a number")
        if found != FORMAT:
            raise IndexOutdated(str(self.folder), found=found, expected=FORMAT)
        identity = note.get("index")
        if not isinstance(identity, str) or not identity:
            raise IndexCorrupt(str(path), "it does not say which index this is")
        return identity

    def read(self) -> Generation:
        """The newest intact generation: if the newest table is damaged, the previous one.

        Raises IndexNotFound, IndexOutdated, or IndexCorrupt naming the file if no table is intact.
        """
        identity = self.read_identity()
        return replace(self.read_tables(), index=identity)

    def read_tables(self) -> Generation:
        """Like :meth:`read`, for an index of any format, without reading its identity."""
        for _ in range(_ATTEMPTS):
            numbers = self._list_numbers()
            if not numbers:
                self._refuse_stray_segments()
                raise IndexNotFound(str(self.folder))
            try:
                return self._read_first_whole(numbers)
            except FileNotFoundError:
                continue  # A commit removed it in the meantime.
            except IndexCorrupt:
                if self._list_numbers() == numbers:
                    raise
        raise IndexCorrupt(str(self.folder), "its tables of contents changed at every look")

    def _read_first_whole(self, numbers: Sequence[int]) -> Generation:
        damage: IndexCorrupt | None = None
        for number in numbers:
            path = self.table_path(number)
            try:
                segments, note = read_table(path, number)
                generation = Generation(number, segments, note=note)
                # A single table is returned unchecked: opening reports the missing segment.
                if len(numbers) > 1:
                    self._refuse_missing_segments(path, generation)
                return generation
            except IndexCorrupt as error:
                damage = damage or error
        assert damage is not None
        raise damage

    def _refuse_missing_segments(self, path: Path, generation: Generation) -> None:
        for segment in generation.segments:
            if not (self.folder / segment.file_name).exists():
                raise IndexCorrupt(str(path), f"the segment {segment.file_name} is missing")

    def find_damage(self, generation: Generation) -> list[str]:
        """One sentence for each damaged table newer than ``generation``, and for each folder of
        files that such a table named.
        """
        problems = []
        for number in self._list_numbers():
            if number > generation.number:
                path = self.table_path(number)
                try:
                    segments, _ = read_table(path, number)
                    self._refuse_missing_segments(path, Generation(number, segments))
                except (IndexCorrupt, FileNotFoundError) as error:
                    problems.append(str(error))
        problems.extend(
            str(IndexSetAside(str(self.folder / name)))
            for name in sorted(self._list_names())
            if name.startswith(SET_ASIDE) and any((self.folder / name).glob("*.pack"))
        )
        return problems

    def commit(self, generation: Generation) -> None:
        """Make ``generation`` the newest, durably, then remove files that are no longer needed.

        Raises OSError or IndexTakenOver if that failed, and IndexNotConfirmed if it succeeded, but
        the system does not confirm that it will survive a crash.
        """
        from indexer.engine.embedded.whoosh.new_table import write_table

        for segment in generation.segments:
            # Costs nothing for those that earlier commits have flushed.
            flush_to_disk(self.folder / segment.file_name)
        flush_to_disk(self.folder)
        write_table(self.folder, generation.segments, generation.number, generation.note)
        self.confirm(generation)
        with suppress(OSError):
            self.remove_leftovers(generation)

    def confirm(self, generation: Generation) -> None:
        """Return once the newest table is certain to survive a crash. Raises IndexNotConfirmed."""
        try:
            flush_to_disk(self.table_path(generation.number))
            flush_to_disk(self.folder)
        except OSError as error:
            reason = error.strerror or str(error)
            raise IndexNotConfirmed(str(self.folder), generation.number, reason) from error

    def has_committed(self, generation: Generation) -> bool:
        """Whether the folder has this very generation's table."""
        try:
            there, _ = read_table(self.table_path(generation.number), generation.number)
        except (OSError, IndexCorrupt):
            return False
        return [vars(one) for one in there] == [vars(one) for one in generation.segments]

    def remove_leftovers(self, generation: Generation) -> None:
        """Delete segment files and tables that do not belong to ``generation``: only the writer may
        do this.

        A reader that still has them mapped keeps them until it releases them. If a newer table is
        damaged, the files it may have named are moved to a separate folder instead.
        """
        keep = {segment.file_name for segment in generation.segments}
        numbers = self._list_numbers()
        names = self._list_names()
        unknown = [name for name in names if SEGMENT_NAME.match(name) and name not in keep]
        newer = [number for number in numbers if number > generation.number]
        if newer:
            # The tables last: while one exists, this is done again.
            tables = [self.table_path(number).name for number in newer]
            self._set_aside([*unknown, *tables], self.folder / f"{SET_ASIDE}{newer[0]}")
            unknown = []
        unknown += [
            self.table_path(number).name for number in numbers if number < generation.number
        ]
        if len(numbers) > 1:
            # A table that a crash may undo must not be the only one left.
            flush_to_disk(self.folder)
        unknown += [name for name in names if UNFINISHED_TABLE_NAME.match(name)]
        for name in unknown:
            # Files that cannot be deleted now, because they are open, are deleted by the next
            # writer.
            with suppress(OSError):
                (self.folder / name).unlink(missing_ok=True)

    def _set_aside(self, names: Iterable[str], aside: Path) -> None:
        aside.mkdir(FOLDER_MODE, exist_ok=True)
        for name in names:
            (self.folder / name).rename(aside / name)
        flush_to_disk(aside)
        flush_to_disk(self.folder)
