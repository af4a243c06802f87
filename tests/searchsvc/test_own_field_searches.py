"""Fields that a site declares, from the file to answers: API, page, queries, commands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.commands import run, run_json

from indexer.engine.base import Engine
from indexer.engine.embedded import open_engine
from indexer.language.analyzer import Analyzer
from indexer.own_fields.declaration import parse_fields
from searchsvc.facet_search import search_facet
from searchsvc.query.parameters import ParameterError, read
from searchsvc.query.unknown_parameters import UnknownParameter, find_meant
from searchsvc.request import SearchRequest
from searchsvc.search import run_search
from searchsvc.settings import load
from searchsvc.suggest import suggest
from searchsvc.web import create_app
from searchsvc.web.openapi import describe_api

DECLARED = """
[harga]
type = "number"
title = "Harga tiket"

[kecamatan]
type = "label"
path = "lokasi.kecamatan"
use = ["facet", "filter", "sort", "search"]

[mulai]
type = "date"

[acara_ke2]
type = "label"
path = "seri"

[sinopsis]
type = "text"

[judul_asli]
type = "text"
weight = "title"
"""
RECORDS: list[dict[str, Any]] = [
    {
        "id": "wayang",
        "title": "Wayang Golek",
        "body": "Pergelaran semalam suntuk di lapangan.",
        "harga": "Rp 25.000",
        "lokasi": {"kecamatan": "Cibiru"},
        "mulai": "2026-05-01 19:30",
        "seri": "Malam Minggu",
        "sinopsis": "Cepot dan Dawala menjaga negeri.",
    },
    {
        "id": "jazz",
        "title": "Jazz Sore",
        "body": "Musik di taman kota, gratis untuk anak.",
        "harga": 0,
        "lokasi": {"kecamatan": "Andir"},
        "mulai": "2026-05-20",
        "judul_asli": "Blue Train",
    },
    {
        "id": "pameran",
        "title": "Pameran Lukisan",
        "body": "Lukisan pelukis muda di balai kota.",
        "harga": 75000,
        "lokasi": {"kecamatan": "CIBIRU"},
        "mulai": "2026-06-02",
    },
    {
        "id": "seminar",
        "title": "Seminar Sejarah",
        "body": "Sejarah kota dari arsip lama.",
        "harga": "hubungi panitia",
    },
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of events, with its declaration."""
    made = tmp_path_factory.mktemp("acara")
    (made / "fields.toml").write_text(DECLARED)
    records = made / "acara.jsonl"
    records.write_text("\n".join(json.dumps(one) for one in RECORDS))
    done = run("index", records, "--fields", made / "fields.toml", "--index", made / "index")
    assert done.exit_code == 0, done.stderr
    assert (
        "article seminar: its harga 'hubungi panitia' is no number; it is left out" in done.stderr
    )
    return made / "index"


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Engine]:
    opened = open_engine(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(folder: Path) -> FlaskClient:
    return create_app({"index": folder}).test_client()


def ask(client: FlaskClient, address: str) -> dict[str, Any]:
    response = client.get(f"/api/v1/search?{address}")
    assert response.status_code == 200, response.data
    answer: dict[str, Any] = json.loads(response.data)
    return answer


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("kecamatan=Cibiru", "wayang"),
        ("kecamatan=cibiru&kecamatan=Andir", "jazz pameran wayang"),
        ("harga_from=1", "pameran wayang"),
        ("harga_to=25000", "jazz wayang"),
        ("harga_from=0&harga_to=0", "jazz"),
        ("mulai_from=2026-05&mulai_to=2026-05", "jazz wayang"),
        ("mulai_to=2026-05-01", "wayang"),
        ("acara_ke2=malam+minggu", "wayang"),
        ("kecamatan=CIBIRU&harga_from=50000", "pameran"),
        ("harga_from=50000&harga_to=1", ""),
        # Typed.
        ("q=kecamatan:cibiru", "pameran wayang"),
        ("q=-kecamatan:cibiru", "jazz seminar"),
        ("q=harga:20.000..80.000", "pameran wayang"),
        ("q=harga:0", "jazz"),
        ("q=HARGA:..25000+lapangan", "wayang"),
        ("q=mulai:2026-05..2026-06", "jazz pameran wayang"),
        ('q=acara_ke2:"malam+minggu"', "wayang"),
        # Searched text.
        ("q=dawala", "wayang"),
        ("q=judul:train", "jazz"),
        ("q=isi:train", ""),
        ("q=isi:andir", "jazz"),
        ("q=cibiru", "pameran wayang"),
    ],
)
def test_what_is_found(client: FlaskClient, address: str, ids: str) -> None:
    found = ask(client, f"{address}&sort=newest")["hits"]
    assert " ".join(sorted(hit["id"] for hit in found)) == ids


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("harga", "jazz wayang pameran seminar"),
        ("-harga", "pameran wayang jazz seminar"),
        ("mulai", "wayang jazz pameran seminar"),
        ("-mulai", "pameran jazz wayang seminar"),
        ("kecamatan", "jazz pameran wayang seminar"),
        ("-kecamatan", "wayang pameran jazz seminar"),
    ],
)
def test_orders(client: FlaskClient, sort: str, ids: str) -> None:
    assert [hit["id"] for hit in ask(client, f"sort={sort}")["hits"]] == ids.split()


def test_facets_and_statistics_leave_out_their_own_filter(client: FlaskClient) -> None:
    answer = ask(client, "facets=kecamatan,harga,mulai&kecamatan=Andir&harga_to=100&interval=month")
    assert answer["facets"] == {
        "kecamatan": [{"value": "Andir", "count": 1, "selected": True}],
        "mulai": [{"value": "2026-05", "count": 1, "selected": False}],
    }
    assert answer["statistics"] == {"harga": {"count": 1, "min": 0, "max": 0, "mean": 0, "sum": 0}}
    answer = ask(client, "facets=*&harga_from=50000")
    assert answer["total"] == 1
    assert answer["statistics"]["harga"] == {
        "count": 3,
        "min": 0,
        "max": 75000,
        "sum": 100000,
        "mean": pytest.approx(100000 / 3),
    }
    assert {"source", "published_at", "kecamatan", "acara_ke2", "mulai"} == {*answer["facets"]} - {
        "category",
        "tags",
        "authors",
        "agency",
        "place",
    }
    assert ask(client, "facets=harga&q=sejarah")["statistics"] == {"harga": {"count": 0}}


def test_hits_have_what_they_hold(client: FlaskClient) -> None:
    fields = {hit["id"]: hit["fields"] for hit in ask(client, "")["hits"]}
    assert fields == {
        "wayang": {
            "harga": 25000,
            "kecamatan": ["Cibiru"],
            "mulai": "2026-05-01T19:30:00",
            "acara_ke2": ["Malam Minggu"],
        },
        "jazz": {"harga": 0, "kecamatan": ["Andir"], "mulai": "2026-05-20"},
        "pameran": {"harga": 75000, "kecamatan": ["CIBIRU"], "mulai": "2026-06-02"},
        "seminar": {},
    }


def test_what_matches_in_a_field_only_is_not_marked_elsewhere(client: FlaskClient) -> None:
    (hit,) = ask(client, "q=dawala")["hits"]
    assert hit["snippet_html"] == "Pergelaran semalam suntuk di lapangan."
    (hit,) = ask(client, "q=train+jazz")["hits"]
    assert hit["title_html"] == "<mark>Jazz</mark> Sore"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *(("kecamatn", "kecamatan"), ("Kecamatan", "kecamatan"), ("kecamatan[]", "kecamatan")),
        *(("harga", "harga_from"), ("harga_min", "harga_from"), ("minHarga", "harga_from")),
        *(("harga[gte]", "harga_from"), ("harga[lte]", "harga_to"), ("max_harga", "harga_to")),
        *(("mulai_sampai", "mulai_to"), ("hargaTo", "harga_to"), ("harga_form", "harga_from")),
    ],
)
def test_parameters_spelt_otherwise_are_refused(name: str, meant: str) -> None:
    fields = parse_fields(DECLARED.encode(), "x")
    with pytest.raises(UnknownParameter) as caught:
        read({name: "1"}, fields=fields)
    assert caught.value.meant == meant
    assert find_meant("ukuran", fields.parameters) == ""
    assert read({"ukuran": "1"}, fields=fields).ignored == ("ukuran",)


@pytest.mark.parametrize(
    ("address", "code", "reason"),
    [
        ("harga_from=murah", "invalid_parameter", "give a number: 75000 or 12.5."),
        ("mulai_to=nanti", "invalid_parameter", "give a date, a month or a year: 2022-07-20."),
        ("sort=hrga", "invalid_sort", "harga, -harga"),
        ("sort=sinopsis", "invalid_sort", "newest"),
        ("facets=sinopsis", "invalid_facets", "kecamatan"),
        ("harga=3", "unknown_parameter", "Did you mean 'harga_from'?"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    client: FlaskClient, address: str, code: str, reason: str
) -> None:
    response = client.get(f"/api/v1/search?{address}")
    told = json.loads(response.data)
    assert (response.status_code, told["code"]) == (400, code)
    assert reason in told["detail"]


def test_without_a_declaration_they_are_nothing() -> None:
    with pytest.raises(ParameterError):
        read({"sort": "harga"})
    assert read({"kecamatan": "Cibiru"}).ignored == ("kecamatan",)


def test_notes(client: FlaskClient) -> None:
    def note(address: str) -> list[str]:
        return [one["message"] for one in ask(client, address)["notes"]]

    assert note("kecamatan=Coblong") == ["Tidak ada artikel dengan kecamatan “Coblong”."]
    assert "“murah” bukan bilangan; tulis misalnya harga:1000..5000." in note("q=harga:murah")
    assert "“nanti” bukan tanggal; tulis misalnya mulai:2022-07..2022-09." in note("q=mulai:nanti")
    assert any("harga:" in one for one in note("q=hraga:5"))
    assert note("q=kota+-harga:5") == [
        "“harga:” tidak dapat dikecualikan; tulis rentang yang dicari."
    ]


def test_values_of_a_facet(engine: Engine, client: FlaskClient) -> None:
    found = json.loads(client.get("/api/v1/facets/kecamatan?prefix=ci&harga_from=1").data)
    assert [(row["value"], row["count"]) for row in found["values"]] == [
        ("CIBIRU", 1),
        ("Cibiru", 1),
    ]
    assert client.get("/api/v1/facets/harga").status_code == 400
    asked = SearchRequest(filters={"kecamatan": ("Andir",)})
    values = search_facet(engine, "kecamatan", "", asked, 5, analyzer=Analyzer()).values
    assert [(one.value, one.selected) for one in values] == [
        ("Andir", True),
        ("CIBIRU", False),
        ("Cibiru", False),
    ]


def test_labels_are_offered_behind_their_name(engine: Engine) -> None:
    def offer(q: str) -> list[str]:
        return [one.text for one in suggest(engine, q, analyzer=Analyzer())]

    assert offer("kecamatan:and") == ["kecamatan:Andir"]
    assert offer("acara_ke2:") == ['acara_ke2:"Malam Minggu"']
    assert offer("harga:") == []


def test_copies_related_and_explanations_know_them(engine: Engine) -> None:
    request = SearchRequest(q="kota", sort="-harga", collapse=True, explain=True)
    response = run_search(engine, request, analyzer=Analyzer())
    assert [hit.id for hit in response.hits] == ["pameran", "jazz", "seminar"]
    assert {hit.score for hit in response.hits} == {0.0}


def test_openapi_describes_them(client: FlaskClient) -> None:
    document = json.loads(client.get("/api/v1/openapi.json").data)
    parameters = {
        one["name"]: one["schema"]
        for one in document["paths"]["/api/v1/search"]["get"]["parameters"]
    }
    assert parameters["harga_from"] == {"type": "number"}
    assert parameters["kecamatan"]["type"] == "array"
    assert "-mulai" in parameters["sort"]["enum"]
    narrowing = document["paths"]["/api/v1/facets/{name}"]["get"]["parameters"]
    assert {"kecamatan", "mulai_to"} <= {one["name"] for one in narrowing}
    assert "kecamatan" in narrowing[0]["schema"]["enum"]
    assert document["components"]["schemas"]["Hit"]["properties"]["fields"][
        "properties"
    ].keys() == {*("harga", "kecamatan", "mulai", "acara_ke2")}
    plain = describe_api(load({}))
    assert "fields" not in plain["components"]["schemas"]["Hit"]["properties"]


def test_the_page_offers_and_shows_them(client: FlaskClient) -> None:
    page = client.get(
        "/?q=kota&harga_from=20000&kecamatan=CIBIRU&mulai_to=2026-06&sort=-harga"
    ).text
    for shown in (
        '<span class="chip-label">Harga tiket:</span> mulai 20.000',
        '<span class="chip-label">Kecamatan:</span> CIBIRU',
        '<span class="chip-label">Mulai:</span> sampai 30 Juni 2026',
        'name="harga_from" value="20000" placeholder="75000"',
        'type="date" name="mulai_to" value="2026-06-30"',
        "<span>Harga tiket: 75.000</span>",
        "<span>Mulai: 2 Juni 2026</span>",
        "Harga tiket: terbesar",
        'data-facet="kecamatan"',
    ):
        assert shown in page
    article = client.get("/artikel/wayang").text
    assert "<dt>Harga tiket</dt><dd>25.000</dd>" in article
    assert "1 Mei 2026, 19.30" in article


# --- commands, and changes of the file


def test_commands(folder: Path) -> None:
    found = run_json(
        *("search", "kota", "--index", folder, "--sort", "-harga", "--facets", "harga,kecamatan"),
        *("--filter", "harga_from=0", "--filter", "kecamatan=Andir"),
    )
    assert [hit["id"] for hit in found["hits"]] == ["jazz"]
    assert found["statistics"]["harga"]["count"] == 1
    told = run("search", "wayang", "--facets", "harga", "--index", folder).stdout
    assert "harga 25,000 · kecamatan Cibiru · mulai 2026-05-01T19:30:00" in told
    assert "count 1  min 25,000" in told
    assert "Andir" in run("facets", "kecamatan", "--index", folder).stdout
    figures = run_json("stats", "--index", folder)
    assert figures["facet_values"]["kecamatan"] == 3
    assert figures["numbers"]["harga"] == {"articles": 3, "min": 0, "max": 75000}
    assert "fields_waiting" not in figures
    refused = run("search", "x", "--filter", "kecamatn=1", "--index", folder)
    assert refused.exit_code == 2
    assert "harga_from" in refused.stderr
    assert run("facets", "harga", "--index", folder).exit_code == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("harga:0..30000", ["jazz", "wayang"]),
        ("kecamatan:andir", ["jazz"]),
        ("kota -harga:0", None),
        ("kota harga:murah", None),
        ("kota kecamatan: ", None),
    ],
)
def test_articles_are_deleted_by_them(
    folder: Path, tmp_path: Path, query: str, found: list[str] | None
) -> None:
    index = tmp_path / "index"
    shutil.copytree(folder, index)
    done = run("delete", "--query", query, "--yes", "--index", index)
    left = {hit["id"] for hit in run_json("search", "--index", index)["hits"]}
    assert {"wayang", "jazz", "pameran", "seminar"} - left == set(found or ())
    assert (done.exit_code == 0) == (found is not None)


def test_an_index_without_fields_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "title": "Satu", "body": "Air surut."}', "utf-8")
    run("index", path, "--index", tmp_path / "index")
    assert run("fields", "--index", tmp_path / "index").stdout == (
        "No field is declared, and no key of the 1 article looked at could become one.\n"
    )


def test_fields_are_listed_and_drafted(folder: Path, tmp_path: Path) -> None:
    told = run_json("fields", "--index", folder)
    assert {row["name"]: row["articles"] for row in told["fields"]} == {
        "harga": 4,
        "kecamatan": 3,
        "mulai": 3,
        "acara_ke2": 1,
        "sinopsis": 1,
        "judul_asli": 1,
    }
    assert (told["keys"], told["waiting"]) == ([], [])
    records, index = tmp_path / "a.jsonl", tmp_path / "index"
    records.write_text("\n".join(json.dumps(one) for one in RECORDS))
    assert run("index", records, "--index", index).exit_code == 0
    assert "mulai" in run("fields", "--index", index).stdout
    drafted = tmp_path / "fields.toml"
    drafted.write_text(run("fields", "--draft", "--index", index).stdout)
    assert run("index", records, "--fields", drafted, "--index", index).exit_code == 0
    assert "Run: searchsvc rebuild" in run("fields", "--index", index).stdout
    assert run("rebuild", "--index", index).exit_code == 0
    assert run_json("search", "--sort", "-harga", "--index", index)["hits"][0]["id"] == "pameran"


def test_a_change_says_that_a_rebuild_is_needed(tmp_path: Path) -> None:
    records, index = tmp_path / "a.jsonl", tmp_path / "index"
    records.write_text("\n".join(json.dumps(one) for one in RECORDS))
    assert run("index", records, "--index", index).exit_code == 0
    declared = tmp_path / "fields.toml"
    declared.write_text('[harga]\ntype = "number"\n')
    again = run("index", records, "--fields", declared, "--index", index)
    sentence = "Not all articles were read for the fields that fields.toml declares (harga)."
    assert sentence in again.stderr
    assert sentence in run("stats", "--index", index).stdout
    assert sentence in run("check", "--index", index).stdout
    assert run_json("check", "--index", index)["fields_waiting"] == ["harga"]
    asked = ("search", "--filter", "harga_from=0", "--index", index)
    assert run_json(*asked)["total"] == 0
    rebuilt = run("rebuild", "--index", index)
    assert "article seminar: its harga 'hubungi panitia' is no number" in rebuilt.stderr
    assert sentence not in run("stats", "--index", index).stdout
    assert run_json(*asked)["total"] == 3
    saved = tmp_path / "saved"
    assert run("salvage", saved, "--index", index).exit_code == 0
    assert run_json(*asked[:-1], saved)["total"] == 3


def test_a_file_that_is_wrong_is_told_in_a_sentence(tmp_path: Path) -> None:
    records, declared, index = tmp_path / "a.jsonl", tmp_path / "f.toml", tmp_path / "index"
    records.write_text(json.dumps(RECORDS[0]))
    declared.write_text('[harga]\ntype = "nomor"\n')
    refused = run("index", records, "--fields", declared, "--index", index)
    assert refused.exit_code == 1
    assert (
        f"declared in {declared}:1 cannot be read: [harga]: its type is 'nomor'" in refused.stderr
    )
    assert not index.exists()
    tried = run("index", records, "--dry-run", "--index", index)
    assert tried.exit_code == 0
    assert run("index", records, "--index", index).exit_code == 0
    (index / "fields.toml").write_text("[harga")
    assert "it is not TOML" in run("search", "x", "--index", index).stderr
    with_client = create_app({"index": index}).test_client()
    assert with_client.get("/api/v1/search?q=wayang").status_code == 200
