"""Which documents are copies of one another, without comparing each with each?

Samples of a body are taken in bands of four. Two copies agree in 49 of 64 samples, so at most 15 of
their 16 bands differ: who shares no band is no copy. (Locality-sensitive hashing by bands, Broder
1997; here it misses nothing but what :data:`MOST_NEIGHBOURS` leaves out.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.copies import FEWEST_ALIKE, PLACES, Sketches, are_copies

Array = npt.NDArray[Any]

_BAND = 4
BANDS = PLACES // _BAND
assert PLACES - FEWEST_ALIKE < BANDS, "copies might share no band"

#: Of the documents that have a band in common, each is compared with so many that follow it. More
#: than that share one where a form is filled in again and again.
MOST_NEIGHBOURS = 32
#: Pairs compared at a time, to bound memory.
_PAIRS_AT_A_TIME = 4096
#: What of a band decides whether it is looked for at all.
_FILTER = 1 << 16


def find_copies(sketches: Sketches) -> Array:
    """int32, P x 2: the rows that are copies of each other, the greater first, pairs ascending."""
    rows, bands = _list_bands(sketches)
    found = [np.empty((0, 2), np.int32)]
    for band in range(BANDS):
        order = np.argsort(bands[:, band], kind="stable")
        ordered = bands[order, band]
        for step in range(1, MOST_NEIGHBOURS + 1):
            same = np.flatnonzero(ordered[step:] == ordered[:-step])
            if len(same) == 0:
                break
            # Sorting was stable, so who stands behind has the greater number.
            pairs = np.stack([rows[order[same + step]], rows[order[same]]], axis=1)
            found.extend(_keep_copies(sketches, sketches, pairs))
    return np.unique(np.concatenate(found), axis=0)


def find_copies_between(ones: Sketches, others: Sketches) -> Array:
    """int32, P x 2: rows of ``ones`` and of ``others`` that are copies, pairs ascending.

    Looking for the fewer among the more costs least.
    """
    if len(ones.texts) > len(others.texts):
        pairs = find_copies_between(others, ones)[:, ::-1]
        return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    rows, bands = _list_bands(ones)
    other_rows, other_bands = _list_bands(others)
    found = [np.empty((0, 2), np.int32)]
    for band in range(BANDS):
        order = np.argsort(bands[:, band], kind="stable")
        ordered = bands[order, band]
        wanted = np.zeros(_FILTER, np.bool_)
        wanted[ordered % _FILTER] = True
        looked = np.flatnonzero(wanted[other_bands[:, band] % _FILTER])
        keys = other_bands[looked, band]
        lows, highs = (np.searchsorted(ordered, keys, side=side) for side in ("left", "right"))
        for step in range(MOST_NEIGHBOURS):
            same = np.flatnonzero(lows + step < highs)
            if len(same) == 0:
                break
            pairs = np.stack([rows[order[lows[same] + step]], other_rows[looked[same]]], axis=1)
            found.extend(_keep_copies(ones, others, pairs))
    return np.unique(np.concatenate(found), axis=0)


def _list_bands(sketches: Sketches) -> tuple[Array, Array]:
    """(int32 rows that are compared at all, the bands of each: uint32, rows x BANDS)."""
    rows = np.flatnonzero(sketches.texts.any(axis=1)).astype(np.int32)
    return rows, np.ascontiguousarray(sketches.texts[rows]).view(np.uint32)


def _keep_copies(ones: Sketches, others: Sketches, pairs: Array) -> Iterator[Array]:
    """Those of ``pairs`` that are copies, in parts."""
    for first in range(0, len(pairs), _PAIRS_AT_A_TIME):
        some = pairs[first : first + _PAIRS_AT_A_TIME]
        yield some[are_copies(ones.take(some[:, 0]), others.take(some[:, 1]))]
