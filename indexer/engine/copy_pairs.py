"""Which documents are copies of one another? Found without comparing all pairs.

Samples of a body are taken in bands of four. Two copies agree in 49 of 64 samples, so at most 15 of
their 16 bands differ: documents without a common band are not copies. (Locality-sensitive hashing
by bands, Broder 1997; here it misses nothing except what :data:`MOST_NEIGHBOURS` excludes.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.engine.copies import FEWEST_ALIKE, PLACES, Sketches, are_copies, sort_distinct

Array = npt.NDArray[Any]

_BAND = 4
BANDS = PLACES // _BAND
assert PLACES - FEWEST_ALIKE < BANDS, "copies might share no band"

#: Among documents with a common band, each is compared with this many others. More share one if a
#: form is filled in again and again; then each is compared with its neighbours, once ordered by
#: their figures, and once by their days.
MOST_NEIGHBOURS = 16
_TIE_BITS = np.uint64(32)
#: Pairs compared at a time, to bound memory.
_PAIRS_AT_A_TIME = 4096
#: Bits of a band that decide whether it is looked up at all.
_FILTER = 1 << 16


def find_copies(sketches: Sketches) -> Array:
    """int32, P x 2: the rows that are copies of each other, the greater first, pairs ascending."""
    return _keep_copies(sketches, sketches, _pair_within(sketches))


def find_copies_between(ones: Sketches, others: Sketches) -> Array:
    """int32, P x 2: rows of ``ones`` and of ``others`` that are copies, pairs ascending.

    Looking up the smaller set in the larger one is cheapest.
    """
    if len(ones.texts) > len(others.texts):
        pairs = _keep_copies(others, ones, _pair_between(others, ones))[:, ::-1]
        return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return _keep_copies(ones, others, _pair_between(ones, others))


def _pair_within(sketches: Sketches) -> Iterator[Array]:
    """Pairs of rows that share a band, int64, P x 2, the greater first."""
    rows, bands, ties = _list_bands(sketches)
    for band in range(BANDS):
        for tie in ties:
            keys = _join_keys(bands[:, band], tie)
            order = np.argsort(keys)
            ordered = keys[order] >> _TIE_BITS
            yield -np.sort(-rows[order[_pair_neighbours(ordered)]], axis=1)
            if not np.any(ordered[MOST_NEIGHBOURS:] == ordered[:-MOST_NEIGHBOURS]):
                break


def _pair_neighbours(ordered: Array) -> Array:
    """Pairs of nearby indices with equal ``ordered`` keys."""
    pairs = [np.empty((0, 2), np.int64)]
    for step in range(1, MOST_NEIGHBOURS + 1):
        same = np.flatnonzero(ordered[step:] == ordered[:-step])
        if len(same) == 0:
            break
        pairs.append(np.stack([same + step, same], axis=1))
    return np.concatenate(pairs)


def _pair_between(ones: Sketches, others: Sketches) -> Iterator[Array]:
    """Pairs of rows, one of each, that share a band: int64, P x 2."""
    rows, bands, ties = _list_bands(ones)
    other_rows, other_bands, other_ties = _list_bands(others)
    for band in range(BANDS):
        wanted = np.zeros(_FILTER, np.bool_)
        wanted[bands[:, band] % _FILTER] = True
        looked = np.flatnonzero(wanted[other_bands[:, band] % _FILTER])
        for tie, other_tie in zip(ties, other_ties, strict=True):
            keys = _join_keys(bands[:, band], tie)
            order = np.argsort(keys)
            other_keys = _join_keys(other_bands[looked, band], other_tie[looked])
            lows, counts = _find_neighbours(keys[order], other_keys)
            # Consecutive for each lookup: low, low + 1, ...
            places = np.arange(counts.sum()) + np.repeat(lows - np.cumsum(counts) + counts, counts)
            yield np.stack([rows[order[places]], np.repeat(other_rows[looked], counts)], axis=1)
            if not np.any(counts == MOST_NEIGHBOURS):
                break


def _find_neighbours(ascending: Array, keys: Array) -> tuple[Array, Array]:
    """For each of ``keys``, the index of the first of the ``ascending`` ones with the same band,
    and their number; if there are too many, the nearest by tie-breaker.
    """
    bands = ascending >> _TIE_BITS
    wanted = keys >> _TIE_BITS
    lows, highs = (np.searchsorted(bands, wanted, side=side) for side in ("left", "right"))
    nearest = np.searchsorted(ascending, keys) - MOST_NEIGHBOURS // 2
    lows = np.clip(nearest, lows, np.maximum(lows, highs - MOST_NEIGHBOURS))
    return lows, np.minimum(highs - lows, MOST_NEIGHBOURS)


def _join_keys(bands: Array, ties: Array) -> Array:
    """uint64: the bands, with the tie-breakers in the low bits."""
    keys: Array = (bands.astype(np.uint64) << _TIE_BITS) | ties
    return keys


def _list_bands(sketches: Sketches) -> tuple[Array, Array, tuple[Array, Array]]:
    """(int64 rows that are compared at all; uint32 bands of each, rows x BANDS; tie-breakers among
    those that share one, uint32 each: a hash of the figures, and the day).
    """
    rows = np.flatnonzero(sketches.texts.any(axis=1))
    some = sketches if len(rows) == len(sketches.texts) else sketches.take(rows)
    bands = np.ascontiguousarray(some.texts).view(np.uint32)
    figures = np.ascontiguousarray(some.figures).view(np.uint32)
    spread = np.arange(1, 2 * figures.shape[1], 2, dtype=np.uint32) * np.uint32(0x9E3779B1)
    days = (some.days.astype(np.int64) + 2**31).astype(np.uint32)
    return rows, bands, ((figures * spread).sum(axis=1, dtype=np.uint32), days)


def _is_among(numbers: Array, ascending: Array) -> Array:
    """bool for each of ``numbers``: whether it occurs in ``ascending``."""
    places = np.searchsorted(ascending, numbers)
    among = np.zeros(len(numbers), np.bool_)
    inside = places < len(ascending)
    among[inside] = ascending[places[inside]] == numbers[inside]
    return among


def _keep_copies(ones: Sketches, others: Sketches, candidates: Iterable[Array]) -> Array:
    """The candidates that are copies, without duplicates: int32, P x 2, ascending."""
    found = [np.empty(0, np.int64)]
    tried = np.empty(0, np.int64)
    for pairs in candidates:
        # Documents that share one band usually share several.
        numbers = sort_distinct(pairs[:, 0].astype(np.int64) * len(others.texts) + pairs[:, 1])
        fresh = numbers[~_is_among(numbers, tried)]
        tried = np.sort(np.concatenate([tried, fresh]))
        for first in range(0, len(fresh), _PAIRS_AT_A_TIME):
            some = fresh[first : first + _PAIRS_AT_A_TIME]
            one, other = np.divmod(some, len(others.texts))
            found.append(some[are_copies(ones.take(one), others.take(other))])
    numbers = np.sort(np.concatenate(found))
    return np.stack(np.divmod(numbers, max(len(others.texts), 1)), axis=1).astype(np.int32)


def connect(size: int, pairs: Array) -> Array:
    """int32 for each of ``size`` refs: the number of its connected component by ``pairs`` (P x 2),
    counted from 0; -1 for those in no pair.
    """
    numbers = np.full(size, -1, np.int32)
    refs, ends = np.unique(pairs, return_inverse=True)
    ends = ends.reshape(-1, 2)
    labels = np.arange(len(refs), dtype=np.int32)
    while True:
        least = np.minimum(labels[ends[:, 0]], labels[ends[:, 1]])
        lower = labels.copy()
        np.minimum.at(lower, ends[:, 0], least)
        np.minimum.at(lower, ends[:, 1], least)
        lower = lower[lower]
        if np.array_equal(lower, labels):
            break
        labels = lower
    numbers[refs] = labels
    return numbers
