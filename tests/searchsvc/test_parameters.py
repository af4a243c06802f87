"""Parameters of HTTP and scripts: what is read, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.schema import FACETS, LABEL_FACETS
from searchsvc.query.parameters import PARAMETERS, ParameterError, read
from searchsvc.query.unknown_parameters import UnknownParameter
from searchsvc.request import SearchRequest


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {}),
        ({"q": "gempa bumi"}, {"q": "gempa bumi"}),
        ({"q": ["satu", "dua"]}, {"q": "dua"}),
        ({"page": "3", "per_page": "100"}, {"page": 3, "per_page": 100}),
        ({"page": "", "per_page": " ", "sort": "", "from": ""}, {}),
        ({"sort": "newest"}, {"sort": "newest"}),
        (
            {"category": ["Politik", "Hukum", "Politik", ""], "source": "Antara"},
            {"filters": {"source": ("Antara",), "category": ("Politik", "Hukum")}},
        ),
        ({"from": "2022-07-20"}, {"date_from": "2022-07-20"}),
        (
            {"from": "2022-02", "to": "2022-02"},
            {"date_from": "2022-02-01", "date_to": "2022-02-28"},
        ),
        ({"to": "2022"}, {"date_to": "2022-12-31"}),
        ({"to": "20/7/2022"}, {"date_to": "2022-07-20"}),
        ({"facets": "category, tags"}, {"facets": ("category", "tags")}),
        ({"facets": ["tags", "category,tags"]}, {"facets": ("tags", "category")}),
        ({"facets": "*"}, {"facets": FACETS}),
        ({"interval": "year"}, {"interval": "year"}),
        ({"explain": "1"}, {"explain": True}),
        ({"explain": "false"}, {}),
        ({"utm_source": "surat", "fbclid": "x", "_": "1", "gclid": "y", "ref": "z"}, {}),
        ({"warna": "merah", "utm_id": "1"}, {"ignored": ("warna",)}),
        (
            {"tags": [f"t{number % 100}" for number in range(500)]},
            {"filters": {"tags": tuple(f"t{number}" for number in range(100))}},
        ),
    ],
)
def test_what_is_read(parameters: dict[str, Any], expected: dict[str, Any]) -> None:
    assert read(parameters) == SearchRequest(**expected)


@pytest.mark.parametrize(
    ("parameters", "name", "value"),
    [
        ({"page": "0"}, "page", "0"),
        ({"page": "-1"}, "page", "-1"),
        ({"page": "satu"}, "page", "satu"),
        ({"page": "1.5"}, "page", "1.5"),
        ({"page": "٣"}, "page", "٣"),
        ({"page": "9" * 5000}, "page", "9" * 5000),
        ({"page": "1001"}, "page", "1001"),
        ({"page": "101", "per_page": "100"}, "page", "101"),
        ({"per_page": "101"}, "per_page", "101"),
        ({"sort": "best"}, "sort", "best"),
        ({"from": "pasar"}, "from", "pasar"),
        ({"to": "2022-02-30"}, "to", "2022-02-30"),
        ({"facets": "kategori"}, "facets", "kategori"),
        ({"interval": "week"}, "interval", "week"),
        ({"explain": "ya"}, "explain", "ya"),
        ({"tags": [f"t{number}" for number in range(101)]}, "tags", "t100"),
        (
            {facet: [f"{facet}{number}" for number in range(20)] for facet in LABEL_FACETS},
            LABEL_FACETS[5],
            f"{LABEL_FACETS[5]}0",
        ),
    ],
)
def test_what_is_refused(parameters: dict[str, Any], name: str, value: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read(parameters)
    assert (caught.value.name, caught.value.value) == (name, value)
    assert caught.value.reason.startswith(("give ", "page times"))
    assert name in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("query", "q"),
        ("Q", "q"),
        ("s", "q"),
        ("kata_kunci", "q"),
        ("judul", "q"),
        ("pgae", "page"),
        ("pages", "page"),
        ("halaman", "page"),
        ("offset", "page"),
        ("perPage", "per_page"),
        ("per-page", "per_page"),
        ("per_pages", "per_page"),
        ("hitsPerPage", "per_page"),
        ("limit", "per_page"),
        ("size", "per_page"),
        ("sort_by", "sort"),
        ("urutkan", "sort"),
        ("sorts", "sort"),
        ("kategori", "category"),
        ("Category", "category"),
        ("categori", "category"),
        ("category[]", "category"),
        ("fq", "category"),
        ("filter[category]", "category"),
        ("sumber", "source"),
        ("source[0]", "source"),
        ("penulis", "authors"),
        ("author", "authors"),
        ("tag", "tags"),
        ("tags[]", "tags"),
        ("lokasi", "place"),
        ("kantor", "agency"),
        ("date_from", "from"),
        ("form", "from"),
        ("sejak", "from"),
        ("sesudah", "from"),
        ("endDate", "to"),
        ("tanggal_awal", "from"),
        ("tgl-akhir", "to"),
        ("date.from", "from"),
        ("pageNumber", "page"),
        ("itemsPerPage", "per_page"),
        ("sebelum", "to"),
        ("facet", "facets"),
        ("facet.field", "facets"),
        ("intervall", "interval"),
        ("explian", "explain"),
    ],
)
def test_a_name_that_was_meant_otherwise_is_refused(name: str, meant: str) -> None:
    with pytest.raises(UnknownParameter) as caught:
        read({"q": "padi", name: "x"})
    assert (caught.value.name, caught.value.meant) == (name, meant)
    assert str(caught.value) == f"There is no parameter {name!r}. Did you mean {meant!r}?"
    assert read({"q": "padi", name: "x"}, for_readers=True).ignored == (name,)


@pytest.mark.parametrize(
    "name",
    [
        *("utm_source", "utm_medium", "UTM_Campaign", "mc_cid", "pk_campaign", "mtm_source"),
        *("fbclid", "gclid", "msclkid", "dclid", "yclid", "gad_source", "_ga", "_gl", "_hsenc"),
        *("_", "v", "ts", "cb", "nocache", "ref", "igshid", "si", "amp", "lang", "api_key"),
    ],
)
def test_what_sites_add_is_let_pass_without_a_word(name: str) -> None:
    for for_readers in (False, True):
        assert read({name: "x"}, for_readers=for_readers) == SearchRequest()


@pytest.mark.parametrize("name", ["warna", "callback", "judul_artikel", "ñ", "x" * 5000, ""])
def test_any_other_name_is_ignored_and_told(name: str) -> None:
    assert read({name: "x"}).ignored == (name,)
    assert read({name: "x"}, for_readers=True).ignored == ()


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.lists(st.text())))
def test_any_values_are_read_or_refused(parameters: dict[str, list[str]]) -> None:
    try:
        request = read(parameters)
    except ParameterError:
        return
    assert request.page * request.per_page <= 10_000
