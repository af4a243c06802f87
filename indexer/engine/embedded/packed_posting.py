"""How are postings stored? One in 64 bits for numpy (native/posting.h), packed in blocks of bits in
files (native/packing.h).
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
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

#: Postings packed at a time, in whole blocks, to bound memory.
_PIECE = 4096 * BLOCK
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
    """Packs postings (int64), and their positions, piece by piece.

    ``blocks`` is complete once :meth:`pack_postings` and :meth:`pack_positions` are exhausted, in
    this order.
    """

    def __init__(self, postings: Array) -> None:
        self._postings = postings
        self.blocks = np.zeros(NUMBERS_OF_BLOCK * (count_blocks(len(postings)) + 1), np.uint32)

    def pack_postings(self) -> Iterator[Array]:
        """uint64, in pieces. Raises OSError if there are too many for one segment."""
        used = 0
        for piece, blocks in self._pieces():
            words = np.zeros(BLOCK * count_blocks(len(piece)) + 1, np.uint64)
            size = core.pack_postings(piece, len(piece), blocks, words)
            used = _move(blocks[0::NUMBERS_OF_BLOCK], used, size)
            yield words[:size]
        yield np.zeros(1, np.uint64)

    def pack_positions(self, positions: Array) -> Iterator[Array]:
        """The same for the positions: uint16 or uint32."""
        used = start = 0
        for piece, blocks in self._pieces():
            end = start + int((title_counts_of(piece) + body_counts_of(piece)).sum())
            words = np.zeros(end - start + count_blocks(len(piece)) + 1, np.uint64)
            run = positions[start:end]
            size = core.pack_positions(piece, len(piece), run, is_wide(run), blocks, words)
            used = _move(blocks[1::NUMBERS_OF_BLOCK], used, size)
            start = end
            yield words[:size]
        yield np.zeros(1, np.uint64)

    def _pieces(self) -> Iterator[tuple[Array, Array]]:
        """(postings, their blocks and the next one)."""
        for first in range(0, len(self._postings), _PIECE):
            piece = self._postings[first : first + _PIECE]
            block = first // BLOCK
            end = block + count_blocks(len(piece)) + 1
            yield piece, self.blocks[NUMBERS_OF_BLOCK * block : NUMBERS_OF_BLOCK * end]


def _move(starts: Array, used: int, size: int) -> int:
    """Move the words of a piece after the ``used`` ones; return the new number of used ones."""
    if used + size >= _MOST_WORDS:
        raise OSError(errno.EFBIG, "the segment would have more postings than one can have")
    starts += np.uint32(used)
    return used + size


def pack_few(postings: Array) -> PostingBlocks:
    """Postings (int64) in blocks, in memory."""
    packer = PostingPacker(postings)
    words = np.concatenate(list(packer.pack_postings()))
    return PostingBlocks(packer.blocks, words)


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


def lead_counts_of(postings: Array) -> Array:
    """The term's frequency in the lead, for each posting."""
    return postings >> 56
