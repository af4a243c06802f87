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


def say(*words: str) -> dict[str, str]:
    """An article with each word, which it writes as common words are written."""
    return {word: f"Warga melihat {word} itu. Kata warga, {word} itu ramai." for word in words}


@pytest.mark.parametrize(
    ("loose", "standard"),
    [
        ("hoax", "hoaks"),
        ("taxi", "taksi"),
        ("export", "ekspor"),
        ("umroh", "umrah"),
        ("sholat", "salat"),
        ("adzan", "azan"),
        ("ramadhan", "ramadan"),
        ("ustadz", "ustaz"),
        ("musholla", "musala"),
        ("hadits", "hadis"),
        ("taqwa", "takwa"),
        ("dzikir", "zikir"),
        ("silaturahim", "silaturahmi"),
        ("trima", "terima"),
        ("kluar", "keluar"),
        ("brangkat", "berangkat"),
        ("digrebek", "digerebek"),
        ("penggrebekan", "penggerebekan"),
        ("kroyok", "keroyok"),
        ("masal", "massal"),
        ("appartemen", "apartemen"),
        ("illegal", "ilegal"),
        ("aktip", "aktif"),
        ("nopember", "november"),
        ("ijin", "izin"),
        ("ijasah", "ijazah"),
        ("jenasah", "jenazah"),
        ("apotik", "apotek"),
        ("mempraktekkan", "mempraktikkan"),
        ("beresiko", "berisiko"),
        ("obyek", "objek"),
        ("kwalitas", "kualitas"),
        ("quality", "kualitas"),
        ("nasehat", "nasihat"),
        ("compact", "kompak"),
        ("standart", "standar"),
        ("photo", "foto"),
        ("inflation", "inflasi"),
        ("kemaren", "kemarin"),
        ("efesiensi", "efisiensi"),
        ("system", "sistem"),
        ("isteri", "istri"),
        ("naek", "naik"),
        ("bukak", "buka"),
        ("ortodok", "ortodoks"),
        ("box", "boks"),
    ],
)
def test_loose_and_standard_spellings_of_a_word_find_each_other(
    brute_engine: BruteForceEngine, loose: str, standard: str
) -> None:
    bodies = say(loose, standard)
    assert find(brute_engine, bodies, loose) == [loose, standard]
    assert find(brute_engine, bodies, standard) == [standard, loose]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("masa", "massa"),
        ("sarat", "syarat"),
        ("sanksi", "saksi"),
        ("kaus", "kasus"),
        ("wallet", "walet"),
        ("sharing", "saring"),
        ("tuan", "tuhan"),
        ("sapi", "safi"),
        ("pari", "fari"),
        ("carry", "cari"),
        ("lomba", "lumba"),
    ],
)
def test_words_a_letter_apart_are_two_words(
    brute_engine: BruteForceEngine, one: str, other: str
) -> None:
    bodies = say(one, other)
    assert find(brute_engine, bodies, one) == [one]
    assert find(brute_engine, bodies, other) == [other]


@pytest.mark.parametrize(
    ("thing", "forms"),
    [
        ("ktp", ["e-KTP", "KTP-el", "KTP elektronik", "ektp"]),
        ("tilang", ["e-tilang", "tilang elektronik", "etilang"]),
        ("sport", ["e-sport", "esports", "e-sports"]),
    ],
)
def test_what_is_electronic_is_found_however_it_is_written(
    brute_engine: BruteForceEngine, thing: str, forms: list[str]
) -> None:
    bodies = {form: f"Warga mengurus {form} di kantor. Kabar {form} ramai." for form in forms}
    for form in forms:
        found = find(brute_engine, {**bodies, "-": f"Warga mengurus {thing} di kantor."}, form)
        assert (found[0], sorted(found)) == (form, sorted(forms))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("website", "Warga membuka situs itu."),
        ("situs", "Warga membuka laman itu."),
        ("corona", "Warga terpapar Covid-19."),
        ("covid", "Warga terpapar virus corona."),
        ("hp", "Warga membeli ponsel."),
        ("ponsel", "Warga membeli HP."),
        ("telepon genggam", "Warga membeli handphone."),
        ("mati lampu", "Pemadaman listrik membuat warga kesal."),
        ("pemadaman listrik", "Di sana mati lampu."),
        ("e-wallet", "Warga memakai dompet digital."),
        ("bensin", "Harga BBM naik."),
        ("kencing manis", "Warga menderita diabetes."),
        ("turis asing", "Seribu wisman datang."),
        ("pom bensin", "Warga antre di SPBU."),
        ("premier league", "Jadwal Liga Inggris pekan ini."),
    ],
)
def test_everyday_words_find_what_articles_write(
    brute_engine: BruteForceEngine, typed: str, written: str
) -> None:
    assert find(brute_engine, {"a": written, "b": "Polisi menyelidiki."}, typed) == ["a"]


@pytest.mark.parametrize(
    ("typed", "other"),
    [("hoax", "hoaks"), ("ponsel", "handphone"), ("kpk", "komisi pemberantasan korupsi")],
)
def test_no_article_with_another_way_only_comes_first(
    brute_engine: BruteForceEngine, typed: str, other: str
) -> None:
    articles = [
        Article(
            "other", f"Soal {other}", f"{other} lagi, {other} terus. Kata warga, {other} ramai."
        ),
        Article("typed", "Kabar kampung", f"{'Warga menanam padi. ' * 40}Lalu {typed} disebut."),
        *(Article(f"x{number}", "Kabar", "Warga menanam padi.") for number in range(5)),
    ]
    index_articles(brute_engine, articles, Analyzer())
    response = run_search(brute_engine, SearchRequest(q=typed), analyzer=ANALYZER)
    assert [hit.id for hit in response.hits] == ["typed", "other"]
