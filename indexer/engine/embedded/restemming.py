"""Which stems do the articles of one writer get, if its segments know different ones?

A segment has one stem for each of its terms, the last it was given, and later articles may teach
better: that Slipi is a name. So that an index does not depend on where one segment ended and the
next began, all segments of a writer get the latest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from indexer.engine.embedded.segment import SegmentData
from indexer.engine.embedded.strings import find_places


def find_latest_stems(segments: Sequence[SegmentData]) -> dict[bytes, bytes]:
    """The stems that terms have in the last of ``segments`` with them, of terms that have another
    before.
    """
    latest: dict[bytes, bytes] = {}
    for end, newer in enumerate(segments):
        for older in segments[:end]:
            places = find_places(older.exact.terms, newer.exact.terms)
            shared = np.flatnonzero(places >= 0)
            as_newer = find_places(older.stems.terms, newer.stems.terms)
            stems = newer.stem_of[places[shared]]
            differ = as_newer[older.stem_of[shared]] != stems
            for term, stem in zip(shared[differ].tolist(), stems[differ].tolist(), strict=True):
                latest[older.exact.terms[term]] = newer.stems.terms[stem]
    return latest


def has_others(segment: SegmentData, stems: Mapping[bytes, bytes]) -> bool:
    """Whether the segment has another stem for any of these terms."""
    for term, stem in stems.items():
        place = segment.exact.terms.find(term)
        if place >= 0 and segment.stems.terms[int(segment.stem_of[place])] != stem:
            return True
    return False
