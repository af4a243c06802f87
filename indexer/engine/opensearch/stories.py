"""Which articles tell one story? Found by the writer, and kept with every article of a story.

Articles carry the number of their story (the least ref of those that tell it; their own if they are
alone) and whether anybody else tells it. So a query can count stories wherever its articles are.
A commit that adds a copy, or deletes one, writes new versions of the other tellings whose marks
change. Candidates are found by the bands of their sketches (:mod:`indexer.engine.copy_pairs`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from indexer.engine.copy_pairs import connect, find_copies, find_copies_between
from indexer.engine.opensearch.documents import list_bands, read_sketches
from indexer.engine.opensearch.filters import cut_values
from indexer.engine.opensearch.versions import Version, Versions

_NEW_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Marks:
    """What an article says about its story."""

    story: int
    copied: bool


def find_marks(
    versions: Versions,
    new: Mapping[int, str],
    gone: Collection[Version],
) -> dict[int, Marks]:
    """The marks, after a commit, of every ref whose marks the commit may change.

    ``new``: the sketches of added articles by ref; ``gone``: versions that the commit removes.
    """
    removed = {one.ref for one in gone}
    stories = {one.story for one in gone if one.copied}
    sketches = dict(_find_candidates(versions, new, removed, stories))
    for chosen in cut_values(sorted(stories)):
        for version, sketch in versions.find_like({"terms": {"story": chosen}}):
            if version.ref not in removed:
                sketches[version.ref] = sketch
    if not sketches:
        return {}
    refs = np.array(sorted(sketches), np.int64)
    pairs = find_copies(read_sketches([sketches[ref] for ref in refs.tolist()]))
    numbers = connect(len(refs), pairs)
    least: dict[int, int] = {}
    marks = {}
    for ref, number in zip(refs.tolist(), numbers.tolist(), strict=True):
        # Refs ascend: the first of a story is its least.
        story = ref if number < 0 else least.setdefault(number, ref)
        marks[ref] = Marks(story, number >= 0)
    return marks


def _find_candidates(
    versions: Versions, new: Mapping[int, str], removed: set[int], stories: set[int]
) -> Iterator[tuple[int, str]]:
    """(ref, sketch) of new articles that have copies, and of those copies; adds the stories that
    the latter tell with others to ``stories``.
    """
    if not new:
        return
    refs = list(new)
    every = read_sketches([new[ref] for ref in refs])
    for pair in find_copies(every).tolist():
        yield from ((refs[row], new[refs[row]]) for row in pair)
    for first in range(0, len(refs), _NEW_AT_A_TIME):
        rows = np.arange(first, min(first + _NEW_AT_A_TIME, len(refs)))
        some = every.take(rows)
        bands = sorted({band for texts in some.texts for band in list_bands(texts)})
        likely = [
            one
            for chosen in cut_values(bands)
            for one in versions.find_like({"terms": {"bands": chosen}})
            if one[0].ref not in removed
        ]
        if not likely:
            continue
        pairs = find_copies_between(some, read_sketches([sketch for _, sketch in likely]))
        for row, other in pairs.tolist():
            version, sketch = likely[other]
            yield refs[first + row], new[refs[first + row]]
            yield version.ref, sketch
            if version.copied:
                stories.add(version.story)
