"""One posting in 64 bits: document and counts side by side, so that a loop reads one array.

::

    bits  0-31   document number
    bits 32-47   times in the body, at most 65,535 (occurrences in the lead are among them)
    bits 48-55   times in the title, at most 255
    bits 56-62   times in the lead, at most 127
    bit  63      0: postings are int64, and compiled loops never mix signs

Only a text that repeats one word more often than a count can hold loses anything: the exact
count, and the positions beyond it.
"""

from __future__ import annotations

from indexer.engine.embedded.compiled import compiled

MOST_IN_BODY = 0xFFFF
MOST_IN_TITLE = 0xFF
MOST_IN_LEAD = 0x7F

ONE_IN_BODY = 1 << 32
ONE_IN_TITLE = 1 << 48
ONE_IN_LEAD = 1 << 56


@compiled
def document_of(posting: int) -> int:
    return posting & 0xFFFFFFFF


@compiled
def body_count_of(posting: int) -> int:
    return (posting >> 32) & 0xFFFF


@compiled
def title_count_of(posting: int) -> int:
    return (posting >> 48) & 0xFF


@compiled
def lead_count_of(posting: int) -> int:
    return posting >> 56


@compiled
def token_count_of(posting: int) -> int:
    """How many positions the posting has: those of its title and those of its body."""
    return ((posting >> 32) & 0xFFFF) + ((posting >> 48) & 0xFF)


@compiled
def pack_posting(document: int, in_body: int, in_title: int, in_lead: int) -> int:
    """The posting with these counts, each cut to the most it can hold."""
    return (
        document
        | (min(in_body, MOST_IN_BODY) << 32)
        | (min(in_title, MOST_IN_TITLE) << 48)
        | (min(in_lead, MOST_IN_LEAD) << 56)
    )
