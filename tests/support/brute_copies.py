"""Whether two documents tell one story in the same words, one pair at a time.

From their sketches, which are what :mod:`indexer.engine.copies` defines; how they are compared is
written again here, number by number.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from support.brute_matching import StoredDocument

from indexer.engine.copies import FEWEST_ALIKE, FIGURES, NEARLY_ALL, UNDATED, sketch_bodies

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
    lacking, more = list_lacking(figures, other_figures), list_lacking(other_figures, figures)
    dated = day is not None and other_day is not None
    if dated and day == other_day and alike >= NEARLY_ALL and max(len(lacking), len(more)) <= 2:
        return True
    if dated and day != other_day and any(figure < 2**14 for figure in lacking + more):
        return False
    return not lacking or not more


def measure(one: StoredDocument, other: StoredDocument) -> float:
    """The share of samples that the two have in common."""
    samples, others = sketch(one)[0], sketch(other)[0]
    if not any(samples) or not any(others):
        return 0.0
    return sum(a == b for a, b in zip(samples, others, strict=True)) / len(samples)


def list_lacking(some: list[int], others: list[int]) -> list[int]:
    """Those of ``some`` that ``others`` has not, as far as it is known."""
    return [figure for figure in some if figure not in others and is_known(figure, others)]


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
