"""fields.toml: what may be declared, and what an article has in it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import FieldsInvalid
from indexer.ingest.own_draft import find_keys, write_draft
from indexer.ingest.own_values import read_day, read_number, read_own, show_own
from indexer.own_fields.declaration import NO_FIELDS, RESERVED, OwnType, parse_fields
from indexer.own_fields.file import FieldsFile, keep_fields, read_fields
from indexer.own_fields.record import list_waiting, record_additions, record_rebuild
from searchsvc.query.parameters import PARAMETERS, SORTS
from searchsvc.query.parse import FIELD_NAMES

SHOP = b"""
[harga]
type = "number"

[kecamatan]
type = "label"
path = "lokasi.kecamatan"
title = "Kecamatan"
use = ["facet", "filter", "search"]

[mulai]
type = "date"

[sinopsis]
type = "text"
weight = "title"
"""


def test_a_declaration() -> None:
    fields = parse_fields(SHOP, "fields.toml")
    harga, kecamatan, _, sinopsis = fields.fields
    assert (harga.column, harga.title, harga.uses) == (
        "number:harga",
        "Harga",
        ("facet", "filter", "sort"),
    )
    assert (kecamatan.column, kecamatan.uses) == (
        "label:lokasi.kecamatan",
        ("facet", "filter", "search"),
    )
    assert (sinopsis.type, sinopsis.uses, sinopsis.weight) == (OwnType.TEXT, ("search",), "title")
    assert fields.parameters == (
        *("kecamatan", "harga_from", "harga_to", "mulai_from", "mulai_to"),
    )
    assert fields.sorts == ("harga", "-harga", "mulai", "-mulai")
    assert fields.facets == ("harga", "kecamatan", "mulai")
    assert fields.label_facets == ("kecamatan",)
    assert (fields.column("harga"), fields.column("category")) == ("number:harga", "category")
    assert (parse_fields(b"", "x"), NO_FIELDS.fingerprint) == (NO_FIELDS, "")
    assert fields.fingerprint != parse_fields(SHOP + b"[luas]\ntype = 'number'", "x").fingerprint


@pytest.mark.parametrize(
    ("declared", "line", "reason"),
    [
        (b"[harga", "", "it is not TOML"),
        (b"\xff\xfe", "", "it is not UTF-8"),
        (b"a = " + b"[" * 5000, "", "it is not TOML"),
        (b"\n[Harga]\ntype = 'number'", ":2", "a name is small letters"),
        (b"[harga_]\ntype = 'number'", ":1", "a name is small letters"),
        (b"[kategori]\ntype = 'label'", ":1", "this name has a meaning of its own"),
        (b"[umur_from]\ntype = 'number'", ":1", "this name has a meaning of its own"),
        (b"[a]\ntype = 'label'\n[harga]\n", ":3", "its type is not given; give one of label"),
        (b"[harga]\ntype = 'price'", ":1", "its type is 'price'; give one of label"),
        (b"harga = 'number'", ":1", "it is a table of its own: [harga]"),
        (b"[harga]\ntype = 'number'\nwieght = 1", ":1", "there is no 'wieght'; it may have type"),
        (b"[harga]\ntype = 'number'\nuse = ['search']", ":1", "its use is ['search']; a number"),
        (b"[harga]\ntype = 'number'\nuse = 'sort'", ":1", "its use is 'sort'; a number may have"),
        (b"[harga]\ntype = 'number'\nuse = []", ":1", "its use is []"),
        (b"[harga]\ntype = 'number'\ndecimal = ';'", ":1", "its decimal is ';'; give '.' or ','"),
        (b"[harga]\ntype = 'label'\ndecimal = ','", ":1", "only a number has a decimal"),
        (b"[harga]\ntype = 'number'\nseparator = ','", ":1", "only a label has a separator"),
        (b"[harga]\ntype = 'number'\npath = 3", ":1", "its path is 3; give a text"),
        (b"[harga]\ntype = 'number'\ntitle = ''", ":1", "its title is ''; give a text"),
        (b"[isi2]\ntype = 'label'\nweight = 'title'", ":1", "only what is searched has a weight"),
        (b"[isi2]\ntype = 'text'\nweight = 2", ":1", "its weight is 2; give one of body, title"),
        (b"".join(b"[a%d]\ntype='label'\n" % n for n in range(51)), "", "it declares 51 fields"),
    ],
)
def test_what_cannot_be_declared_is_told_in_a_sentence(
    declared: bytes, line: str, reason: str
) -> None:
    with pytest.raises(FieldsInvalid) as caught:
        parse_fields(declared, "fields.toml")
    assert caught.value.path == f"fields.toml{line}"
    assert reason in caught.value.reason
    assert len(str(caught.value)) < 400


@given(st.binary(max_size=200))
def test_any_file_is_fields_or_a_sentence(data: bytes) -> None:
    with suppress(FieldsInvalid):
        parse_fields(data, "fields.toml")


def test_no_name_means_something_else_already() -> None:
    assert {*PARAMETERS, *SORTS, *FIELD_NAMES} <= RESERVED


# --- values


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (75000, 75000.0),
        (-1.5, -1.5),
        ("75000", 75000.0),
        (" 12.5 ", 12.5),
        ("12,5", 12.5),
        ("1.500.000", 1_500_000.0),
        ("1,500,000", 1_500_000.0),
        ("1.500,75", 1500.75),
        ("1,500.75", 1500.75),
        ("Rp 75.000", 75_000.0),
        ("Rp75.000,-", 75_000.0),
        ("Rp. 75.000,00", 75_000.0),
        ("75.000 rupiah", 75_000.0),
        ("IDR 1.250", 1250.0),
        ("Rp 850 juta", 850_000_000.0),
        ("2,5 miliar", 2_500_000_000.0),
        ("$1,500", 1500.0),
        ("USD 12.50", 12.5),
        ("RM1,250.00", 1250.0),
        ("12,5 %", 12.5),
        ("0.125", 0.125),
        ("-6.2088", -6.2088),
        ("\u22126,5", -6.5),
        ("1e3", 1000.0),
        ("4.5", 4.5),
        ("75.000", None),
        ("1,500", None),
        ("1.5.0", None),
        ("12 km", None),
        ("mulai 75", None),
        ("", None),
        ("inf", None),
        ("nan", None),
        (float("inf"), None),
        (1e101, None),
        ("9" * 70, None),
    ],
)
def test_numbers(written: Any, number: float | None) -> None:
    assert read_number(written) == number


def test_numbers_that_are_either_are_read_as_declared() -> None:
    assert [read_number("75.000", mark) for mark in ",."] == [75_000.0, 75.0]
    assert [read_number("1,500", mark) for mark in ",."] == [1.5, 1500.0]
    assert [read_number("4.25", mark) for mark in ",."] == [4.25, 4.25]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1970-01-02", 1.0),
        ("1970-01-02T12:00:00+07:00", 1.5),
        ("1970-01-02T12:00:00Z", 1.5),
        ("2 Januari 1970", 1.0),
        ("1970-02", 31.0),
        (1971, 365.0),
        ("1971", 365.0),
        ("kapan-kapan", None),
        ("31 Februari 2022", None),
        (True, None),
    ],
)
def test_days_by_the_clock_as_written(written: Any, day: float | None) -> None:
    assert read_day(written) == day


def make_article(**extra: Any) -> Article:
    return Article("1", "Judul", "Isi.", editors=["Rina"], source="Gramedia", extra=extra)


@pytest.mark.parametrize(
    ("extra", "path", "labels"),
    [
        ({"kecamatan": " Cibiru  Hilir "}, "kecamatan", ("Cibiru Hilir",)),
        ({"kecamatan": ["A", "B", "A", "", None]}, "kecamatan", ("A", "B")),
        ({"kecamatan": "['A', 'B']"}, "kecamatan", ("A", "B")),
        ({"lokasi": {"kecamatan": {"id": 3, "nama": "A"}}}, "lokasi.kecamatan", ("A",)),
        ({"lokasi": [{"kecamatan": "A"}, {"kecamatan": "B"}]}, "lokasi.kecamatan", ("A", "B")),
        ({"lokasi.kecamatan": "A"}, "lokasi.kecamatan", ("A",)),
        ({"Nama Kecamatan": "A"}, "nama_kecamatan", ("A",)),
        ({"kecamatan": 3}, "kecamatan", ("3",)),
        ({"kecamatan": 3.0}, "kecamatan", ("3",)),
        ({"kecamatan": True}, "kecamatan", ("true",)),
        ({"kecamatan": "-"}, "kecamatan", ()),
        ({"kecamatan": "null"}, "kecamatan", ()),
        ({"kecamatan": {"lain": 1}}, "kecamatan", ()),
        ({}, "kecamatan", ()),
        # What was read as a field of ours is found there.
        ({}, "editors", ("Rina",)),
        ({}, "penerbit", ("Gramedia",)),
        ({"penerbit": "Mizan"}, "penerbit", ("Mizan",)),
    ],
)
def test_labels_where_the_path_leads(
    extra: dict[str, Any], path: str, labels: tuple[str, ...]
) -> None:
    fields = parse_fields(f"[kec]\ntype = 'label'\npath = '{path}'".encode(), "x")
    found = read_own(make_article(**extra), fields).labels
    assert found == ({f"label:{path}": labels} if labels else {})


def test_several_labels_in_one_text_where_their_separator_is_declared() -> None:
    fields = parse_fields(b"[bahan]\ntype = 'label'\nseparator = ';'", "x")
    article = make_article(bahan="ayam; bawang ;;cabai, merah")
    assert read_own(article, fields).labels == {"label:bahan": ("ayam", "bawang", "cabai, merah")}
    assert read_own(make_article(bahan="x" * 500), fields).labels == {"label:bahan": ("x" * 120,)}


def test_what_does_not_fit_is_left_out_and_told() -> None:
    fields = parse_fields(SHOP, "x")
    own = read_own(
        make_article(harga="hubungi kami", mulai="nanti", sinopsis="Ikal & Lintang"), fields
    )
    assert (own.labels, own.values, own.title_more) == ({}, {}, "Ikal & Lintang")
    assert own.problems == ["its harga 'hubungi kami' is no number", "its mulai 'nanti' is no date"]
    (told,) = read_own(make_article(harga="75.000"), fields).problems
    assert "thousands or a fraction" in told
    searched = read_own(make_article(lokasi={"kecamatan": "Cibiru"}), fields)
    assert (searched.body_more, searched.labels) == (
        "Cibiru",
        {"label:lokasi.kecamatan": ("Cibiru",)},
    )


def test_what_is_shown() -> None:
    fields = parse_fields(SHOP, "x")
    article = make_article(harga="Rp 75.000", mulai="2026-05-01 19:30", lokasi={"kecamatan": "A"})
    assert show_own(article, fields) == {
        "harga": 75000,
        "kecamatan": ["A"],
        "mulai": "2026-05-01T19:30:00",
    }
    assert show_own(make_article(harga=1.5, mulai="2026-05"), fields) == {
        "harga": 1.5,
        "mulai": "2026-05-01",
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "nama", "harga"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["harga", "lokasi", "mulai", "sinopsis"]), json_values))
def test_any_record_has_finite_values_and_clean_labels(extra: dict[str, Any]) -> None:
    fields = parse_fields(SHOP, "x")
    own = read_own(make_article(**extra), fields)
    assert all(abs(value) < 1e400 and value == value for value in own.values.values())
    assert all(label == label.strip() and label for row in own.labels.values() for label in row)
    show_own(make_article(**extra), fields)


# --- a draft from what articles have


def test_keys_and_what_they_seem_to_be() -> None:
    articles = [
        make_article(
            harga=f"Rp {number}5.000",
            lokasi={"kecamatan": ["Andir", "Cibiru"][number % 2], "id": number},
            mulai=f"2026-05-0{1 + number}",
            ulasan="Panjang sekali ceritanya sampai tidak muat dalam satu baris. " * 2,
            tag=[{"Nama Tag": "a"}, {"Nama Tag": "b"}],
            **({"kategori": "x"} if number else {}),
        )
        for number in range(5)
    ]
    keys = find_keys(articles)
    assert [(key.path, key.articles, key.type.value) for key in keys] == [
        ("harga", 5, "number"),
        ("lokasi.id", 5, "number"),
        ("lokasi.kecamatan", 5, "label"),
        ("mulai", 5, "date"),
        ("tag.Nama Tag", 5, "label"),
        ("ulasan", 5, "text"),
        ("kategori", 4, "label"),
    ]
    fields = parse_fields(write_draft(keys).encode(), "draft")
    assert [(field.name, field.path) for field in fields.fields] == [
        ("harga", "harga"),
        ("lokasi_id", "lokasi.id"),
        ("kecamatan", "lokasi.kecamatan"),
        ("mulai", "mulai"),
        ("nama_tag", "tag.Nama Tag"),
        ("ulasan", "ulasan"),
        ("nilai_kategori", "kategori"),
    ]
    assert read_own(articles[1], fields).labels["label:lokasi.kecamatan"] == ("Cibiru",)


@given(st.lists(st.dictionaries(st.text(max_size=8), json_values, max_size=4), max_size=4))
def test_any_draft_can_be_declared(records: list[dict[str, Any]]) -> None:
    keys = find_keys(Article(str(n), "", "", extra=one) for n, one in enumerate(records))
    fields = parse_fields(write_draft(keys).encode("utf-8", "replace"), "draft")
    assert len(fields.fields) == len(keys)


# --- the file, and the record of what is in the index


def test_the_file_is_watched_and_a_broken_one_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watched = FieldsFile(tmp_path)
    assert watched.current() is NO_FIELDS
    path = tmp_path / "fields.toml"
    path.write_bytes(SHOP)
    os.utime(path, ns=(10**18, 10**18))
    fields = watched.current()
    assert len(fields.fields) == 4
    assert watched.current() is fields
    path.write_bytes(b"[harga")
    os.utime(path, ns=(2 * 10**18 // 2 + 1, 10**18 + 1))
    assert watched.current() is fields
    assert "stay as they were" in caplog.text
    path.unlink()
    assert watched.current() == NO_FIELDS


def test_a_file_is_kept_beside_the_index(tmp_path: Path) -> None:
    given = tmp_path / "toko.toml"
    with pytest.raises(FieldsInvalid, match="no such file"):
        keep_fields(given, tmp_path)
    given.write_bytes(SHOP)
    assert keep_fields(given, tmp_path) == read_fields(tmp_path / "fields.toml")
    assert (tmp_path / "fields.toml").read_bytes() == SHOP
    given.write_bytes(b"#" * 300_000)
    with pytest.raises(FieldsInvalid, match="200,000 bytes"):
        read_fields(given)


def test_fields_wait_until_all_articles_were_read_for_them(tmp_path: Path) -> None:
    fields, more = parse_fields(SHOP, "x"), parse_fields(SHOP + b"[luas]\ntype = 'number'", "x")
    assert list_waiting(tmp_path, fields, articles=0) == []
    assert list_waiting(tmp_path, fields, articles=3) == [one.name for one in fields.fields]
    record_additions(tmp_path, fields, had_articles=False)
    assert list_waiting(tmp_path, fields, articles=3) == []
    assert list_waiting(tmp_path, more, articles=3) == ["luas"]
    record_additions(tmp_path, more, had_articles=True)
    assert list_waiting(tmp_path, more, articles=4) == ["luas"]
    record_rebuild(tmp_path, more)
    assert list_waiting(tmp_path, more, articles=4) == []
    changed = parse_fields(SHOP.replace(b'weight = "title"', b"").replace(b"lokasi.", b""), "x")
    assert list_waiting(tmp_path, changed, articles=4) == ["kecamatan", "sinopsis"]
    (tmp_path / "fields-indexed.json").write_text("{")
    assert list_waiting(tmp_path, fields, articles=1) == [one.name for one in fields.fields]
