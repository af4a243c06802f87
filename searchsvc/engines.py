"""Which engine holds an index? A folder is the embedded one's; an address is one of OpenSearch.

What a site keeps beside an index (dictionary, fields, keys, tasks) needs a folder in any case. That
of an address is below ``index_data/opensearch``, and names it; it is made when an index is found or
created there, or served, so that a mistyped address leaves nothing behind. So everything else knows
indexes by their folders, and either is given where an index is asked for.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from indexer.durable_file import make_folder, replace_file
from indexer.errors import IndexCorrupt, IndexerError, IndexNotWritten, IndexUnreadable

if TYPE_CHECKING:
    from indexer.engine.base import Engine

#: In the folder of an address: which one.
ADDRESS_FILE: Final = "searchsvc-opensearch.json"
_HOME: Final = Path("index_data/opensearch")
#: The addresses that this process was given, by their folders.
_given: dict[Path, str] = {}


class InOpenSearch(IndexerError):
    """What was asked needs the files of an index, which are those of OpenSearch."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(
            f"{address} is in OpenSearch, which keeps the files itself. Take and restore its "
            "snapshots, as docs/engines.md says."
        )


def locate(given: str | os.PathLike[str]) -> Path:
    """The folder of the index ``given``: itself, or that of an address. Raises AddressInvalid."""
    from indexer.engine.opensearch.address import is_address, read_address

    if not isinstance(given, str) or not is_address(given):
        return Path(given)
    address = read_address(given)
    host, port = address.hosts[0]
    folder = _HOME / f"{host.replace(':', '_')}_{port}" / address.name
    _given[folder.absolute()] = str(address)
    return folder


def remember_address(folder: Path) -> None:
    """Make the folder of an address, if it is one's, so that other processes know it, too. Raises
    IndexNotWritten.
    """
    address = _given.get(folder.absolute())
    if address is not None:
        write_address(folder, address)


def write_address(folder: Path, address: str) -> None:
    """Let ``folder`` stand for ``address``; it is made if need be. Raises IndexNotWritten."""
    record = json.dumps({"address": address}).encode() + b"\n"
    path = folder / ADDRESS_FILE
    try:
        if not path.exists() or path.read_bytes() != record:
            make_folder(folder)
            replace_file(path, record)
    except OSError as error:
        raise IndexNotWritten(str(folder), error.strerror or str(error)) from error


def read_address_of(folder: Path) -> str | None:
    """The address that the folder stands for, or ``None`` if it holds an index itself. Raises
    IndexCorrupt, IndexUnreadable.
    """
    if (given := _given.get(folder.absolute())) is not None:
        return given
    path = folder / ADDRESS_FILE
    try:
        address: str = json.loads(path.read_bytes())["address"]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise IndexUnreadable(str(path), error.strerror or str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexCorrupt(str(path), "it names no address") from error
    return address


def name_place(folder: Path) -> str:
    """Where the index of ``folder`` is, for people: there, or at an address."""
    return read_address_of(folder) or str(folder)


def open_engine(folder: Path, *, create: bool = False, wait_s: float = 0.0) -> Engine:
    """The engine on the index of ``folder``; arguments and errors as of
    :meth:`searchsvc.index.Index.open`. Also raises EngineUnavailable, ExtraMissing.
    """
    address = read_address_of(folder)
    if address is None:
        from indexer.engine.embedded import open_engine as open_embedded

        return open_embedded(folder, create=create, wait_s=wait_s)
    from indexer.engine.opensearch.address import read_address
    from indexer.engine.opensearch.engine import open_engine as open_opensearch

    engine = open_opensearch(read_address(address), folder, create=create)
    if not (folder / ADDRESS_FILE).exists():
        try:
            engine.snapshot()
        except BaseException:
            engine.close()
            raise
    remember_address(folder)
    return engine


def find_index_file(folder: Path) -> Path | None:
    """The file, written once, that shows that an index is in ``folder``, intact or not, or the
    address of one.
    """
    from indexer.engine.embedded.whoosh.catalog import FORMAT_FILE

    files = (folder / FORMAT_FILE, folder / ADDRESS_FILE)
    return next((file for file in files if file.is_file()), None)


def is_elsewhere(folder: Path) -> bool:
    """Whether the folder stands for an address. Raises IndexCorrupt, IndexUnreadable."""
    return read_address_of(folder) is not None


def refuse_address(folder: Path) -> None:
    """Raise InOpenSearch if the folder stands for an address: it has no files of an index."""
    address = read_address_of(folder)
    if address is not None:
        raise InOpenSearch(address)
