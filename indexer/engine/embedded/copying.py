"""How is a generation copied while a writer commits?

Its files are never changed, only deleted once no generation needs them. So it is held in an
instant, by a hard link to each segment or, on another file system, by opening it, and copied at
leisure.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from indexer.durable_file import create_file, flush_to_disk
from indexer.engine.embedded.container import Container
from indexer.engine.embedded.segment import open_segment
from indexer.engine.embedded.whoosh.catalog import FORMAT_FILE, Catalog, Generation
from indexer.engine.embedded.whoosh.lock import HOLDER_FILE
from indexer.engine.embedded.whoosh.segment import PackedSegment
from indexer.engine.embedded.whoosh.table import INDEX_NAME, SEGMENT_NAME
from indexer.errors import IndexCorrupt, IndexerError

_ATTEMPTS = 50
_COPIED_AT_ONCE = 1 << 20
#: Files of generations, and those that mean nothing in another folder.
_NOT_OWN = re.compile(rf"^\.|^_?{INDEX_NAME}_|^{HOLDER_FILE}$|\.new$|\.sqlite-(wal|shm|journal)$")
#: Why a hard link may be impossible where a copy is not: another file system, one without links,
#: another user's file, too many links.
_NO_LINK = frozenset((errno.EXDEV, errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EMLINK))


@dataclass(slots=True)
class HeldGeneration:
    """A generation of the index in ``folder`` whose table is in ``into`` already; close it after
    use. ``unlinked`` are the segments that are not there yet, open.
    """

    folder: Path
    into: Path
    generation: Generation
    unlinked: list[tuple[PackedSegment, BinaryIO]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.generation.number

    @property
    def identity(self) -> str:
        return self.generation.index

    @property
    def articles(self) -> int:
        return sum(one.doc_count() for one in self.generation.segments)

    @property
    def bytes(self) -> int:
        """Of its segments."""
        return sum(path.stat().st_size for path in self._list_copies())

    @property
    def own_bytes(self) -> int:
        """Of those that no hard link shares with the index or an earlier copy."""
        return sum(
            status.st_size for path in self._list_copies() if (status := path.stat()).st_nlink == 1
        )

    @property
    def bytes_to_copy(self) -> int:
        """At most: a file that an earlier copy has is linked from there."""
        return sum(os.fstat(file.fileno()).st_size for _, file in self.unlinked)

    def _list_copies(self) -> list[Path]:
        return [self.into / segment.file_name for segment in self.generation.segments]

    def fill(self, earlier: Sequence[Path] = ()) -> None:
        """Complete the copy durably, by hard links to the same files in the folders ``earlier``
        where there are any; what was filled before is made anew. Raises OSError.
        """
        for segment, file in self.unlinked:
            target = self.into / segment.file_name
            target.unlink(missing_ok=True)
            copies = [one / segment.file_name for one in earlier]
            if not any(_link_same(one, file, target, segment) for one in copies):
                _copy(file, target)
        for path in self._list_copies():
            flush_to_disk(path)
        flush_to_disk(self.into)

    def close(self) -> None:
        for _, file in self.unlinked:
            file.close()

    def __enter__(self) -> HeldGeneration:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def hold_generation(folder: Path, into: Path, *, link: bool = True) -> HeldGeneration:
    """Hold the newest intact generation of the index in ``folder`` for a copy to ``into``, an empty
    folder. ``link``: by hard links as far as possible.

    Raises IndexNotFound, IndexOutdated, IndexCorrupt, OSError.
    """
    catalog = Catalog(folder)
    for _ in range(_ATTEMPTS):
        generation = catalog.read()
        try:
            return _hold(catalog, generation, into, link=link)
        except FileNotFoundError as error:
            # A commit has merged the segment away, unless it is missing.
            for left in list(into.iterdir()):
                left.unlink()
            if catalog.latest_number() == generation.number:
                raise IndexCorrupt(str(error.filename), "it is missing") from error
    raise IndexCorrupt(str(folder), "its table of contents changed at every look")


def _hold(catalog: Catalog, generation: Generation, into: Path, *, link: bool) -> HeldGeneration:
    """Raises FileNotFoundError if a file is gone."""
    held = HeldGeneration(catalog.folder, into, generation)
    with ExitStack() as failing:
        failing.callback(held.close)
        for segment in generation.segments:
            source = catalog.folder / segment.file_name
            if not (link and _try_link(source, into / segment.file_name)):
                held.unlinked.append((segment, source.open("rb")))
        for path in (catalog.table_path(generation.number), catalog.folder / FORMAT_FILE):
            copy_file(path, into / path.name)
        failing.pop_all()
    return held


def copy_file(source: Path, target: Path, *, follow: bool = True) -> None:
    """Copy a file, with its times: the age of an index is computed from that of its table.
    ``follow`` a symbolic link to it. Raises OSError.
    """
    target.unlink(missing_ok=True)
    flags = 0 if follow else getattr(os, "O_NOFOLLOW", 0)
    with open(source, "rb", opener=lambda path, mode: os.open(path, mode | flags)) as file:
        _copy(file, target)
    status = source.stat()
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    flush_to_disk(target)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a copy of an index into the empty folder ``target``, by hard links to its segments where
    that is possible. A copy has no symbolic links: root would give away what they lead to. Raises
    OSError.
    """
    for path in sorted(source.iterdir()):
        if SEGMENT_NAME.match(path.name):
            # A link to a file of another user would stay theirs.
            if not (_is_own(path) and _try_link(path, target / path.name)):
                copy_file(path, target / path.name, follow=False)
        elif path.is_file():
            copy_file(path, target / path.name, follow=False)


def _is_own(path: Path) -> bool:
    return os.name == "nt" or path.stat().st_uid == os.geteuid()


def list_own_files(folder: Path) -> list[Path]:
    """The files beside the generations of the index in ``folder``, those of its site and what was
    learned: all except locks, notes about their holders and unfinished files. Sorted; raises
    OSError, also where root is led to a file that the owner of the folder may not read.
    """
    found = sorted(
        folder / name
        for name in os.listdir(folder)
        if not (_NOT_OWN.search(name) or name == FORMAT_FILE) and (folder / name).is_file()
    )
    for path in found:
        if path.is_symlink() and os.name != "nt" and os.geteuid() == 0:
            _refuse_foreign(path)
    return found


def _refuse_foreign(link: Path) -> None:
    status = link.stat()
    owner = link.lstat().st_uid
    if owner not in (0, status.st_uid) and not status.st_mode & stat.S_IROTH:
        raise PermissionError(errno.EPERM, "it is a link to a file of another user", str(link))


def _try_link(source: Path, target: Path) -> bool:
    """Whether there is a hard link to ``source`` at ``target`` now. Raises OSError."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        return False
    return True


def _link_same(copy: Path, file: BinaryIO, target: Path, segment: PackedSegment) -> bool:
    """Link ``target`` to ``copy`` if that is a copy of the open ``file`` of ``segment``, and not a
    link to it; return whether it was linked.
    """
    try:
        if os.path.samestat(copy.stat(), os.fstat(file.fileno())):
            return False
        return Container(copy).digest == segment.digest and _try_link(copy, target)
    except (OSError, IndexCorrupt):
        return False


def _copy(source: BinaryIO, target: Path) -> None:
    try:
        source.seek(0)
        with create_file(target) as file:
            shutil.copyfileobj(source, file, _COPIED_AT_ONCE)
    except BaseException:
        with suppress(OSError):
            target.unlink(missing_ok=True)
        raise


def verify_copy(folder: Path) -> Generation:
    """The generation in ``folder``, after comparing every page of it with its checksum, and every
    file with the table of contents. Raises an IndexerError that names the file, OSError.
    """
    generation = Catalog(folder).read()
    for segment in generation.segments:
        path = folder / segment.file_name
        try:
            problems = open_segment(folder, segment, generation.index).container.problems()
        except FileNotFoundError as error:
            raise IndexCorrupt(str(path), "it is missing") from error
        if problems:
            raise IndexerError(problems[0])
    return generation
