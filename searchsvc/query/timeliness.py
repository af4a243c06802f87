"""Which of the best hits are about now?

What happened once, such as the death of a president, is told best by the article that is most about
it, whatever its day. What is reported year after year, such as the rate of the rupiah, is asked for
as it is now: a headline of seven years ago in the very words of the query is not the answer. The
dates of the best hits tell the two apart (Jones & Diaz 2007, *Temporal profiles of queries*).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Fewer dates than this say nothing of how often a subject is reported.
_FEWEST = 3
#: Days of a single burst of reports, and the part of the hits outside the greatest burst that shows
#: a subject of every year.
_BURST_DAYS = 365
_RECURRING = 0.25
#: By how much of its score the newest hit may gain, and the days after which a hit gains half.
WEIGHT = 1.0
HALF_LIFE_DAYS = 365.0
#: What scores less than this part of the best mentions the subject only, and gains nothing.
_ABOUT = 2 / 3


def weigh_dates(days: Array, scores: Array, about: Array) -> Array:
    """By what the score of each hit is multiplied: float64, one or more hits. ``days`` since
    1970-01-01, NaN for none; ``scores`` above 0; ``about``: whether the title has any of the words.
    What has no date, or is not about the subject, gains nothing.
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
    """How far the dates are those of what is reported year after year: from 0, where all lie within
    one year, to 1, where no year has three quarters of them.
    """
    ordered = np.sort(days)
    ends = np.searchsorted(ordered, ordered + _BURST_DAYS, "right")
    greatest = int((ends - np.arange(len(ordered))).max())
    return min(1.0, (1 - greatest / len(ordered)) / _RECURRING)
