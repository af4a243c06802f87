"""How are stored articles compressed? As one zstd frame each, so that reading one decompresses only
one.

A short text alone compresses badly; with a dictionary trained on similar ones it comes close to a
large block. The first large segment of an index trains the dictionary, later ones reuse it, and a
frame names its dictionary by id, so merging copies frames unchanged.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.errors import IndexCorrupt

Array = npt.NDArray[Any]

_LEVEL = 3
_DICTIONARY_BYTES = 112 * 1024
#: With fewer articles a dictionary would not pay off.
_FEWEST_TO_TRAIN = 400
_MOST_TO_TRAIN = 2_000
#: This many bytes of an index show what its articles have in common.
_BYTES_BEFORE_TRAINING = 24_000_000
#: Maximum number of pieces waiting for compression, to bound memory.
_MOST_PIECES_AHEAD = 4


class ArticleCompressor:
    """Compresses articles as they come, in a separate thread: zstd releases the GIL. Uses
    ``dictionary``, or one trained on the first articles when there are enough of them.
    """

    def __init__(self, dictionary: bytes | None = None) -> None:
        self._dictionary = dictionary
        self._compressor = None if dictionary is None else _make_compressor(dictionary)
        self._threads = ThreadPoolExecutor(1)
        #: Articles that wait for a dictionary, and their total bytes.
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        #: For each piece: its frames concatenated, and the length of each.
        self._pieces: list[Future[tuple[Array, Array]]] = []

    def add(self, articles: list[bytes]) -> None:
        """Add more articles. Raises whatever compressing the earlier ones raised."""
        if self._compressor is not None:
            self._compress(self._compressor, articles)
            return
        self._waiting += articles
        self._waiting_bytes += sum(map(len, articles))
        if self._waiting_bytes >= _BYTES_BEFORE_TRAINING:
            self._train()

    def finish(self) -> tuple[list[Array], Array, list[bytes]]:
        """(frames uint8 in pieces, offsets int64[articles + 1], dictionaries used). Call once."""
        if self._waiting:
            self._train()
        pieces = [piece.result() for piece in self._pieces]
        self._threads.shutdown()
        offsets = np.zeros(sum(len(lengths) for _, lengths in pieces) + 1, np.int64)
        if pieces:
            np.cumsum(np.concatenate([lengths for _, lengths in pieces]), out=offsets[1:])
        used = [] if self._dictionary is None else [self._dictionary]
        return [frames for frames, _ in pieces], offsets, used

    def _train(self) -> None:
        """Compress the waiting articles, with a newly trained dictionary if that pays off."""
        if len(self._waiting) >= _FEWEST_TO_TRAIN:
            self._dictionary = train_dictionary(self._waiting)
        self._compressor = _make_compressor(self._dictionary)
        self._compress(self._compressor, self._waiting)
        self._waiting = []

    def _compress(self, compressor: zstandard.ZstdCompressor, articles: list[bytes]) -> None:
        if len(self._pieces) >= _MOST_PIECES_AHEAD:
            self._pieces[-_MOST_PIECES_AHEAD].result()
        self._pieces.append(self._threads.submit(_compress_all, compressor, articles))


def _make_compressor(dictionary: bytes | None) -> zstandard.ZstdCompressor:
    prepared = None if dictionary is None else zstandard.ZstdCompressionDict(dictionary)
    if prepared is not None:
        prepared.precompute_compress(level=_LEVEL)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=prepared, write_checksum=True)


def _compress_all(
    compressor: zstandard.ZstdCompressor, articles: list[bytes]
) -> tuple[Array, Array]:
    frames = [compressor.compress(article) for article in articles]
    lengths = np.fromiter(map(len, frames), np.int64, len(frames))
    return np.frombuffer(b"".join(frames), np.uint8), lengths


def train_dictionary(articles: Sequence[bytes]) -> bytes | None:
    """A zstd dictionary for such articles, or ``None`` if they have too little in common."""
    step = max(1, len(articles) // _MOST_TO_TRAIN)
    samples: list[bytes | bytearray | memoryview] = [
        article[:20_000] for article in articles[::step]
    ]
    try:
        # Fixed parameters: otherwise the trainer searches for the best ones, which takes seconds.
        trained = zstandard.train_dictionary(_DICTIONARY_BYTES, samples, k=512, d=8)
    except zstandard.ZstdError:
        return None
    return bytes(trained.as_bytes())


class ArticleExpander(threading.local):
    """Decompresses frames made with any of ``dictionaries``.

    One set of decompressors per thread: a zstd context serves one thread at a time.
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
        """The article in ``frame``. Raises IndexCorrupt if it cannot be decompressed."""
        try:
            dictionary_id = zstandard.get_frame_parameters(frame).dict_id
            return bytes(self._by_id[dictionary_id].decompress(frame))
        except (zstandard.ZstdError, KeyError) as error:
            raise IndexCorrupt(
                self._path, f"a stored article cannot be unpacked ({error})"
            ) from error
