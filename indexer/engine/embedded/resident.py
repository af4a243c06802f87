"""How much of the memory-mapped index is resident in this process?

Every page of a mapped file that a search touches counts as resident until the system needs the
memory, although the same page in the system's cache serves all workers. On a large archive the
figure grows to the size of the index, and looks like a leak to anything that monitors it (a
container's limit, an administrator). So a worker releases its pages now and then; touching one
again costs a microsecond while it is in the system's cache.
"""

from __future__ import annotations

import mmap
from pathlib import Path

#: A snapshot releases its pages above this.
MOST_MAPPED_BYTES = 768 * 1024**2
#: Searches between two checks of the resident size.
SEARCHES_BETWEEN_LOOKS = 128

_STATM = Path("/proc/self/statm")


def measure_mapped() -> int:
    """Bytes of files and shared memory resident in this process; 0 if the system does not report
    it.
    """
    try:
        return int(_STATM.read_bytes().split()[2]) * mmap.PAGESIZE
    except OSError:
        return 0
