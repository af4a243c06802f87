"""A fault at every system call of every command that writes: python -m faults.campaign (from
``tests/``; ``make faults`` runs all).

Index, make, delete and rebuild run once for each of their calls and each fault that it can meet:
killed there, an error of the system, a read or write cut short. Afterwards the index must be whole
and hold what one of the commits left; what the command said must be so; no traceback is seen; and
the same command, run again, must end as if nothing had happened. Prints the figures as JSON; exits
with 1 where anything is otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from faults import shim
from faults.possible import KINDS

_TELL_EVERY = 1000


def find_memory() -> str | None:
    """A folder in memory if there is one: nothing here waits for a disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenarios", default="index,create,delete,rebuild")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--every", type=int, default=1, help="try one fault in so many")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    shim.preload()
    from faults.trials import try_all

    with tempfile.TemporaryDirectory(prefix="faults-", dir=find_memory()) as scratch:
        figures: Counter[str] = Counter()
        missed: list[str] = []
        for told in try_all(
            Path(scratch),
            options.scenarios.split(","),
            options.kinds.split(","),
            every=options.every,
            jobs=options.jobs,
        ):
            figures[told.counted] += 1
            if told.wrong:
                missed.append(told.wrong)
                print(told.wrong, file=sys.stderr, flush=True)
            if figures.total() % _TELL_EVERY == 0:
                print(*figures.items(), file=sys.stderr, flush=True)
    print(json.dumps({"trials": figures.total(), **figures, "missed": missed}, indent=2))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
