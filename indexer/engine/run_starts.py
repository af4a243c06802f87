"""Where does each of some runs start that follow one another?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def find_starts(lengths: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """int64[runs + 1]: the start of each run of these lengths, and the end of the last."""
    counted = np.asarray(lengths, np.int64)
    starts = np.zeros(len(counted) + 1, np.int64)
    np.cumsum(counted, out=starts[1:])
    return starts
