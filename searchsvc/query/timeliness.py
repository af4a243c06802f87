"""Which of the best hits are about the present?

An event that happened once, such as the death of a president, is best told by the most relevant
article, whatever its day. For a subject reported year after year, such as the rate of the rupiah,
the present is meant: a seven-year-old headline with exactly the words of the query is not the
answer. The dates of the best hits distinguish the two (Jones & Diaz 2007, *Temporal profiles of
queries*).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Fewer dates than this do not show how often a subject is reported.
_FEWEST = 3
#: The length of a single burst of reports in days, and the fraction of the hits outside the largest
#: burst that indicates a recurring subject.
_BURST_DAYS = 365
_RECURRING = 0.25
#: The maximum relative gain of the newest hit, and the days after which a hit gains half.
WEIGHT = 1.0
HALF_LIFE_DAYS = 365.0
#: A hit that scores less than this fraction of the best only mentions the subject, and gains
#: nothing.
_ABOUT = 2 / 3


def weigh_dates(days: Array, scores: Array, about: Array) -> Array:
    """The factor for the score of each hit: float64, one or more hits. ``days`` since 1970-01-01,
    NaN for none; ``scores`` above 0; ``about``: whether the title has any of the words. A hit
    without a date, or not about the subject, gains nothing.
    """
    factors = np.ones(len(days))
    dated = ~np.isnan(days)
    known = days[dated]
    if len(known) >= _FEWEST:
        newness = 1 / (1 + (known.max() - known) / HALF_LIFE_DAYS)
        closeness = (scores[dated] / scores.max() - _ABOUT) / (1 - _ABOUT)
        gained = WEIGHT * measure_recurrence(known) * newness * np.maximum(0, closeness)
        factors[dated] += gained * about[dated]
    return factors


def measure_recurrence(days: Array) -> float:
    """How strongly the dates suggest a recurring subject: from 0, if all lie within one year, to 1,
    if no year has three quarters of them.
    """
    ordered = np.sort(days)
    ends = np.searchsorted(ordered, ordered + _BURST_DAYS, "right")
    greatest = int((ends - np.arange(len(ordered))).max())
    return min(1.0, (1 - greatest / len(ordered)) / _RECURRING)
