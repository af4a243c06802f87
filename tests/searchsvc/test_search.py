"""The one search path, over the brute-force engine: what comes back for a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.errors import ArticleNotFound
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.query.ranking import rank_today
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.search import related_articles, run_search

Search = Callable[..., SearchResponse]
ANALYZER = Analyzer()


@pytest.fixture
def engine(brute_engine: BruteForceEngine, sample_articles: list[Article]) -> BruteForceEngine:
    index_articles(brute_engine, sample_articles, Analyzer())
    return brute_engine


@pytest.fixture
def search(engine: BruteForceEngine) -> Search:
    """Search for a query, with further fields of the request by name."""

    def run(q: str = "", **fields: Any) -> SearchResponse:
        return run_search(engine, SearchRequest(q=q, **fields), analyzer=ANALYZER)

    return run


def ids(response: SearchResponse) -> list[str]:
    return [hit.id for hit in response.hits]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("menyerang pasar", ["serangan-pasar"]),
        ("kerja sama iran", ["kerja-sama-iran"]),
        ('"kerja sama perdagangan"', ["kerja-sama-iran"]),
        ('"perdagangan kerja sama"', []),
        ('"memanen"', ["panen-padi"]),
        ("panenan", ["panen-padi"]),
        ("4/3/2023", ["bekasi-menang"]),
        ("judul:roti", ["resep-tanpa-tanggal"]),
        ("judul:adonan", []),
        ("iran atau roti", ["kerja-sama-iran", "resep-tanpa-tanggal"]),
        ("menangkan", ["bekasi-menang"]),
        ("bekas", ["bekasi-menang"]),
        ("polis*", ["serangan-pasar"]),
        ("penulis:rina", ["kerja-sama-iran", "serangan-pasar"]),
        ("penulis:rina -iran", ["serangan-pasar"]),
        ('sumber:"harian ladang" bekasi', ["bekasi-menang"]),
        ("-kategori:hukum jakarta", ["kerja-sama-iran"]),  # by the place of its dateline
        ("sebelum:2022-08", ["panen-padi", "serangan-pasar"]),
        ("sesudah:2023-02", ["bekasi-menang"]),
        ("tanggal:2022-07-20", ["serangan-pasar"]),
        ("kategori:tarian", []),
    ],
)
def test_what_is_found(search: Search, q: str, expected: list[str]) -> None:
    assert sorted(ids(search(q))) == expected


def test_an_empty_query_finds_everything_newest_first(search: Search) -> None:
    response = search()
    assert response.total == 6
    assert ids(response)[0] == "bekasi-menang"
    assert ids(response)[-1] == "resep-tanpa-tanggal"


def test_common_words_are_not_wanted_but_alone_they_are_searched(search: Search) -> None:
    assert ids(search("apakah polisi dan yang")) == ["serangan-pasar"]
    assert search("apakah polisi dan yang").notes == []
    assert search("yang").total == 1


def test_where_nothing_has_all_words_the_most_are_wanted(search: Search) -> None:
    response = search("serangan pasar roti")
    assert ids(response) == ["serangan-pasar"]
    assert [note.code for note in response.notes] == ["relaxed"]
    assert response.notes[0].message == (
        "Tidak ada artikel yang memuat semua kata; ditampilkan hasil tanpa “roti”."
    )


def test_exact_ranks_above_inflected(brute_engine: BruteForceEngine) -> None:
    articles = [
        Article("a", "Penyerangan", "Berita tentang penyerangan itu."),
        Article("b", "Serangan", "Berita tentang serangan itu."),
    ]
    index_articles(brute_engine, articles, Analyzer())
    for q, first in (("serangan", "b"), ("penyerangan", "a")):
        response = run_search(brute_engine, SearchRequest(q=q), analyzer=ANALYZER)
        assert response.total == 2
        assert ids(response)[0] == first


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"filters": {"category": ("Hukum",)}}, ["kpk-periksa", "serangan-pasar"]),
        ({"filters": {"category": ("hukum", "olahraga")}, "q": "menang"}, ["bekasi-menang"]),
        ({"filters": {"category": ("hukum",), "place": ("Jakarta",)}}, ["kpk-periksa"]),
        ({"filters": {"place": ("SEMARANG",)}}, ["serangan-pasar"]),
        ({"filters": {"category": ("tari",)}}, []),
        ({"date_from": "2023-01-12"}, ["bekasi-menang", "kpk-periksa"]),
        ({"date_to": "2022-07-20"}, ["serangan-pasar"]),
        ({"date_from": "2022-07-21", "q": "sebelum:2022-08"}, ["panen-padi"]),
    ],
)
def test_filters(search: Search, fields: dict[str, Any], expected: list[str]) -> None:
    assert sorted(ids(search(**fields))) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"filters": {"category": ("Hukum", "OLAHRAGA")}}, []),
        (
            {"filters": {"category": ("tari", "Hukum")}},
            [("unknown_label", "Tidak ada artikel dengan kategori “tari”.")],
        ),
        (
            {"filters": {"authors": ("Tak Ada",), "source": ("nirwana.example",)}},
            [
                ("unknown_label", "Tidak ada artikel dengan penulis “Tak Ada”."),
                ("unknown_label", "Tidak ada artikel dengan sumber “nirwana.example”."),
            ],
        ),
        (
            {"filters": {"category": tuple(f"x{number}" for number in range(9))}},
            [
                ("unknown_label", f"Tidak ada artikel dengan kategori “x{number}”.")
                for number in range(5)
            ],
        ),
        ({"date_from": "2022-07-20", "date_to": "2022-07-20"}, []),
        (
            {"date_from": "2022-07-21", "date_to": "2022-07-20"},
            [
                (
                    "empty_period",
                    "Tanggal awal (2022-07-21) sesudah tanggal akhir (2022-07-20), "
                    "jadi tidak ada artikel yang cocok.",
                )
            ],
        ),
        (
            {"ignored": ("warna", "kategori")},
            [
                ("unknown_parameter", "Parameter “warna” tidak dikenal dan diabaikan."),
                (
                    "unknown_parameter",
                    "Parameter “kategori” tidak dikenal dan diabaikan; "
                    "mungkin maksudnya “category”.",
                ),
            ],
        ),
    ],
)
def test_what_finds_nothing_is_told(
    search: Search, fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert [(note.code, note.message) for note in search(**fields).notes] == expected


@pytest.mark.parametrize(
    "q", ["sesudah:2023 sebelum:2022", "sejak:2022-08 hingga:2022-07", "tanggal:2022 tanggal:2023"]
)
def test_days_that_exclude_each_other_are_told(search: Search, q: str) -> None:
    response = search(q)
    assert response.total == 0
    assert [note.code for note in response.notes] == ["empty_period"]


def test_sorting_by_date(search: Search) -> None:
    assert ids(search(sort="oldest"))[0] == "serangan-pasar"
    assert ids(search(sort="newest"))[0] == "bekasi-menang"


def test_pages(search: Search) -> None:
    first, second, fourth = (search(page=page, per_page=2) for page in (1, 2, 4))
    assert (first.total, first.pages, first.page, first.per_page) == (6, 3, 1, 2)
    assert len(first.hits) == len(second.hits) == 2
    assert not set(ids(first)) & set(ids(second))
    assert (fourth.hits, fourth.total, fourth.page) == ([], 6, 4)


def test_facets_mark_what_is_selected_and_keep_it_at_count_zero(search: Search) -> None:
    response = search(
        "bekasi",
        filters={"category": ("Olahraga", "Hukum", "Antah")},
        facets=("category", "published_at"),
        interval="year",
    )
    counts = [(one.value, one.count, one.selected) for one in response.facets["category"]]
    assert counts == [("olahraga", 1, True), ("hukum", 0, True), ("antah", 0, True)]
    dates = [(one.value, one.count) for one in response.facets["published_at"]]
    assert dates == [("2023", 1)]


def test_a_selection_does_not_narrow_its_own_counts(search: Search) -> None:
    response = search(filters={"category": ("hukum",)}, facets=("category",))
    assert response.total == 2
    assert {one.value: one.count for one in response.facets["category"]} == {
        "hukum": 2,
        "ekonomi": 1,
        "gaya hidup": 1,
        "internasional": 1,
        "olahraga": 1,
    }


def test_a_selected_value_beyond_the_counted_ones_has_its_exact_count(
    brute_engine: BruteForceEngine,
) -> None:
    articles = [
        Article(f"{tag}-{copy}", "Kabar", "Isi kabar.", tags=[f"t{tag:02}"])
        for tag in range(25)
        for copy in range(25 - tag)
    ]
    index_articles(brute_engine, articles, Analyzer())
    request = SearchRequest(q="kabar", filters={"tags": ("t24", "t23")}, facets=("tags",))
    response = run_search(brute_engine, request, analyzer=ANALYZER)
    assert response.total == 3
    selected = [(one.value, one.count) for one in response.facets["tags"] if one.selected]
    assert selected == [("t24", 1), ("t23", 2)]


def test_hits_are_highlighted(search: Search) -> None:
    hit = search("menyerang").hits[0]
    assert hit.title_html == "Polisi Usut <mark>Serangan</mark> di Pasar Kota Lama"
    assert "<mark>serangan</mark>" in hit.snippet_html
    assert "<mark>Penyerang</mark>" in hit.snippet_html
    assert search("menyerang", highlight=False).hits[0].title_html == ""


def test_explanations_sum_to_the_score(search: Search) -> None:
    hit = search("menyerang pasar", explain=True).hits[0]
    assert hit.explain is not None
    assert {row["rule"] for row in hit.explain} >= {"stem"}
    assert sum(row["score"] for row in hit.explain) == pytest.approx(hit.score, abs=1e-3)
    assert search("pasar").hits[0].explain is None


def test_the_json_body(search: Search) -> None:
    body = search("roti", facets=("place",)).to_dict()
    assert list(body) == [
        *("query", "total", "stories", "page", "per_page", "pages", "took_ms"),
        *("hits", "facets", "notes"),
    ]
    assert body["facets"] == {"place": []}
    assert body["hits"][0]["id"] == "resep-tanpa-tanggal"
    assert "explain" not in body["hits"][0]


@pytest.mark.parametrize(
    ("q", "code", "offered", "found"),
    [
        ("pemriksaan bupti", "corrected", "pemeriksaan bupati", ["kpk-periksa"]),
        ("Perdagangn Iran", "corrected", "perdagangan Iran", ["kerja-sama-iran"]),
        ("xqzzyw", "", "", []),
        ("polisi", "", "", ["serangan-pasar"]),
    ],
)
def test_unknown_words_are_taken_for_known_ones(
    search: Search, q: str, code: str, offered: str, found: list[str]
) -> None:
    response = search(q)
    assert ids(response) == found
    assert [(note.code, note.query) for note in response.notes] == (
        [(code, offered)] if code else []
    )


def test_related_articles(engine: BruteForceEngine) -> None:
    articles = [
        Article("a", "Gempa Guncang Palu", "Gempa bumi mengguncang Palu dan warga mengungsi."),
        Article("b", "Pengungsi Gempa Palu", "Warga Palu yang mengungsi setelah gempa bumi."),
        Article("c", "Harga Cabai Naik", "Warga mengeluh harga cabai naik di Palu."),
    ]
    index_articles(engine, articles, Analyzer())
    found = related_articles(engine, "a", 3, analyzer=ANALYZER)
    assert [hit.id for hit in found] == ["b"]
    with pytest.raises(ArticleNotFound):
        related_articles(engine, "tidak-ada", analyzer=ANALYZER)


SIGNS = [
    "atau",
    "BUKAN",
    "-pasar",
    '"kerja',
    "judul:padi",
    "penulis:rina",
    "sebelum:2022",
    "*",
    "(",
]
ODD_QUERIES = st.lists(st.sampled_from([*SIGNS, "polisi", "menyerang", "yang", "2022", "pa*"]))


@settings(max_examples=40, deadline=None)
@given(q=st.one_of(ODD_QUERIES.map(" ".join), st.text(max_size=30)))
def test_any_query_is_answered(q: str) -> None:
    engine = BruteForceEngine()
    index_articles(engine, [Article("a", "Polisi", "Serangan di pasar, 2022.")], ANALYZER)
    response = run_search(engine, SearchRequest(q=q, facets=("category",)), analyzer=ANALYZER)
    assert response.total >= len(response.hits)
    assert response.query == q


def test_a_word_said_twice_is_wanted_once(search: Search) -> None:
    once = search("menyerang pasar").hits[0].score
    assert search("menyerang pasar serangan Pasar").hits[0].score == once
    twice = search("serangan atau roti serangan")
    assert ids(twice) == ["serangan-pasar"]  # a group is not the same as one of its words


def test_a_day_is_found_without_its_year(brute_engine: BruteForceEngine) -> None:
    articles = [
        Article("a", "Rapat", "Rapat digelar Jumat (26/8) di Bandung."),
        Article("b", "Rapat", "Rapat digelar pada 2005 di Bandung."),
    ]
    index_articles(brute_engine, articles, Analyzer())
    for q in ("rapat 26 Agustus 2005", "rapat 26 agustus"):
        hits = run_search(brute_engine, SearchRequest(q=q), analyzer=ANALYZER).hits
        assert hits[0].id == "a", q


def test_words_of_the_scaffolding_are_no_slips(brute_engine: BruteForceEngine) -> None:
    index_articles(brute_engine, [Article("a", "Betapa", "Betapa rawa itu luas.")], Analyzer())
    response = run_search(brute_engine, SearchRequest(q="berapa luas"), analyzer=ANALYZER)
    assert ids(response) == ["a"]
    assert response.notes == []


def test_rare_words_that_are_plausible_are_not_doubted(brute_engine: BruteForceEngine) -> None:
    filling = [Article(f"f{n}", "Kota", "Beras di kota dan sisi jalan.") for n in range(200)]
    articles = [
        *filling,
        Article("a", "Warga", "Warga menjual sisir."),  # a root
        Article("b", "Warga", "Warga bertemu Kotta di sana."),  # a name
        Article("c", "Warga", "Warga makan bberas."),  # a slip
    ]
    index_articles(brute_engine, articles, Analyzer())

    def note(q: str) -> list[str]:
        response = run_search(brute_engine, SearchRequest(q=q), analyzer=ANALYZER)
        return [note.query for note in response.notes]

    assert (note("sisir"), note("kotta"), note("bberas")) == ([], [], ["beras"])


def test_of_likely_slips_the_neighbours_decide(brute_engine: BruteForceEngine) -> None:
    articles = [
        *(Article(f"a{n}", "Rapat", "Rapat pasar bola.") for n in range(6)),
        *(Article(f"b{n}", "Rapat", "Rapat pagar rumah.") for n in range(5)),
    ]
    index_articles(brute_engine, articles, Analyzer())
    for q, offered in (("pabar bola", "pasar bola"), ("pabar rumah", "pagar rumah")):
        response = run_search(brute_engine, SearchRequest(q=q), analyzer=ANALYZER)
        assert [note.query for note in response.notes] == [offered]


def test_parts_of_a_pair_count_in_either_order(brute_engine: BruteForceEngine) -> None:
    articles = [
        Article("a", "Kereta Jakarta-Bandung", "Kereta cepat menambah jadwal."),
        Article("b", "Bus Bandung", "Bus menuju Bandung-Garut penuh."),
        Article("c", "Kartu Baru", "Warga mengurus e-KTP di kantor. Kode e lain. KTP lain."),
        Article("d", "Huruf", "Kartu KTP lama dengan kode e di pojok."),
    ]
    index_articles(brute_engine, articles, Analyzer())

    def find(q: str) -> SearchResponse:
        return run_search(brute_engine, SearchRequest(q=q), analyzer=ANALYZER)

    for q in ("kereta bandung-jakarta", "kereta jakarta/bandung"):
        assert ids(find(q)) == ["a"]
        assert find(q).notes == []
    assert ids(find("e-ktp")) == ["c"]
    assert ids(find("kereta -bandung-garut")) == ["a"]


def test_a_title_as_typed_comes_before_one_that_repeats_a_word(
    brute_engine: BruteForceEngine,
) -> None:
    body = "Balapan musim itu berakhir."
    articles = [
        Article("repeats", "Klasemen: Klasemen dan Klasemen", f"{body} MotoGP 2019. " * 3),
        Article("typed", "Klasemen MotoGP 2019 Usai Balapan di Misano", body),
        *(Article(f"other{n}", "Jadwal Balap", f"MotoGP nomor {n}.") for n in range(20)),
    ]
    index_articles(brute_engine, articles, Analyzer())
    response = run_search(brute_engine, SearchRequest(q="klasemen motogp 2019"), analyzer=ANALYZER)
    assert ids(response) == ["typed", "repeats"]


@pytest.mark.parametrize(("q", "first"), [("harga emas", "new"), ("harga emas hari ini", "new")])
def test_of_articles_alike_the_newer_comes_first(
    brute_engine: BruteForceEngine, q: str, first: str
) -> None:
    articles = [
        Article("old", "Harga Emas", "Harga emas hari ini naik.", published_at="2024-01-05"),
        Article("new", "Harga Emas", "Harga emas hari ini turun.", published_at="2026-06-24"),
    ]
    index_articles(brute_engine, articles, Analyzer())
    today = date(2026, 6, 25)
    ranking = rank_today(30.0, 0.15, today=today)
    response = run_search(
        brute_engine, SearchRequest(q=q), analyzer=ANALYZER, ranking=ranking, today=today
    )
    assert ids(response)[0] == first
    gain = response.hits[0].score / response.hits[1].score - 1
    assert gain == pytest.approx(0.15 if "ini" not in q else 0.6, rel=0.12)
