"""The routes of the protocol, whole bodies in and out."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import jwt
import orjson
import pytest
from flask import g
from support.films import FILMS
from support.protocol import MASTER_KEY, Protocol

from indexer.calendar import find_today
from indexer.deadline import Deadline, measure_time_left
from indexer.errors import QueryTooCostly
from searchsvc import data_folder
from searchsvc.access.keys import Key, KeyStore, make_uid
from searchsvc.index import Index
from searchsvc.meilisearch import recalling
from searchsvc.meilisearch.host import open_searched
from searchsvc.web import create_app

#: An object that orjson reads, but cannot write.
NESTED = b'{"id": 1, "a": ' + b"[" * 400 + b"]" * 400 + b"}"


@pytest.fixture
def protocol(tmp_path: Path) -> Protocol:
    return Protocol(tmp_path / "data")


@pytest.fixture
def filled(protocol: Protocol) -> Protocol:
    task = protocol.do("POST", "/indexes/film/documents", FILMS)
    assert task["status"] == "succeeded"
    protocol.do("PUT", "/indexes/film/settings/filterable-attributes", ["genre", "tahun"])
    return protocol


# --- documents


def test_documents_are_added_and_read_back_as_they_were_sent(filled: Protocol) -> None:
    page = filled.ask("GET", "/indexes/film/documents")
    assert sorted(page["results"], key=lambda film: film["id"]) == FILMS
    assert (page["total"], page["offset"], page["limit"]) == (5, 0, 20)
    shown = filled.ask("GET", "/indexes/film/documents/2")
    assert (shown, list(shown)) == (FILMS[1], list(FILMS[1]))
    assert filled.ask("GET", "/indexes/film/documents/2?fields=judul") == {
        "judul": "Pengabdi Setan"
    }
    assert filled.ask("GET", "/indexes/film")["primaryKey"] == "id"


def test_documents_are_replaced_and_laid_over(filled: Protocol) -> None:
    filled.do("PUT", "/indexes/film/documents", [{"id": 1, "nilai": 9, "baru": None}])
    assert filled.ask("GET", "/indexes/film/documents/1") == {**FILMS[0], "nilai": 9, "baru": None}
    filled.do("POST", "/indexes/film/documents", {"id": 1, "judul": "Lain"})
    assert filled.ask("GET", "/indexes/film/documents/1") == {"id": 1, "judul": "Lain"}
    task = filled.do("POST", "/indexes/film/documents?skipCreation=true", [{"id": 9}, {"id": 2}])
    assert task["details"] == {"receivedDocuments": 2, "indexedDocuments": 1}
    assert filled.list_ids("film") == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("content_type", "body", "query", "expected"),
    [
        ("application/json", b'[{"id": "a"}, {"id": "b"}]', "", [{"id": "a"}, {"id": "b"}]),
        ("application/json; charset=utf-8", b'{"id": 1}', "", [{"id": 1}]),
        ("application/x-ndjson", b'{"id": 1}\n\n{"id": 2, "a": [1]}\n', "",
         [{"id": 1}, {"id": 2, "a": [1]}]),
        ("text/csv", b'id,judul,n:number,b:boolean\n1,"A, ""b""",2.5,true\n2,,,\n', "",
         [{"id": "1", "judul": 'A, "b"', "n": 2.5, "b": True},
          {"id": "2", "judul": None, "n": None, "b": None}]),
        ("text/csv", b"id,n:number\n1,-9223372036854775808\n2,18446744073709551616\n", "",
         [{"id": "1", "n": -(2**63)}, {"id": "2", "n": 2.0**64}]),
        ("text/csv", "\ufeffid;judul\n1;kopi, teh\n".encode(), "?csvDelimiter=%3B",
         [{"id": "1", "judul": "kopi, teh"}]),
    ],
)  # fmt: skip
def test_forms_of_documents(
    protocol: Protocol, content_type: str, body: bytes, query: str, expected: list[Any]
) -> None:
    task = protocol.do(
        "POST", f"/indexes/x/documents{query}", data=body, headers={"Content-Type": content_type}
    )
    assert task["status"] == "succeeded", task
    rows = protocol.ask("GET", "/indexes/x/documents")["results"]
    assert sorted(rows, key=lambda row: str(row["id"])) == expected


@pytest.mark.parametrize(
    ("content_type", "body", "query", "status", "code"),
    [
        ("application/json", b"", "", 400, "missing_payload"),
        ("application/json", b"{", "", 400, "malformed_payload"),
        ("application/json", b"[1]", "", 400, "malformed_payload"),
        ("application/x-ndjson", b'{"id": 1}\n[]', "", 400, "malformed_payload"),
        ("text/csv", b"id,a\n1\n", "", 400, "malformed_payload"),
        ("text/csv", b"id:number\nx\n", "", 400, "malformed_payload"),
        ("text/csv", b"id\n\xff\n", "", 400, "malformed_payload"),
        ("text/csv", b"n:number\n" + b"9" * 400, "", 400, "malformed_payload"),
        ("text/csv", b"n:number\nnan\n", "", 400, "malformed_payload"),
        ("application/json", NESTED, "", 400, "malformed_payload"),
        ("application/x-ndjson", b'{"id": 1}\n' + NESTED, "", 400, "malformed_payload"),
        ("text/csv", b"id\n1\n", "?csvDelimiter=ab", 400, "invalid_document_csv_delimiter"),
        ("text/plain", b"x", "", 415, "invalid_content_type"),
        ("application/json", b"[]", "?csvDelimiter=;", 415, "invalid_content_type"),
        ("", b"[]", "", 415, "missing_content_type"),
        ("application/json", b"[]", "?skipCreation=maybe", 400, "invalid_skip_creation"),
        ("application/json", b"[]", "?primarykey=id", 400, "bad_request"),
    ],
)
def test_bodies_that_are_no_documents(
    protocol: Protocol, content_type: str, body: bytes, query: str, status: int, code: str
) -> None:
    path = f"/indexes/x/documents{query}"
    headers = {"Content-Type": content_type} if content_type else {}
    assert protocol.fail("POST", path, status=status, data=body, headers=headers) == code


@pytest.mark.parametrize(
    ("query", "documents", "code"),
    [
        ("", [{"judul": "a"}], "index_primary_key_no_candidate_found"),
        ("", [{"id": 1, "film_id": 2}], "index_primary_key_multiple_candidates_found"),
        ("", [{"id": 1}, {"judul": "a"}], "missing_document_id"),
        ("", [{"id": "a b"}], "invalid_document_id"),
        ("", [{"id": 1.5}], "invalid_document_id"),
        ("", [{"id": "x" * 512}], "invalid_document_id"),
        ("?primaryKey=kode", [{"id": 1}], "missing_document_id"),
    ],
)
def test_documents_that_fail_their_task_change_nothing(
    protocol: Protocol, query: str, documents: list[Any], code: str
) -> None:
    task = protocol.do("POST", f"/indexes/x/documents{query}", documents)
    assert (task["status"], task["error"]["code"]) == ("failed", code)
    assert protocol.ask("GET", "/indexes/x/documents")["total"] == 0


def test_a_document_that_is_taken_can_be_shown(protocol: Protocol) -> None:
    """However deep it is, in whatever it is shown."""
    path = "/indexes/x/documents"
    for depth in range(200, 260):
        sent = b'{"id": %d, "a": %s}' % (depth, b"[" * depth + b"]" * depth)
        asked = {"data": sent, "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {MASTER_KEY}"}
        answer = protocol.client.post(path, headers=headers, **asked)
        if answer.status_code != 202:
            assert answer.get_json()["code"] == "malformed_payload"
            break
    protocol.drain.run_until_empty()
    assert protocol.list_ids("x") == list(range(200, depth))
    query = {"indexUid": "x", "limit": 100, "attributesToHighlight": ["*"]}
    found = protocol.ask("POST", "/multi-search", {"queries": [query]})["results"][0]
    assert len(found["hits"]) == depth - 200 > 20


@pytest.mark.parametrize(
    "given", [[[[["a = 1"]]]], "a = ", {"a": 1}, [], orjson.loads(NESTED)["a"]]
)
def test_filters_of_deletions_are_read_before_there_is_an_index(
    protocol: Protocol, given: Any
) -> None:
    body = b'{"filter": %s}' % str(given).replace("'", '"').encode()
    asked = {"data": body, "content_type": "application/json"}
    code = protocol.fail("POST", "/indexes/x/documents/delete", status=400, **asked)
    assert code in ("invalid_document_filter", "malformed_payload")


def test_a_filter_in_an_address_may_be_nested_too_deeply(filled: Protocol) -> None:
    for depth in (3, 400, 1000):
        path = f"/indexes/film/documents?filter={'[' * depth}{']' * depth}"
        assert filled.fail("GET", path, status=400) == "invalid_document_filter"


def test_a_primary_key_may_be_named_and_lie_deep(protocol: Protocol) -> None:
    protocol.do("POST", "/indexes/x/documents?primaryKey=a.kode", [{"a": {"kode": "k-1"}, "id": 5}])
    assert protocol.ask("GET", "/indexes/x/documents/k-1") == {"a": {"kode": "k-1"}, "id": 5}
    task = protocol.do("POST", "/indexes/x/documents?primaryKey=id", [{"id": 5}])
    assert task["error"]["code"] == "index_primary_key_already_exists"


def test_documents_are_deleted(filled: Protocol) -> None:
    filled.do("DELETE", "/indexes/film/documents/1")
    assert filled.list_ids("film") == [2, 3, 4, 5]
    task = filled.do("POST", "/indexes/film/documents/delete-batch", [2, "3", "tak-ada"])
    assert task["details"] == {"providedIds": 3, "originalFilter": None, "deletedDocuments": 2}
    task = filled.do("POST", "/indexes/film/documents/delete", {"filter": "tahun > 2020"})
    assert (task["type"], task["details"]["deletedDocuments"]) == ("documentDeletion", 1)
    assert filled.list_ids("film") == [4]
    filled.do("DELETE", "/indexes/film/documents")
    assert filled.list_ids("film") == []
    task = filled.do("DELETE", "/indexes/tak-ada/documents")
    assert task["error"]["code"] == "index_not_found"


def test_documents_are_listed_by_filter_order_and_id(filled: Protocol) -> None:
    path = "/indexes/film/documents"
    fetched = filled.ask("POST", f"{path}/fetch", {"filter": "genre = horor", "fields": ["id"]})
    assert (sorted(row["id"] for row in fetched["results"]), fetched["total"]) == ([2, 5], 2)
    assert filled.ask("GET", f"{path}?ids=5,1,99&fields=id")["results"] == [{"id": 5}, {"id": 1}]
    assert filled.fail("GET", f"{path}?sort=tahun:asc", status=400) == "invalid_document_sort"
    filled.do("PUT", "/indexes/film/settings/sortable-attributes", ["id"])
    rows = filled.ask("GET", f"{path}?sort=id:desc&limit=2&offset=1&fields=id")["results"]
    assert [row["id"] for row in rows] == [4, 3]
    assert filled.fail("GET", f"{path}?filter=judul=a", status=400) == "invalid_document_filter"
    assert filled.fail("GET", f"{path}?limit=x", status=400) == "invalid_document_limit"
    assert filled.fail("GET", f"{path}/99", status=404) == "document_not_found"


def test_how_many_documents_may_be_listed_depends_on_the_key(filled: Protocol) -> None:
    anybody = Protocol(filled.folder, master_key="")
    body = {"actions": ["documents.get"], "indexes": ["film"], "expiresAt": None}
    key = filled.ask("POST", "/keys", body, status=201)["key"]
    path = "/indexes/film/documents"
    for asked, sent, most in (
        (anybody, None, 1_000),
        (filled, key, 10_000),
        (filled, MASTER_KEY, 2**63 - 1),
    ):
        page = asked.ask("POST", f"{path}/fetch", {"limit": most}, key=sent)
        assert (len(page["results"]), page["limit"]) == (5, most)
        for more in (most + 1, 2**64 - 1, "9" * 5_000):
            code = asked.fail("GET", f"{path}?limit={more}", key=sent, status=400)
            assert code == "invalid_document_limit"
    for asked, sent, most in ((anybody, None, 1_000), (filled, key, 10_000)):
        found = asked.ask("POST", f"{path}/fetch", {"ids": [1] * most}, key=sent)
        assert found["total"] == 1
        code = asked.fail("POST", f"{path}/fetch", {"ids": [1] * most + [2]}, key=sent, status=400)
        assert code == "invalid_document_ids"


# --- indexes


def test_indexes(protocol: Protocol) -> None:
    task = protocol.do("POST", "/indexes", {"uid": "a", "primaryKey": "kode"})
    assert (task["type"], task["status"]) == ("indexCreation", "succeeded")
    assert task["details"] == {"primaryKey": "kode"}
    assert protocol.do("POST", "/indexes", {"uid": "a"})["error"]["code"] == "index_already_exists"
    protocol.do("POST", "/indexes", {"uid": "b"})
    page = protocol.ask("GET", "/indexes?limit=1&offset=1")
    assert ([row["uid"] for row in page["results"]], page["total"]) == (["b"], 2)
    assert protocol.ask("GET", "/indexes/a")["primaryKey"] == "kode"
    protocol.do("PATCH", "/indexes/b", {"primaryKey": "id", "uid": "c"})
    assert protocol.ask("GET", "/indexes/c")["primaryKey"] == "id"
    assert protocol.fail("GET", "/indexes/b", status=404) == "index_not_found"
    protocol.do("DELETE", "/indexes/a")
    assert protocol.fail("GET", "/indexes/a", status=404) == "index_not_found"
    assert protocol.do("DELETE", "/indexes/a")["error"]["code"] == "index_not_found"
    assert protocol.do("POST", "/indexes/c/compact", status=202)["status"] == "succeeded"


def test_indexes_change_names(protocol: Protocol) -> None:
    for name in "ab":
        protocol.do("POST", f"/indexes/{name}/documents", [{"id": name}])
    assert protocol.do("POST", "/swap-indexes", [{"indexes": ["a", "b"]}])["status"] == "succeeded"
    assert (protocol.list_ids("a"), protocol.list_ids("b")) == (["b"], ["a"])
    protocol.do("POST", "/swap-indexes", [{"indexes": ["a", "c"], "rename": True}])
    assert protocol.list_ids("c") == ["b"]
    task = protocol.do("POST", "/swap-indexes", [{"indexes": ["c", "tak-ada"]}])
    assert task["error"]["code"] == "index_not_found"
    twice = [{"indexes": ["a", "a"]}]
    code = protocol.fail("POST", "/swap-indexes", twice, status=400)
    assert code == "invalid_swap_duplicate_index_found"


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


@pytest.mark.parametrize(("step", "rename"), [(1, False), (2, False), (3, False), (1, True)])
@pytest.mark.parametrize("killed", ["before", "after"])
def test_indexes_are_swapped_once_wherever_it_was_killed(
    protocol: Protocol, monkeypatch: pytest.MonkeyPatch, step: int, killed: str, rename: bool
) -> None:
    names = ["a"] if rename else ["a", "b"]
    for name in names:
        protocol.do("POST", f"/indexes/{name}/documents", [{"id": name}])
    original, steps = Path.rename, iter(range(1, 4))

    def die(path: Path, target: Path) -> None:
        last = next(steps) == step
        if killed == "after" or not last:
            original(path, target)
        if last:
            raise Killed

    with monkeypatch.context() as patched:
        # As on systems that cannot exchange two folders at once.
        patched.setattr(data_folder, "_exchange_at_once", lambda *_: False)
        patched.setattr(Path, "rename", die)
        swap = {"indexes": ["a", "b"], "rename": rename}
        with pytest.raises(Killed):
            protocol.do("POST", "/swap-indexes", [swap])
        patched.setattr(Path, "rename", original)
        protocol.drain.run_until_empty()
    task = protocol.ask("GET", "/tasks?types=indexSwap")["results"][0]
    assert task["status"] == "succeeded"
    found = {path.name for path in protocol.folder.glob("*") if Index.is_in(path)}
    swapped = dict(zip(reversed("ab"), names, strict=False))
    assert {name: protocol.list_ids(name) for name in found} == {
        name: [one] for name, one in swapped.items()
    }
    assert not list(protocol.folder.glob(".*"))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/indexes", {"uid": "photos"}),
        ("POST", "/indexes/photos/documents", [{"id": 1}]),
        ("PATCH", "/indexes/photos/settings", {"filterableAttributes": ["a"]}),
        ("PATCH", "/indexes/a", {"uid": "photos"}),
        ("POST", "/swap-indexes", [{"indexes": ["a", "photos"]}]),
        ("DELETE", "/indexes/photos", None),
    ],
)
def test_other_folders_beside_indexes_are_left_alone(
    protocol: Protocol, method: str, path: str, body: Any
) -> None:
    protocol.do("POST", "/indexes", {"uid": "a"})
    photo = protocol.folder / "photos" / "p.jpg"
    photo.parent.mkdir()
    photo.write_bytes(b"foto")
    task = protocol.do(method, path, body)
    assert task["status"] == "failed"
    if task["type"] not in ("indexDeletion", "indexSwap"):
        assert task["error"]["code"] == "index_already_exists"
        assert "'photos' is taken by a file or folder" in task["error"]["message"]
    assert protocol.do("DELETE", "/indexes/photos")["status"] == "failed"
    assert [path.name for path in photo.parent.iterdir()] == ["p.jpg"]


def test_stats(filled: Protocol) -> None:
    stats = filled.ask("GET", "/indexes/film/stats")
    assert (stats["numberOfDocuments"], stats["isIndexing"]) == (5, False)
    assert stats["fieldDistribution"]["sutradara"] == 4
    everything = filled.ask("GET", "/stats?sizeFormat=human&showInternalDatabaseSizes=true")
    assert list(everything["indexes"]) == ["film"]
    assert everything["databaseSize"].endswith("iB")
    fields = filled.ask("POST", "/indexes/film/fields", {"filter": {"filterable": True}})
    assert [row["name"] for row in fields["results"]] == ["genre", "tahun"]


def test_an_index_that_the_command_line_made_is_searched(tmp_path: Path) -> None:
    with Index.open(tmp_path / "data" / "default", create=True) as index:
        index.add(
            [
                {"id": "1", "title": "Panen Padi", "body": "Petani memanen padi di Karawang.",
                 "category": "Ekonomi", "published_at": "2022-07-20", "harga": 5},
                {"id": "2", "title": "Mudik", "body": "Warga mudik.", "category": "Nasional",
                 "published_at": "2023-04-01"},
            ]
        )  # fmt: skip
    protocol = Protocol(tmp_path / "data")
    asked = {"facets": ["category"], "filter": "category = ekonomi AND published_at < 2023-01-01"}
    answer = protocol.ask("POST", "/indexes/default/search", {"q": "panenan", **asked})
    assert [hit["harga"] for hit in answer["hits"]] == [5]
    assert answer["facetDistribution"] == {"category": {"ekonomi": 1}}
    newest = {"sort": ["published_at:desc"]}
    hits = protocol.ask("POST", "/indexes/default/search", newest)["hits"]
    assert [hit["id"] for hit in hits] == ["2", "1"]
    before = protocol.ask("GET", "/indexes/default")
    sent = [{"id": 3, "title": "Banjir", "body": "Air surut.", "berita_id": 9}]
    assert protocol.do("POST", "/indexes/default/documents", sent)["status"] == "succeeded"
    after = protocol.ask("GET", "/indexes/default")
    assert [one["primaryKey"] for one in (before, after)] == ["id", "id"]
    assert before["createdAt"] == after["createdAt"] < after["updatedAt"]
    # What was sent does not take away by what its articles can be filtered.
    asked = {"facets": ["category"], "sort": ["published_at:desc"]}
    assert protocol.ask("POST", "/indexes/default/search", asked)["facetDistribution"] == {
        "category": {"ekonomi": 1, "nasional": 1}
    }
    protocol.do("PUT", "/indexes/default/settings/filterable-attributes", ["harga"])
    answer = protocol.ask("POST", "/indexes/default/search", {"filter": "harga > 4"})
    assert [hit["id"] for hit in answer["hits"]] == ["1"]


# --- search


def test_searches_by_address_and_body_answer_alike(filled: Protocol) -> None:
    by_body = filled.ask(
        "POST",
        "/indexes/film/search",
        {"q": "anak", "limit": 1, "facets": ["genre"], "filter": ["tahun > 2000"]},
    )
    by_address = filled.ask(
        "GET", '/indexes/film/search?q=anak&limit=1&facets=genre&filter=["tahun > 2000"]'
    )
    by_body.pop("processingTimeMs")
    by_address.pop("processingTimeMs")
    assert by_address == by_body
    assert list(by_body) == [
        *("hits", "query", "limit", "offset", "estimatedTotalHits"),
        *("facetDistribution", "facetStats"),
    ]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=-1", "invalid_search_limit"),
        ("offset=x", "invalid_search_offset"),
        ("showRankingScore=1", "invalid_search_show_ranking_score"),
        ("rankingScoreThreshold=x", "invalid_search_ranking_score_threshold"),
        ("filter=genre", "invalid_search_filter"),
        ("vector=[1]", "invalid_search_vector"),
        ("Q=x", "bad_request"),
    ],
)
def test_addresses_that_ask_wrongly(filled: Protocol, query: str, code: str) -> None:
    assert filled.fail("GET", f"/indexes/film/search?{query}", status=400) == code


def test_several_searches(filled: Protocol) -> None:
    queries = [{"indexUid": "film", "q": "anak"}, {"indexUid": "film", "q": "arwah", "limit": 1}]
    results = filled.ask("POST", "/multi-search", {"queries": queries})["results"]
    assert [row["indexUid"] for row in results] == ["film", "film"]
    assert [hit["id"] for hit in results[1]["hits"]] == [2]
    assert filled.fail("POST", "/multi-search", {"queries": [{"q": "x"}]}, status=400) == (
        "missing_index_uid"
    )
    lacking = {"queries": [{"indexUid": "tak-ada"}]}
    assert filled.fail("POST", "/multi-search", lacking, status=404) == "index_not_found"


def test_federated_searches(filled: Protocol) -> None:
    body = {
        "federation": {"limit": 3, "facetsByIndex": {"film": ["genre"]}},
        "queries": [
            {"indexUid": "film", "q": "anak", "federationOptions": {"weight": 0.5}},
            {"indexUid": "film", "q": "arwah"},
        ],
    }
    answer = filled.ask("POST", "/multi-search", body)
    first = answer["hits"][0]
    assert first["id"] == 2
    assert first["_federation"] == {
        "indexUid": "film",
        "queriesPosition": 1,
        "weightedRankingScore": 1.0,
    }
    assert [hit["_federation"]["queriesPosition"] for hit in answer["hits"]] == [1, 0, 0]
    assert answer["estimatedTotalHits"] == 4
    assert answer["facetsByIndex"]["film"]["distribution"]["genre"]["Drama"] == 2
    body["queries"] = [{"indexUid": "film", "limit": 1}]
    code = filled.fail("POST", "/multi-search", body, status=400)
    assert code == "invalid_multi_search_query_pagination"


def test_values_of_an_attribute_as_one_types(filled: Protocol) -> None:
    path = "/indexes/film/facet-search"
    answer = filled.ask("POST", path, {"facetName": "genre", "facetQuery": "D"})
    assert answer["facetHits"] == [{"value": "Drama", "count": 2}]
    narrowed = {"facetName": "genre", "q": "sekolah", "filter": "tahun = 2008"}
    assert [hit["value"] for hit in filled.ask("POST", path, narrowed)["facetHits"]] == [
        *("Drama", "Keluarga"),
    ]
    assert filled.fail("POST", path, {}, status=400) == "missing_facet_search_facet_name"
    code = filled.fail("POST", path, {"facetName": "judul"}, status=400)
    assert code == "invalid_facet_search_facet_name"


# --- settings


def test_settings_are_kept_and_taken_back(protocol: Protocol) -> None:
    protocol.do("POST", "/indexes", {"uid": "x"})
    path = "/indexes/x/settings"
    before = protocol.ask("GET", path)
    task = protocol.do(
        "PATCH",
        path,
        {"sortableAttributes": ["b", "a"], "faceting": {"sortFacetValuesBy": {"a": "count"}}},
    )
    assert task["details"]["sortableAttributes"] == ["a", "b"]
    assert protocol.ask("GET", f"{path}/faceting") == {
        "maxValuesPerFacet": 100,
        "sortFacetValuesBy": {"*": "alpha", "a": "count"},
    }
    protocol.do("DELETE", f"{path}/sortable-attributes")
    assert protocol.ask("GET", f"{path}/sortable-attributes") == []
    protocol.do("DELETE", path)
    assert protocol.ask("GET", path) == before
    assert protocol.fail("GET", f"{path}/apa-saja", status=404) == "not_found"


def test_settings_make_an_index_and_change_what_is_found(protocol: Protocol) -> None:
    protocol.do("PATCH", "/indexes/x/settings", {"searchableAttributes": ["judul"]})
    protocol.do("POST", "/indexes/x/documents", FILMS)
    search = "/indexes/x/search"
    assert protocol.ask("POST", search, {"q": "arwah"})["hits"] == []
    protocol.do("PATCH", "/indexes/x/settings", {"searchableAttributes": None,
                                                 "synonyms": {"hantu": ["arwah"]},
                                                 "stopWords": ["dengan"]})  # fmt: skip
    for q in ("arwah", "hantu"):
        assert [hit["id"] for hit in protocol.ask("POST", search, {"q": q})["hits"]] == [2]
    protocol.do("DELETE", "/indexes/x/settings/synonyms")
    assert protocol.ask("POST", search, {"q": "hantu"})["hits"] == []


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"searchableAttributes": "judul"}, "invalid_settings_searchable_attributes"),
        ({"rankingRules": ["apa"]}, "invalid_settings_ranking_rules"),
        ({"typoTolerance": {"enabled": 1}}, "invalid_settings_typo_tolerance"),
        (
            {"typoTolerance": {"minWordSizeForTypos": {"oneTypo": 9, "twoTypos": 3}}},
            "invalid_settings_typo_tolerance",
        ),
        ({"pagination": {"maxTotalHits": -1}}, "invalid_settings_pagination"),
        ({"faceting": {"sortFacetValuesBy": {"a": "x"}}}, "invalid_settings_faceting"),
        ({"synonyms": {"a": "b"}}, "invalid_settings_synonyms"),
        ({"embedders": {"x": {"source": "openAi"}}}, "invalid_settings_embedders"),
        ({"filterableAttributes": [1]}, "invalid_settings_filterable_attributes"),
        ({"apa": 1}, "bad_request"),
        ([], "bad_request"),
    ],
)
def test_settings_that_cannot_be(protocol: Protocol, settings: Any, code: str) -> None:
    assert protocol.fail("PATCH", "/indexes/x/settings", settings, status=400) == code


# --- tasks


def test_tasks_and_batches(filled: Protocol) -> None:
    page = filled.ask("GET", "/tasks?limit=1")
    (task,) = page["results"]
    assert (task["type"], page["total"], page["from"], page["next"]) == ("settingsUpdate", 2, 1, 0)
    assert task["duration"].startswith("PT")
    rows = filled.ask("GET", "/tasks?types=documentAdditionOrUpdate&statuses=succeeded")["results"]
    assert [row["uid"] for row in rows] == [0]
    assert filled.ask("GET", "/tasks?indexUids=lain&reverse=true")["results"] == []
    assert filled.ask("GET", "/tasks?afterEnqueuedAt=2999-01-01")["total"] == 0
    batch = filled.ask("GET", f"/batches/{task['batchUid']}")
    assert batch["stats"]["types"] == {"settingsUpdate": 1}
    assert filled.ask("GET", "/batches")["total"] == 2
    assert filled.fail("GET", "/tasks/99", status=404) == "task_not_found"
    assert filled.fail("GET", "/batches/99", status=404) == "batch_not_found"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=x", "invalid_task_limit"),
        ("from=-1", "invalid_task_from"),
        ("uids=1,x", "invalid_task_uids"),
        ("statuses=done", "invalid_task_statuses"),
        ("types=x", "invalid_task_types"),
        ("beforeEnqueuedAt=kemarin", "invalid_task_before_enqueued_at"),
        ("reverse=ya", "invalid_task_reverse"),
        ("uid=1", "bad_request"),
    ],
)
def test_lists_of_tasks_that_ask_wrongly(protocol: Protocol, query: str, code: str) -> None:
    assert protocol.fail("GET", f"/tasks?{query}", status=400) == code


def test_tasks_are_canceled_and_forgotten(filled: Protocol) -> None:
    waiting = filled.ask("POST", "/indexes/film/documents", [{"id": 9}], status=202)
    canceled = filled.do("POST", f"/tasks/cancel?uids={waiting['taskUid']}", status=200)
    assert canceled["details"] == {
        "matchedTasks": 1,
        "canceledTasks": 1,
        "originalFilter": f"?uids={waiting['taskUid']}",
    }
    task = filled.ask("GET", f"/tasks/{waiting['taskUid']}")
    assert (task["status"], task["canceledBy"]) == ("canceled", canceled["uid"])
    assert filled.list_ids("film") == [1, 2, 3, 4, 5]
    deleted = filled.do("DELETE", "/tasks?statuses=canceled", status=200)
    assert deleted["details"]["deletedTasks"] == 1
    assert filled.fail("DELETE", "/tasks", status=400) == "missing_task_filters"


def test_metadata_stays_with_its_task(protocol: Protocol) -> None:
    task = protocol.do("POST", "/indexes/x/documents?customMetadata=abc", [{"id": 1}])
    assert task["customMetadata"] == "abc"
    assert "_customMetadata" not in task["details"]


# --- keys


def test_keys(filled: Protocol) -> None:
    assert filled.ask("GET", "/keys")["total"] == 2
    body = {"name": "cari", "actions": ["search"], "indexes": ["film"], "expiresAt": None}
    key = filled.ask("POST", "/keys", body, status=201)
    assert {name: key[name] for name in body} == body
    assert filled.ask("GET", "/indexes/film/search", key=key["key"])["estimatedTotalHits"] == 5
    assert filled.fail("GET", "/indexes/lain/search", key=key["key"], status=403) == (
        "invalid_api_key"
    )
    assert filled.fail("GET", "/tasks", key=key["key"], status=403) == "invalid_api_key"
    renamed = filled.ask("PATCH", f"/keys/{key['uid']}", {"name": "lain"})
    assert (renamed["name"], renamed["key"]) == ("lain", key["key"])
    filled.ask("DELETE", f"/keys/{key['key']}", status=204)
    assert filled.fail("GET", "/indexes/film/search", key=key["key"], status=403) == (
        "invalid_api_key"
    )
    assert filled.fail("GET", f"/keys/{key['uid']}", status=404) == "api_key_not_found"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"actions": ["cari"]}, "invalid_api_key_actions"),
        ({"actions": None}, "invalid_api_key_actions"),
        ({"indexes": ["a b"]}, "invalid_api_key_indexes"),
        ({"expiresAt": "2020-01-01"}, "invalid_api_key_expires_at"),
        ({"expiresAt": "besok"}, "invalid_api_key_expires_at"),
        ({"uid": "x"}, "invalid_api_key_uid"),
        ({"name": 5}, "invalid_api_key_name"),
        ({"apa": 5}, "bad_request"),
    ],
)
def test_keys_that_cannot_be(protocol: Protocol, change: dict[str, Any], code: str) -> None:
    body = {"actions": ["*"], "indexes": ["*"], "expiresAt": None, **change}
    assert protocol.fail("POST", "/keys", body, status=400) == code


def test_what_a_key_must_say(protocol: Protocol) -> None:
    code = protocol.fail("POST", "/keys", {"actions": [], "indexes": []}, status=400)
    assert code == "missing_api_key_expires_at"
    uid = protocol.ask("GET", "/keys")["results"][0]["uid"]
    code = protocol.fail("PATCH", f"/keys/{uid}", {"actions": []}, status=400)
    assert code == "immutable_api_key_actions"


def test_a_key_creates_none_that_may_more(protocol: Protocol) -> None:
    mine = {
        "actions": ["keys.create", "search"],
        "indexes": ["film"],
        "expiresAt": "2999-01-01T00:00:00Z",
    }
    key = protocol.ask("POST", "/keys", mine, status=201)["key"]
    less = {**mine, "actions": ["search"]}
    made = protocol.ask("POST", "/keys", less, status=201, key=key)
    assert made["actions"] == ["search"]
    for more in ({"actions": ["*"]}, {"indexes": ["*"]}, {"expiresAt": None}):
        code = protocol.fail("POST", "/keys", {**less, **more}, status=403, key=key)
        assert code == "invalid_api_key"


def make_key(protocol: Protocol, **limits: Any) -> str:
    keys = KeyStore(protocol.folder, MASTER_KEY)
    return keys.secret_of(keys.create(Key(make_uid(), ("*",), **limits)))


def test_a_key_for_an_index_sees_its_tasks_and_batches_only(filled: Protocol) -> None:
    filled.do("POST", "/indexes/lain/documents", [{"id": 1}])
    swap = filled.do("POST", "/swap-indexes", [{"indexes": ["film", "lain"]}])
    key = make_key(filled, indexes=("lain",))
    tasks = filled.ask("GET", "/tasks")["results"]
    for task in tasks:
        for path in (f"/tasks/{task['uid']}", f"/batches/{task['batchUid']}"):
            seen = filled.ask("GET", path, key=key, status=200 if task["uid"] == 2 else 404)
            assert task["uid"] == 2 or seen["code"] in ("task_not_found", "batch_not_found")
    assert [task["uid"] for task in tasks] == [3, 2, 1, 0]
    assert swap["indexUid"] is None
    for listed in ("tasks", "batches"):
        assert filled.ask("GET", f"/{listed}", key=key)["total"] == 1
    both = make_key(filled, indexes=("lain", "fil*"))
    for path in (f"/tasks/{swap['uid']}", f"/batches/{swap['batchUid']}"):
        filled.ask("GET", path, key=both)


@pytest.mark.parametrize("value", [None, [1], {"a": 1}, 5, "", "teks"])
def test_a_key_without_a_name_is_a_key(protocol: Protocol, value: Any) -> None:
    document = {"id": 1, "": value, "title": value}
    assert protocol.do("POST", "/indexes/x/documents", [document])["status"] == "succeeded"
    assert protocol.ask("GET", "/indexes/x/documents/1") == document


def test_an_id_beyond_64_bits_is_refused_without_a_rounded_one(protocol: Protocol) -> None:
    body = b'[{"id": 123456789012345678901}]'
    ordered = protocol.ask(
        "POST", "/indexes/x/documents", status=202, data=body, content_type="application/json"
    )
    protocol.drain.run_until_empty()
    error = protocol.ask("GET", f"/tasks/{ordered['taskUid']}")["error"]
    assert error["code"] == "invalid_document_id"
    assert error["message"].endswith("beyond 64 bits. Send it as a string.")


def test_a_request_brings_so_many_documents_at_most(
    protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searchsvc.meilisearch.payload.MOST_DOCUMENTS", 2)
    rows = [{"id": number} for number in range(3)]
    assert protocol.fail("POST", "/indexes/x/documents", rows, status=413) == "payload_too_large"
    protocol.ask("POST", "/indexes/x/documents", rows[:2], status=202)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tasks"),
        ("GET", "/tasks/0"),
        ("GET", "/batches"),
        ("GET", "/batches/0"),
        ("GET", "/stats"),
        ("GET", "/indexes/film/stats"),
        ("GET", "/indexes/film/settings"),
        ("GET", "/indexes/film/settings/synonyms"),
        ("POST", "/indexes/film/fields"),
        ("GET", "/api/v1/tasks"),
        ("GET", "/api/v1/tasks/0"),
    ],
)
def test_a_key_for_some_articles_is_told_nothing_of_all(
    filled: Protocol, method: str, path: str
) -> None:
    body: dict[str, Any] | None = {} if method == "POST" else None
    filled.ask(method, path, body, key=make_key(filled, indexes=("*",)))
    key = make_key(filled, indexes=("*",), filters={"category": ("Hukum",)})
    refused = filled.ask(method, path, body, key=key, status=403)
    assert refused["code"] in ("invalid_api_key", "not_allowed")


def test_no_secret_of_a_key_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "keys.sqlite").write_bytes(b"rusak" * 1000)
    app = create_app({"index": tmp_path / "default", "master_key": MASTER_KEY})
    secret = "0123456789abcdef" * 4
    headers = {"Authorization": f"Bearer {MASTER_KEY}"}
    assert app.test_client().get(f"/keys/{secret}", headers=headers).status_code == 503
    assert "keys.sqlite cannot be used" in caplog.text
    assert secret not in caplog.text


def test_tenant_tokens_narrow_searches(filled: Protocol) -> None:
    keys = filled.ask("GET", "/keys")["results"]
    key = next(one for one in keys if one["actions"] == ["search"])
    claims = {
        "apiKeyUid": key["uid"],
        "exp": None,
        "searchRules": {"film": {"filter": "tahun > 2010"}},
    }
    token = jwt.encode(claims, key["key"])
    answer = filled.ask("POST", "/indexes/film/search", {"facets": ["genre"]}, key=token)
    assert sorted(hit["id"] for hit in answer["hits"]) == [2, 3, 5]
    assert answer["facetDistribution"]["genre"]["Horor"] == 2
    assert filled.fail("GET", "/indexes/lain/search", key=token, status=403) == "invalid_api_key"
    assert filled.fail("GET", "/indexes/film/documents", key=token, status=403) == (
        "invalid_api_key"
    )


def test_without_a_key_nothing_but_health_is_told(filled: Protocol) -> None:
    assert filled.ask("GET", "/health", key=None) == {"status": "available"}
    for path in ("/version", "/indexes", "/indexes/film/search", "/tasks", "/keys", "/stats"):
        assert filled.fail("GET", path, key=None, status=401) == "missing_authorization_header"
    assert filled.fail("GET", "/indexes", key="salah", status=403) == "invalid_api_key"


def test_no_body_is_read_before_the_key_is_checked(protocol: Protocol) -> None:
    # A body that cannot be parsed shows which comes first.
    malformed = {"data": b"{", "content_type": "application/json"}
    routes = [
        (method, re.sub("<.*?>", "x", rule.rule))
        for rule in protocol.client.application.url_map.iter_rules()
        if rule.endpoint.startswith("meilisearch.")
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH"})
    ]
    assert ("POST", "/indexes/x/documents/fetch") in routes
    for method, path in routes:
        code = protocol.fail(method, path, key=None, status=401, **malformed)
        assert code == "missing_authorization_header", (method, path)


def test_without_a_master_key_it_only_reads(tmp_path: Path) -> None:
    Index.open(tmp_path / "data" / "default", create=True).close()
    protocol = Protocol(tmp_path / "data", master_key="")
    assert protocol.ask("POST", "/indexes/default/search", {}, key=None)["hits"] == []
    for method, path in (("POST", "/indexes"), ("GET", "/keys"), ("DELETE", "/indexes/default")):
        assert protocol.fail(method, path, {}, key=None, status=401) == "missing_master_key"


def test_the_protocol_can_be_turned_off(tmp_path: Path) -> None:
    protocol = Protocol(tmp_path / "data", meilisearch=False)
    assert protocol.client.get("/health").status_code == 404


# --- the rest


def test_pages_of_other_origins_may_read_it(filled: Protocol) -> None:
    headers = {
        "Origin": "https://situs.contoh",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-meilisearch-client",
    }
    asked = filled.client.options("/indexes/film/search", headers=headers)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    allowed = asked.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert set(headers["Access-Control-Request-Headers"].split(",")) <= set(allowed)
    refused = filled.client.post("/indexes/film/search", headers=headers)
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, "*")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/indexes/film/similar"),
        ("POST", "/indexes/film/documents/edit"),
        ("POST", "/dumps"),
        ("POST", "/snapshots"),
        ("GET", "/network"),
        ("POST", "/chats/x/chat/completions"),
        ("POST", "/webhooks"),
        ("POST", "/export"),
    ],
)
def test_what_is_not_here_says_so(protocol: Protocol, method: str, path: str) -> None:
    assert protocol.fail(method, path, {}, status=501) == "unsupported"


def test_experimental_features(protocol: Protocol) -> None:
    features = protocol.ask("GET", "/experimental-features")
    assert not any(features.values())
    on = protocol.ask("PATCH", "/experimental-features", {"containsFilter": True})
    assert on == {**features, "containsFilter": True}
    code = protocol.fail("PATCH", "/experimental-features", {"multimodal": True}, status=400)
    assert code == "feature_not_enabled"


@pytest.mark.parametrize(
    ("method", "path", "body", "is_large"),
    [
        ("POST", "/indexes/film/search", {}, False),
        ("POST", "/indexes/film/facet-search", {"facetName": "genre"}, False),
        ("POST", "/multi-search", {"queries": []}, False),
        ("POST", "/indexes/film/documents/fetch", {}, False),
        ("POST", "/indexes/film/documents/delete", {"filter": "tahun > 3000"}, False),
        ("POST", "/indexes/film/fields", {}, False),
        ("POST", "/swap-indexes", [], False),
        ("POST", "/keys", {"actions": [], "indexes": [], "expiresAt": None}, False),
        ("PATCH", "/experimental-features", {}, False),
        ("POST", "/indexes/film/documents/delete-batch", [], True),
        ("PATCH", "/indexes/film/settings", {}, True),
        ("PUT", "/indexes/film/settings/stop-words", [], True),
    ],
)
def test_only_what_is_kept_may_be_large(
    filled: Protocol, method: str, path: str, body: Any, is_large: bool
) -> None:
    headers = {"Authorization": f"Bearer {MASTER_KEY}", "Content-Type": "application/json"}
    for size in (1_000_000, 1_000_001):
        sent = orjson.dumps(body).ljust(size)
        answer = filled.client.open(path, method=method, headers=headers, data=sent)
        if is_large or size == 1_000_000:
            assert answer.status_code in (200, 201, 202)
        else:
            assert (answer.status_code, answer.get_json()["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize("name", ["attributesToRetrieve", "attributesToHighlight"])
def test_thousands_of_patterns_end_with_the_deadline(filled: Protocol, name: str) -> None:
    app = filled.client.application
    body = {name: [f"x{number}*" for number in range(2_000)]}
    headers = {"Authorization": f"Bearer {MASTER_KEY}"}
    with app.test_request_context(
        "/indexes/film/search", method="POST", json=body, headers=headers
    ):
        # A clock that every look at it sets forward by a second.
        g.deadline = Deadline(1_000, clock=count().__next__)
        with pytest.raises(QueryTooCostly):
            app.dispatch_request()


def test_the_queries_of_a_request_have_one_deadline(filled: Protocol) -> None:
    app = Protocol(filled.folder, query_deadline_seconds=600).client.application
    with app.test_request_context():
        host = app.extensions["searchsvc"].for_index("film")
        with open_searched(host):
            left = measure_time_left()
        with open_searched(host):
            assert (measure_time_left() or 0) < (left or 0)


@pytest.mark.parametrize("uid", ["a b", "ñ", "x" * 300, "..", "a.b"])
def test_names_that_no_index_has(protocol: Protocol, uid: str) -> None:
    assert protocol.fail("POST", "/indexes", {"uid": uid}, status=400) == "invalid_index_uid"


def test_the_master_key_is_none_of_the_keys(protocol: Protocol) -> None:
    assert MASTER_KEY not in {one["key"] for one in protocol.ask("GET", "/keys")["results"]}


def test_the_commands_of_the_documentation_work(protocol: Protocol) -> None:
    written = (Path(__file__).parents[3] / "docs" / "meilisearch.md").read_text("utf-8")
    told = written.replace("\\\n", " ")
    commands = re.findall(r"curl -X (\w+) http://127.0.0.1:8000(\S+) .*?--data '(.*?)'", told)
    (_, documents, films), (_, search, asked) = commands
    assert protocol.do("POST", documents, orjson.loads(films))["status"] == "succeeded"
    hits = protocol.ask("POST", search, orjson.loads(asked))["hits"]
    assert hits == orjson.loads(films)


@pytest.mark.parametrize(
    "body",
    [
        {"q": "x" * 100_000},
        {"filter": "(" * 5_000},
        {"filter": ["tahun > 1"] * 3_000},
        {"filter": "tahun > 1e400"},
        {"offset": 2**62, "limit": 2**62},
        {"page": 2**40, "hitsPerPage": 2**40},
        {"q": "\x00\ud7ff\U0010ffff"},
        {"facets": ["*"] * 100},
        {"sort": ["tahun:asc"] * 5_000},
    ],
)
def test_what_is_huge_or_odd_is_answered_or_refused(filled: Protocol, body: Any) -> None:
    filled.do("PUT", "/indexes/film/settings/sortable-attributes", ["tahun"])
    headers = {"Authorization": f"Bearer {MASTER_KEY}"}
    answer = filled.client.post("/indexes/film/search", json=body, headers=headers)
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "path",
    ["/indexes/film/nothing", "/indexes/film/documents/https%3A%2F%2Fa.id%2Fb", "/tasks/a/b"],
)
def test_an_address_that_no_route_takes_is_refused_in_the_form_of_the_protocol(
    filled: Protocol, path: str
) -> None:
    assert filled.fail("GET", path, status=404) == "not_found"


def test_many_refusals_are_one_warning_in_the_log(
    filled: Protocol, caplog: pytest.LogCaptureFixture
) -> None:
    hurried = Protocol(filled.folder, query_deadline_seconds=1e-9)
    for _ in range(20):
        code = hurried.fail("POST", "/indexes/film/search", {"q": "anak"}, status=503)
        assert code == "query_too_costly"
    [line] = [record for record in caplog.records if "query_too_costly" in record.getMessage()]
    assert line.levelname == "WARNING"
    assert "It was '/indexes/film/search'." in line.getMessage()


def count_computed(protocol: Protocol) -> float:
    """How many answers were computed, by the service's own count."""
    [line] = [
        line
        for line in protocol.client.get("/metrics").text.splitlines()
        if line.startswith('searchsvc_answers_total{cache="miss"}')
    ]
    return float(line.split()[1])


def test_an_answer_about_today_is_not_kept_until_tomorrow(
    filled: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = Protocol(filled.folder, recency_half_life_days=0)
    asked = ("POST", "/indexes/film/search", {"q": "film hari ini"})
    for _ in range(2):
        protocol.ask(*asked)
    assert count_computed(protocol) == 1
    monkeypatch.setattr(recalling, "find_today", lambda: find_today() + timedelta(days=1))
    protocol.ask(*asked)
    assert count_computed(protocol) == 2


SEARCHES: list[dict[str, Any]] = [
    {"q": "anak"},
    {"q": "anak", "limit": 1},
    {"q": "anak", "filter": "tahun > 2010"},
    {"q": "anak", "filter": ["tahun > 2010"], "facets": ["genre"]},
    {"q": "", "facets": ["*"], "page": 1},
    {"q": "anak", "attributesToHighlight": ["*"], "showRankingScore": True},
    {"q": "anak sekolah", "matchingStrategy": "all"},
    {"q": "keluarga", "attributesToSearchOn": ["isi"]},
]


def ask_all(protocol: Protocol) -> list[Any]:
    answers = [protocol.ask("POST", "/indexes/film/search", one) for one in SEARCHES]
    return [{**answer, "processingTimeMs": None} for answer in answers]


def test_what_was_answered_is_answered_again_without_searching(filled: Protocol) -> None:
    first = ask_all(filled)
    assert len({orjson.dumps(one) for one in first}) == len(SEARCHES)
    before = count_computed(filled)
    assert ask_all(filled) == first
    together = {"queries": [{"indexUid": "film", **one} for one in SEARCHES]}
    results = filled.ask("POST", "/multi-search", together)["results"]
    assert [one["hits"] for one in results] == [one["hits"] for one in first]
    assert count_computed(filled) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "documents", [{"id": 9, "judul": "Anak Bawang", "tahun": 2020, "genre": "Drama"}]),
        ("DELETE", "documents/3", None),
        ("PUT", "settings/displayed-attributes", ["judul"]),
        ("PUT", "settings/synonyms", {"anak": ["keluarga"]}),
        ("PATCH", "settings/pagination", {"maxTotalHits": 1}),
        ("PATCH", "settings/faceting", {"maxValuesPerFacet": 1}),
    ],
)
def test_no_answer_outlives_what_it_was_made_of(
    filled: Protocol, method: str, path: str, body: Any
) -> None:
    before = ask_all(filled)
    assert filled.do(method, f"/indexes/film/{path}", body)["status"] == "succeeded"
    after = ask_all(filled)
    assert after != before
    fresh = Protocol(filled.folder)
    assert ask_all(fresh) == after
