"""Every row of the wire tables carries an example; each is a test."""

from __future__ import annotations

import pytest

from indexer.wire import parse
from indexer.wire.dateline import SHAPES, Shape, read_dateline
from indexer.wire.patterns import PATTERNS, Pattern
from indexer.wire.related import EXAMPLES, Examples

TITLE = "Judul yang Sudah Diketahui"


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_pattern_leaves_what_its_row_says(pattern: Pattern) -> None:
    parts = parse(pattern.example, title=TITLE)
    assert parts.body == pattern.left
    assert pattern.name in parts.applied


def test_pattern_names_are_unique() -> None:
    names = [pattern.name for pattern in PATTERNS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.pieces)
def test_dateline_shape_is_read_from_its_example(shape: Shape) -> None:
    dateline = read_dateline(
        shape.example + " Warga setempat sudah kembali ke rumah masing-masing."
    )
    assert dateline is not None
    assert shape.example[dateline.end :][:1].isupper()
    found = {
        "place": dateline.place,
        "outlet": dateline.source,
        "agency": dateline.agency,
        "date": dateline.published,
        "desk": dateline.source,
    }
    for piece in shape.pieces.split():
        assert found[piece], piece


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row.outlet)
def test_related_titles_are_taken_out(row: Examples) -> None:
    parts = parse(row.text, title=TITLE)
    assert parts.body == row.left
    assert tuple(parts.related) == row.titles
