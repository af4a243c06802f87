"""The passage of a document by definition: every stretch of its body is tried."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engine.base import MOST_IN_PASSAGE, NO_PASSAGE, Occurrence, Passage, PassageBounds


def choose_passage(occurrences: Sequence[Occurrence], bounds: PassageBounds) -> Passage:
    """See :meth:`indexer.engine.base.Snapshot.passages`."""
    in_title = sorted({one.start for one in occurrences if one.in_title})
    in_body = [one for one in occurrences if not one.in_title and one.start < bounds.end]
    in_body = in_body[:MOST_IN_PASSAGE]
    if not in_body:
        return NO_PASSAGE._replace(in_title=in_title)
    stretches = [find_stretch(in_body, last, bounds.width) for last in range(len(in_body))]
    best = max(stretches, key=lambda stretch: (len({one.word for one in stretch}), len(stretch)))
    first = best[0].start
    shown = sorted({one.start for one in in_body if abs(one.start - first) <= bounds.reach})
    return Passage(in_title, shown, first, best[-1].start)


def find_stretch(occurrences: Sequence[Occurrence], last: int, width: int) -> list[Occurrence]:
    """The longest stretch that ends with the occurrence numbered ``last``."""
    earliest = occurrences[last].start - width
    return [one for one in occurrences[: last + 1] if one.start >= earliest]
