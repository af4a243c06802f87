"""Fail unless a wheel holds every file that the packages need at run time, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGES = ("indexer", "searchsvc")
#: The compiled core, as systems call a shared library.
CORES = {f"indexer/engine/embedded/native/core.{kind}" for kind in ("so", "dylib")}


def main(wheel: str) -> int:
    """0 where the wheel's package files are those git keeps, with the core instead of its sources;
    names the rest otherwise.
    """
    listed = subprocess.run(
        ["git", "ls-files", "--", *PACKAGES], check=True, capture_output=True, text=True
    )
    wanted = {name for name in listed.stdout.splitlines() if not name.endswith(".c")}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not _is_metadata(name)}
    if not packed & CORES:
        print(f"{Path(wheel).name} lacks the compiled core: see setup.py")
        return 1
    packed -= CORES
    for name in sorted(wanted - packed):
        print(f"{Path(wheel).name} lacks {name}: see options.package_data in setup.cfg")
    for name in sorted(packed - wanted):
        print(f"{Path(wheel).name} holds {name}, which git does not keep")
    return int(wanted != packed)


def _is_metadata(name: str) -> bool:
    return name.split("/")[0].endswith(".dist-info")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
