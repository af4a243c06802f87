"""The documentation of the query language names all there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from searchsvc.query.parse import FIELD_NAMES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "query-language.md").read_text("utf-8")


@pytest.mark.parametrize("name", FIELD_NAMES)
def test_every_name_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCUMENT


def test_every_note_is_documented() -> None:
    used = set()
    for path in [*(ROOT / "searchsvc" / "query").rglob("*.py"), ROOT / "searchsvc" / "search.py"]:
        used |= set(re.findall(r"""(?:Note|\.note)\(\s*"(\w+)",""", path.read_text("utf-8")))
    documented = set(re.findall(r"^\| `(\w+)` \|", DOCUMENT.partition("## Notes")[2], re.MULTILINE))
    assert used == documented
