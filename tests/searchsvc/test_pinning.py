"""Pinned articles come first and hidden ones are gone; totals and counts stay exact."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from support.brute_force import BruteForceEngine
from support.copied_story import BANJIR

from indexer.article import Article
from indexer.engine.base import Engine
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_text import parse_dictionary
from searchsvc.facet_search import search_facet
from searchsvc.index import Index
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.search import run_search

FACETS = ("category", "tags", "published_at")


def make(number: int, title: str, **values: Any) -> Article:
    return Article(f"a{number}", title, f"{title} di kota itu.", **values)


ARTICLES = [
    make(1, "Harga beras naik", category="Ekonomi", tags=["beras"], published_at="2024-01-02"),
    make(2, "Harga beras turun", category="Ekonomi", tags=["beras"], published_at="2024-02-02"),
    make(3, "Petani menjual beras", category="Daerah", tags=["padi"], published_at="2024-02-03"),
    make(4, "Hutan terbakar", category="Daerah", tags=["api"], published_at="2023-05-05"),
    make(5, "Kebakaran pasar", category="Hukum", published_at="2023-05-06"),
    make(6, "Gempa di laut"),
]


@pytest.fixture(params=["brute", "embedded"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "embedded":
        index = Index.open(tmp_path / "i", create=True)
        index.add(ARTICLES)
        return index.engine
    engine = BruteForceEngine()
    with engine.writer() as writer:
        writer.add(Analyzer().analyse([document(one) for one in ARTICLES]))
        writer.commit()
    return engine


def read(text: str) -> Analyzer:
    loaded = parse_dictionary(text.encode())
    assert loaded.problems == []
    return Analyzer(dictionary=loaded.dictionary)


def search(engine: Engine, dictionary: str, q: str, **asked: Any) -> SearchResponse:
    request = SearchRequest(q=q, facets=FACETS, **asked)
    return run_search(engine, request, analyzer=read(dictionary))


def ids(response: SearchResponse) -> str:
    return " ".join(hit.id for hit in response.hits)


def pinned(response: SearchResponse) -> str:
    return " ".join(hit.id for hit in response.hits if hit.pinned)


PIN = "[pinned]\nharga beras = a4, a2\n"
HIDE = "[hidden]\nharga beras = a1\n"


def count(response: SearchResponse) -> dict[str, dict[str, int]]:
    return {name: {c.value: c.count for c in counts} for name, counts in response.facets.items()}


def test_pinned_articles_come_first_in_their_order_and_are_counted_once(engine: Engine) -> None:
    plain, found = search(engine, "", "harga beras"), search(engine, PIN, "harga beras")
    assert (ids(plain), plain.total) == ("a2 a1", 2)
    assert (ids(found), pinned(found), found.total, found.stories) == ("a4 a2 a1", "a4 a2", 3, 3)
    assert count(found) == {
        "category": {"ekonomi": 2, "daerah": 1},
        "tags": {"beras": 2, "api": 1},
        "published_at": {"2023-05": 1, "2024-01": 1, "2024-02": 1},
    }
    assert found.notes == []


def test_hidden_articles_are_gone_from_hits_totals_and_counts(engine: Engine) -> None:
    found = search(engine, HIDE, "harga beras")
    assert (ids(found), found.total) == ("a2", 1)
    assert count(found)["tags"] == {"beras": 1}
    assert ids(search(engine, HIDE, "beras")).split().count("a1") == 1


@pytest.mark.parametrize(
    "typed",
    [
        "harga beras",
        "Harga  BERAS",
        "harga, beras!",
        '"harga beras"',
        "berharga beras",
        "HARGA-BERAS",
    ],
)
def test_the_same_query_in_another_spelling_or_inflection(engine: Engine, typed: str) -> None:
    assert pinned(search(engine, "[pinned]\nharga beras = a4\n", typed)) == "a4"


@pytest.mark.parametrize(
    "typed",
    ["harga", "beras harga", "harga beras naik", "harga -beras", "harga beras -naik", "",
     "kategori:Ekonomi harga beras", "harga ATAU beras", "harga bera*", "judul:harga beras"],
)  # fmt: skip
def test_another_query_is_as_it_was(engine: Engine, typed: str) -> None:
    dictionary = PIN + HIDE
    assert search(engine, dictionary, typed).hits == search(engine, "", typed).hits


def test_filters_hold_for_pinned_articles(engine: Engine) -> None:
    found = search(engine, PIN, "harga beras", filters={"category": ("Ekonomi",)})
    assert (ids(found), pinned(found), found.total) == ("a2 a1", "a2", 2)
    # A facet's own filter does not narrow its counts: with Daerah there would be one more.
    assert count(found)["category"] == {"ekonomi": 2, "daerah": 1}
    assert count(found)["tags"] == {"beras": 2}
    found = search(engine, PIN, "harga beras", date_from="2023-01-01", date_to="2023-12-31")
    assert (ids(found), found.total) == ("a4", 1)
    assert pinned(search(engine, PIN, "harga beras", only={"category": ("Hukum",)})) == ""


@pytest.mark.parametrize("per_page", [1, 2, 3])
def test_pages_go_on_behind_the_pinned(engine: Engine, per_page: int) -> None:
    pages = [
        search(engine, PIN, "harga beras", page=page, per_page=per_page) for page in (1, 2, 3, 4)
    ]
    assert " ".join(filter(None, map(ids, pages))) == "a4 a2 a1"
    assert {page.total for page in pages} == {3}
    assert pages[0].pages == -(-3 // per_page)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_another_order_is_kept(engine: Engine, sort: str) -> None:
    assert ids(search(engine, PIN, "harga beras", sort=sort)) == ids(
        search(engine, "", "harga beras", sort=sort)
    )


def test_a_query_that_finds_nothing_finds_what_is_pinned_to_it(engine: Engine) -> None:
    found = search(engine, "[pinned]\nxyzzy plugh = a5\n", "xyzzy plugh")
    assert (ids(found), found.total, found.notes) == ("a5", 1, [])


def test_articles_that_are_not_there_are_ignored(engine: Engine) -> None:
    found = search(engine, "[pinned]\nharga beras = gone, a4, nope\n", "harga beras")
    assert (pinned(found), found.total) == ("a4", 3)
    assert pinned(search(engine, "[pinned]\nharga beras = gone\n", "harga beras")) == ""


def test_what_is_pinned_and_hidden_is_hidden(engine: Engine) -> None:
    found = search(engine, "[pinned]\nharga beras = a1, a4\n" + HIDE, "harga beras")
    assert ids(found) == "a4 a2"


def test_a_correction_gets_the_pins_of_the_query_it_leads_to(engine: Engine) -> None:
    found = search(engine, "[pinned]\nkebakaran pasar = a6\n", "kebakaran psar")
    assert [note.code for note in found.notes] == ["corrected"]
    assert ids(found).startswith("a6 a5")
    hidden = search(engine, "[hidden]\nkebakaran psar = a5\n", "kebakaran psar")
    assert "a5" not in ids(hidden)


def test_words_stay_required_for_the_others(engine: Engine) -> None:
    """The only article with all words is pinned: others must not become hits."""
    found = search(engine, "[pinned]\nhutan terbakar = a4\n", "hutan terbakar")
    plain = search(engine, "", "hutan terbakar")
    assert (found.total, sorted(ids(found))) == (plain.total, sorted(ids(plain)))


def test_the_values_of_a_facet_are_those_of_the_search(engine: Engine) -> None:
    for dictionary in (PIN, HIDE, PIN + HIDE):
        request = SearchRequest(q="harga beras")
        values = search_facet(engine, "tags", "", request, 10, analyzer=read(dictionary)).values
        found = search(engine, dictionary, "harga beras")
        assert {one.value: one.count for one in values} == count(found)["tags"]


def test_scores_are_explained(engine: Engine) -> None:
    found = search(engine, PIN, "harga beras", explain=True)
    first, second = found.hits[0], found.hits[1]
    assert first.score == 0
    assert second.explain is not None
    assert sum(row["score"] for row in second.explain) == pytest.approx(second.score, abs=1e-3)


def test_counts_are_those_of_the_hits(engine: Engine) -> None:
    """Whatever is pinned, hidden and filtered: the totals and counts of all hits, one by one."""
    chance = Random(7)
    names = [one.id for one in ARTICLES] + ["gone"]
    for _ in range(60):
        pins = chance.sample(names, chance.randint(0, 4))
        hides = chance.sample(names, chance.randint(0, 2))
        query = chance.choice(["harga beras", "beras", "kebakaran", "di kota", "xyzzy"])
        dictionary = "".join(
            f"[{section}]\n{query} = {', '.join(chosen)}\n"
            for section, chosen in (("pinned", pins), ("hidden", hides))
            if chosen
        )
        filters = chance.choice([{}, {}, {"category": ("Ekonomi", "Daerah")}])
        found = search(engine, dictionary, query, filters=filters, per_page=100)
        plain = search(engine, "", query, filters=filters, per_page=100)
        told = [hit.id for hit in found.hits]
        categories = {one.id: one.category for one in ARTICLES}
        wanted = [one for one in pins if one not in hides and one != "gone"]
        if filters:
            wanted = [one for one in wanted if categories[one] in filters["category"]]
        assert told[: len(wanted)] == wanted
        if not plain.notes and not found.notes:
            rest = {hit.id for hit in plain.hits} - set(hides)
            assert set(told) == rest | set(wanted)
        assert found.total == len(told) == len(set(told))
        tags = Counter(tag for one in ARTICLES if one.id in told for tag in one.tags)
        assert {c.value: c.count for c in found.facets["tags"]} == tags


def test_a_story_is_told_once_under_its_pinned_copy(tmp_path: Path) -> None:
    with Index.open(tmp_path / "i", create=True) as index:
        first = Article("asli", "Banjir di Demak", BANJIR, published_at="2024-01-01")
        second = Article("salinan", "Banjir di Demak", BANJIR, published_at="2024-01-02")
        index.add([first, second, Article("lain", "Banjir surut", "Banjir surut di Kudus.")])
        dictionary = "[pinned]\nbanjir = salinan\n"
        found = search(index.engine, dictionary, "banjir", collapse=True)
        assert [(hit.id, [copy.id for copy in hit.also]) for hit in found.hits] == [
            ("salinan", ["asli"]),
            ("lain", []),
        ]
        assert (found.total, found.stories) == (3, 2)
        each = search(index.engine, dictionary, "banjir", collapse=False)
        assert (pinned(each), each.total, each.stories) == ("salinan", 3, 3)
