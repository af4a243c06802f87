"""What a site's own dictionary does to queries, before and after its articles know of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary import EMPTY, Dictionary
from indexer.language.dictionary_text import parse_dictionary
from indexer.pipeline import index_articles, rebuild
from searchsvc.query.clauses import EXACT_RULE
from searchsvc.query.expand.own_synonyms import FORM_WEIGHT, WEIGHT
from searchsvc.query.ranking import EXACT_WEIGHT
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.search import related_articles, run_search
from searchsvc.suggest import suggest

DICTIONARY = parse_dictionary(
    b"""
    [synonyms]
    ranmor = kendaraan bermotor, motor
    gercep => cepat
    kpk => komisi pemberantasan korupsi
    lapak => pasar, kios
    [stems]
    ngaplod, aplodan = unggah
    gawean = gawean
    [stop words]
    kabarnya
    pasar
    [names]
    serangan
    """
).dictionary

ARTICLES = [
    Article("ngaplod", "Warga Ngaplod Foto", "Warga ngaplod foto banjir ke internet kabarnya."),
    Article("unggah", "Warga Unggah Foto", "Warga unggah foto banjir ke internet."),
    Article("mengunggah", "Petugas Mengunggah Foto", "Petugas mengunggah foto gempa ke internet."),
    Article("gawean", "Gawean Baru di Desa", "Gawean baru warga desa membuat gerabah."),
    Article("gawe", "Gawe Besar di Desa", "Gawe besar itu dihadiri warga desa."),
    Article("motor", "Pencuri Kendaraan Bermotor", "Pencuri kendaraan bermotor ditangkap."),
    Article("sepeda", "Pencuri Motor", "Pencuri motor ditangkap warga."),
    Article("ranmor", "Curi Ranmor", "Pelaku curi ranmor ditangkap warga."),
    Article("cepat", "Petugas Bergerak Cepat", "Petugas bergerak cepat ke lokasi."),
    Article("kpk", "KPK Periksa Bupati", "Komisi Pemberantasan Korupsi (KPK) memeriksa bupati."),
    Article("serang", "Mereka Menyerang", "Mereka menyerang pos pada malam hari."),
    Article("serangan", "Wisata Serangan Ramai", "Wisata serangan ramai lagi."),
    Article("pasar", "Pasar Kios", "Pasar kios warga desa."),
]  # fmt: skip

Search = Callable[..., SearchResponse]


@pytest.fixture
def engine(brute_engine: BruteForceEngine) -> BruteForceEngine:
    """An index whose articles were analysed without the dictionary."""
    index_articles(brute_engine, ARTICLES, Analyzer())
    return brute_engine


@pytest.fixture
def search(engine: BruteForceEngine) -> Search:
    """Search with the dictionary, or another, as the index is now."""

    def run(q: str, *, dictionary: Dictionary = DICTIONARY, **fields: Any) -> SearchResponse:
        analyzer = Analyzer(dictionary=dictionary)
        return run_search(engine, SearchRequest(q=q, **fields), analyzer=analyzer)

    return run


@pytest.fixture
def rebuilt(engine: BruteForceEngine) -> Dictionary:
    """The dictionary after a rebuild with it."""
    rebuild(engine, Analyzer(dictionary=DICTIONARY))
    return DICTIONARY.after_indexing(DICTIONARY.list_entries())


def ids(response: SearchResponse) -> set[str]:
    return {hit.id for hit in response.hits}


def explain(response: SearchResponse, article_id: str) -> set[tuple[str, str, float]]:
    """(term, rule, weight) of what found the article; not what counts once more for being exact."""
    (hit,) = [hit for hit in response.hits if hit.id == article_id]
    rows = [row for row in hit.explain or () if row["rule"] != EXACT_RULE]
    return {(row["term"], row["rule"], row["weight"]) for row in rows}


@pytest.mark.parametrize(
    ("q", "without", "found"),
    [
        ("ranmor", {"ranmor"}, {"ranmor", "motor", "sepeda"}),
        ("motor", {"sepeda", "motor"}, {"ranmor", "motor", "sepeda"}),
        ("kendaraan bermotor", {"motor"}, {"motor", "sepeda", "ranmor"}),
        ("pencuri ranmor", set(), {"motor", "sepeda", "ranmor"}),
        ("gercep", set(), {"cepat"}),
        ("cepat", {"cepat"}, {"cepat"}),
        ("-motor warga desa", {"gawean", "gawe", "pasar"}, {"gawean", "gawe", "pasar"}),
        ('"ranmor"', {"ranmor"}, {"ranmor"}),
        ("ngaplod", {"ngaplod"}, {"ngaplod", "unggah", "mengunggah"}),
        ("unggah", {"unggah", "mengunggah"}, {"ngaplod", "unggah", "mengunggah"}),
        ("mengunggah", {"unggah", "mengunggah"}, {"ngaplod", "unggah", "mengunggah"}),
        ("foto -unggah", {"ngaplod"}, set()),
        ("aplodan", set(), {"ngaplod", "unggah", "mengunggah"}),
        ("lapak", set(), {"pasar"}),
    ],
)  # fmt: skip
def test_what_is_found_before_a_rebuild_and_after(
    search: Search, engine: BruteForceEngine, q: str, without: set[str], found: set[str]
) -> None:
    if without:
        assert ids(search(q, dictionary=EMPTY)) == without
    assert ids(search(q)) == found
    rebuild(engine, Analyzer(dictionary=DICTIONARY))
    assert ids(search(q, dictionary=DICTIONARY.after_indexing(DICTIONARY.list_entries()))) == found


def test_a_synonym_weighs_less_than_what_was_typed(search: Search) -> None:
    response = search("ranmor", explain=True)
    assert response.hits[0].id == "ranmor"
    assert explain(response, "motor") == {
        ("kendaraan bermotor", "dictionary", WEIGHT),
        ("motor", "dictionary", WEIGHT),
    }
    assert explain(response, "sepeda") == {
        ("motor", "dictionary", WEIGHT),
        ("motor", "dictionary", WEIGHT * EXACT_WEIGHT),
    }
    assert response.notes == []


def test_what_another_rule_says_as_well_counts_once(search: Search) -> None:
    rows = explain(search("kpk", explain=True), "kpk")
    assert ("komisi pemberantasan korupsi", "dictionary", WEIGHT) in rows
    assert {rule for _, rule, _ in rows} == {"dictionary", "name"}


@pytest.mark.parametrize("q", ["ngaplod", "unggah"])
@pytest.mark.parametrize("again", [False, True])
def test_what_was_typed_comes_first_before_a_rebuild_and_half_way(
    search: Search, engine: BruteForceEngine, q: str, again: bool
) -> None:
    if again:  # as if it had been written after the dictionary
        (changed,) = [article for article in ARTICLES if article.id == "ngaplod"]
        changed = Article("ngaplod", changed.title, changed.body, category="Baru")
        index_articles(engine, [changed], Analyzer(dictionary=DICTIONARY))
    assert search(q).hits[0].id == q


def test_the_terms_of_a_stem_before_a_rebuild(search: Search) -> None:
    typed = search("unggah", explain=True)
    assert explain(typed, "ngaplod") == {("ngaplod", "dictionary", FORM_WEIGHT)}
    assert explain(typed, "unggah") == {("unggah", "stem", 1), ("unggah", "typed", EXACT_WEIGHT)}
    form = search("ngaplod", explain=True)
    assert explain(form, "ngaplod") == {("ngaplod", "typed", 1)}
    assert explain(form, "mengunggah") == {("unggah", "dictionary", EXACT_WEIGHT)}


def test_the_terms_of_a_stem_after_a_rebuild(search: Search, rebuilt: Dictionary) -> None:
    typed = search("unggah", dictionary=rebuilt, explain=True)
    assert explain(typed, "ngaplod") == {("unggah", "stem", 1)}
    form = search("ngaplod", dictionary=rebuilt, explain=True)
    assert explain(form, "ngaplod") == {
        ("unggah", "dictionary", 1),
        ("ngaplod", "typed", EXACT_WEIGHT),
    }


def test_names_stay_whole(search: Search) -> None:
    assert ids(search("serangan", dictionary=EMPTY)) == {"serang", "serangan"}
    response = search("serangan", explain=True)
    assert ids(response) == {"serangan"}
    assert explain(response, "serangan") == {("serangan", "dictionary", 1)}
    assert ids(search("menyerang")) == {"serang", "serangan"}


def test_names_stay_whole_in_the_index_after_a_rebuild(search: Search, rebuilt: Dictionary) -> None:
    assert ids(search("menyerang", dictionary=rebuilt)) == {"serang"}
    assert explain(search("serangan", dictionary=rebuilt, explain=True), "serangan") == {
        ("serangan", "dictionary", 1),
        ("serangan", "dictionary", EXACT_WEIGHT),
    }


def test_stop_words_are_not_required(search: Search) -> None:
    assert search("kabarnya gempa", dictionary=EMPTY).notes
    response = search("kabarnya gempa")
    assert ids(response) == {"mengunggah"}
    assert response.notes == []
    assert ids(search("kabarnya")) == {"ngaplod"}
    assert search("korupsu kpk", dictionary=EMPTY).notes
    slang = Dictionary(stopwords=frozenset(["korupsu"]))
    assert search("korupsu kpk", dictionary=slang).notes == []


def test_a_word_that_the_dictionary_knows_is_no_slip_of_the_finger(
    engine: BruteForceEngine, search: Search
) -> None:
    index_articles(engine, [Article("getcep", "Getcep", "Kata getcep di sini.")], Analyzer())
    assert [note.code for note in search("gercep", dictionary=EMPTY).notes] == ["corrected"]
    response = search("gercep")
    assert (ids(response), response.notes) == ({"cepat"}, [])


def test_synonyms_that_no_article_has_change_nothing(search: Search) -> None:
    dictionary = parse_dictionary(
        b"[synonyms]\ngempa = lindu, gempa tektonik, gempanya\n"
    ).dictionary
    plain = search("gempa", dictionary=EMPTY, explain=True)
    response = search("gempa", dictionary=dictionary, explain=True)
    assert [hit.explain for hit in response.hits] == [hit.explain for hit in plain.hits]


def test_stop_words_are_neither_suggested_nor_what_relates_articles(
    engine: BruteForceEngine,
) -> None:
    assert "pasar" in [one.text for one in suggest(engine, "pas", analyzer=Analyzer())]
    assert suggest(engine, "pas", analyzer=Analyzer(dictionary=DICTIONARY))[0].kind == "article"
    analyzer = Analyzer(dictionary=Dictionary(stopwords=frozenset(["warga", "foto", "internet"])))
    assert related_articles(engine, "unggah", analyzer=Analyzer())
    assert related_articles(engine, "unggah", analyzer=analyzer) == []
