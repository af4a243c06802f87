"""What is suggested while a person types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.brute_force import BruteForceEngine

from indexer.article import Article
from indexer.engine.embedded import open_engine
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_text import parse_dictionary
from indexer.pipeline import index_articles
from searchsvc.request import SearchRequest
from searchsvc.search import run_search
from searchsvc.suggest import suggest
from searchsvc.suggest.choosing import simplify
from searchsvc.suggest.suggestion import Suggestion

ANALYZER = Analyzer()

ARTICLES = [
    Article("gempa1", "Gempa Bumi Guncang Palu", "Gempa bumi terasa di Palu, gempanya kuat."),
    Article("gempa2", "Warga Palu Mengungsi", "Warga mengungsi setelah gempa bumi di Palu."),
    Article("gempa3", "Gempa Lombok Rusak Rumah", "Gempa Lombok datang malam hari."),
    Article("gempa4", "Korban Gempa Lombok Dirawat", "Korban gempa Lombok dirawat di tenda."),
    Article("gempar", "Kota Gempar karena Harimau", "Warga gempar. Kota gempar semalam."),
    Article("presiden1", "Presiden Jokowi Resmikan Tol", "Presiden Jokowi hadir pada pagi hari."),
    Article("presiden2", "Presiden Jokowi Tinjau Pasar", "Kata Presiden Jokowi, harga stabil."),
    Article("presiden3", "Presiden Putin Terima Tamu", "Presiden Putin menerima tamu."),
    Article("presiden4", "Sambutan Presiden Putin", "Presiden Putin berpidato."),
    Article("emas1", "Harga Emas Antam Turun", "Harga emas antam turun lagi hari ini."),
    Article("emas2", "Harga Emas Antam Naik", "Harga emas antam naik."),
    Article("beras", "Harga Beras Naik", "Harga beras naik di pasar."),
    Article("ktp1", "Antrean Rekam e-KTP Panjang", "Warga antre merekam e-KTP di kecamatan."),
    Article("ktp2", "Blangko e-KTP Habis", "Stok blangko e-KTP habis sejak kemarin."),
    Article("shin1", "Shin Tae-yong Puji Timnas", "Pelatih Shin Tae-yong memuji timnas."),
    Article("shin2", "Shin Tae-yong Panggil Pemain", "Daftar pemain Shin Tae-yong diumumkan."),
    Article("covid1", "Kasus Covid-19 Turun", "Kasus Covid-19 turun di Jakarta."),
    Article("covid2", "Vaksin Covid-19 Tiba", "Vaksin Covid-19 tiba di bandara."),
    Article("mendagri1", "Menteri Dalam Negeri Hadir", "Menteri Dalam Negeri hadir di rapat."),
    Article("mendagri2", "Pesan Menteri Dalam Negeri", "Menteri Dalam Negeri menutup acara."),
    Article("susi", "Susi Pudjiastuti Buka Restoran", "Susi Pudjiastuti membuka restoran ikan."),
    Article("lawan", "Wisnuwardana Pengecut, Kata Lawan", "Debat calon lurah berlangsung panas."),
    Article("yangon1", "Banjir Melanda Yangon", "Kota Yangon terendam, warga yang tua sakit."),
    Article("yangon2", "Bandara Yangon Dibuka", "Bandara Yangon dibuka bagi yang menunggu."),
    Article("ayu1", "Ayu Ting Ting Menyanyi", "Kata Ayu Ting Ting, ia senang."),
    Article("ayu2", "Tamu: Ayu Ting Ting", "Begitu Ayu Ting Ting bercerita."),
    *(Article(f"cuaca{n}", f"Cuaca Hari Ini di {n}", "Cuaca hari ini hujan.") for n in (1, 2)),
    Article("salin1", "Lurah Bulat Menari", "Lurah bulat menari di balai kota."),
    Article("salin2", "Lurah Bulat Menari", "Lurah bulat menari di balai kota. Ramai."),
]

CATEGORIES = {"shin": "olahraga", "yang": "tajuk utama"}
LABELLED = [
    replace(
        article,
        source="wartauji.example" if number % 2 else "kabaruji.example",
        category=CATEGORIES.get(article.id[:4], "nasional"),
        authors=["Siti Marhamah"] if number % 2 else ["Rini Dwipayana"],
        place="Bandung" if number % 2 else "Jakarta",
        published_at=f"20{21 + number % 3}-0{1 + number % 9}-15T08:00:00+07:00",
    )
    for number, article in enumerate(ARTICLES)
]


def make_engine(articles: Sequence[Article]) -> BruteForceEngine:
    made = BruteForceEngine()
    index_articles(made, articles, Analyzer())
    return made


@pytest.fixture(scope="module")
def engine() -> BruteForceEngine:
    return make_engine(LABELLED)


def list_terms(
    engine: BruteForceEngine, typed: str, analyzer: Analyzer = ANALYZER, limit: int = 8
) -> list[str]:
    """The queries among the suggestions."""
    found = suggest(engine, typed, limit, analyzer=analyzer)
    return [one.text for one in found if one.kind == "term"]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        # What stands right after, the most frequent first, rather than what stands anywhere.
        ("presiden ", ["presiden jokowi", "presiden putin"]),
        ("presiden", ["presiden jokowi", "presiden putin"]),
        ("presiden j", ["presiden jokowi"]),
        ("presiden p", ["presiden putin"]),
        ("Presiden  P", ["Presiden putin"]),
        ("PRESIDEN PU", ["PRESIDEN PUTIN"]),
        # Never an inflection of what stands there, never what merely begins alike.
        ("gempa", ["gempa lombok", "gempa bumi"]),
        ("gempa g", []),
        ("gempa l", ["gempa lombok"]),
        # An unfinished word is finished.
        ("lomb", ["lombok"]),
        ("harim", ["harimau"]),
        # Names are offered whole, as articles join their parts.
        ("shin", ["shin tae-yong"]),
        ("shin t", ["shin tae-yong"]),
        ("shin tae-y", ["shin tae-yong"]),
        ("covid", ["covid-19"]),
        ("covid-", ["covid-19"]),
        ("menteri d", ["menteri dalam negeri"]),
        # A function word neither goes on nor begins anything.
        ("yang", []),
        # What a single headline says, or copies of a single article.
        ("wisnuwardana", []),
        ("wisnuwardana ", []),
        ("wisnuwardana p", []),
        ("lurah ", []),
        # With letters to tell which word is meant, one article that repeats it will do.
        ("susi", []),
        ("susi p", ["susi pudjiastuti"]),
        ("cuaca h", ["cuaca hari ini"]),
        ("cuaca hari", ["cuaca hari ini"]),
        ("zzz", []),
        ("zzz p", []),
        ("", []),
        (" ", []),
        ("5", []),
        ("- ! ?", []),
    ],
)
def test_what_people_may_go_on_with(engine: BruteForceEngine, typed: str, terms: list[str]) -> None:
    found = list_terms(engine, typed)
    assert found[: len(terms)] == terms
    assert bool(found) == bool(terms)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("harga -em", "harga -emas"),
        ('"harga em', '"harga emas"'),
        ('rumah "gempa lo', 'rumah "gempa lombok"'),
        ('"gempa lombok" di', '"gempa lombok" dirawat'),
        ("e-k", "e-KTP"),
        ("rekam e-k", "rekam e-KTP"),
        ("judul:lomb", "judul:lombok"),
        ("judul:gempa l", "judul:gempa lombok"),
        ("beras atau lomb", "beras atau lombok"),
        ("(gempa lo", "(gempa lombok"),
        ("gempa, lo", "gempa, lombok"),
        ("kategori:nasional lomb", "kategori:nasional lombok"),
        ("harga -beras em", "harga -beras emas"),
    ],
)
def test_operators_and_quotation_marks_stay_as_typed(
    engine: BruteForceEngine, typed: str, first: str
) -> None:
    assert list_terms(engine, typed)[:1] == [first]


def test_a_word_stands_twice_only_in_a_name_that_has_it_twice(engine: BruteForceEngine) -> None:
    assert list_terms(engine, "ayu t") == ["ayu ting", "ayu ting ting"]
    assert list_terms(engine, "ayu ting ") == ["ayu ting ting"]
    assert list_terms(engine, "presiden pres") == []


def test_a_minus_takes_single_words(engine: BruteForceEngine) -> None:
    assert list_terms(engine, "harga em") == ["harga emas", "harga emas antam"]
    assert list_terms(engine, "harga -em") == ["harga -emas"]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("kategori:nasi", ["kategori:nasional"]),
        ("category:taj", ['category:"tajuk utama"']),
        ("kategori:utama", ['kategori:"tajuk utama"']),
        ('kategori:"tajuk', ['kategori:"tajuk utama"']),
        ("-kategori:ola", ["-kategori:olahraga"]),
        ("gempa kategori:nasi", ["gempa kategori:nasional"]),
        ("sumber:kabar", ["sumber:kabaruji.example"]),
        ("penulis:siti", ['penulis:"Siti Marhamah"']),
        ("author:mar", ['author:"Siti Marhamah"']),
        ("lokasi:", ["lokasi:Bandung", "lokasi:Jakarta"]),
        ("kategori:olahraga atau kategori:nasi", ["kategori:olahraga atau kategori:nasional"]),
        ("kategori:zzz", []),
        ("zzz kategori:nasi", []),
        ("tag:", []),
        ("tanggal:", ["tanggal:2023", "tanggal:2022", "tanggal:2021"]),
        ("tanggal:202", ["tanggal:2023", "tanggal:2022", "tanggal:2021"]),
        ("sebelum:20", ["sebelum:2023", "sebelum:2022"]),
        ("tanggal:2023-01", []),
        ("tanggal:2023-03", ["tanggal:2023-03-15"]),
        ("tanggal:2023-03-15", []),
        ("tanggal:kapan", []),
    ],
)
def test_fields_have_values(engine: BruteForceEngine, typed: str, terms: list[str]) -> None:
    assert sorted(list_terms(engine, typed)) == sorted(terms)


DATED = {
    "today": "2026-06-25",
    "yesterday": "2026-06-24",
    "last week": "2026-06-17",
    "last month": "2026-05-30",
    "last year": "2025-12-01",
}


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        (
            "tanggal:",
            "tanggal:hari-ini tanggal:kemarin tanggal:minggu-ini tanggal:minggu-lalu "
            "tanggal:2026 tanggal:2025",
        ),
        ("tanggal:kem", "tanggal:kemarin"),
        ("tanggal:minggu", "tanggal:minggu-ini tanggal:minggu-lalu"),
        ("tanggal:minggu-l", "tanggal:minggu-lalu"),
        ("Tanggal:HARI", "Tanggal:hari-ini"),
        ("date:yes", "date:yesterday"),
        ("tanggal:tahun", "tanggal:tahun-ini tanggal:tahun-lalu"),
        ("tanggal:sep", "tanggal:sepekan-terakhir"),
        ("tanggal:sem", "tanggal:semalam"),
        ("sebelum:bulan-", "sebelum:bulan-ini sebelum:bulan-lalu"),
        ("sesudah:kem", "sesudah:kemarin sesudah:kemarin-lusa"),
        ("kabar-satu tanggal:kem", ""),
        ("gempa tanggal:kem", "gempa tanggal:kemarin"),
        ("tanggal:besok", ""),
        ("tanggal:kemarin", ""),
    ],
)
def test_days_named_from_today_are_offered_where_they_have_articles(
    brute_engine: BruteForceEngine, typed: str, terms: str
) -> None:
    articles = [
        Article(name, f"Gempa {name}", "Gempa.", published_at=f"{day}T08:00:00+07:00")
        for name, day in DATED.items()
    ]
    index_articles(brute_engine, articles, Analyzer())
    today = date(2026, 6, 25)
    found = suggest(brute_engine, typed, 8, analyzer=ANALYZER, today=today)
    offered = [one.text for one in found if one.kind == "term"]
    assert " ".join(offered) == terms
    for text in offered:
        request = SearchRequest(q=text)
        assert run_search(brute_engine, request, analyzer=ANALYZER, today=today).total > 0


def test_a_quoted_name_of_a_day_keeps_its_space(brute_engine: BruteForceEngine) -> None:
    article = Article("a", "Gempa", "Gempa.", published_at="2026-06-25T08:00:00+07:00")
    index_articles(brute_engine, [article], Analyzer())
    [offered] = suggest(
        brute_engine, 'tanggal:"hari i', 8, analyzer=ANALYZER, today=date(2026, 6, 25)
    )
    assert offered.text == 'tanggal:"hari ini"'


def test_authors_are_found_without_their_field(engine: BruteForceEngine) -> None:
    assert list_terms(engine, "siti") == ['penulis:"Siti Marhamah"']


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jokwi", "jokowi"),
        ("presidn jok", "presiden jokowi"),
        ("presiden jokwi", "presiden jokowi"),
        ("presidn ", "presiden jokowi"),
        ("gemap lom", "gempa lombok"),
        ("lomobk", "lombok"),
        ('"hagra em', '"harga emas"'),
    ],
)
def test_one_slip_is_understood(engine: BruteForceEngine, typed: str, first: str) -> None:
    assert list_terms(engine, typed)[:1] == [first]


def test_slips_of_articles_are_not_offered_beside_what_was_meant() -> None:
    texts = ("Dana bansos Bandung cair.", "Dana bansos Medan cair.")
    articles = [Article(f"a{n}", f"Kabar {n}", texts[n % 3 == 0]) for n in range(60)]
    articles += [Article(f"b{n}", f"Isu {n}", "Dana bansoss Bandungcair.") for n in range(3)]
    made = make_engine(articles)
    assert list_terms(made, "dana b") == ["dana bansos", "dana bansos bandung cair"]
    assert list_terms(made, "bandu") == ["bandung", "bandung cair"]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("guncang pa", ["gempa1"]),
        ("palu", ["gempa1", "gempa2"]),
        ("palu ", ["gempa1", "gempa2"]),
        ("gempa", ["gempa1", "gempa3", "gempa4"]),
        ("gempar di k", []),
        ("harga -emas", ["beras"]),
        ("presidn putin", ["presiden3", "presiden4"]),
        ("lurah bulat", ["salin2"]),
    ],
)
def test_titles_have_all_the_words(engine: BruteForceEngine, typed: str, titles: list[str]) -> None:
    found = suggest(engine, typed, 8, analyzer=ANALYZER)
    assert sorted(one.id for one in found if one.kind == "article") == titles


def test_other_inflections_in_titles_come_last() -> None:
    articles = [
        Article("a", "Pelabuhan Hadapi Serangan Teroris", "Uji kesiapan."),
        Article("b", "Kawanan Monyet Menyerang Kebun", "Warga resah."),
    ]
    found = suggest(make_engine(articles), "serangan", analyzer=ANALYZER)
    assert [one.id for one in found] == ["a", "b"]


def test_what_the_dictionary_blocks_is_never_offered(engine: BruteForceEngine) -> None:
    dictionary = parse_dictionary(b"[blocked words]\nlombok\nharga emas\n").dictionary
    analyzer = Analyzer(dictionary=dictionary)
    assert list_terms(engine, "lomb", analyzer) == []
    assert list_terms(engine, "gempa", analyzer) == ["gempa bumi"]
    assert list_terms(engine, "em", analyzer) == ["emas", "emas antam"]
    ids = [one.id for one in suggest(engine, "gempa ", 8, analyzer=analyzer)]
    assert "gempa1" in ids
    assert "gempa3" not in ids
    assert list_terms(engine, "harga em", analyzer) == []


def test_stop_words_of_the_dictionary_are_not_offered(engine: BruteForceEngine) -> None:
    dictionary = parse_dictionary(b"[stop words]\njokowi\n").dictionary
    assert list_terms(engine, "presiden ", Analyzer(dictionary=dictionary)) == ["presiden putin"]


def test_json(engine: BruteForceEngine) -> None:
    assert Suggestion("gempa", "term").to_dict() == {"text": "gempa", "kind": "term"}
    found = suggest(engine, "kota gempar ", analyzer=ANALYZER)
    article = LABELLED[4]
    assert [one.to_dict() for one in found] == [
        {
            "text": article.title,
            "kind": "article",
            "id": "gempar",
            "source": article.source,
            "published_at": article.published_at,
            "image": "",
        }
    ]


def test_a_text_too_long_for_a_query_has_no_suggestions(engine: BruteForceEngine) -> None:
    assert suggest(engine, "gempa " * 400, analyzer=ANALYZER) == []
    assert list_terms(engine, "kabar " * 100 + "presiden jok") == []
    assert list_terms(engine, "palu gempa " * 20 + "gempa b")[0].endswith(" gempa bumi")


PARTS = st.sampled_from(
    [
        *("gempa", "gem", "presiden", "jok", "jokwi", "harga", "em", "yang", "di", "covid", "19"),
        *("kategori:", "nasi", "tanggal:", "20", "-", '"', "(", "atau", "BUKAN", "*", ":", " "),
        *("judul:", "e-k", "lombok", "penulis:", "Siti", "shin", "tae", "susi p"),
    ]
)


@settings(max_examples=300)
@given(
    typed=st.lists(PARTS, max_size=6).map(" ".join) | st.text(max_size=20), limit=st.integers(0, 9)
)
def test_suggestions_hold_together(engine: BruteForceEngine, typed: str, limit: int) -> None:
    found = suggest(engine, typed, limit, analyzer=ANALYZER)
    assert len(found) <= limit
    texts = [simplify(one.text) for one in found]
    assert len(set(texts)) == len(texts)
    assert simplify(typed) not in texts
    for one in found:
        if one.kind == "term":
            request = SearchRequest(q=one.text)
            assert run_search(engine, request, analyzer=ANALYZER).total, one.text


def test_a_word_of_deleted_articles_only_is_no_suggestion(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "indeks", create=True)
    # So many that a deletion is no reason to write the others anew: the engine has the term yet.
    articles = [Article(f"padi{n}", f"Panen Padi {n}", "Padi naik.") for n in range(40)]
    articles.append(Article("gone", "Picerut", "Picerut."))
    index_articles(engine, articles, ANALYZER)
    with engine.writer() as writer:
        writer.delete(["gone"])
        writer.commit()
    with engine.snapshot() as snapshot:
        assert snapshot.frequent_terms("pice", limit=1) == [("picerut", 1)]
    assert suggest(engine, "pice", analyzer=ANALYZER) == []
    assert [one.text for one in suggest(engine, "pad", analyzer=ANALYZER)]
    engine.close()
