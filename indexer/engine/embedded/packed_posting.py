"""One posting in 64 bits, as numpy reads it; native/posting.h has the layout and what it loses."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Where positions begin is kept for every so many postings.
POSITION_SAMPLE = 64
#: What native/posting.h adds to the position of a body token; no title is so long.
BODY = 1 << 24


def documents_of(postings: Array) -> Array:
    """uint32: the document of each posting."""
    return (postings & 0xFFFFFFFF).astype(np.uint32)


def title_counts_of(postings: Array) -> Array:
    """How often each posting's term is in the title."""
    return (postings >> 48) & 0xFF


def body_counts_of(postings: Array) -> Array:
    """How often each posting's term is in the body, its lead included."""
    return (postings >> 32) & 0xFFFF


def lead_counts_of(postings: Array) -> Array:
    """How often each posting's term is in the lead."""
    return postings >> 56
