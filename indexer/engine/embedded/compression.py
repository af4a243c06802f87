"""How are stored articles compressed? As one zstd frame each, and one for its summary, so that
reading one decompresses only one.

A short text alone compresses badly; with a dictionary trained on similar ones it comes close to a
large block. The first large segment of an index trains the dictionary, later ones reuse it, and a
frame names its dictionary by id, so merging copies frames unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from indexer.engine.embedded.contents import ByteRuns
from indexer.errors import IndexCorrupt

Array = npt.NDArray[Any]
#: An article, and its summary, as JSON.
_Record = tuple[bytes, bytes]
#: What zstandard takes.
_Text = bytes | bytearray | memoryview
#: Frames concatenated, and the length of each.
_Frames = tuple[Array, Array]

_LEVEL = 3
_DICTIONARY_BYTES = 112 * 1024
#: With fewer articles a dictionary would not pay off.
_FEWEST_TO_TRAIN = 400
_MOST_TO_TRAIN = 2_000
#: This many bytes of an index show what its articles have in common.
_BYTES_BEFORE_TRAINING = 24_000_000
#: Texts compressed in one call, which takes as much memory as they do.
_COMPRESSED_AT_ONCE = 256
#: Maximum number of pieces waiting for compression, to bound memory.
_MOST_PIECES_AHEAD = 4


class ArticleCompressor:
    """Compresses articles as they come, in a separate thread: zstd releases the GIL. Uses
    ``dictionary``, or one trained on the first articles when there are enough of them.
    """

    def __init__(self, dictionary: bytes | None = None) -> None:
        self.dictionary = dictionary
        self._compressor = None if dictionary is None else _make_compressor(dictionary)
        self._threads = ThreadPoolExecutor(1)
        #: Articles that wait for a dictionary, and their total bytes.
        self._waiting: list[_Record] = []
        self._waiting_bytes = 0
        self._pieces: list[Future[tuple[_Frames, _Frames]]] = []

    def add(self, articles: list[_Record]) -> None:
        """Add more articles, each with its summary. Raises whatever compressing the earlier ones
        raised.
        """
        if self._compressor is not None:
            self._compress(self._compressor, articles)
            return
        self._waiting += articles
        self._waiting_bytes += sum(len(article) for article, _ in articles)
        if self._waiting_bytes >= _BYTES_BEFORE_TRAINING:
            self.train()

    def finish(self) -> tuple[ByteRuns, ByteRuns, list[bytes]]:
        """(frames of the articles, of their summaries, dictionaries used). Call once."""
        self.train()
        pieces = [piece.result() for piece in self._pieces]
        self._threads.shutdown()
        articles, summaries = (
            ByteRuns.measure(
                [piece[which][0] for piece in pieces], [piece[which][1] for piece in pieces]
            )
            for which in range(2)
        )
        return articles, summaries, [] if self.dictionary is None else [self.dictionary]

    def train(self) -> None:
        """Train the dictionary, unless there is one, on the articles so far, if that pays off; then
        compress them.
        """
        if self._compressor is not None:
            return
        if len(self._waiting) >= _FEWEST_TO_TRAIN:
            self.dictionary = train_dictionary([article for article, _ in self._waiting])
        self._compressor = _make_compressor(self.dictionary)
        self._compress(self._compressor, self._waiting)
        self._waiting = []

    def _compress(self, compressor: zstandard.ZstdCompressor, articles: list[_Record]) -> None:
        if len(self._pieces) >= _MOST_PIECES_AHEAD:
            self._pieces[-_MOST_PIECES_AHEAD].result()
        self._pieces.append(self._threads.submit(_compress_all, compressor, articles))


def _make_compressor(dictionary: bytes | None) -> zstandard.ZstdCompressor:
    prepared = None if dictionary is None else zstandard.ZstdCompressionDict(dictionary)
    if prepared is not None:
        prepared.precompute_compress(level=_LEVEL)
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=prepared, write_checksum=True)


def _compress_all(
    compressor: zstandard.ZstdCompressor, articles: list[_Record]
) -> tuple[_Frames, _Frames]:
    return (
        _compress_each(compressor, [article for article, _ in articles]),
        _compress_each(compressor, [summary for _, summary in articles]),
    )


def _compress_each(compressor: zstandard.ZstdCompressor, texts: list[_Text]) -> _Frames:
    frames: list[bytes] = []
    for first in range(0, len(texts), _COMPRESSED_AT_ONCE):
        # Many in one call: after each single one, this thread would wait for Python's lock.
        some = compressor.multi_compress_to_buffer(texts[first : first + _COMPRESSED_AT_ONCE])
        frames += [some[number].tobytes() for number in range(len(some))]
    lengths = np.fromiter(map(len, frames), np.int64, len(frames))
    return np.frombuffer(b"".join(frames), np.uint8), lengths


def train_dictionary(articles: Sequence[bytes]) -> bytes | None:
    """A zstd dictionary for such articles, or ``None`` if they have too little in common."""
    step = max(1, len(articles) // _MOST_TO_TRAIN)
    samples: list[_Text] = [article[:20_000] for article in articles[::step]]
    try:
        # Fixed parameters: otherwise the trainer searches for the best ones, which takes seconds.
        trained = zstandard.train_dictionary(_DICTIONARY_BYTES, samples, k=512, d=8)
    except zstandard.ZstdError:
        return None
    return bytes(trained.as_bytes())


class ArticleExpander:
    """Decompresses frames made with any of ``dictionaries``. Thread-safe."""

    def __init__(self, path: str, dictionaries: Sequence[bytes]) -> None:
        self._path = path
        self.dictionaries = list(dictionaries)
        shared = map(zstandard.ZstdCompressionDict, dictionaries)
        self._dictionaries: dict[int, zstandard.ZstdCompressionDict | None]
        self._dictionaries = {one.dict_id(): one for one in shared} or {0: None}
        # A zstd context serves one thread at a time. There are as many as articles are read at
        # once; one for each thread of a service would take megabytes.
        self._idle: list[dict[int, zstandard.ZstdDecompressor]] = []

    def expand(self, frame: bytes | memoryview) -> bytes:
        """The article in ``frame``. Raises IndexCorrupt if it cannot be decompressed."""
        (article,) = self.expand_all([frame])
        return article

    def expand_all(self, frames: Sequence[bytes | memoryview]) -> list[bytes]:
        """The same for several."""
        try:
            by_id = self._idle.pop()
        except IndexError:
            by_id = {
                number: zstandard.ZstdDecompressor(dict_data=one)
                for number, one in self._dictionaries.items()
            }
        # Reads frames without a dictionary as well, and refuses those of any other.
        one = next(iter(by_id.values()))
        try:
            if len(by_id) == 1:
                return list(map(one.decompress, frames))
            ids = [zstandard.get_frame_parameters(frame).dict_id for frame in frames]
            return [
                (by_id[number] if number else one).decompress(frame)
                for number, frame in zip(ids, frames, strict=True)
            ]
        except (zstandard.ZstdError, KeyError) as error:
            raise IndexCorrupt(
                self._path, f"a stored article cannot be unpacked ({error})"
            ) from error
        finally:
            self._idle.append(by_id)
