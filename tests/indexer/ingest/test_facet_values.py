from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.ingest.facet_values import clean_label, list_labels
from indexer.ingest.joined_labels import JOINED_LABELS
from indexer.schema import LABEL_FACETS


@pytest.mark.parametrize(
    ("facet", "spellings", "label"),
    [
        (
            "source",
            (
                *("Kompas.com", "kompas.com", "https://www.kompas.com/", "http://kompas.com/read/1"),
                *("KOMPAS.COM", "nasional.kompas.com", " kompas.com. ", "Kompas"),
            ),
            "kompas.com",
        ),
        ("source", ("CNN Indonesia", "www.cnnindonesia.com"), "cnnindonesia.com"),
        ("source", ("KabarKita.co.id", "https://m.kabarkita.co.id"), "kabarkita.co.id"),
        ("source", ("Harian Ladang", "HARIAN LADANG", "harian ladang"), "Harian Ladang"),
        ("source", ("kabarkita.id / ladang.id",), "kabarkita.id"),
        ("source", ("", "-", "null", "N/A", " . "), ""),
        ("category", ("Nasional", "nasional", "NEWS / NASIONAL", "News/Nasional/"), "nasional"),
        ("category", ("Berita > Nasional", "News » Nasional", "/news/nasional"), "nasional"),
        ("category", ("detikInet", "INET", "Inet / Inet"), "inet"),
        ("category", ("detikSport", "SPORT", "Sports", "Olahraga", "News / Olah Raga"), "olahraga"),
        ("category", ("News", "Berita", "detikNews"), "berita"),
        ("category", ("Lifestyle", "Gaya Hidup", "LIFE & STYLE"), "gaya hidup"),
        ("category", ("Seleb", "Celebrity / Selebritis", "Selebriti"), "selebriti"),
        ("category", ("Berita-jawa-timur", "berita_jawa_timur"), "berita jawa timur"),
        ("category", ("Muslim / Serba-serbi",), "serba-serbi"),
        ("category", ("Hukum &amp; Kriminal", "hukum & kriminal"), "hukum & kriminal"),
        ("category", (" / ", "uncategorized", "None"), ""),
        ("tags", ("#Timnas", "timnas", "TIMNAS ", "  timnas,"), "timnas"),
        ("tags", ("Joko  Widodo", "joko widodo"), "joko widodo"),
        ("authors", ("BUDI SANTOSO", "budi santoso", "Oleh: Budi Santoso"), "Budi Santoso"),
        ("authors", ("Budi Santoso - detikNews", "Budi Santoso | Kabar Kita"), "Budi Santoso"),
        ("authors", ("M. ADIL SYARIF", "m. adil syarif"), "M. Adil Syarif"),
        ("authors", ("SYAKIRUN NI'AM",), "Syakirun Ni'am"),
        ("authors", ("Dr. Andi Wijaya, S.H.",), "Dr. Andi Wijaya, S.H."),
        ("authors", ("kompas.com", "-", "null", "Advertorial", "Tim Redaksi"), ""),
        ("agency", ("ant", "ANTARA", "Antara News", "LKBN Antara"), "Antara"),
        ("agency", ("rtr", "REUTERS"), "Reuters"),
        ("place", ("JAKARTA", "jakarta", "Jakarta ", "JAKARTA, DKI"), "Jakarta"),
        ("place", ("KAB. BOGOR", "Kab Bogor", "Kabupaten Bogor"), "Kabupaten Bogor"),
        ("place", ("SEMARANG, Jawa Tengah", "Semarang"), "Semarang"),
        ("place", ("Tangsel", "TANGERANG SELATAN"), "Tangerang Selatan"),
        ("place", ("LE MANS",), "Le Mans"),
        ("place", ("Washington DC", "WASHINGTON D.C.", "Washington, D.C."), "Washington"),
        ("place", ("JOGJA", "Yogya", "Yogyakarta"), "Yogyakarta"),
        ("place", ("JEREZ DE LA FRONTERA",), "Jerez de la Frontera"),
    ],
)  # fmt: skip
def test_spellings_of_one_thing_are_one_label(
    facet: str, spellings: tuple[str, ...], label: str
) -> None:
    assert {clean_label(facet, spelling) for spelling in spellings} == {label}


def test_unknown_facet_is_an_error() -> None:
    with pytest.raises(KeyError):
        clean_label("warna", "merah")


def test_labels_of_an_article() -> None:
    article = Article(
        id="1",
        title="Judul",
        body="Isi",
        source="https://www.Kompas.com/",
        category="NEWS / NASIONAL",
        tags=["Pemilu", "pemilu", "KPU"],
        authors=["BUDI SANTOSO", "Budi Santoso", "Rahma Dewi"],
        place="SOLO",
    )
    assert list_labels(article) == {
        "source": ("kompas.com",),
        "category": ("nasional",),
        "tags": ("pemilu", "kpu"),
        "authors": ("Budi Santoso", "Rahma Dewi"),
        "agency": (),
        "place": ("Solo",),
    }
    assert article.category == "NEWS / NASIONAL"


def test_article_that_knows_nothing_has_no_labels() -> None:
    assert list_labels(Article(id="1", title="", body="")) == dict.fromkeys(LABEL_FACETS, ())


@given(
    st.sampled_from(LABEL_FACETS),
    st.one_of(
        st.text(max_size=40),
        st.text("aAbBzZ .,/-|>&#;'’\"0İ:@_()", max_size=30),
        st.sampled_from(("kompas.com.id", "oleh oleh budi", "detikdetiknews", "A - B - C")),
    ),
)
def test_cleaning_twice_changes_nothing(facet: str, text: str) -> None:
    label = clean_label(facet, text)
    assert clean_label(facet, label) == label
    assert label == " ".join(label.split())
    assert len(label) <= 250


def test_no_joined_label_is_another_name_itself() -> None:
    for facet, joined in JOINED_LABELS.items():
        assert not set(joined) & set(joined.values())
        for alias, label in joined.items():
            assert clean_label(facet, alias) == clean_label(facet, label) == label
