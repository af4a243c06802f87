"""Every row of the wire tables carries an example; each is a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from indexer.ingest.wire import parse
from indexer.ingest.wire.dateline import read_dateline
from indexer.ingest.wire.patterns import PATTERNS, Pattern
from indexer.ingest.wire.related import EXAMPLES, Examples

TITLE = "Judul yang Sudah Diketahui"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "articles.md"
_HEAD_ROW = re.compile(
    r"\| ((?:(?:place|outlet|agency|date|desk|person) ?)+) \| [^|]+ \| `(.+)` \|"
)
#: The heads that the documentation shows, with what they say.
HEADS = _HEAD_ROW.findall(DOCS.read_text(encoding="utf-8"))


def test_heads_are_documented() -> None:
    assert len(HEADS) > 20


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_pattern_leaves_what_its_row_says(pattern: Pattern) -> None:
    parts = parse(pattern.example, title=TITLE)
    assert parts.body == pattern.left
    assert pattern.name in parts.applied


def test_pattern_names_are_unique() -> None:
    names = [pattern.name for pattern in PATTERNS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(("pieces", "example"), HEADS)
def test_documented_head_is_read(pieces: str, example: str) -> None:
    dateline = read_dateline(example + " Warga setempat sudah kembali ke rumah masing-masing.")
    assert dateline is not None
    assert example[dateline.end :][:1].isupper()
    found = {
        "place": dateline.place,
        "outlet": dateline.source,
        "agency": dateline.agency,
        "date": dateline.published,
        "desk": dateline.source,
        "person": dateline.author,
    }
    for piece in pieces.split():
        assert found[piece], piece


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row.outlet)
def test_related_titles_are_taken_out(row: Examples) -> None:
    parts = parse(row.text, title=TITLE)
    assert parts.body == row.left
    assert tuple(parts.related) == row.titles
