"""A record that a program sent is given back as it came, key for key."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.ingest.sent_record import (
    KEYS_KEY,
    find_text_key,
    keep_record,
    list_text_keys,
    show_record,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(["id", "judul", "isi", "tags", "extra", KEYS_KEY, "harga", ""])


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_record_comes_back_as_it_was_sent(record: dict[str, Any]) -> None:
    text = record.get("judul")
    article = Article("1", text if isinstance(text, str) else "lain", "isi yang dibersihkan")
    keep_record(article, record, {"judul": "title", "isi": "body", "tags": "tags"})
    stored = Article.from_dict(orjson.loads(orjson.dumps(article)))
    shown = show_record(stored)
    assert shown == record
    assert list(shown) == list(record)


def test_what_a_field_holds_just_so_is_kept_once() -> None:
    article = Article("1", "Panen", "Petani memanen padi.", tags=["tani"])
    record = {"isi": "Petani  memanen padi.", "judul": "Panen", "tags": ["tani"], "harga": 5}
    keep_record(article, record, {"judul": "title", "isi": "body", "tags": "tags"})
    assert article.extra == {
        "isi": "Petani  memanen padi.",
        "harga": 5,
        KEYS_KEY: {"isi": "body", "judul": "title", "tags": "tags", "harga": ""},
    }
    assert list_text_keys(article) == {"isi": "body", "judul": "title"}


def test_an_article_that_came_otherwise_is_its_fields_and_what_else_it_keeps() -> None:
    article = Article("7", "Panen", "Isi.", tags=["tani"], extra={"harga": 5})
    shown = {"id": "7", "title": "Panen", "body": "Isi.", "tags": ["tani"], "harga": 5}
    assert show_record(article) == shown
    assert list_text_keys(article) == {"title": "title", "body": "body"}


@pytest.mark.parametrize(
    ("record", "title", "body"),
    [
        ({"title": "a", "body": "b"}, "title", "body"),
        ({"Judul": "a", "isi_berita": "b", "ringkasan": "c"}, "Judul", "isi_berita"),
        ({"ringkasan": "c", "content": "b"}, "", "content"),
        ({"name": "a", "title": ""}, "name", ""),
        ({"title": 5, "overview": "x"}, "", ""),
        ({}, "", ""),
    ],
)
def test_which_keys_hold_the_text(record: dict[str, Any], title: str, body: str) -> None:
    assert (find_text_key(record, "title"), find_text_key(record, "body")) == (title, body)
