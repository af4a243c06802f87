"""A title copied from a browser has the name of its site behind it."""

from __future__ import annotations

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.request import SearchRequest
from searchsvc.search import run_search

ANALYZER = Analyzer()
AUTHORS = ["Tim Kompas.com"]
ARTICLES = [
    Article("it", "Harga Cabai Naik Lagi", "Di pasar.", source="Wartakita", authors=AUTHORS),
    Article("kompas", "Kompas Tua", "Kompas itu naik di atas cabai. Harga lagi okezone."),
]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("Harga Cabai Naik Lagi - Kompas.com", ["it"]),
        ("Harga Cabai Naik Lagi – detikNews", ["it"]),
        ("Harga Cabai Naik Lagi | Okezone", ["it"]),
        ("Harga Cabai Naik Lagi : Okezone Lifestyle", ["it"]),
        ("Harga Cabai Naik Lagi | Wartakita", ["it"]),  # a publisher of the index
        ("harga cabai - kompas", ["kompas"]),  # too short for a title
        ("harga cabai naik lagi kompas", ["kompas"]),  # no sign before it
        ("Harga Cabai Naik Lagi - Kompas Tua", ["kompas"]),  # no site
    ],
)
def test_the_name_of_the_site_is_left_out(
    brute_engine: BruteForceEngine, q: str, first: list[str]
) -> None:
    index_articles(brute_engine, ARTICLES, Analyzer())
    answer = run_search(brute_engine, SearchRequest(q=q), analyzer=ANALYZER)
    assert [hit.id for hit in answer.hits][:1] == first
    left_out = first == ["it"]
    assert [note.code for note in answer.notes] == [] or not left_out
