"""Which stretch of a body does a list of results show?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from indexer.engine.base import MOST_IN_PASSAGE, NO_PASSAGE, Occurrence, Passage, PassageBounds


def choose_passage(occurrences: Sequence[Occurrence], bounds: PassageBounds) -> Passage:
    """See :meth:`indexer.engine.base.Snapshot.passages`."""
    in_title = list_starts(one for one in occurrences if one.in_title)
    in_body = [one for one in occurrences if not one.in_title and one.start < bounds.end]
    in_body = in_body[:MOST_IN_PASSAGE]
    if not in_body:
        return NO_PASSAGE._replace(in_title=in_title)
    first, last = _find_best(in_body, bounds.width)
    start = in_body[first].start
    shown = [one for one in in_body if abs(one.start - start) <= bounds.reach]
    return Passage(in_title, list_starts(shown), start, in_body[last].start)


def list_starts(occurrences: Iterable[Occurrence]) -> list[int]:
    """Where their tokens start, each once."""
    return list(dict.fromkeys(one.start for one in occurrences))


def _find_best(occurrences: Sequence[Occurrence], width: int) -> tuple[int, int]:
    """The numbers of the first and the last occurrence of the best stretch."""
    best, most = (0, 0), (0, 0)
    inside: Counter[int] = Counter()
    first = 0
    for last, one in enumerate(occurrences):
        inside[one.word] += 1
        while occurrences[first].start < one.start - width:
            word = occurrences[first].word
            inside[word] -= 1
            if not inside[word]:
                del inside[word]
            first += 1
        if (found := (len(inside), last - first + 1)) > most:
            best, most = (first, last), found
    return best
