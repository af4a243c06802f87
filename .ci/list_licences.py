"""Write docs/licences.md: what is installed with searchsvc, and under which licence.

Names and versions are those of requirements.lock, licences what each package says of itself. Run
by ``make licences`` in an environment installed from the lock.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
_LOCKED = re.compile(r"^([a-z0-9.-]+)==", re.MULTILINE)
_ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<licence>[^|]+) \|", re.MULTILINE)
_CLASSIFIER = "License :: OSI Approved :: "
_HEAD = """\
# Licences of what is installed

Written by `make licences` from what each package of `requirements.lock`, which is what a container
installs, says of itself. About the root list inside PySastrawi see the [README](../README.md#licence).

| package | licence |
|---|---|
"""
#: Long names in metadata -> SPDX identifiers.
_SHORT = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "BSD Licence": "BSD",
    "Two-clause BSD license": "BSD-2-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


def list_locked(lock: Path = ROOT / "requirements.lock") -> list[str]:
    """The packages of a lock, each once, sorted."""
    return sorted(set(_LOCKED.findall(lock.read_text(encoding="utf-8"))))


def find_licence(name: str) -> str | None:
    """What the installed package says of its licence; ``None`` where it is not installed here."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return None
    told = about.get("License-Expression")
    if not told:
        listed = [line for line in about.get_all("Classifier") or () if line.startswith("License")]
        named = [line.removeprefix(_CLASSIFIER) for line in listed if line.startswith(_CLASSIFIER)]
        first = (about.get("License") or "").strip().split("\n")[0]
        told = " AND ".join(named) or first
    return " AND ".join(_SHORT.get(part, part) for part in (told or "").split(" AND "))


def read_rows(page: Path = PAGE) -> dict[str, str]:
    """Package -> licence, as the page has it."""
    if not page.exists():
        return {}
    return {row["name"]: row["licence"] for row in _ROW.finditer(page.read_text(encoding="utf-8"))}


def main() -> int:
    """0 where every locked package has a licence, which the page now lists."""
    known = read_rows()
    rows = {name: find_licence(name) or known.get(name, "") for name in list_locked()}
    PAGE.write_text(
        _HEAD + "".join(f"| `{name}` | {licence} |\n" for name, licence in rows.items()),
        encoding="utf-8",
    )
    for name, licence in rows.items():
        if not licence:
            print(f"{name} states no licence: look at its project, and fill in its row of {PAGE}")
    return int(not all(rows.values()))


if __name__ == "__main__":
    sys.exit(main())
