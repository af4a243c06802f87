"""Where is compiled code kept between runs? numba's cache on the disk, with a checksum.

numba trusts its files: an empty one ends the program, an altered one runs whatever it has become.
Here a file that is not what was written counts as none, and the loop is compiled again. A cache
that cannot be written is gone without.
"""

from __future__ import annotations

import pickle
import struct
import zlib
from contextlib import suppress
from typing import Any

import numba
from numba.core.caching import FunctionCache, IndexDataCacheFile

_SEAL = struct.Struct("<4sI")
_MARK = b"CRC1"


class _SealedFile(IndexDataCacheFile):  # type: ignore[misc]
    """numba's index and data files of one loop; behind each pickle stands its CRC-32."""

    def _dump(self, obj: Any) -> bytes:
        content: bytes = super()._dump(obj)
        return content + _SEAL.pack(_MARK, zlib.crc32(content))

    def _load_index(self) -> dict[Any, str]:
        try:
            with open(self._index_path, "rb") as file:
                version = pickle.load(file)
                stamp, names = _unseal(file.read())
        # Whatever is wrong with it, compiling again puts it right.
        except Exception:
            return {}
        fresh = version == numba.__version__ and stamp == self._source_stamp
        return dict(names) if fresh else {}

    def _load_data(self, name: str) -> Any:
        with open(self._data_path(name), "rb") as file:
            return _unseal(file.read())


class LoopCache(FunctionCache):  # type: ignore[misc]
    """The cache of one loop. Raises RuntimeError where no folder for it can be written."""

    _cache_file: Any

    def __init__(self, loop: Any) -> None:
        super().__init__(loop)
        plain = self._cache_file
        self._cache_file = _SealedFile(
            cache_path=plain._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=plain._source_stamp,
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        # A file of another machine, or half of one: compiled again.
        except Exception:
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):
            super().save_overload(sig, data)


def _unseal(content: bytes) -> Any:
    """The object in a sealed pickle. Raises ValueError where it is not as it was written."""
    pickled, seal = content[: -_SEAL.size], content[-_SEAL.size :]
    if seal != _SEAL.pack(_MARK, zlib.crc32(pickled)):
        raise ValueError("a file of the cache is damaged")
    return pickle.loads(pickled)
