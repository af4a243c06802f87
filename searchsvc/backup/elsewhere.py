"""How is an index in OpenSearch backed up and restored? All that differs from one in a folder.

A backup has of it what lies in the folder of its address, and in place of segments a record of the
snapshot that its cluster took. A cluster is asked only at an address that the site itself has, or
was given for a restore: the password is not sent to one that a backup names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from indexer.durable_file import replace_file
from indexer.errors import IndexCorrupt, IndexNotFound, IndexOutdated
from searchsvc.engines import read_address_of

if TYPE_CHECKING:
    from indexer.engine.opensearch.address import Address
    from indexer.engine.opensearch.cluster import Cluster
    from indexer.engine.opensearch.restoring import Restoration
    from indexer.engine.opensearch.saving import SavedGeneration

#: In a backup, in the folder of an index that is in OpenSearch: which snapshot has its articles.
RECORD_FILE: Final = "searchsvc-snapshot.json"

Read = TypeVar("Read")


@contextmanager
def _reach(address: Address) -> Iterator[Cluster]:
    from indexer.engine.opensearch.cluster import Cluster

    cluster = Cluster(address)
    try:
        yield cluster
    finally:
        cluster.close()


# --- backing up


@dataclass(slots=True)
class HeldElsewhere:
    """A generation of the index in OpenSearch that ``folder`` stands for, whose record is in
    ``into``; OpenSearch keeps what it needs for some minutes. See
    :class:`searchsvc.backup.hold.HeldIndex`.
    """

    folder: Path
    into: Path
    address: Address
    saved: SavedGeneration
    bytes: int = 0
    own_bytes: int = 0
    bytes_to_copy: int = 0
    taken: bool = False

    @property
    def number(self) -> int:
        return self.saved.generation.number

    @property
    def identity(self) -> str:
        return self.saved.generation.identity

    @property
    def articles(self) -> int:
        return self.saved.generation.articles

    def fill(self, earlier: Sequence[Path] = ()) -> None:
        """Take the snapshot; its repository shares files with earlier ones by itself. Raises
        SnapshotUnusable, EngineUnavailable.
        """
        from indexer.engine.opensearch.saving import take_snapshot

        if not self.taken:
            with _reach(self.address) as cluster:
                self.bytes, self.own_bytes = take_snapshot(cluster, self.saved)
            self.taken = True

    def close(self) -> None:
        pass


def hold_elsewhere(folder: Path, address: str, into: Path, repository: str) -> HeldElsewhere:
    """Hold the newest generation of the index at ``address`` for a snapshot in ``repository``, or
    in the only one there is. Raises NoRepository, EngineUnavailable, IndexNotFound, IndexOutdated,
    IndexCorrupt, OSError.
    """
    from indexer.engine.opensearch.address import read_address
    from indexer.engine.opensearch.saving import plan_snapshot

    place = read_address(address)
    with _reach(place) as cluster:
        saved = plan_snapshot(cluster, repository)
    # Before the snapshot is begun: should this process be killed, the next finds and deletes it.
    record = orjson.dumps(saved.to_record(), option=orjson.OPT_APPEND_NEWLINE)
    replace_file(into / RECORD_FILE, record)
    return HeldElsewhere(folder, into, place, saved)


def is_record(folder: Path) -> bool:
    """Whether the index of this folder of a backup was in OpenSearch."""
    return (folder / RECORD_FILE).is_file()


def read_saved(folder: Path) -> SavedGeneration:
    """The generation that the record in this folder of a backup tells of. Raises IndexCorrupt,
    IndexOutdated, OSError.
    """
    from indexer.engine.opensearch.saving import read_record

    return _read_record(folder, read_record)


def _read_record(folder: Path, read: Callable[[Any, str], Read]) -> Read:
    path = folder / RECORD_FILE
    try:
        return read(orjson.loads(path.read_bytes()), str(path))
    except (KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise IndexCorrupt(str(path), "it is no record of a snapshot") from error


def delete_snapshots(backup: Path, data_folder: Path) -> None:
    """Delete the snapshots of a backup, or of what there is of one, of these indexes. Raises
    IndexerError, OSError, also if it is not known where an index is now.
    """
    from indexer.engine.opensearch.address import read_address
    from indexer.engine.opensearch.saving import delete_snapshot

    for record in sorted(backup.glob(f"*/{RECORD_FILE}")):
        name = record.parent.name
        address = read_address_of(data_folder / name)
        if address is None:
            raise IndexNotFound(str(data_folder / name))
        # Also of a format that is not read any more.
        repository, snapshot = _read_record(
            record.parent, lambda told, _: (str(told["repository"]), str(told["snapshot"]))
        )
        with _reach(read_address(address)) as cluster:
            delete_snapshot(cluster, repository, snapshot)


# --- restoring


@dataclass(frozen=True, slots=True)
class Destination:
    """The cluster to which the indexes of a backup that were in OpenSearch are restored. It has the
    snapshots in ``repository``, if that is given.
    """

    address: Address
    repository: str = ""

    def find(self, name: str) -> Address:
        return replace(self.address, name=name)

    def has(self, name: str) -> bool:
        """Whether it has an index of this name, intact or not. Raises EngineUnavailable."""
        from indexer.engine.opensearch.state import StateIndex

        with _reach(self.find(name)) as cluster:
            try:
                StateIndex(cluster).read_generation()
            except IndexNotFound:
                return False
            except (IndexCorrupt, IndexOutdated):
                pass
            return True

    @contextmanager
    def restore(self, name: str, source: Path, wait_s: float) -> Iterator[Restoration]:
        """The index saved in ``source``, restored beside the one of this ``name``, to which nobody
        else writes meanwhile. Raises what :class:`Restoration` raises.
        """
        from indexer.engine.opensearch.restoring import Restoration

        saved = read_saved(source)
        if self.repository:
            saved = replace(saved, repository=self.repository)
        with _reach(self.find(name)) as cluster, Restoration(cluster, saved, wait_s=wait_s) as one:
            yield one


def find_destination(index: Path, repository: str) -> Destination | None:
    """The cluster of the index that ``index`` stands for, if that is an address. Raises
    IndexCorrupt, IndexUnreadable.
    """
    from indexer.engine.opensearch.address import read_address

    address = read_address_of(index)
    return None if address is None else Destination(read_address(address), repository)
