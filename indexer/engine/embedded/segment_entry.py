"""What does the table of contents say of a segment?"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

#: Extension of the one file a segment has.
EXTENSION = ".pack"
_ID_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 16


class SegmentEntry:
    """The name of one segment, its number of documents and which of them are deleted.

    The methods have the names of Whoosh's interface: see
    :class:`indexer.engine.embedded.whoosh.segment.PackedSegment`, which is what a table keeps.
    """

    def __init__(self, indexname: str, document_count: int = 0) -> None:
        self.indexname = indexname
        self.segid = "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_ID_LENGTH))
        self.compound = False
        self._document_count = document_count
        # Sorted uint32 numbers as bytes: small in the pickle, and arrays are not comparable.
        self._deleted = b""
        # The digest of the segment's file, see ``Container.digest``: detects another file of this
        # name.
        self._digest = b""

    @property
    def digest(self) -> bytes:
        """The digest of the segment's file; empty until it is written."""
        return self._digest

    def set_digest(self, digest: bytes) -> None:
        self._digest = digest

    @property
    def file_name(self) -> str:
        return f"{self.segment_id()}{EXTENSION}"

    def segment_id(self) -> str:
        return f"{self.indexname}_{self.segid}"

    def doc_count(self) -> int:
        """The number of documents that are not deleted."""
        return self.doc_count_all() - self.deleted_count()

    def has_deletions(self) -> bool:
        return self.deleted_count() > 0

    def doc_count_all(self) -> int:
        return self._document_count

    @property
    def deleted_numbers(self) -> npt.NDArray[np.uint32]:
        """Numbers of the deleted documents, ascending."""
        return np.frombuffer(self._deleted, np.uint32)

    def deleted_count(self) -> int:
        return len(self._deleted) // 4

    def deleted_docs(self) -> Iterator[int]:
        return iter(self.deleted_numbers.tolist())

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        numbers = np.array([docnum], np.uint32)
        if delete:
            self.delete_documents(numbers)
        else:
            self._deleted = np.setdiff1d(self.deleted_numbers, numbers).tobytes()

    def delete_documents(self, numbers: npt.NDArray[Any]) -> None:
        """Mark all of ``numbers`` deleted, including those that already are."""
        self._deleted = np.union1d(self.deleted_numbers, numbers.astype(np.uint32)).tobytes()

    def is_deleted(self, docnum: int) -> bool:
        deleted = self.deleted_numbers
        at = int(np.searchsorted(deleted, docnum))
        return at < len(deleted) and int(deleted[at]) == docnum

    def deleted_mask(self) -> npt.NDArray[np.bool_]:
        """bool[documents]: which are deleted."""
        mask = np.zeros(self._document_count, np.bool_)
        mask[self.deleted_numbers] = True
        return mask
