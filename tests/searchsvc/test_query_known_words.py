"""Words that the language has are not taken for slips, and are found as others write them."""

from __future__ import annotations

import pytest
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.language.analyzer import Analyzer
from indexer.language.everyday_words import load_everyday_words
from indexer.language.stem_roots import read_rows
from indexer.pipeline import index_articles
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.search import run_search

ANALYZER = Analyzer()


def search_in(engine: BruteForceEngine, bodies: dict[str, str], q: str) -> SearchResponse:
    """The response to ``q`` over articles with these texts by their ids."""
    articles = [Article(name, "Kabar", body) for name, body in bodies.items()]
    index_articles(engine, articles, Analyzer())
    return run_search(engine, SearchRequest(q=q), analyzer=ANALYZER)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("tewas", "teras"),  # a root
        ("penculikan", "pencurian"),  # of a root
        ("ngamuk", "nyamuk"),  # of a root, as spoken
        ("maling", "malin"),
        ("ramadhan", "rumahan"),
        ("judol", "judul"),  # an everyday word
        ("gk", "giok"),  # of a chat
        ("jogja", "jaga"),  # a listed name
        ("bekasi", "bekali"),
        ("letjen", "lutjen"),  # a title
        ("kpk", "kapak"),  # a short form
        ("napi", "nasi"),
        ("tongkat", "tingkat"),  # a root with another letter
        ("pengawalan", "pengawasan"),  # of a root, with a letter that is not near on the keyboard
        ("menepis", "meniris"),  # two edits away
    ],
)
def test_a_word_of_the_language_is_no_slip(
    brute_engine: BruteForceEngine, typed: str, near: str
) -> None:
    response = search_in(brute_engine, {"a": f"Warga melihat {near} di sana."}, typed)
    assert (response.total, response.notes) == (0, [])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pemeriksan", "pemeriksaan"),
        ("hargs", "harga"),
        ("trjebak", "terjebak"),
        # By chance, affixed forms of other roots: polis, bagan, tanin, slah, kerak, lendung.
        ("kepolisan", "kepolisian"),
        ("penerbagan", "penerbangan"),
        ("pertanin", "pertanian"),
        ("keslahan", "kesalahan"),
        ("mempekerakan", "mempekerjakan"),
        ("melendungi", "melindungi"),
        # By chance, a root.
        ("pelanggi", "pelangi"),
    ],
)
def test_a_slip_is_still_one(brute_engine: BruteForceEngine, typed: str, meant: str) -> None:
    response = search_in(brute_engine, {"a": f"Warga melihat {meant} di sana."}, typed)
    assert (response.total, [note.code for note in response.notes]) == (1, ["corrected"])


def test_a_form_of_a_word_that_articles_have_is_no_slip(brute_engine: BruteForceEngine) -> None:
    bodies = {"a": "Warga membeli polis asuransi.", "b": "Kepolisian menyelidiki."}
    response = search_in(brute_engine, bodies, "kepolisan")
    assert ([hit.id for hit in response.hits], response.notes) == (["a"], [])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("jogja", "Warga Yogyakarta menari."),
        ("yogyakarta", "Warga Jogja menari."),
        ("elnino", "Akibat El Nino warga menanam."),
        ("el nino", "Akibat ElNino warga menanam."),
        ("sepakbola", "Warga bermain sepak bola."),
        ("sepak bola", "Warga bermain sepakbola."),
        ("badminton", "Warga bermain bulu tangkis."),
        ("badminton", "Warga bermain bulutangkis."),
        ("bulutangkis", "Warga bermain badminton."),
        ("pinjol", "Warga terjerat pinjaman online."),
        ("judol", "Warga terjerat judi daring."),
        ("judi online", "Warga terjerat judol."),
        ("online", "Warga belajar daring."),
        ("cabe", "Harga cabai naik."),
        ("cabai", "Harga cabe naik."),
        ("bikin", "Warga membuat kapal."),
        ("membuat", "Warga bikin kapal."),
        ("ilang", "Warga kehilangan kapal."),
        ("ka", "Warga menunggu kereta api."),
        ("kereta api", "Warga menunggu KA itu."),
        ("gk", "Warga tidak menunggu."),
    ],
)
def test_variants_are_found(brute_engine: BruteForceEngine, typed: str, written: str) -> None:
    response = search_in(brute_engine, {"a": written, "b": "Polisi menyelidiki."}, typed)
    assert [hit.id for hit in response.hits] == ["a"]
    assert response.notes == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("tni al", "Pantauan TNI Angkatan Laut dan Aulia."),
        ("5000 km", "Kami menempuh 5.000 kilometer."),
        ("napi", "Narapidana makan nasi."),
    ],
)
def test_no_guess_at_a_word_that_a_rule_understood(
    brute_engine: BruteForceEngine, typed: str, written: str
) -> None:
    response = search_in(brute_engine, {"a": written, "b": "Aulia makan nasi, kami juga."}, typed)
    assert [hit.id for hit in response.hits] == ["a"]
    assert response.notes == []


def test_a_word_of_its_own_is_not_only_begun(brute_engine: BruteForceEngine) -> None:
    bodies = {f"a{number}": "Warga menendang bola." for number in range(3)}
    bodies["b"] = "Warga pergi bolak-balik."
    response = search_in(brute_engine, bodies, "bola")
    assert sorted(hit.id for hit in response.hits) == ["a0", "a1", "a2"]


def test_the_lists_hold_each_form_once() -> None:
    groups = read_rows("everyday_variants.tsv")
    forms = [form for group in groups for form in group]
    chat = [row[0] for row in read_rows("chat_words.tsv")]
    assert len(forms) == len(set(forms))
    assert len(chat) == len(set(chat))
    assert all(len(row) == 2 for row in read_rows("chat_words.tsv"))
    assert all(row not in others for row, others in load_everyday_words().items())
