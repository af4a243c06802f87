"""Searches of the protocol: filters, facets, orders, strategies, and how hits look."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from typing import Any

import pytest
from support.films import FILMS, Films, MakeFilms

from indexer.engine.base import Hit
from searchsvc.meilisearch import keeping
from searchsvc.meilisearch.columns import Tables, find_column
from searchsvc.meilisearch.documents import make_article
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.searched import Searched


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("genre = drama", [1, 3]),
        ("genre = DRAMA", [1, 3]),
        ("genre != drama", [2, 4, 5]),
        ("genre IN [horor, aksi]", [2, 3, 5]),
        ("genre NOT IN [horor]", [1, 3, 4]),
        ("tahun > 2008", [2, 3, 5]),
        ("tahun >= 2008", [1, 2, 3, 5]),
        ("tahun 2018 TO 2019", [3]),
        ("tahun = 2002", [4]),
        ("tahun = 2008.0", [1]),
        ("nilai < 7", [2, 5]),
        ("nilai EXISTS", [1, 2, 3, 4, 5]),
        ("nilai IS NULL", [3]),
        ("nilai IS NOT NULL", [1, 2, 4, 5]),
        ("sutradara EXISTS", [2, 3, 4, 5]),
        ("sutradara NOT EXISTS", [1]),
        ("sutradara IS NULL", [4]),
        ("sutradara.nama = 'joko anwar'", [2, 3, 5]),
        ("sutradara.lahir < 1980", [5]),
        ("genre IS EMPTY", [4]),
        ("sampul IS EMPTY", [5]),
        ("genre STARTS WITH hor", [2, 5]),
        ("genre > h", [1, 2, 5]),
        ("id = 3", [3]),
        ("genre = horor AND NOT tahun = 2017", [5]),
        (["genre = horor", ["tahun = 2017", "tahun = 2024"]], [2, 5]),
        ("genre = horor OR nilai > 7.7", [1, 2, 5]),
        ("genre = 'tidak ada'", []),
        ("", [1, 2, 3, 4, 5]),
    ],
)
def test_filters(films: Films, expression: Any, expected: list[int]) -> None:
    assert sorted(films.ids(filter=expression)) == expected


def test_looking_into_values_is_off_until_it_is_turned_on(films: Films) -> None:
    with pytest.raises(ProtocolError, match="contains filter"):
        films.ids(filter="genre CONTAINS ram")
    assert sorted(films.ids(filter="genre CONTAINS RAM", contains=True)) == [1, 3]


@pytest.mark.parametrize(
    ("parameters", "code", "told"),
    [
        ({"filter": "judul = x"}, "invalid_search_filter", "Attribute `judul` is not filterable."),
        ({"filter": "genre ="}, "invalid_search_filter", "instead got nothing"),
        ({"filter": 5}, "invalid_search_filter", "expected String, Array"),
        ({"facets": ["judul"]}, "invalid_search_facets", "Attribute `judul` is not filterable."),
        ({"sort": ["genre:asc"]}, "invalid_search_sort", "Attribute `genre` is not sortable."),
        ({"sort": ["tahun"]}, "invalid_search_sort", "expression ending by `:asc` or `:desc`"),
        ({"distinct": "judul"}, "invalid_search_distinct", "cannot be used as distinct attribute"),
        ({"limit": -1}, "invalid_search_limit", "is too small"),
        ({"limit": "5"}, "invalid_search_limit", "expected a positive integer, but found a string"),
        ({"facets": "genre"}, "invalid_search_facets", "expected an array"),
        ({"matchingStrategy": "x"}, "invalid_search_matching_strategy", "expected one of `last`"),
        ({"vector": [0.1]}, "invalid_search_vector", "no vectors"),
        ({"hybrid": {"embedder": "x"}}, "invalid_search_hybrid_query", "no vectors"),
        ({"rankingScoreThreshold": 2}, "invalid_search_ranking_score_threshold", "between `0.0`"),
        ({"facet": []}, "bad_request", "Unknown field `facet`: did you mean `facets`?"),
    ],
)
def test_what_is_wrong_has_its_code(
    films: Films, parameters: dict[str, Any], code: str, told: str
) -> None:
    with pytest.raises(ProtocolError) as caught:
        films.search("anak", **parameters)
    assert caught.value.code == code
    assert told in caught.value.message


def test_facets_are_counted_of_what_the_filter_leaves(films: Films) -> None:
    answer = films.search(facets=["genre", "tahun", "nilai"])
    assert answer["facetDistribution"]["genre"] == {
        "Aksi": 1,
        "Drama": 2,
        "Horor": 2,
        "Keluarga": 1,
    }
    assert list(answer["facetDistribution"]["tahun"]) == [
        "2002",
        "2008",
        "2017",
        "2019",
        "2020",
        "2024",
    ]
    assert answer["facetStats"] == {
        "tahun": {"min": 2008, "max": 2024},
        "nilai": {"min": 6.6, "max": 7.8},
    }
    narrowed = films.search(facets=["genre"], filter="genre = aksi")
    assert narrowed["facetDistribution"] == {"genre": {"Aksi": 1, "drama": 1}}


def test_facets_of_everything_and_by_count(make_films: MakeFilms) -> None:
    films = make_films(
        filterableAttributes=["genre", "sutradara"],
        faceting={"maxValuesPerFacet": 2, "sortFacetValuesBy": {"genre": "count"}},
    )
    answer = films.search(facets=["*"])
    assert answer["facetDistribution"]["genre"] == {"Drama": 2, "Horor": 2}
    assert answer["facetDistribution"]["sutradara.nama"] == {"Joko Anwar": 3}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (["tahun:asc"], [1, 2, 5, 4, 3]),
        (["tahun:desc"], [5, 2, 1, 3, 4]),
        (["judul:asc"], [4, 3, 1, 2, 5]),
        (["nilai:asc", "judul:desc"], [5, 2, 4, 1, 3]),
    ],
)
def test_orders(films: Films, sort: list[str], expected: list[int]) -> None:
    assert films.ids(sort=sort) == expected


def test_rules_of_the_index_order_all_documents(make_films: MakeFilms) -> None:
    films = make_films(rankingRules=["words", "nilai:desc"])
    assert films.ids()[:2] == [1, 4]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("all", [1, 4]), ("last", [1, 4, 3]), ("frequency", [1, 4])],
)
def test_strategies(films: Films, strategy: str, expected: list[int]) -> None:
    found = films.ids("anak sekolah", matchingStrategy=strategy)
    assert (sorted(found[:2]), found[2:]) == (expected[:2], expected[2:])


def test_stems_and_typing_errors_find_as_everywhere(films: Films) -> None:
    assert films.ids("mengganggu") == [2]
    assert films.ids("pelanqgi") == [1]


def test_typing_errors_are_not_forgiven_where_the_index_says_so(make_films: MakeFilms) -> None:
    assert make_films(typoTolerance={"enabled": False}).ids("pelanqgi", filter="") == []


def test_only_what_is_searchable_is_searched(make_films: MakeFilms) -> None:
    films = make_films(searchableAttributes=["judul", "sutradara"])
    assert films.ids("anak") == []
    assert films.ids("joko", sort=None) == films.ids("anwar")
    assert sorted(films.ids("joko anwar")) == [2, 3, 5]


def test_where_words_have_to_stand(films: Films) -> None:
    assert films.ids("keluarga") != []
    assert films.ids("keluarga", attributesToSearchOn=["genre"]) == [1]
    assert films.ids("keluarga", attributesToSearchOn=["isi"]) == [2]
    assert films.ids("keluarga", attributesToSearchOn=["judul"]) == []


def test_one_of_each_kind(films: Films) -> None:
    answer = films.search(distinct="genre", sort=["tahun:asc"])
    assert [hit["id"] for hit in answer["hits"]] == [1, 2, 4]
    assert answer["estimatedTotalHits"] == 3


@pytest.mark.parametrize(
    ("parameters", "kept"),
    [
        ({"distinct": "genre", "sort": ["tahun:asc"]}, {1, 2, 4}),
        ({"distinct": "genre", "sort": ["tahun:asc"], "limit": 1}, {1, 2, 4}),
        ({"distinct": "genre", "sort": ["tahun:asc"], "limit": 0}, {1, 2, 4}),
        ({"distinct": "sutradara.nama", "sort": ["judul:asc"]}, {1, 3, 4}),
        ({"distinct": "sutradara.nama", "sort": ["judul:asc"], "filter": "id > 2"}, {3, 4}),
        ({"distinct": "nilai", "page": 1, "hitsPerPage": 1, "sort": ["judul:asc"]}, {1, 2, 3, 4}),
        ({"q": "keluarga"}, {1, 2}),
        ({"q": "keluarga", "attributesToSearchOn": ["genre"]}, {1}),
        ({"q": "keluarga", "attributesToSearchOn": ["isi"]}, {2}),
        ({"q": "keluarga", "attributesToSearchOn": ["judul"]}, set()),
        ({"q": "keluarga", "attributesToSearchOn": ["isi"], "limit": 0}, {2}),
        ({"q": "anak sekolah"}, {1, 3, 4}),
        ({"q": "anak sekolah", "rankingScoreThreshold": 0.51}, {1, 4}),
        ({"q": "anak sekolah", "rankingScoreThreshold": 0.51, "limit": 0}, {1, 4}),
        ({"q": "anak sekolah", "rankingScoreThreshold": 0.51, "filter": "genre = drama"}, {1}),
        ({"q": "anak", "filter": "genre = drama", "distinct": "sutradara.nama"}, {1, 3}),
    ],
)
def test_facets_and_totals_are_those_of_what_is_kept(
    films: Films, parameters: dict[str, Any], kept: set[int]
) -> None:
    answer = films.search(facets=["genre", "id"], **parameters)
    genres: Counter[str] = Counter()
    for film in FILMS:
        if film["id"] in kept:
            genre = film.get("genre", [])
            genres.update(one.lower() for one in (genre if isinstance(genre, list) else [genre]))
    shown = answer["facetDistribution"]
    assert {one.lower(): count for one, count in shown["genre"].items()} == genres
    assert shown["id"] == {str(one): 1 for one in kept}
    assert answer["facetStats"].get("id") == (
        {"min": min(kept), "max": max(kept)} if kept else None
    )
    assert answer.get("totalHits", answer.get("estimatedTotalHits")) == len(kept)


def test_facets_go_past_the_hits_that_an_index_allows(make_films: MakeFilms) -> None:
    films = make_films(
        pagination={"maxTotalHits": 1}, filterableAttributes=["genre"], distinctAttribute="genre"
    )
    answer = films.search(facets=["genre"])
    assert (len(answer["hits"]), answer["estimatedTotalHits"]) == (1, 1)
    assert sum(answer["facetDistribution"]["genre"].values()) > 1


@pytest.mark.parametrize(
    ("counted", "sought", "limit", "hits", "horror"),
    [
        # The last of the five films is the second horror film, and is dropped if it is looked at.
        (5, 5, 1, [4], 1),
        (3, 5, 1, [4], 2),
        (3, 5, 9, [4, 3, 2], 1),
        (3, 4, 9, [4, 3, 2], 2),
        (3, 3, 9, [4, 3], 2),
        (1, 1, 9, [4], 2),
    ],
)
def test_of_many_hits_the_best_are_looked_at_and_the_others_counted_all(
    films: Films,
    monkeypatch: pytest.MonkeyPatch,
    counted: int,
    sought: int,
    limit: int,
    hits: list[int],
    horror: int,
) -> None:
    monkeypatch.setattr(keeping, "_COUNTED", counted)
    monkeypatch.setattr(keeping, "_SOUGHT", sought)
    answer = films.search(distinct="genre", sort=["judul:asc"], limit=limit, facets=["genre"])
    assert [hit["id"] for hit in answer["hits"]] == hits
    assert answer["facetDistribution"]["genre"]["Horor"] == horror
    # The third film is a drama as the second is: it is dropped as soon as it is looked at.
    assert answer["facetDistribution"]["genre"].get("Keluarga", 0) == (counted < 3)


def test_a_search_reads_a_bounded_number_of_many_hits(
    films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = ({"id": number, "judul": "Film", "genre": "Horor"} for number in range(10, 2_510))
    films.index.add([make_article(film, str(film["id"])) for film in added])
    read = []
    document = Searched.document

    def note(searched: Searched, hit: Hit) -> dict[str, Any]:
        read.append(hit)
        return document(searched, hit)

    monkeypatch.setattr(Searched, "document", note)
    answer = films.search(distinct="genre", facets=["genre", "id"])
    assert len(answer["hits"]) < 20
    assert len(read) == 2_000


def test_pages(films: Films) -> None:
    by_offset = films.search(offset=1, limit=2)
    assert (by_offset["offset"], by_offset["limit"], by_offset["estimatedTotalHits"]) == (1, 2, 5)
    by_page = films.search(page=3, hitsPerPage=2)
    assert len(by_page["hits"]) == 1
    pages = {key: by_page[key] for key in ("page", "hitsPerPage", "totalPages", "totalHits")}
    assert pages == {"page": 3, "hitsPerPage": 2, "totalPages": 3, "totalHits": 5}
    nothing = films.search(page=0, hitsPerPage=0)
    assert (nothing["hits"], nothing["totalHits"], nothing["totalPages"]) == ([], 5, 0)


def test_no_more_than_the_index_allows(make_films: MakeFilms) -> None:
    films = make_films(pagination={"maxTotalHits": 2})
    answer = films.search(limit=10)
    assert (len(answer["hits"]), answer["estimatedTotalHits"]) == (2, 2)


def test_documents_come_back_as_they_were_sent(films: Films) -> None:
    hits = films.search()["hits"]
    assert sorted(hits, key=lambda hit: hit["id"]) == FILMS
    assert all(list(hit) == list(FILMS[hit["id"] - 1]) for hit in hits)


def test_which_attributes_are_shown(make_films: MakeFilms) -> None:
    films = make_films(displayedAttributes=["judul", "sutradara.nama", "tahun"])
    (hit,) = films.search("setan")["hits"]
    assert hit == {"judul": "Pengabdi Setan", "tahun": 2017, "sutradara": {"nama": "Joko Anwar"}}
    (hit,) = films.search("setan", attributesToRetrieve=["sutradara", "nilai"])["hits"]
    assert hit == {"sutradara": {"nama": "Joko Anwar"}}
    assert films.search("setan", attributesToRetrieve=[])["hits"] == [{}]


def test_highlighting_and_cropping(films: Films) -> None:
    (hit,) = films.search(
        "arwah",
        attributesToHighlight=["isi"],
        attributesToCrop=["isi:3"],
        attributesToRetrieve=["id", "nilai"],
        highlightPreTag="[",
        highlightPostTag="]",
    )["hits"]
    assert hit == {
        "id": 2,
        "nilai": 6.6,
        "_formatted": {"id": "2", "nilai": "6.6", "isi": "…diganggu [arwah] ibu…"},
    }


def test_places_of_matches_are_in_bytes(films: Films) -> None:
    (hit,) = films.search("keluarga", filter="id = 1", showMatchesPosition=True)["hits"]
    assert hit["_matchesPosition"] == {"genre": [{"start": 0, "length": 8, "indices": [1]}]}


def test_scores_are_from_1_down(films: Films) -> None:
    hits = films.search("anak sekolah", showRankingScore=True)["hits"]
    scores = [hit["_rankingScore"] for hit in hits]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    assert len(films.ids("anak sekolah", rankingScoreThreshold=0.6)) == 2


def test_what_is_known_of_values_goes_with_its_generation(films: Films) -> None:
    tables = Tables()
    snapshot = films.searched().snapshot
    column = find_column("genre", films.index.engine.fields).labels
    table = tables.of(snapshot, column)
    assert tables.of(snapshot, column) is table
    forgotten = weakref.ref(table)
    del table, snapshot
    films.index.delete(["1"])
    films.searched().snapshot.close()
    gc.collect()
    assert forgotten() is None
    assert tables.of(films.searched().snapshot, column).equal("keluarga") == ()
