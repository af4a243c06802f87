"""Whether two documents tell one story in the same words, one pair at a time.

From their sketches, which are what :mod:`indexer.engine.copies` defines; how they are compared is
written again here, number by number.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from support.brute_matching import StoredDocument

from indexer.engine.copies import FEWEST_ALIKE, FIGURES, UNDATED, sketch_bodies

#: What of a document is compared: samples, figures (``None`` in the place of those not kept), day.
Sketch = tuple[list[int], list[int], int | None]


def tell_the_same(one: StoredDocument, other: StoredDocument) -> bool:
    """Whether they are copies of each other."""
    samples, figures, day = sketch(one)
    other_samples, other_figures, other_day = sketch(other)
    if not any(samples):
        return False
    alike = sum(a == b for a, b in zip(samples, other_samples, strict=True))
    if alike < FEWEST_ALIKE:
        return False
    apart = day is not None and other_day is not None and day != other_day
    return has_figures(figures, other_figures, apart) or has_figures(other_figures, figures, apart)


def measure(one: StoredDocument, other: StoredDocument) -> float:
    """The share of samples that the two have in common."""
    samples, others = sketch(one)[0], sketch(other)[0]
    if not any(samples) or not any(others):
        return 0.0
    return sum(a == b for a, b in zip(samples, others, strict=True)) / len(samples)


def has_figures(some: list[int], others: list[int], apart: bool) -> bool:
    """Whether ``others`` has all of ``some``, and no more amounts if they are of different days."""
    lacking = [figure for figure in some if figure not in others and is_known(figure, others)]
    more = [
        figure
        for figure in others
        if figure < 2**14 and figure not in some and is_known(figure, some)
    ]
    return not lacking and not (apart and more)


def is_known(figure: int, kept: list[int]) -> bool:
    """Whether the figure would be among those ``kept`` if the body had it."""
    return len(kept) < FIGURES or figure <= max(kept)


@lru_cache(10_000)
def sketch(stored: StoredDocument) -> Sketch:
    tokens = [token.exact for token in stored.title + stored.body]
    vocabulary = sorted(set(tokens))
    day = stored.document.published_day
    dated = day is not None and stored.document.published_second is not None
    made = sketch_bodies(
        vocabulary,
        np.array([vocabulary.index(token) for token in tokens], np.int32),
        np.array([len(stored.title)]),
        np.array([len(stored.body)]),
        np.array([day if dated else UNDATED], np.int32),
    )
    figures = [figure for figure in made.figures[0].tolist() if figure]
    return made.texts[0].tolist(), figures, day if dated else None
