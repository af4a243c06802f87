"""How is the declaration of a site's own fields loaded from beside an index? Once, or watched while
in use.
"""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from indexer.durable_file import replace_file
from indexer.errors import FieldsInvalid, IndexNotWritten, IndexUnreadable
from indexer.own_fields.attributes import ATTRIBUTES_FILE, Attributes, read_attributes
from indexer.own_fields.declaration import FIELDS_FILE, NO_FIELDS, OwnFields, parse_fields

#: No valid declaration is this large.
MAX_BYTES: Final = 200_000
#: A file changed this recently may change again without its time stamp showing it.
_TIME_STAMP_DOUBT_NS: Final = 2_000_000_000
_log = logging.getLogger(__name__)


def read_fields(path: Path) -> OwnFields:
    """The fields that the file declares; none if the file is missing. Raises FieldsInvalid, and
    IndexUnreadable if its folder may not be entered.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return NO_FIELDS
    except OSError as error:
        reason = error.strerror or str(error)
        if isinstance(error, PermissionError) and not os.access(path.parent, os.X_OK):
            raise IndexUnreadable(str(path.parent), reason) from error
        raise FieldsInvalid(str(path), reason) from error
    if len(data) > MAX_BYTES:
        raise FieldsInvalid(str(path), f"it is over {MAX_BYTES:,} bytes")
    return parse_fields(data, str(path))


def keep_fields(source: Path, index: Path) -> OwnFields:
    """Copy the declaration in the file ``source`` into the folder ``index``. Raises FieldsInvalid,
    IndexNotWritten.
    """
    if not source.exists():
        raise FieldsInvalid(str(source), "there is no such file")
    fields = read_fields(source)
    target = index / FIELDS_FILE
    try:
        data = source.read_bytes()
        if not target.exists() or target.read_bytes() != data:
            replace_file(target, data)
    except OSError as error:
        raise IndexNotWritten(str(target), error.strerror or str(error)) from error
    return fields


def load_attributes(path: Path) -> Attributes | None:
    """The attributes that a program has named, or ``None`` if there is no file. Raises
    FieldsInvalid.
    """
    try:
        return read_attributes(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FieldsInvalid(str(path), error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise FieldsInvalid(str(path), f"it cannot be read: {error}") from error


def keep_attributes(attributes: Attributes, index: Path) -> None:
    """Write ``attributes`` into the folder ``index``. Raises IndexNotWritten."""
    path = index / ATTRIBUTES_FILE
    data = {"columns": attributes.columns, "searchable": attributes.searchable}
    try:
        replace_file(path, json.dumps(data, ensure_ascii=False).encode())
    except OSError as error:
        raise IndexNotWritten(str(path), error.strerror or str(error)) from error


class FieldsFile:
    """The current declaration of the fields of the index in ``folder``.

    An unreadable file leaves the previous fields in effect and is logged once. Returns the same
    object for as long as nothing changes. Safe to use from several threads.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FIELDS_FILE
        self._attributes = folder / ATTRIBUTES_FILE
        self._seen: object = ()
        self._fields = NO_FIELDS

    def current(self) -> OwnFields:
        stamp = self._stamp()
        if stamp == self._seen:
            return self._fields
        try:
            read = replace(read_fields(self._path), attributes=load_attributes(self._attributes))
        except (FieldsInvalid, IndexUnreadable) as error:
            _log.warning("%s The fields stay as they were.", error)
            read = self._fields
        if read != self._fields:
            self._fields = read
        newest = max((one[0] for one in stamp if one is not None), default=0)
        settled = time.time_ns() - newest > _TIME_STAMP_DOUBT_NS
        self._seen = stamp if settled else ()
        return self._fields

    def _stamp(self) -> tuple[tuple[int, int, int] | None, ...]:
        return _stamp(self._path), _stamp(self._attributes)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
