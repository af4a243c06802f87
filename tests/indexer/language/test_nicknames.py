"""Which short forms of names a text explains."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.engine.base import AnalysedDocument
from indexer.language.acronym_table import AcronymTable
from indexer.language.analyzer import Analyzer
from indexer.language.nicknames import KINDS, find_nicknames


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Abdul Wahid yang akrab disapa Gus Dul", {("called", "gus dul", "abdul wahid")}),
        ("kata Cristiano Ronaldo, yang dijuluki CR7", {("called", "cr 7", "cristiano ronaldo")}),
        ('Zulkifli Hasan (akrab disapa "Zulhas")', {("called", "zulhas", "zulkifli hasan")}),
        ("Ismail Marzuki biasa dipanggil Mail.", {("called", "mail", "ismail marzuki")}),
        ("Setya Novanto alias Setnov", {("alias", "setnov", "setya novanto")}),
        (
            "Gubernur Jabar Ridwan Kamil yang akrab disapa Kang Emil",
            {("called", "kang emil", "ridwan kamil")},
        ),
        (
            "Basuki Tjahaja Purnama alias Ahok",
            {
                ("alias_part", "ahok", "tjahaja purnama"),
                ("alias", "ahok", "basuki tjahaja purnama"),
            },
        ),
        ("Prabowo Subianto yang akrab disapa Prabowo", set()),  # part of the name
        ("Siti Aminah yang akrab disapa Ibu", set()),  # a form of address
        ("perempuan yang akrab disapa Ani itu", set()),  # no name before
        ("Warga Desa Suka disapa gubernur", set()),  # no name behind
        ("Rudi Hartono\nalias Rudal", set()),
        ("Kabupaten Kolaka Timur", set()),
    ],
)  # fmt: skip
def test_what_is_found(text: str, found: set[tuple[str, str, str]]) -> None:
    assert set(find_nicknames(text)) == found


@given(st.text(alphabet="Aa bz'(,.\n", max_size=40).map(lambda text: f"{text} alias {text}"))
def test_any_text_has_an_answer(text: str) -> None:
    assert all(one.kind in KINDS and one.short and one.full for one in find_nicknames(text))


def test_articles_teach_them_once_each() -> None:
    text = "Abdurrahman Wahid yang akrab disapa Gus Dur. Abdurrahman Wahid akrab disapa Gus Dur."
    batch = Analyzer().analyse(
        [AnalysedDocument(Article(name, "Kabar", text), {}, None, None, bytes(8)) for name in "ab"]
    )
    assert ("called", "gus dur", "abdurrahman wahid", 2) in batch.evidence


def test_what_the_table_believes() -> None:
    table = AcronymTable(
        {},
        listed=[],
        nicknames={
            "called": {"gus dur": [("abdurrahman wahid", 1)]},
            "called_part": {"emil": [("ridwan kamil", 1)]},
            "alias": {"ahok": [("basuki tjahaja purnama", 2)], "black": [("budi santoso", 1)]},
        },
    )
    assert [one.terms for one in table.longs("gus dur")] == [("abdurrahman", "wahid")]
    assert [one.terms for one in table.shorts("abdurrahman wahid")] == [("gus", "dur")]
    assert [one.terms for one in table.longs("emil")] == [("ridwan", "kamil")]
    assert table.shorts("ridwan kamil") == ()  # the office before may be part of what is called so
    assert [one.terms for one in table.shorts("basuki tjahaja purnama")] == [("ahok",)]
    assert table.longs("black") == ()
