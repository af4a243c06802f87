"""What does a backup hold? Written down in it, and compared with it before it is relied on."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from indexer.durable_file import replace_file
from indexer.engine.embedded.copying import verify_copy
from indexer.errors import IndexerError
from searchsvc.backup.elsewhere import is_record, read_saved
from searchsvc.data_folder import InvalidIndexName, check_name

MANIFEST_FILE: Final = "backup.json"
#: Raise it when a backup of this version could not be restored by an older one.
_FORMAT: Final = 1
_READ_AT_ONCE: Final = 1 << 20
#: Folders of other names are no backups of ours, or were renamed to be kept.
_NAME: Final = re.compile(r"\d{8}T\d{6}\.\d{3}Z(-\d+)?")


class BackupDamaged(IndexerError):
    """A backup is not what it was when it was made."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"The backup cannot be used: {path}: {reason}. Choose another one.")


class NoBackup(IndexerError):
    """There is no backup in this folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is no backup in {path}. Name the folder that searchsvc backup wrote to, or one "
            "of the backups in it."
        )


@dataclass(frozen=True, slots=True)
class SavedIndex:
    """An index in a backup. ``dictionary``: where the site's own dictionary was, if that was not in
    the folder of the index; empty otherwise.
    """

    generation: int
    articles: int
    identity: str
    dictionary: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``made_at`` is a time in UTC; ``files`` has the SHA-256 of each file that is not a segment,
    by its path in the backup. Segments have checksums of their own. ``folder``: the data folder;
    ``only``: the indexes that were chosen, empty if it holds everything.
    """

    version: str
    made_at: str
    indexes: dict[str, SavedIndex]
    files: dict[str, str] = field(default_factory=dict)
    folder: str = ""
    only: tuple[str, ...] = ()
    format: int = _FORMAT

    @property
    def articles(self) -> int:
        return sum(one.articles for one in self.indexes.values())

    def replaces(self, other: Manifest) -> bool:
        """Whether ``other`` is an older backup of the same."""
        return (self.folder, self.only) == (other.folder, other.only)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it into the backup in ``folder``, durably. Raises OSError."""
    content = orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    replace_file(folder / MANIFEST_FILE, content + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """What the backup in ``folder`` says that it holds. Raises NoBackup, BackupDamaged."""
    path = folder / MANIFEST_FILE
    try:
        values = orjson.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise NoBackup(folder) from None
    except OSError as error:
        raise BackupDamaged(path, error.strerror or str(error)) from error
    except orjson.JSONDecodeError as error:
        raise BackupDamaged(path, "it is not JSON") from error
    try:
        return _read(values)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidIndexName) as error:
        raise BackupDamaged(path, "it is not the description of a backup") from error


def _read(values: Any) -> Manifest:
    """Raises anything if it is no manifest."""
    if values["format"] != _FORMAT:
        raise ValueError(values["format"])
    indexes = {check_name(name): SavedIndex(**one) for name, one in values["indexes"].items()}
    files = {str(path): str(digest) for path, digest in values["files"].items()}
    if not all(_is_inside(path) for path in files):
        raise ValueError("a path leads out of the backup")
    only = tuple(map(check_name, values.get("only", ())))
    folder = str(values.get("folder", ""))
    return Manifest(
        str(values["version"]), str(values["made_at"]), indexes, files, folder=folder, only=only
    )


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return 0 < len(parts) <= 2 and not any(part in ("", ".", "..") for part in parts)


def digest_file(path: Path) -> str:
    """The SHA-256 of the file, in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_READ_AT_ONCE):
            digest.update(part)
    return digest.hexdigest()


def verify_backup(folder: Path, manifest: Manifest) -> None:
    """Read all of the backup and compare it with its checksums; snapshots are verified where they
    are taken and restored. Raises BackupDamaged.
    """
    for name, digest in manifest.files.items():
        path = folder / name
        try:
            found = digest_file(path)
        except OSError as error:
            raise BackupDamaged(path, error.strerror or str(error)) from error
        if found != digest:
            raise BackupDamaged(path, "it does not match its checksum")
        if path.suffix == ".sqlite":
            _check_database(path)
    for name, saved in manifest.indexes.items():
        path = folder / name
        try:
            found_index = _verify_index(path)
        except IndexerError as error:
            raise BackupDamaged(path, str(error).rstrip(".")) from error
        except OSError as error:
            raise BackupDamaged(path, error.strerror or str(error)) from error
        if found_index != (saved.generation, saved.identity):
            raise BackupDamaged(path, "it is another generation than the one saved")


def _verify_index(folder: Path) -> tuple[int, str]:
    """Number and identity of the generation that is saved in ``folder``. Raises an IndexerError
    that names the file, OSError.
    """
    if is_record(folder):
        generation = read_saved(folder).generation
        return generation.number, generation.identity
    copy = verify_copy(folder)
    return copy.number, copy.index


def _check_database(path: Path) -> None:
    """Raise BackupDamaged if SQLite finds anything wrong with the file."""
    try:
        # Nothing beside it is read or written.
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as db:
            (told,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise BackupDamaged(path, str(error)) from error
    if told != "ok":
        raise BackupDamaged(path, str(told))


def list_backups(folder: Path) -> list[Path]:
    """The complete backups in ``folder``, the newest first. Raises OSError."""
    found = [
        folder / name
        for name in os.listdir(folder)
        if _NAME.fullmatch(name) and os.path.isfile(folder / name / MANIFEST_FILE)
    ]
    return sorted(found, key=lambda path: path.name, reverse=True)


def find_backup(path: Path, names: Sequence[str] = ()) -> Path:
    """``path`` if it is a backup, else the newest one in it: that has the indexes ``names``, or
    without them one of everything, if there is any. Raises NoBackup, BackupDamaged.
    """
    if (path / MANIFEST_FILE).is_file():
        return path
    try:
        found = list_backups(path)
    except OSError:
        found = []
    if not found:
        raise NoBackup(path)
    for one in found:
        manifest = read_manifest(one)
        if manifest.indexes.keys() >= set(names) if names else not manifest.only:
            return one
    return found[0]
