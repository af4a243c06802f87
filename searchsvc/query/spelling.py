"""Telling people which spelling was searched, and what else they may have meant."""

from __future__ import annotations

from collections.abc import Iterator

from searchsvc.query.understand import Understood
from searchsvc.request import Note


def note_spelling(found: Understood) -> Iterator[Note]:
    """``corrected`` where another query was searched than the one typed, ``did_you_mean`` where
    one may be meant that finds more.
    """
    if found.corrected:
        shown = f"ditampilkan hasil untuk: {found.corrected}"
        message = f"Artikel dengan ejaan ini (hampir) tidak ada; {shown}"
        yield Note("corrected", message, found.corrected)
    if found.offered:
        yield Note("did_you_mean", f"Mungkin maksud Anda: {found.offered}", found.offered)
