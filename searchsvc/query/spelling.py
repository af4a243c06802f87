"""What is a reader told about spelling? Which query was searched, and what else may be meant."""

from __future__ import annotations

from collections.abc import Iterator

from searchsvc.query.understand import Understood
from searchsvc.request import Note


def note_spelling(found: Understood) -> Iterator[Note]:
    """``corrected`` if another query was searched than the one typed, ``did_you_mean`` if one may
    be meant that finds more.
    """
    if found.corrected:
        shown = f"ditampilkan hasil untuk: {found.corrected}"
        message = f"Artikel dengan ejaan ini (hampir) tidak ada; {shown}"
        yield Note("corrected", message, found.corrected)
    if found.offered:
        yield Note("did_you_mean", f"Mungkin maksud Anda: {found.offered}", found.offered)
