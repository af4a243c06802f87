"""How much of the mapped index does this process hold in memory?

Every page of a mapped file that a search touches counts as resident until the system needs the
room, though the same page in the system's cache serves all workers. On a large archive the
figure creeps up to the size of the index, and whatever watches it (a container's limit, an
administrator) sees a worker that leaks. So a worker lets go of its pages now and then; touching
one again costs a microsecond while the system's cache has it.
"""

from __future__ import annotations

import mmap
from pathlib import Path

#: A snapshot lets go of its pages above this.
MOST_MAPPED_BYTES = 768 * 1024**2
#: It looks at how much it holds once in so many searches.
SEARCHES_BETWEEN_LOOKS = 128

_STATM = Path("/proc/self/statm")


def measure_mapped() -> int:
    """Bytes of files and shared memory resident in this process; 0 where Linux does not say."""
    try:
        return int(_STATM.read_bytes().split()[2]) * mmap.PAGESIZE
    except OSError:
        return 0
