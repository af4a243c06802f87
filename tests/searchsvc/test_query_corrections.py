"""Misspelt queries are understood, right ones left alone, and offers keep what they promise."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.brute_force import BruteForceEngine
from support.slips import misspell

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.query.expand.by_ear import list_spellings
from searchsvc.query.expand.typos import weigh_slips
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.search import run_search

ANALYZER = Analyzer()
Search = Callable[..., SearchResponse]

#: What articles write about, each several times.
PHRASES = [
    "Prabowo Subianto",
    "Joko Widodo",
    "Lionel Messi",
    "Cristiano Ronaldo",
    "Shin Tae Yong",
    "Ridwan Kamil",
    "Sri Mulyani",
    "Manchester United",
    "harga emas Antam",
    "harga minyak goreng",
    "harga Pertamax naik",
    "kereta cepat Jakarta",
    "tilang elektronik",
    "gempa bumi Cianjur",
    "vaksin Sinovac",
    "sidang mahkamah agung",
    "pemilihan presiden",
    "kebakaran hutan Riau",
    "bantuan sosial tunai",
    "sekolah dasar negeri",
    "penyidik memeriksa saksi",
    "sea games Vietnam",
]
OFTEN = ["Lionel Messi", "tilang elektronik"]
FILLING = [
    "Sesi latihan dimulai pagi.",
    "Misi tim itu jelas.",
    "Mesin baru dipasang.",
    "Mei hujan.",
]


@pytest.fixture(scope="module")
def engine() -> BruteForceEngine:
    engine = BruteForceEngine()
    bodies = [f"Warga membahas {phrase} di sini." for phrase in PHRASES for _ in range(6)]
    # Slips that articles have are doubted beside what they have far more often.
    bodies += [f"Warga membahas {phrase} lagi." for phrase in OFTEN for _ in range(30)]
    # What outlets misspell once stands beside the right spelling, or alone.
    bodies += ["Lionel Messi hebat, kata Mesi kecil.", "Kabar elektornik saja.", *FILLING * 4]
    articles = [
        Article(f"a{number}", body.split(" di sini")[0], body) for number, body in enumerate(bodies)
    ]
    index_articles(engine, articles, Analyzer())
    return engine


@pytest.fixture
def search(engine: BruteForceEngine) -> Search:
    def run(q: str, **fields: Any) -> SearchResponse:
        return run_search(engine, SearchRequest(q=q, **fields), analyzer=ANALYZER)

    return run


def spelling_notes(response: SearchResponse) -> list[tuple[str, str]]:
    return [
        (note.code, note.query)
        for note in response.notes
        if note.code in ("corrected", "did_you_mean")
    ]


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("mesi", "messi", 0.2),  # said once
        ("kamill", "kamil", 0.2),  # said twice
        ("probolingoo", "probolinggo", 0.2),  # the wrong one said twice
        ("hagra", "harga", 0.5),  # swapped
        ("hargs", "harga", 0.5),  # the key beside
        ("jokwi", "jokowi", 0.5),  # a vowel left out
        ("fasal", "pasal", 1.2),  # a sound, the first letter
        ("ruma", "rumah", 0.5),
        ("bukak", "buka", 0.5),
        ("mesi", "misi", 0.8),
        ("mesi", "mesin", 0.9),
        ("mesi", "sesi", 1.8),
        ("mpox", "mpok", 1.1),
        ("bahus", "bagus", 0.5),
        ("jokiwo", "jokowi", 2.5),  # two slips
        ("blekpink", "blackpink", 1.3),  # one, by ear throughout
        ("markez", "marquez", 0.5),
        ("chusus", "kusus", 1.2),  # the first letter is another one
        ("sama", "sama", 0.0),
    ],
)
def test_what_slips_cost(typed: str, meant: str, cost: float) -> None:
    assert weigh_slips(typed, meant) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("heard", "spelt", "sounds"),
    [
        ("spotifai", "spotify", 1),
        ("yutub", "youtube", 2),
        ("netfliks", "netflix", 1),
        ("fesbuk", "facebook", 3),
        ("blokcen", "blockchain", 3),
        ("liverpul", "liverpool", 1),
        ("fesyen", "fashion", 2),
        ("smartpon", "smartphone", 2),
    ],
)
def test_how_foreign_words_are_heard(heard: str, spelt: str, sounds: int) -> None:
    assert dict(list_spellings(heard))[spelt] == sounds


@given(st.text(min_size=1, max_size=64))
def test_few_spellings_are_tried_of_anything(word: str) -> None:
    spellings = [spelling for spelling, _ in list_spellings(word)]
    assert len(set(spellings)) == len(spellings) <= 400


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("prabowo subianti", "prabowo subianto"),
        ("prabwo subianti", "prabowo subianto"),
        ("joko widdo", "joko widodo"),
        ("cristiano ronlado", "cristiano ronaldo"),
        ("lioenl mesi", "lionel messi"),
        ("shin tae yung", "shin tae yong"),
        ("harga emss", "harga emas"),
        ("harga emss antam", "harga emas antam"),
        ("kereta cpat", "kereta cepat"),
        ("gempa bumi cianjr", "gempa bumi cianjur"),
        ("judul:harga emss", "judul:harga emas"),
        ("tilang elektornik", "tilang elektronik"),
        ("Sri Mulyni", "Sri mulyani"),
        ("harga pertamaks", "harga pertamax"),
        # By ear.
        ("mencester yunaited", "manchester united"),
        # Words that articles have, but not in this row.
        ("ridwan kamal", "ridwan kamil"),
        ("kebakaran hutang riau", "kebakaran hutan riau"),
        # Two words written together, with a slip in one of them.
        ("gempbumi", "gempa bumi"),
        ("keretacpat jakarta", "kereta cepat jakarta"),
        ("tilangelektronk", "tilang elektronik"),
        ("bantuansoisal", "bantuan sosial"),
        ("gempbumi berita", "gempa bumi berita"),
        ("gempbumi atau emas", '"gempa bumi" atau emas'),
        ("judul:keretacpat", 'judul:"kereta cepat"'),
        ("judul:keretacpat jakarta", 'judul:"kereta cepat" jakarta'),
    ],
)
def test_misspelt_queries_show_what_was_meant(search: Search, q: str, meant: str) -> None:
    response = search(q)
    assert spelling_notes(response) == [("corrected", meant)]
    assert response.total == search(meant).total > 0


def test_two_names_misspelt_at_once_are_judged_together(brute_engine: BruteForceEngine) -> None:
    bodies = [
        *(f"Menteri Erick Thohir hadir {n}." for n in range(40)),
        *("Erik ten Hag melatih.", "Erik dan Tohir bertemu.", "Pak Tohir datang."),
        *(f"Kabar {n}." for n in range(40)),
    ]
    articles = [Article(f"a{n}", "Kabar", body) for n, body in enumerate(bodies)]
    index_articles(brute_engine, articles, Analyzer())
    # Each of the two is the name of somebody else.
    response = run_search(brute_engine, SearchRequest(q="erik tohir"), analyzer=ANALYZER)
    assert [query for _, query in spelling_notes(response)] == ["erick thohir"]


@pytest.mark.parametrize(
    "q",
    [
        "mahalini",
        "mpox",
        "seagames",
        "prabowo",
        "messi",
        "sesi",
        "harga emas antam",
        "peny",
        "harga em",
        "kereta cepat jak",
        "XQRT elektronik",
        "emas 24k",
        "qwrtp",
        # One word and another, but never side by side in articles; or by a word that is beside all.
        "hargaelektronk",
        "agungemss",
        "membahaskretaa",
    ],
)
def test_right_words_and_words_only_begun_are_left_alone(search: Search, q: str) -> None:
    assert spelling_notes(search(q)) == []


def test_slips_by_chance_are_understood_and_offers_keep_their_promise(search: Search) -> None:
    chance = Random(20)
    understood = 0
    queries = [(misspell(phrase.lower(), chance), phrase.lower()) for phrase in PHRASES * 6]
    for typed, meant in queries:
        response = search(typed)
        notes = spelling_notes(response)
        same = [hit.id for hit in response.hits] == [hit.id for hit in search(meant).hits]
        understood += same or meant in dict(notes).values()
        for code, query in notes:
            offered = search(query)
            if code == "corrected":
                assert [hit.id for hit in offered.hits] == [hit.id for hit in response.hits]
                assert (offered.total, offered.facets) == (response.total, response.facets)
                assert "corrected" not in dict(spelling_notes(offered))
            else:
                assert offered.total > response.total
    assert understood >= 0.9 * len(queries)


@pytest.mark.parametrize("phrase", [phrase.lower() for phrase in PHRASES])
def test_what_articles_write_needs_no_correction(search: Search, phrase: str) -> None:
    assert spelling_notes(search(phrase)) == []


def test_every_page_of_a_corrected_query_is_of_the_query_shown(search: Search) -> None:
    first, second = (search("harga emss", per_page=2, page=page) for page in (1, 2))
    assert spelling_notes(first) == spelling_notes(second) == [("corrected", "harga emas")]
    assert first.total == second.total
    assert not {hit.id for hit in first.hits} & {hit.id for hit in second.hits}


@pytest.mark.parametrize(
    ("q", "offered"),
    [
        ('"harga emss"', '"harga emas"'),
        ('"shin tae yung"', '"shin tae yong"'),
        ('"joko widdo" warga', '"joko widodo" warga'),
        ('judul:"harga emss"', 'judul:"harga emas"'),
    ],
)
def test_phrases_are_offered_respelt_and_never_replaced(
    search: Search, q: str, offered: str
) -> None:
    response = search(q)
    assert spelling_notes(response) == [("did_you_mean", offered)]
    assert response.total == 0 or "relaxed" in [note.code for note in response.notes]


def test_what_a_correction_leaves_out_is_still_said(search: Search) -> None:
    codes = [note.code for note in search("*widdo").notes]
    assert codes == ["ignored_operator", "corrected"]


def test_words_written_in_one_are_found_without_a_note(search: Search) -> None:
    response = search("seagames")
    assert response.total == search("sea games").total
    assert response.notes == []


def test_words_that_stand_by_any_other_make_no_word_of_two(brute_engine: BruteForceEngine) -> None:
    bodies = ["Itu mahal ini murah."] + [f"Harga mahal {n}, dan ini {n}." for n in range(60)]
    articles = [Article(f"a{n}", "Kabar", body) for n, body in enumerate(bodies)]
    index_articles(brute_engine, articles, Analyzer())
    for q in ("mahalini", "mahalini konser"):
        response = run_search(brute_engine, SearchRequest(q=q), analyzer=ANALYZER)
        assert (response.total, spelling_notes(response)) == (0, [])
