"""Stored articles as zstd frames, one each, so that reading one article unpacks one article.

A short text alone compresses badly; with a dictionary trained on its like it comes near what a
large block would give. The first large segment of an index trains the dictionary, later ones
use it on, and a frame names its dictionary by id, so merging copies frames as they are.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.errors import IndexCorrupt

Array = npt.NDArray[Any]

_LEVEL = 3
_DICTIONARY_BYTES = 64 * 1024
#: With fewer articles a dictionary would not pay for itself.
_FEWEST_TO_TRAIN = 400
_MOST_TO_TRAIN = 2_000


class ArticleCompressor:
    """Compresses articles with ``dictionary``, or trains one when there are enough of them."""

    def __init__(self, dictionary: bytes | None = None) -> None:
        self.dictionary = dictionary

    def compress(self, articles: Sequence[bytes]) -> tuple[Array, Array, list[bytes]]:
        """(frames uint8, offsets int64[articles + 1], dictionaries used)."""
        if self.dictionary is None and len(articles) >= _FEWEST_TO_TRAIN:
            self.dictionary = train_dictionary(articles)
        prepared = (
            zstandard.ZstdCompressionDict(self.dictionary) if self.dictionary is not None else None
        )
        if prepared is not None:
            prepared.precompute_compress(level=_LEVEL)
        compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=prepared, write_checksum=True)
        frames = [compressor.compress(article) for article in articles]
        offsets = np.zeros(len(frames) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, frames), np.int64, len(frames)), out=offsets[1:])
        used = [] if self.dictionary is None else [self.dictionary]
        return np.frombuffer(b"".join(frames), np.uint8), offsets, used


def train_dictionary(articles: Sequence[bytes]) -> bytes | None:
    """A zstd dictionary for articles like these; ``None`` where they have too little in common."""
    step = max(1, len(articles) // _MOST_TO_TRAIN)
    samples: list[bytes | bytearray | memoryview] = [
        article[:20_000] for article in articles[::step]
    ]
    try:
        # Fixed parameters: without them the trainer searches for the best and takes seconds.
        trained = zstandard.train_dictionary(_DICTIONARY_BYTES, samples, k=512, d=8)
    except zstandard.ZstdError:
        return None
    return bytes(trained.as_bytes())


class ArticleExpander(threading.local):
    """Unpacks frames made with any of ``dictionaries``.

    One set of decompressors for each thread: a zstd context serves one thread at a time.
    """

    def __init__(self, path: str, dictionaries: Sequence[bytes]) -> None:
        self._path = path
        self.dictionaries = list(dictionaries)
        self._by_id = {
            0: zstandard.ZstdDecompressor(),
            **{
                zstandard.ZstdCompressionDict(one).dict_id(): zstandard.ZstdDecompressor(
                    dict_data=zstandard.ZstdCompressionDict(one)
                )
                for one in dictionaries
            },
        }

    def expand(self, frame: bytes) -> bytes:
        """The article in ``frame``. Raises IndexCorrupt where it cannot be unpacked."""
        try:
            dictionary_id = zstandard.get_frame_parameters(frame).dict_id
            return bytes(self._by_id[dictionary_id].decompress(frame))
        except (zstandard.ZstdError, KeyError) as error:
            raise IndexCorrupt(
                self._path, f"a stored article cannot be unpacked ({error})"
            ) from error
