"""Attributes that a program names at run time: columns, states, and which texts are searched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article
from indexer.engine.base import Filter, HasFilter, LabelFilter, Query, RangeFilter, SortBy
from indexer.errors import FieldsInvalid
from indexer.ingest.attribute_values import (
    LONGEST_LABEL,
    group_values,
    read_attribute_values,
    write_label,
)
from indexer.ingest.own_values import OwnValues
from indexer.ingest.sent_record import keep_record
from indexer.own_fields.attributes import (
    EXISTS,
    IS_EMPTY,
    IS_NULL,
    KEYS,
    Attributes,
    matches,
    name_labels,
)
from indexer.own_fields.file import FieldsFile, keep_attributes, load_attributes
from searchsvc.index import Index

FILM = {
    "id": 5,
    "judul": "Panen Raya",
    "genre": ["Drama", "drama", "Komedi"],
    "info": {"nilai": 4.5, "ulasan": [{"kata": "bagus sekali"}, {"kata": "kurang"}]},
    "tahun": [1999, 2001],
    "kosong": "",
    "daftar": [],
    "tiada": None,
    "rilis": True,
}


def send(record: dict[str, Any], title: str = "", body: str = "") -> Article:
    article = Article(str(record.get("id", "1")), record.get(title, ""), record.get(body, ""))
    keep_record(article, record, {title: "title", body: "body"})
    return article


def read(record: dict[str, Any], *columns: str, searchable: tuple[str, ...] = ("*",)) -> OwnValues:
    own = OwnValues()
    read_attribute_values(send(record, "judul", "isi"), Attributes(columns, searchable), own)
    return own


@pytest.mark.parametrize(
    ("columns", "labels", "values"),
    [
        (["genre"], {"label:genre": ("Drama", "drama", "Komedi")}, {}),
        (["info.nilai"], {"label:info.nilai": ("4.5",)}, {"number:info.nilai": 4.5}),
        (
            ["tahun"],
            {"label:tahun": ("1999", "2001"), "label::several:tahun": ("1999", "2001")},
            {},
        ),
        (["kosong", "daftar", "tiada"], {}, {}),
        (["rilis"], {"label:rilis": ("true",)}, {}),
        (["id"], {"label:id": ("5",)}, {"number:id": 5.0}),
        (["tak ada"], {}, {}),
    ],
)
def test_columns(columns: list[str], labels: dict[str, Any], values: dict[str, float]) -> None:
    own = read(FILM, *columns)
    states = (KEYS, EXISTS, IS_NULL, IS_EMPTY)
    assert {name: one for name, one in own.labels.items() if name not in states} == labels
    assert own.values == values


def test_states() -> None:
    own = read(FILM, "*")
    assert set(own.labels[EXISTS]) == set(group_values(FILM))
    assert own.labels[KEYS] == tuple(FILM)
    assert own.labels[IS_NULL] == ("tiada",)
    assert own.labels[IS_EMPTY] == ("kosong", "daftar")
    assert "info.ulasan.kata" in own.labels[EXISTS]


@pytest.mark.parametrize(
    ("searchable", "title", "body", "title_more", "body_more"),
    [
        (("*",), True, True, "", "Drama\ndrama\nKomedi\nbagus sekali\nkurang"),
        (("judul",), True, False, "", ""),
        (("isi", "info"), False, True, "", "bagus sekali\nkurang"),
        (("genre", "info"), False, False, "Drama\ndrama\nKomedi", "bagus sekali\nkurang"),
        (("judul", "info.ulasan.kata"), True, False, "", "bagus sekali\nkurang"),
    ],
)
def test_what_is_searched(
    searchable: tuple[str, ...], title: bool, body: bool, title_more: str, body_more: str
) -> None:
    own = read({**FILM, "isi": "Petani."}, searchable=searchable)
    assert (own.title_searched, own.body_searched) == (title, body)
    assert (own.title_more, own.body_more) == (title_more, body_more)


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (5, "5"),
        (5.0, "5"),
        (0.5, "0.5"),
        (-1, "-1"),
        (False, "false"),
        (None, ""),
        ({}, ""),
        ("", ""),
    ],
)
def test_labels(value: Any, label: str) -> None:
    assert write_label(value) == label


def test_long_labels_are_cut_between_characters() -> None:
    assert write_label("é" * 400) == "é" * (LONGEST_LABEL // 2)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("info", "info", True),
        ("info", "info.kata", True),
        ("info", "informasi", False),
        ("info.kata", "info", False),
        ("*", "apa.saja", True),
        ("harga_*", "harga_jual", True),
        ("harga_*", "harga", False),
        ("*.kata", "info.kata", True),
        ("a.b", "axb", False),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    assert matches([pattern], path) is expected


def test_no_attribute_shares_a_column_with_a_state() -> None:
    assert name_labels(":exists") != EXISTS
    assert name_labels("exists") != EXISTS


def test_an_index_keeps_and_finds_them(tmp_path: Path) -> None:
    with Index.open(tmp_path, create=True) as index:
        keep_attributes(Attributes(("genre", "info", "tahun"), ("judul", "info")), tmp_path)
        other = {"id": 6, "judul": "Mudik", "isi": "padi", "genre": "Horor", "info": {"nilai": 2}}
        index.add([send(FILM, "judul", "isi"), send(other, "judul", "isi")])

        def find(*filters: Filter, **options: Any) -> list[str]:
            with index.engine.snapshot() as snapshot:
                query = Query(filters=filters, **options)
                return [snapshot.article(hit.ref).id for hit in snapshot.search(query).hits]

        assert find(LabelFilter("label:genre", ("Komedi",))) == ["5"]
        assert find(RangeFilter("number:info.nilai", 3)) == ["5"]
        assert find(HasFilter("label::several:tahun")) == ["5"]
        assert find(sort=SortBy("number:info.nilai")) == ["6", "5"]
        assert find(sort=SortBy("label:tak ada", then=SortBy("label:genre"))) == ["5", "6"]
        assert [hit.id for hit in index.search("bagus").hits] == ["5"]
        assert [hit.id for hit in index.search("padi").hits] == []
        keep_attributes(Attributes(("genre",)), tmp_path)
        assert index.list_waiting_fields() == ["searchable *"]
        index.rebuild()
        assert index.list_waiting_fields() == []
        assert [hit.id for hit in index.search("padi").hits] == ["6"]


@pytest.mark.parametrize("data", [b"[]", b"{", b'{"columns": "genre"}', b'{"searchable": [1]}'])
def test_a_damaged_file_is_told_and_changes_nothing(tmp_path: Path, data: bytes) -> None:
    file = FieldsFile(tmp_path)
    (tmp_path / "attributes.json").write_bytes(data)
    with pytest.raises(FieldsInvalid):
        load_attributes(tmp_path / "attributes.json")
    assert file.current().attributes is None
