"""Which articles of a damaged index can still be read?

Every stored article is a zstd frame with its own checksum. So whatever its frame decompresses to is
what was stored, even if other parts of the file are damaged: its page, the offsets, the directory,
the table of contents. None of these is trusted; they only say where to look first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import zstandard

from indexer.article import Article
from indexer.engine.embedded.container import READABLE_FORMATS, Container
from indexer.engine.embedded.strings import Strings, decode_term
from indexer.engine.embedded.whoosh.catalog import Catalog
from indexer.engine.embedded.whoosh.table import SEGMENT_NAME
from indexer.errors import IndexCorrupt, IndexNotFound

Array = npt.NDArray[Any]

_FRAME_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY_MAGIC = b"\x37\xa4\x30\xec"
#: A frame that claims to hold more than this is not an article.
_MOST_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Lost:
    """An article that cannot be read. ``id`` is ``None`` if that cannot be read either.

    ``document`` counts from 0 in the segment file ``path``; -1 means a whole file with an unknown
    number of articles.
    """

    path: str
    document: int
    id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A file to read, and which of its documents are deleted."""

    path: Path
    deleted: frozenset[int]


@dataclass(frozen=True, slots=True)
class Salvage:
    """What can be read in a folder. ``knows_deletions``: whether a table of contents could be read.
    Without one, deleted articles and older versions are included; of the versions of one article
    the newest comes last.
    """

    segments: list[Segment]
    knows_deletions: bool

    def articles(self) -> Iterator[Article | Lost]:
        """Every readable article, and for each lost one what is known of it."""
        dictionaries: dict[int, bytes] = {}
        for segment in self.segments:
            dictionaries = {**_find_dictionaries(segment.path), **dictionaries}
        for segment in self.segments:
            yield from _Reading(segment, dictionaries).articles()


def survey(folder: Path) -> Salvage:
    """Examine the folder of an index. Raises IndexNotFound, OSError."""
    files = {path.name: path for path in folder.iterdir() if SEGMENT_NAME.match(path.name)}
    try:
        generation = Catalog(folder).read_tables()
    except (IndexCorrupt, IndexNotFound):
        if not files:
            raise IndexNotFound(str(folder)) from None
        return Salvage([Segment(files[name], frozenset()) for name in _sort_by_age(files)], False)
    segments = [
        Segment(folder / one.file_name, frozenset(one.deleted_docs()))
        for one in generation.segments
    ]
    return Salvage(segments, True)


def _sort_by_age(files: dict[str, Path]) -> list[str]:
    """The names of segment files, the oldest first."""

    def find_age(name: str) -> tuple[int, int, str]:
        try:
            written = int(Container(files[name], formats=READABLE_FORMATS).meta["generation"])
        except (IndexCorrupt, KeyError, ValueError, TypeError):
            written = 0
        return written, files[name].stat().st_mtime_ns, name

    return sorted(files, key=find_age)


class _Reading:
    """Reads one segment file. ``dictionaries``: those of all files, by id."""

    def __init__(self, segment: Segment, dictionaries: dict[int, bytes]) -> None:
        self._path = segment.path
        self._deleted = segment.deleted
        self._by_id = {0: zstandard.ZstdDecompressor()}
        for number, one in dictionaries.items():
            prepared = zstandard.ZstdCompressionDict(one)
            self._by_id[number] = zstandard.ZstdDecompressor(dict_data=prepared)

    def articles(self) -> Iterator[Article | Lost]:
        try:
            container = Container(self._path, formats=READABLE_FORMATS)
            stored = container["stored"].values
            offsets = container["stored.offsets"].values
        except FileNotFoundError:
            yield Lost(str(self._path), -1, None, "the file is missing")
        except IndexCorrupt as error:
            yield Lost(str(self._path), -1, None, f"{error.problem}; what could be read was")
            yield from self._scan_file()
        else:
            yield from self._read_all(container, stored, offsets)

    def _read_all(
        self, container: Container, stored: Array, offsets: Array
    ) -> Iterator[Article | Lost]:
        ids = _read_ids(container)
        unread: dict[int, str | None] = {}
        done: set[int] = set()
        frames = stored.data
        for document, start in enumerate(offsets[:-1].tolist()):
            if document in self._deleted:
                done.add(start)
                continue
            article = self._unpack(frames[start:]) if 0 <= start < len(frames) else None
            if article is None or ids.get(document, article.id) != article.id:
                unread[document] = ids.get(document)
            else:
                done.add(start)
                yield article
        if unread:
            # The offsets may be damaged, so try every other frame as well.
            for article in self._scan(frames, done):
                found = _find_unread(unread, article.id)
                if found is not None:
                    del unread[found]
                    yield article
        for document, article_id in unread.items():
            yield Lost(str(self._path), document, article_id, "its bytes are damaged")

    def _scan_file(self) -> Iterator[Article]:
        if not self._path.stat().st_size:
            return
        with self._path.open("rb") as file:
            yield from self._scan(memoryview(file.read()), set())

    def _scan(self, data: memoryview, known: set[int]) -> Iterator[Article]:
        """The articles of all frames in ``data`` that do not begin at ``known`` offsets."""
        content = bytes(data)
        at = content.find(_FRAME_MAGIC)
        while at >= 0:
            if at not in known:
                article = self._unpack(data[at:])
                if article is not None:
                    yield article
            at = content.find(_FRAME_MAGIC, at + 1)

    def _unpack(self, frame: memoryview) -> Article | None:
        """The article of the frame at the beginning of ``frame``, if its checksum matches."""
        try:
            about = zstandard.get_frame_parameters(frame)
            if not about.has_checksum or about.content_size > _MOST_BYTES:
                return None
            text = self._by_id[about.dict_id].decompress(frame)
            article = Article.from_dict(orjson.loads(text))
        except (zstandard.ZstdError, KeyError, ValueError, TypeError, AttributeError, MemoryError):
            return None
        return article if isinstance(article.id, str) else None


def _find_unread(unread: dict[int, str | None], article_id: str) -> int | None:
    """The unread document that an article may be, or ``None``."""
    for wanted in (article_id, None):
        for document, known in unread.items():
            if known == wanted:
                return document
    return None


def _read_ids(container: Container) -> dict[int, str]:
    """The readable ids, by document."""
    found: dict[int, str] = {}
    try:
        ids = Strings(container, "ids")
    except IndexCorrupt:
        return found
    for document in range(len(ids)):
        try:
            found[document] = decode_term(ids[document])
        except (IndexCorrupt, ValueError):
            continue
    return found


def _find_dictionaries(path: Path) -> dict[int, bytes]:
    """The zstd dictionaries in a segment file, by id."""
    try:
        container = Container(path, formats=READABLE_FORMATS)
        data = container["dictionaries"].values.tobytes()
        lengths = container.meta["dictionaries"]
        ends = np.cumsum([0, *lengths]).tolist()
        found = [data[low:high] for low, high in pairwise(ends)]
    except FileNotFoundError:
        return {}
    except (IndexCorrupt, KeyError, ValueError, TypeError):
        found = _scan_dictionaries(path.read_bytes())
    return {zstandard.ZstdCompressionDict(one).dict_id(): one for one in found if one}


def _scan_dictionaries(content: bytes) -> list[bytes]:
    """The dictionary in a file whose directory is lost: it ends at the first frame after it."""
    start = content.find(_DICTIONARY_MAGIC)
    end = content.find(_FRAME_MAGIC, start)
    if start < 0 or end < 0:
        return []
    # Sections begin at multiples of 64, padded with zero bytes; a trained dictionary ends in text.
    return [content[start:end].rstrip(b"\0")]
