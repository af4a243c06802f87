"""docs/articles.md names every format, key, pattern and shape there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.ingest.facet_values import clean_label
from indexer.ingest.readers import FORMATS
from indexer.ingest.readers.keys import KEYS
from indexer.ingest.wire.patterns import PATTERNS
from indexer.schema import LABEL_FACETS

DOCS = Path(__file__).resolve().parents[3] / "docs" / "articles.md"


@pytest.fixture(scope="module")
def text() -> str:
    return DOCS.read_text(encoding="utf-8")


def test_formats_and_endings_are_documented(text: str) -> None:
    for entry in FORMATS.values():
        assert f"| `{entry.name}` |" in text
        for extension in entry.extensions:
            assert f"`{extension}`" in text


@pytest.mark.parametrize("field", sorted(KEYS))
def test_keys_are_documented_in_their_order(text: str, field: str) -> None:
    listed = " ".join(f"`{key}`" for key in KEYS[field])
    assert f"| `{field}` | {listed} |" in text


def test_patterns_are_documented(text: str) -> None:
    for pattern in PATTERNS:
        assert f"| {pattern.name} | {pattern.where.value} | {pattern.outlet} |" in text


def test_label_rules_are_documented_and_true(text: str) -> None:
    for facet in LABEL_FACETS:
        assert f"| `{facet}` |" in text
    assert clean_label("source", "CNN Indonesia") == "cnnindonesia.com"
    assert clean_label("place", "Kab. Bogor") == "Kabupaten Bogor"
