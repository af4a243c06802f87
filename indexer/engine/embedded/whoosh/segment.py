"""What is a segment to Whoosh? The object that it pickles into its table of contents.

Committed indexes name this class by its import path: if it moves, ``table`` must know both. It has
Whoosh's segment interface without deriving from Whoosh's class, so that reading an index does not
import Whoosh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.engine.embedded.segment_entry import SegmentEntry

if TYPE_CHECKING:
    from indexer.engine.embedded.whoosh.codec import PackedCodec


class PackedSegment(SegmentEntry):
    """An entry that Whoosh can open."""

    def codec(self) -> PackedCodec:
        # Only Whoosh asks for it, and only it needs Whoosh.
        from indexer.engine.embedded.whoosh.codec import PackedCodec

        return PackedCodec()

    def is_compound(self) -> bool:
        return self.compound

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, doccount: int) -> None:
        self._document_count = doccount

    def copy(self) -> PackedSegment:
        """A copy of the segment whose deletions are independent of this object's."""
        twin = PackedSegment.__new__(PackedSegment)
        twin.__dict__.update(self.__dict__)
        return twin
