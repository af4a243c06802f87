"""What the parser makes of what people type."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.base import Scope
from searchsvc.limits import MAX_PREFIXES, MAX_QUERY_CHARACTERS, MAX_QUERY_WORDS
from searchsvc.query.parse import TypedFilter, TypedPhrase, TypedWord, parse_query


def describe(item: TypedWord | TypedPhrase) -> str:
    """``judul:"kata kata"``, ``kata*``: the item as it may be typed."""
    scope = {Scope.TITLE: "judul:", Scope.BODY: "isi:", Scope.ANYWHERE: ""}[item.scope]
    if isinstance(item, TypedPhrase):
        return f'{scope}"{item.text}"'
    return scope + item.text + ("*" if item.prefix else "")


def show(text: str) -> str:
    """The parsed query in a line: groups, then exclusions."""
    parsed = parse_query(text)
    groups = [" | ".join(map(describe, group)) for group in parsed.groups]
    return "; ".join([*groups, *("-" + describe(item) for item in parsed.excluded)])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("serangan teroris", "serangan; teroris"),
        ('"serangan teroris" jakarta', '"serangan teroris"; jakarta'),
        ("“serangan teroris” jakarta", '"serangan teroris"; jakarta'),
        ('"serangan teroris', "serangan; teroris"),
        ('layar 6" murah', "layar; 6; murah"),
        ('"" kosong', "kosong"),
        ("gempa -hoaks", "gempa; -hoaks"),
        ('gempa -"hoaks lama"', 'gempa; -"hoaks lama"'),
        ("gempa BUKAN hoaks", "gempa; -hoaks"),
        ("gempa NOT hoaks", "gempa; -hoaks"),
        ("gempa bukan hoaks", "gempa; bukan; hoaks"),
        ("gempa BUKAN", "gempa; BUKAN"),
        ("GEMPA BUKAN HOAKS", "GEMPA; BUKAN; HOAKS"),
        ("anak-anak", "anak-anak"),
        ("covid -19", "covid; 19"),
        ("persib 2 - 1 persija", "persib; 2; 1; persija"),
        ("+wajib", "wajib"),
        ('- * : -- "', ""),
        ("jokowi atau prabowo", "jokowi | prabowo"),
        ("jokowi OR prabowo ATAU ganjar", "jokowi | prabowo | ganjar"),
        ("jokowi | prabowo", "jokowi | prabowo"),
        ("jokowi|prabowo", "jokowi | prabowo"),
        ('banjir atau "tanah longsor" jakarta', 'banjir | "tanah longsor"; jakarta'),
        ("atau", "atau"),
        ("atau banjir", "atau; banjir"),
        ("banjir atau", "banjir; atau"),
        ("| banjir |", "banjir"),
        ("banjir DAN longsor", "banjir; longsor"),
        ("banjir AND longsor", "banjir; longsor"),
        ("banjir dan longsor", "banjir; dan; longsor"),
        ("DAN", "DAN"),
        ("perdag*", "perdag*"),
        ("p*", "p"),
        ("per*dag", "per*"),
        ("*dag", "dag"),
        ("pedag*,", "pedag*"),
        ('\\"harga emas', "harga; emas"),
        ('"harga ema*"', "harga; ema*"),
        ('-"harga ema*"', '-"harga ema*"'),
        ('"harga emas"~2', '"harga emas"'),
        ("emas^2 antam~", "emas; antam"),
        ("!hoaks", "hoaks"),
        ("banjir && longsor", "banjir; longsor"),
        ("banjir || longsor", "banjir | longsor"),
        ("judul:banjir", "judul:banjir"),
        ("title:banjir*", "judul:banjir*"),
        ('Judul:"banjir besar"', 'judul:"banjir besar"'),
        ("-judul:banjir", "-judul:banjir"),
        ("isi:banjir", "isi:banjir"),
        ("foo:bar", "foo; bar"),
        ("pukul 13:05", "pukul; 13:05"),
        ("https://contoh.example/x", "https://contoh.example/x"),
        ("Raisi: Putin", "Raisi:; Putin"),
        ("(jokowi atau prabowo) debat", "jokowi | prabowo; debat"),
        ("sebelum:entah", "entah"),
    ],
)
def test_words_phrases_and_operators(typed: str, expected: str) -> None:
    assert show(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("penulis:Adil", TypedFilter("authors", "Adil")),
        ('penulis:"M. Adil Syarif"', TypedFilter("authors", "M. Adil Syarif")),
        ("PENULIS:Adil", TypedFilter("authors", "Adil")),
        ("author:Adil", TypedFilter("authors", "Adil")),
        ("authors:Adil", TypedFilter("authors", "Adil")),
        ("kategori:politik", TypedFilter("category", "politik")),
        ("category:politik", TypedFilter("category", "politik")),
        ("sumber:kompas.com", TypedFilter("source", "kompas.com")),
        ("sumber:https://www.kompas.com/", TypedFilter("source", "https://www.kompas.com/")),
        ("lokasi:Teheran", TypedFilter("place", "Teheran")),
        ("tag:iran", TypedFilter("tags", "iran")),
        ("kantor:Antara", TypedFilter("agency", "Antara")),
        ("-kategori:bola", TypedFilter("category", "bola", exclude=True)),
        ("BUKAN kategori:bola", TypedFilter("category", "bola", exclude=True)),
    ],
)
def test_filters(typed: str, expected: TypedFilter) -> None:
    parsed = parse_query(typed)
    assert parsed.filters == [expected]
    assert parsed.groups == []


@pytest.mark.parametrize(
    ("typed", "filters", "groups", "notes"),
    [
        ("kategori:a atau kategori:b", [("category", ("a", "b"))], 0, 0),
        ("kategori:a | category:b OR kategori:c", [("category", ("a", "b", "c"))], 0, 0),
        ("kategori:a kategori:b", [("category", ("a",)), ("category", ("b",))], 0, 0),
        ("kategori:a atau tag:b", [("category", ("a",)), ("tags", ("b",))], 0, 1),
        ("kategori:a atau -kategori:b", [("category", ("a",)), ("category", ("b",))], 0, 1),
        ("kopi atau kategori:a", [("category", ("a",))], 1, 1),
        ("kategori:a atau kopi", [("category", ("a",))], 1, 1),
        ("kategori:a atau sesudah:2022", [("category", ("a",))], 0, 1),
        ("kopi kategori:a atau kategori:b teh", [("category", ("a", "b"))], 2, 0),
        ("kopi atau teh kategori:a", [("category", ("a",))], 1, 0),
    ],
)
def test_labels_joined_by_atau(
    typed: str, filters: list[tuple[str, tuple[str, ...]]], groups: int, notes: int
) -> None:
    parsed = parse_query(typed)
    assert [(one.facet, one.labels) for one in parsed.filters] == filters
    assert len(parsed.groups) == groups
    assert [note.code for note in parsed.notes] == ["ignored_operator"] * notes


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("sebelum:2022", None, date(2021, 12, 31)),
        ("sebelum:2022-08", None, date(2022, 7, 31)),
        ("before:2022-08-17", None, date(2022, 8, 16)),
        ("sesudah:2022", date(2022, 1, 1), None),
        ("setelah:2022-08", date(2022, 8, 1), None),
        ("after:17/8/2022", date(2022, 8, 17), None),
        ("sejak:2022-08", date(2022, 8, 1), None),
        ("hingga:2022-08", None, date(2022, 8, 31)),
        ("tanggal:2022-07-20", date(2022, 7, 20), date(2022, 7, 20)),
        ("tanggal:2022-02", date(2022, 2, 1), date(2022, 2, 28)),
        ('tanggal:"20 juli 2022"', date(2022, 7, 20), date(2022, 7, 20)),
        ('tanggal:"juli 2022"', date(2022, 7, 1), date(2022, 7, 31)),
        ("tanggal:2022-07-01..2022-07-15", date(2022, 7, 1), date(2022, 7, 15)),
        ("sesudah:2022-07 sebelum:2022-08", date(2022, 7, 1), date(2022, 7, 31)),
        ("sesudah:2020 sesudah:2022", date(2022, 1, 1), None),
    ],
)
def test_dates(typed: str, first: date | None, last: date | None) -> None:
    parsed = parse_query(typed)
    assert (parsed.first_day, parsed.last_day) == (first, last)
    assert parsed.groups == []
    assert parsed.notes == []


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("serangan teroris", []),
        ("foo:bar", ["unknown_field"]),
        ("foo:bar foo:baz", ["unknown_field"]),
        ('"serangan teroris', ["unbalanced_quote"]),
        ("p* s*", ["ignored_operator"]),
        ('serangan teroris"', ["unbalanced_quote"]),
        ('serangan " teroris', ["unbalanced_quote"]),
        ('"serangan teror*"', ["ignored_operator"]),
        ('-"serangan teror*"', ["ignored_operator"]),
        ("*roris", ["ignored_operator"]),
        ("ter*ris", ["ignored_operator"]),
        ("!hoaks", ["ignored_operator"]),
        ("teroris^2 serangan~", ["ignored_operator"]),
        ('"serangan teroris"~3', ["ignored_operator"]),
        ("ter?ris", ["ignored_operator"]),
        ("apa itu teroris?", []),
        ('"" teroris', ["ignored_operator"]),
        ("-(hoaks palsu)", ["ignored_operator"]),
        ("(serangan teroris", []),
        ("serangan,, teroris & polisi", []),
        ("kategori: olahraga", ["ignored_operator"]),
        ("Raisi: Putin", []),
        ("sebelum:entah", ["invalid_date"]),
        ("a" * (MAX_QUERY_CHARACTERS + 1), ["truncated"]),
        ("a " * (MAX_QUERY_WORDS + 1), ["truncated"]),
    ],
)
def test_notes_say_what_was_read_differently(typed: str, codes: list[str]) -> None:
    assert [note.code for note in parse_query(typed).notes] == codes


def test_a_field_apart_from_its_value_offers_them_together() -> None:
    assert parse_query("medali kategori: olahraga").notes[0].query == "medali kategori:olahraga"


def test_an_unknown_field_offers_the_near_name() -> None:
    assert "penulis:" in parse_query("penuls:budi").notes[0].message


SIGNS = [*" -+*|:\"“(/.'\n", "atau ", "BUKAN ", "penulis:", "sebelum:", "judul:"]
ODD = st.lists(st.sampled_from([*SIGNS, "a", "bé", "1", "2022"])).map("".join)


@given(st.one_of(st.text(), ODD))
def test_any_string_is_answered(text: str) -> None:
    parsed = parse_query(text)
    for item in [item for group in parsed.groups for item in group] + parsed.excluded:
        assert item.text
        assert text[item.start : item.end] == item.text
    assert all(parsed.groups)
    assert parse_query(text) == parsed


def test_only_so_many_stars_count() -> None:
    parsed = parse_query(" ".join(f"kata{letter}*" for letter in "abcdefghijklmn"))
    stars = [item.prefix for (item,) in parsed.groups if isinstance(item, TypedWord)]
    assert stars == [True] * MAX_PREFIXES + [False] * 4
    assert [note.code for note in parsed.notes] == ["ignored_operator"]
