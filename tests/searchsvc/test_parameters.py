"""Parameters of HTTP and scripts: what is read, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.schema import FACETS, LABEL_FACETS
from searchsvc.query.parameters import PARAMETERS, ParameterError, read
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
        ({"utm_source": "surat"}, {}),
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
        ({"from": "kemarin"}, "from", "kemarin"),
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


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.lists(st.text())))
def test_any_values_are_read_or_refused(parameters: dict[str, list[str]]) -> None:
    try:
        request = read(parameters)
    except ParameterError:
        return
    assert request.page * request.per_page <= 10_000
