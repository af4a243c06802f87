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


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("harga cabai naik | kompas", "Cabai naik, kompas."),
        ("harga cabai naik | merdeka", "Harga cabai merdeka."),
        ("harga cabai naik | tempo", "Tempo cabai, harga."),
        ("harga cabai naik | Tempo", "Tempo cabai, harga."),
        ("harga cabai naik | okezone", "Harga cabai okezone."),
        ("harga cabai naik | wartakita", "Harga cabai wartakita."),
        ("harga cabai | tempo | kompas", "Harga kompas."),
        ("lagu lawas berirama - tempo", "Lagu lawas berirama, tempo."),
        ("pidato kemerdekaan sukarno - merdeka", "Pidato kemerdekaan Sukarno: merdeka."),
        ("pulau indah nusantara - merdeka", "Pulau indah Nusantara, merdeka."),
        ("kapal laut tua : kompas", "Kapal laut tua, kompas."),
    ],
)
def test_a_word_that_is_also_a_site_is_kept(
    brute_engine: BruteForceEngine, q: str, words: str
) -> None:
    texts = {"it": words, "without": words.replace(q.split()[-1], "").replace("Tempo", "")}
    texts["site"] = "Wartakita dan Okezone, Kompas, Tempo, Merdeka."
    articles = [Article(name, "Kabar", body, source="Wartakita") for name, body in texts.items()]
    index_articles(brute_engine, articles, Analyzer())
    answer = run_search(brute_engine, SearchRequest(q=q), analyzer=ANALYZER)
    assert answer.hits[0].id == "it"
    assert "without" not in [hit.id for hit in answer.hits] or "|" in q


@pytest.mark.parametrize("site", ["- Tempo", "- Republika", "| tempo.co", "| CNN Indonesia"])
def test_a_site_is_known_by_its_capital_or_its_domain(
    brute_engine: BruteForceEngine, site: str
) -> None:
    index_articles(brute_engine, ARTICLES, Analyzer())
    request = SearchRequest(q=f"Harga Cabai Naik Lagi {site}")
    answer = run_search(brute_engine, request, analyzer=ANALYZER)
    assert [hit.id for hit in answer.hits][:1] == ["it"]
    assert answer.notes == []
