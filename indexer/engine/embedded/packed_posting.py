"""How are postings stored? One in 64 bits for numpy (native/posting.h), packed in blocks of bits in
files (native/packing.h).
"""

from __future__ import annotations

import errno
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.embedded.native import Packed, core, pack

Array = npt.NDArray[Any]

#: Postings that are packed together.
BLOCK = 64
#: Numbers (uint32) that give a block's position and packing.
NUMBERS_OF_BLOCK = 4
#: The offset that native/posting.h adds to the position of a body token; no title is that long.
BODY = 1 << 24

#: Postings packed at a time, in whole blocks: what a processor's cache holds.
_PIECE = 1024 * BLOCK
#: Maximum words of packed postings, and of positions, that blocks can address.
_MOST_WORDS = 2**32


def count_blocks(postings: int) -> int:
    """The number of blocks for this many postings."""
    return -(-postings // BLOCK)


class PostingBlocks:
    """Postings in blocks: uint32 ``blocks``, and uint64 ``words``."""

    def __init__(self, blocks: Array, words: Array) -> None:
        self.blocks = blocks
        self.words = words
        #: uint32: the first word of each block, and of its positions, and the end of the last.
        self.starts, self.position_starts = (
            blocks.reshape(-1, NUMBERS_OF_BLOCK)[:, which] for which in range(2)
        )
        #: The structure ``Postings``.
        self.packed: Packed = pack("Postings", blocks=blocks, words=words)

    def read(self, low: int, high: int) -> Array:
        """int64: the postings ``low`` to ``high`` (end exclusive)."""
        return unpack_postings(self.packed, low, high)


def unpack_postings(packed: Packed, low: int, high: int) -> Array:
    """int64: a range of the postings of the structure ``Postings``."""
    postings = np.empty(high - low, np.int64)
    core.unpack_postings(packed, low, high, postings)
    return postings


class PostingPacker:
    """Packs postings (int64), and the positions of each, as they come.

    After :meth:`finish`, ``postings`` and ``positions`` are the packed words (uint64), and
    ``blocks`` is where each block is among them.
    """

    def __init__(self, count: int, position_bits: int = 0) -> None:
        """``count``: of all postings that will come; ``position_bits``: what all their positions
        take, as far as known.
        """
        blocks = count_blocks(count)
        self.blocks = np.zeros(NUMBERS_OF_BLOCK * (blocks + 1), np.uint32)
        # As large as they may become: the system provides memory only for what is written.
        self.postings: Array = np.zeros(BLOCK * blocks + 1, np.uint64)
        self.positions: Array = np.zeros(position_bits // 64 + blocks + 1, np.uint64)
        #: Numbers so far: of blocks, of words of postings, of words of positions.
        self._block = self._used = self._positions_used = 0
        #: What does not fill a block.
        self._rest: tuple[Array, Array | None] = np.empty(0, np.int64), None

    def add(self, postings: Array, positions: Array | None = None) -> None:
        """Append postings, and their positions (uint16 or uint32), if they have any.

        Raises OSError if there are too many for one segment.
        """
        rest, rest_positions = self._rest
        if len(rest):
            postings = np.concatenate([rest, postings])
            if positions is not None and rest_positions is not None:
                positions = np.concatenate([rest_positions, positions])
        full = len(postings) // BLOCK * BLOCK
        for first in range(0, full, _PIECE):
            positions = self._pack(postings[first : min(first + _PIECE, full)], positions)
        self._rest = postings[full:].copy(), None if positions is None else positions.copy()

    def finish(self) -> None:
        """Pack what is left."""
        self._pack(*self._rest)
        # One more word, so that none is read beyond.
        self.postings = self.postings[: self._used + 1]
        self.positions = self.positions[: self._positions_used + 1]

    def _pack(self, postings: Array, positions: Array | None) -> Array | None:
        """Pack postings in whole blocks; return the positions that belong to later ones."""
        if len(postings) == 0:
            return positions
        count = count_blocks(len(postings))
        first, end = NUMBERS_OF_BLOCK * self._block, NUMBERS_OF_BLOCK * (self._block + count + 1)
        blocks = self.blocks[first:end]
        self._block += count
        words = self.postings[self._used :]
        size = core.pack_postings(postings, len(postings), blocks, words)
        self._used = _move(blocks[0::NUMBERS_OF_BLOCK], self._used, size)
        if positions is None:
            return None
        own = count_positions(postings)
        needed = self._positions_used + 8 * positions[:own].nbytes // 64 + count + 1
        if needed > len(self.positions):
            self.positions = np.append(self.positions, np.zeros(needed, np.uint64))
        words = self.positions[self._positions_used :]
        wide = is_wide(positions)
        size = core.pack_positions(postings, len(postings), positions[:own], wide, blocks, words)
        self._positions_used = _move(blocks[1::NUMBERS_OF_BLOCK], self._positions_used, size)
        return positions[own:]


def _move(starts: Array, used: int, size: int) -> int:
    """Move the words of a piece after the ``used`` ones; return the new number of used ones."""
    if used + size >= _MOST_WORDS:
        raise OSError(errno.EFBIG, "the segment would have more postings than one can have")
    starts += np.uint32(used)
    return used + size


def pack_few(postings: Array) -> PostingBlocks:
    """Postings (int64) in blocks, in memory."""
    packer = PostingPacker(len(postings))
    packer.add(postings)
    packer.finish()
    return PostingBlocks(packer.blocks, packer.postings)


def is_wide(positions: Array) -> bool:
    """Whether positions are uint32 and not uint16."""
    return positions.dtype.itemsize == 4


def documents_of(postings: Array) -> Array:
    """uint32: the document of each posting."""
    return (postings & 0xFFFFFFFF).astype(np.uint32)


def title_counts_of(postings: Array) -> Array:
    """The term's frequency in the title, for each posting."""
    return (postings >> 48) & 0xFF


def body_counts_of(postings: Array) -> Array:
    """The term's frequency in the body, lead included, for each posting."""
    return (postings >> 32) & 0xFFFF


def count_positions(postings: Array) -> int:
    """The positions that these postings have in all."""
    return int(title_counts_of(postings).sum() + body_counts_of(postings).sum())


def lead_counts_of(postings: Array) -> Array:
    """The term's frequency in the lead, for each posting."""
    return postings >> 56
