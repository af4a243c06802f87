"""Meilisearch's client for Python, from PyPI, against our server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from support.protocol import MASTER_KEY, Protocol, run_service

meilisearch = pytest.importorskip("meilisearch", reason="not installed; `make lint` and CI do")

ARTICLES = [
    {"id": 1, "title": "Petani Memanen Padi", "overview": "Panen raya di Karawang.", "hari": 3},
    {"id": 2, "title": "Harga Beras Turun", "overview": "Panenan melimpah.", "hari": 5},
    {"id": 3, "title": "Banjir di Demak", "overview": "Air surut pagi ini.", "hari": 8},
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with run_service(Protocol(tmp_path_factory.mktemp("client") / "data")) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Any:
    client = meilisearch.Client(address, MASTER_KEY)
    index = client.index("berita")
    settings = {"filterableAttributes": ["hari"], "sortableAttributes": ["hari"]}
    for ordered in (index.update_settings(settings), index.add_documents(ARTICLES)):
        assert client.wait_for_task(ordered.task_uid, 20_000).status == "succeeded"
    return client


def list_ids(found: dict[str, Any]) -> list[int]:
    return [hit["id"] for hit in found["hits"]]


def test_documents_come_back_as_they_were_sent(client: Any) -> None:
    found = client.index("berita").get_documents({"limit": 10}).results
    assert sorted((dict(one) for one in found), key=lambda one: one["id"]) == ARTICLES


@pytest.mark.parametrize(
    ("query", "options", "expected"),
    [
        ("memanen", {}, [1, 2]),
        ("memanen", {"filter": "hari > 3"}, [2]),
        ("", {"sort": ["hari:desc"]}, [3, 2, 1]),
        ("", {"filter": ["hari = 3 OR hari = 8"], "sort": ["hari:asc"]}, [1, 3]),
    ],
)
def test_searches(client: Any, query: str, options: dict[str, Any], expected: list[int]) -> None:
    assert list_ids(client.index("berita").search(query, options)) == expected


def test_facets_and_marks(client: Any) -> None:
    found = client.index("berita").search(
        "banjir", {"facets": ["hari"], "attributesToHighlight": ["title"]}
    )
    assert found["facetDistribution"] == {"hari": {"8": 1}}
    assert found["facetStats"] == {"hari": {"min": 8, "max": 8}}
    assert found["hits"][0]["_formatted"]["title"] == "<em>Banjir</em> di Demak"


def test_a_key_for_searching_may_do_no_more(client: Any, address: str) -> None:
    key = next(one for one in client.get_keys().results if one.actions == ["search"])
    reader = meilisearch.Client(address, key.key)
    assert list_ids(reader.index("berita").search("banjir")) == [3]
    with pytest.raises(meilisearch.errors.MeilisearchApiError, match="invalid_api_key"):
        reader.index("berita").add_documents(ARTICLES)


def test_a_tenant_finds_what_its_token_allows(client: Any, address: str) -> None:
    key = next(one for one in client.get_keys().results if one.actions == ["search"])
    token = client.generate_tenant_token(
        key.uid,
        {"berita": {"filter": "hari < 5"}},
        api_key=key.key,
        expires_at=datetime.now(timezone.utc) + timedelta(hours=1),
    )
    assert list_ids(meilisearch.Client(address, token).index("berita").search("panen")) == [1]


def test_documents_are_changed_and_deleted(client: Any) -> None:
    index = client.create_index("lain", {"primaryKey": "id"})
    assert client.wait_for_task(index.task_uid, 20_000).status == "succeeded"
    lain = client.index("lain")
    lain.add_documents(ARTICLES)
    lain.update_documents([{"id": 3, "hari": 9}])
    last = lain.delete_document(1)
    assert client.wait_for_task(last.task_uid, 20_000).status == "succeeded"
    found = {one.id: one.hari for one in lain.get_documents().results}
    assert found == {2: 5, 3: 9}
