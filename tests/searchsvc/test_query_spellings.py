"""Which other spellings of a word are sought with it, and which words only look like it."""

from __future__ import annotations

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.request import SearchRequest
from searchsvc.search import run_search

ANALYZER = Analyzer()


def find(engine: BruteForceEngine, bodies: dict[str, str], q: str) -> list[str]:
    """The ids of the articles found among those with these texts, best first."""
    articles = [Article(name, "Kabar", body) for name, body in bodies.items()]
    index_articles(engine, articles, Analyzer())
    response = run_search(engine, SearchRequest(q=q), analyzer=ANALYZER)
    assert response.notes == []
    return [hit.id for hit in response.hits]


def describe(*names: str) -> dict[str, str]:
    """An article about each name, which it writes often enough to show that it is one."""
    return {
        name.lower(): f"Warga melihat {name} datang. Kata warga, {name} ramah. Lalu {name} pulang."
        for name in names
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PSI", "PSSI"),
        ("AFP", "AFF"),
        ("JKN", "IKN"),
        ("KPI", "KPPI"),
        ("BASSAR", "BASAR"),  # long, but in capitals
        ("Juve", "Jupe"),
        ("Bajo", "Bayu"),
        ("Solo", "Sulu"),
        ("Denis", "Deniz"),
        ("Aston", "Ashton"),
        ("Bolton", "Bulton"),
        ("Hangzhou", "Changzhou"),
    ],
)
def test_names_a_letter_apart_are_two_names(
    brute_engine: BruteForceEngine, one: str, other: str
) -> None:
    bodies = describe(one, other)
    assert find(brute_engine, bodies, one) == [one.lower()]
    assert find(brute_engine, bodies, other) == [other.lower()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soeharto", "Suharto"),
        ("Tjahjo", "Cahyo"),
        ("Achmad", "Ahmad"),
        ("Muhammad", "Mohamad"),
        ("Khadafi", "Gaddafi"),
        ("Qadhafi", "Khadafi"),
        ("Zelensky", "Zelenskyy"),
        ("Yogyakarta", "Jogja"),
        ("Adhitya", "Aditya"),
        ("Djamaluddin", "Jamaludin"),
        ("Soerjadi", "Suryadi"),
        ("Eddy", "Edi"),  # short, and listed
        ("Chile", "Cile"),
    ],
)
def test_spellings_of_one_name_are_found_the_one_as_typed_first(
    brute_engine: BruteForceEngine, one: str, other: str
) -> None:
    bodies = describe(one, other)
    assert find(brute_engine, bodies, one) == [one.lower(), other.lower()]
    assert find(brute_engine, bodies, other) == [other.lower(), one.lower()]


def test_what_articles_use_alike_is_one_name(brute_engine: BruteForceEngine) -> None:
    bodies = {
        "a": "Warga melihat Marquez. Kata Marquez, warga ramah. Lalu Marc Marquez pulang.",
        "b": "Warga melihat Marques. Kata Marques, warga ramah. Lalu Marc Marques pulang.",
        "c": "Warga melihat Vinales. Kata Vinales, warga ramah. Lalu Maverick Vinales pulang.",
        "d": "Warga melihat Vinalez. Kata Vinalez, warga ramah. Lalu Ana Vinalez pulang.",
    }
    assert find(brute_engine, bodies, "marquez") == ["a", "b"]
    assert find(brute_engine, bodies, "vinales") == ["c"]
