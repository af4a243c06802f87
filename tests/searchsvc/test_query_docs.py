"""The documentation of the query language names all there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from searchsvc.query.parse import FIELD_NAMES
from searchsvc.query.parts import GROUPS, PARTS

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


@pytest.mark.parametrize("name", [*PARTS, *GROUPS])
def test_every_part_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "evaluation.md").read_text("utf-8")


def test_every_rule_of_an_expansion_is_documented() -> None:
    sources = [*(ROOT / "searchsvc" / "query").rglob("*.py"), ROOT / "indexer/language/numbers.py"]
    used = set()
    for path in sources:
        text = path.read_text("utf-8")
        used |= set(re.findall(r"""(?:Variant\(.*|yield .*, |rule=|RULE = )"([a-z_]+)\"""", text))
    used -= {"el", "elektronik"}  # words, of a rule that yields them
    table = (ROOT / "docs" / "relevance.md").read_text("utf-8").partition("## How articles")[0]
    documented = set(re.findall(r"`(\w+)`", table))
    assert {"acronym", "typo", "prefix", "exact", "dictionary"} <= used <= documented
