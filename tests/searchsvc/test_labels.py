"""Which labels a typed value means."""

from __future__ import annotations

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_text import parse_dictionary
from indexer.pipeline import index_articles, rebuild
from searchsvc.query.context import open_context
from searchsvc.query.labels import choose_labels, find_labels

SOURCES = [
    *("antaranews.com", "kompas.com", "kompas.tv", "pikiran-rakyat.com", "Layar Indonesia"),
    *("harianladang.example", "wartakita.example", "wartakitaonline.example", "sindonews.com"),
]
CATEGORIES = ["detikSport", "Olahraga", "NEWS / NASIONAL", "Hukum & Kriminal"]


@pytest.fixture(scope="module")
def engine() -> BruteForceEngine:
    made = BruteForceEngine()
    articles = [
        Article(f"s{number}", "Kabar", "Kabar.", source=source)
        for number, source in enumerate(SOURCES)
    ] + [
        Article(f"c{number}", "Kabar", "Kabar.", category=category, authors=["M. Adil Syarif"])
        for number, category in enumerate(CATEGORIES)
    ]
    index_articles(made, articles, Analyzer())
    return made


@pytest.mark.parametrize(
    ("facet", "typed", "labels"),
    [
        ("source", "antara", ["antaranews.com"]),
        ("source", "Antara", ["antaranews.com"]),
        ("source", "kompas", ["kompas.com"]),
        ("source", "kompas tv", ["kompas.tv"]),
        ("source", "pikiranrakyat", ["pikiran-rakyat.com"]),
        ("source", "Pikiran Rakyat", ["pikiran-rakyat.com"]),
        ("source", "layarindonesia", ["Layar Indonesia"]),
        ("source", "layar", ["Layar Indonesia"]),
        ("source", "sindo", ["sindonews.com"]),
        ("source", "wartakita", ["wartakita.example", "wartakitaonline.example"]),
        ("source", "harian", ["harianladang.example"]),
        ("source", "har", []),
        ("source", "ladang", []),
        ("source", "...", []),
        ("category", "sport", ["olahraga"]),
        ("category", "Olahraga", ["olahraga"]),
        ("category", "nasional", ["nasional"]),
        ("category", "national", ["nasional"]),
        ("category", "kriminal", ["hukum & kriminal"]),
        ("category", "krim", []),
        ("authors", "adil", ["M. Adil Syarif"]),
    ],
)
def test_labels_of_a_typed_value(
    engine: BruteForceEngine, facet: str, typed: str, labels: list[str]
) -> None:
    with engine.snapshot() as snapshot:
        context = open_context(engine, snapshot, analyzer=Analyzer())
        assert sorted(find_labels(context, facet, typed)) == labels


def test_a_site_joins_labels_of_its_own() -> None:
    """Articles indexed before the dictionary said so are found by either name, too."""
    dictionary = parse_dictionary(b"[labels]\nolahraga = bola, Futsal Kota\nsolo = Surakarta\n")
    assert dictionary.problems == []
    analyzer = Analyzer(dictionary=dictionary.dictionary)
    articles = [
        Article(f"a{number}", "Kabar", "Kabar.", category=category, place=place)
        for number, (category, place) in enumerate(
            [("Bola", "Solo"), ("SPORT", "Surakarta"), ("Futsal  Kota", ""), ("Hukum", "")]
        )
    ]
    engine = BruteForceEngine()
    index_articles(engine, articles[:1], Analyzer())
    index_articles(engine, articles[1:], analyzer)
    with engine.snapshot() as snapshot:
        assert dict(snapshot.label_counts("category")) == {"olahraga": 2, "bola": 1, "hukum": 1}
        assert dict(snapshot.label_counts("place")) == {"Solo": 2}
        context = open_context(engine, snapshot, analyzer=analyzer)
        for typed in ("bola", "Olahraga", "sport", "futsal kota"):
            assert sorted(find_labels(context, "category", typed)) == ["bola", "olahraga"], typed
        assert choose_labels(context, "category", ("bola",)) == ("bola", "olahraga")
        assert choose_labels(context, "category", ("hukum",)) == ("hukum",)
        assert find_labels(context, "place", "surakarta") == ("Solo",)
    rebuild(engine, analyzer)
    with engine.snapshot() as snapshot:
        assert dict(snapshot.label_counts("category")) == {"olahraga": 3, "hukum": 1}
