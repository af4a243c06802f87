"""When is a failed source retried? Later each time, and not at the same time as all others."""

from __future__ import annotations

import random
from typing import Final

#: Seconds: the first wait, our longest wait, and the longest that a server may ask for.
_FIRST_S: Final = 60.0
_LONGEST_S: Final = 6 * 3_600.0
LONGEST_RETRY_AFTER_S: Final = 24 * 3_600.0


def choose_wait(
    failures: int, retry_after_s: float = 0.0, *, draw: random.Random | None = None
) -> float:
    """Seconds to wait after ``failures`` in a row, the last of which may have asked for a wait.

    Twice as long each time, randomised between half of that and all of it: clients stopped by one
    outage do not all return together.
    """
    longest = min(_FIRST_S * 2.0 ** min(failures - 1, 20), _LONGEST_S)
    wait = longest * (0.5 + 0.5 * (draw or random.Random()).random())  # no secret depends on it
    return max(wait, min(retry_after_s, LONGEST_RETRY_AFTER_S))
