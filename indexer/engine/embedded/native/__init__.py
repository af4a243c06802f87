"""How does Python call the core? The engine's inner loops, compiled ahead of time from the C beside
this file; see core.h.

:data:`core` has the functions of core.h by name, and :func:`pack` builds its structures. Both read
the header: every array is checked before C sees its address, so that one of another type, or a
non-contiguous one, is a TypeError here and not a crash there. Calls release the GIL; whatever an
argument points to lives at least as long as the call.
"""

from __future__ import annotations

import ctypes
import re
import struct
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

import numpy as np

from indexer.engine.embedded.native.compile import HEADER, HERE, LIBRARY, is_of_these_sources
from indexer.errors import CoreMissing

#: The memory that a sheet begins with.
_LEAST_BYTES = 1024

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STRUCTURE = re.compile(r"typedef struct \{(.*?)\} (\w+);", re.DOTALL)
_FUNCTION = re.compile(r"CORE (void|int64_t|const char \*)\s*(\w+)\(([^)]*)\);")
_DECLARATION = re.compile(r"(const )?(\w+) (\*?)(\w+)$")
_RESULTS = {"void": None, "int64_t": ctypes.c_int64, "const char *": ctypes.c_char_p}


class Packed:
    """Consecutive structures or numbers as C reads them. Keeps alive what they point to."""

    __slots__ = ("_kept", "address", "kind")

    def __init__(self, kind: str, data: bytes, kept: object) -> None:
        #: The structure's name, or ``int64_t``.
        self.kind = kind
        start = ctypes.c_char.from_buffer(bytearray(data or b"\0"))
        self._kept: object = (start, kept)
        self.address: int = ctypes.addressof(start)

    @classmethod
    def at(cls, address: int, kind: str, kept: object) -> Packed:
        """Structures that ``kept`` has at this address."""
        packed = cls.__new__(cls)
        packed.address, packed.kind, packed._kept = address, kind, kept
        return packed


class Sheet:
    """Structures for one call side by side, in memory that is used again for the next call: much
    faster than a :class:`Packed` for each. Addresses it returns are valid until :meth:`begin`.
    """

    def __init__(self) -> None:
        self._memory = bytearray()
        #: Memory that was too small, while addresses in it are valid.
        self._full: list[bytearray] = []
        self._address = self._used = 0

    def begin(self) -> None:
        """Start anew."""
        self._full.clear()
        self._used = 0

    def put(self, structure: str, cells: Sequence[float]) -> int:
        """Append structures of one kind, all their members in order, arrays as addresses; or
        numbers, of the kind ``int64_t``. Returns the address of the first.
        """
        layout = _lay_out(structure, len(cells))
        if self._used + layout.size > len(self._memory):
            self._full.append(self._memory)
            self._memory = bytearray(max(2 * len(self._memory), layout.size, _LEAST_BYTES))
            self._address = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
            self._used = 0
        at = self._used
        layout.pack_into(self._memory, at, *cells)
        self._used = at + layout.size
        return self._address + at

    def finish(self, structure: str, kept: object, **members: float) -> Packed:
        """Append one structure. ``kept`` holds the arrays that any of them point to."""
        address = self.put(structure, _IN_ORDER[structure](members))
        return Packed.at(address, structure, (self, kept))


@lru_cache(1024)
def _lay_out(structure: str, cells: int) -> struct.Struct:
    """The layout of structures of one kind that have so many members together."""
    codes = _CODES[structure]
    return struct.Struct("=" + codes * (cells // len(codes)))


def _find_address(array: Any, writeable: bool) -> int:
    # A third of the time that numpy takes to describe the array, but for writable ones only.
    if writeable and array.size:
        return ctypes.addressof(ctypes.c_char.from_buffer(array))
    return int(array.__array_interface__["data"][0])


class _Declared:
    """An argument or a member as the header declares it."""

    def __init__(self, text: str) -> None:
        match = _DECLARATION.match(" ".join(text.split()))
        if match is None:
            raise ValueError(f"core.h declares what cannot be read: {text!r}")
        const, kind, pointer, self.name = match.groups()
        self.kind = kind
        self.is_number = not pointer
        if self.is_number and kind not in ("int64_t", "double"):
            raise ValueError(f"core.h declares a number that takes no eight bytes: {text!r}")
        self.is_written = bool(pointer) and not const
        self.code = "d" if kind == "double" and not pointer else "q"
        #: The dtype of the array; ``None`` if any will do, or for a structure.
        self.dtype: np.dtype[Any] | None = None
        self.is_structure = kind[0].isupper()
        if pointer and kind != "void" and not self.is_structure:
            real = {"float": "f4", "double": "f8"}
            self.dtype = np.dtype(real.get(kind, kind.removesuffix("_t")))

    def take(self, given: Any) -> Any:
        """What C receives: the number, or the address of the array, bytes or structure."""
        if self.is_number:
            return given
        if isinstance(given, Packed):
            if given.kind != self.kind:
                raise TypeError(f"{self.name}: a {self.kind} is needed, not a {given.kind}")
            return given.address
        if given is None:
            return 0
        if self.is_structure and not self.is_written:
            raise TypeError(f"{self.name}: a {self.kind} is needed, not a {type(given).__name__}")
        if isinstance(given, bytes) and self.dtype == np.uint8 and not self.is_written:
            return given
        fits = self.dtype is None or given.dtype == self.dtype
        flags = given.flags
        if not (fits and flags.c_contiguous and (flags.writeable or not self.is_written)):
            raise TypeError(
                f"{self.name}: an array of {self.dtype or 'any type'} in one piece"
                f"{' that can be written' if self.is_written else ''} is needed, not {flags} of "
                f"{given.dtype}"
            )
        return _find_address(given, flags.writeable)


def _read_header() -> tuple[dict[str, list[_Declared]], dict[str, tuple[str, list[_Declared]]]]:
    """(members of each structure, result and arguments of each function)."""
    text = _COMMENT.sub(" ", HEADER.read_text("utf-8"))
    structures = {
        name: [_Declared(one) for one in body.split(";") if one.strip()]
        for body, name in _STRUCTURE.findall(text)
    }
    functions = {
        name: (result, [] if given == "void" else [_Declared(one) for one in given.split(",")])
        for result, name, given in _FUNCTION.findall(text)
    }
    if len(functions) != text.count("CORE ") - 1:  # one defines CORE itself
        raise ValueError("core.h declares a function that cannot be read")
    return structures, functions


def _bind(function: Any, result: str, arguments: list[_Declared]) -> Callable[..., Any]:
    function.argtypes = [
        ctypes.c_double if one.code == "d" else ctypes.c_int64 if one.is_number else ctypes.c_void_p
        for one in arguments
    ]
    function.restype = _RESULTS[result]
    takers = [None if one.is_number else one.take for one in arguments]

    def call(*given: Any) -> Any:
        pairs = zip(takers, given, strict=True)
        return function(*[one if take is None else take(one) for take, one in pairs])

    return call


def _load() -> Any:
    """All functions by name. Raises CoreMissing."""
    path = HERE / LIBRARY
    try:
        library = ctypes.CDLL(str(path))
        core = SimpleNamespace(
            **{name: _bind(getattr(library, name), *rest) for name, rest in _FUNCTIONS.items()}
        )
    except (OSError, AttributeError) as error:
        raise CoreMissing(str(path), str(error)) from error
    # With another header it would misread its arguments.
    if not is_of_these_sources(core.name_sources().decode()):
        raise CoreMissing(str(path), "it was compiled from other sources")
    return core


_STRUCTURES, _FUNCTIONS = _read_header()
#: The format of each structure's members.
_CODES = {
    "int64_t": "q",
    **{name: "".join(one.code for one in members) for name, members in _STRUCTURES.items()},
}
#: Takes all members from a dictionary.
_IN_ORDER = {
    name: itemgetter(*(one.name for one in members)) for name, members in _STRUCTURES.items()
}
_LAYOUTS = {name: struct.Struct("=" + codes) for name, codes in _CODES.items()}
core: Any = _load()


def pack(structure: str, **members: Any) -> Packed:
    """One structure: numbers, arrays, and packed structures; ``None`` for an absent array.

    Raises TypeError for an array of another type than the header's, KeyError for a missing member.
    """
    values = [
        members[one.name] if one.is_number else one.take(members[one.name])
        for one in _STRUCTURES[structure]
    ]
    return Packed(structure, _LAYOUTS[structure].pack(*values), members)


def pack_rows(structure: str, rows: Iterable[tuple[Any, ...]], kept: object) -> Packed:
    """Structures of one kind, from their numbers, with arrays given by :func:`address_of`. ``kept``
    holds the arrays.
    """
    layout = _LAYOUTS[structure].pack
    return Packed(structure, b"".join([layout(*row) for row in rows]), kept)


def pack_numbers(numbers: Sequence[int]) -> Packed:
    """Consecutive int64 numbers."""
    return Packed("int64_t", struct.pack(f"={len(numbers)}q", *numbers), None)


def address_of(array: Any, dtype: str) -> int:
    """The address of the array, valid for its lifetime. Raises TypeError unless it is a contiguous
    array of ``dtype``.
    """
    flags = array.flags
    if array.dtype != dtype or not flags.c_contiguous:
        raise TypeError(f"an array of {dtype} in one piece is needed, not one of {array.dtype}")
    return _find_address(array, flags.writeable)
