"""The object that programs use: articles in, answers out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searchsvc
from indexer.article import Article
from indexer.errors import IndexNotFound, UnreadableInput
from indexer.language.dictionary_text import Loaded
from searchsvc import Index
from searchsvc.query.parameters import ParameterError
from searchsvc.query.unknown_parameters import UnknownParameter


@pytest.fixture
def index(tmp_path: Path, sample_articles: list[Article]) -> Index:
    index = Index.open(tmp_path / "index", create=True)
    index.add(sample_articles)
    return index


def test_the_package_has_it_and_nothing_else_by_accident() -> None:
    assert searchsvc.__all__ == ["Index"]
    with pytest.raises(AttributeError, match="'searchsvc' has no attribute 'Indeks'"):
        searchsvc.Indeks  # noqa: B018


def test_without_an_index_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        Index.open(tmp_path / "nowhere")


def test_records_become_articles_as_files_do(tmp_path: Path) -> None:
    with Index.open(tmp_path, create=True) as index:
        done = index.add(
            [
                {
                    "judul": "Panen Raya",
                    "isi": "KARAWANG - Petani memanen padi lebih awal, kata ketua kelompok tani.",
                    "id": 7,
                },
                {"title": "Tanpa isi"},
                {"headline": "Kedua", "content": "Nelayan melaut lagi pagi ini."},
            ],
            source="Contoh Kabar",
        )
        assert (done.added, done.rejected) == (2, 1)
        assert done.first_rejects[0].line == 2
        article = index.get("7")
        assert article is not None
        assert (article.place, article.source) == ("Karawang", "Contoh Kabar")
        assert {one.title for one in index} == {"Panen Raya", "Kedua"}


def test_files_are_read_as_the_command_reads_them(tmp_path: Path) -> None:
    copy = tmp_path / "a.csv"
    copy.write_text("id;judul;isi\n1;Satu;Isi pertama.\n2;Dua;Isi kedua.\n", encoding="utf-8")
    with Index.open(tmp_path / "index", create=True) as index:
        assert index.add_files(copy).added == 2
        with pytest.raises(UnreadableInput):
            index.add_files(tmp_path / "nowhere.csv")
        assert len(index) == 2


def test_it_searches_with_the_parameters_of_the_api(index: Index) -> None:
    answer = index.search("serangan", facets=["category", "source"], per_page="1")
    assert (answer.total > 0, len(answer.hits), set(answer.facets)) == (
        True,
        1,
        {"category", "source"},
    )
    assert index.search(from_="2022-07-20", to="2022-07-20").total == 1
    with pytest.raises(UnknownParameter):
        index.search("serangan", facet="category")
    with pytest.raises(ParameterError):
        index.search("serangan", page="0")


def test_articles_go_and_come(index: Index) -> None:
    many = len(index)
    assert "panen-padi" in index
    assert index.delete(["panen-padi", "tidak-ada"]) == 1
    assert "panen-padi" not in index
    assert index.get("panen-padi") is None
    assert len(index) == many - 1
    assert index.rebuild().read == many - 1


def test_its_own_dictionary_is_read_and_its_problems_are_told(tmp_path: Path) -> None:
    (tmp_path / "dictionary.txt").write_text("[synonyms]\nsalah\nmolis = motor listrik\n")
    told: list[Loaded] = []
    with Index.open(tmp_path, create=True, report=told.append) as index:
        index.add([{"title": "Subsidi Molis", "body": "Subsidi molis diperpanjang."}])
        assert index.search("motor listrik").total == 1
        assert next(one.text for one in index.suggest("sub")) == "subsidi"
    assert [len(loaded.problems) for loaded in told] == [1]


def test_fields_of_a_site_are_those_declared_beside_the_index(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with Index.open(folder, create=True) as index:
        (folder / "fields.toml").write_text(
            "[kecamatan]\ntype = 'label'\npath = 'lokasi.kecamatan'\n[harga]\ntype = 'number'\n"
        )
        index.add(
            [
                {"id": "a", "title": "A", "body": "Isi.", "lokasi": {"kecamatan": "Cibiru"}},
                {"id": "b", "title": "B", "body": "Isi.", "harga": "Rp 5.000"},
            ]
        )
        assert [hit.id for hit in index.search(kecamatan="cibiru").hits] == ["a"]
        found = index.search(harga_from="1000", facets="harga")
        assert [hit.fields for hit in found.hits] == [{"harga": 5000}]
        assert found.statistics["harga"]["count"] == 1
        assert index.list_waiting_fields() == []


def test_articles_that_were_not_added_teach_nothing(tmp_path: Path) -> None:
    def break_off() -> Iterator[dict[str, str]]:
        yield from ({"id": str(number), "title": "Kata Sukma", "body": "x"} for number in range(9))
        raise OSError("a disk is gone")

    with Index.open(tmp_path / "index", create=True) as index:
        index.add([{"id": "satu", "title": "satu", "body": "Kata warga di Sukmanya lagi."}])
        before = index.analyzer
        with pytest.raises(OSError, match="a disk is gone"):
            index.add(break_off())
        assert index.analyzer is not before
