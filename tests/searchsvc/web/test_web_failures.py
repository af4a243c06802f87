"""What readers and programs see when the index is missing or something breaks."""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
from pathlib import Path

import pytest
from flask import Flask
from support.brute_force import BruteForceEngine, BruteForceSnapshot

from indexer.article import Article
from indexer.engine.base import Snapshot
from indexer.engine.embedded import open_engine
from indexer.errors import IndexNotFound, UnknownName
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer
from searchsvc.query import lookups
from searchsvc.web import close_files, create_app, warm_up
from searchsvc.web.open_index import REOPEN_SECONDS, OpenIndex
from searchsvc.web.reports import SILENT_SECONDS, Reports


def fill(path: Path, analyzer: Analyzer, articles: list[Article]) -> None:
    engine = open_engine(path, create=True)
    with engine.writer() as writer:
        writer.add(analyzer.analyse([document(article) for article in articles]))
        writer.commit()
    engine.close()


def test_a_missing_index_is_503_until_it_appears(
    tmp_path: Path, analyzer: Analyzer, sample_articles: list[Article]
) -> None:
    path = tmp_path / "indeks"
    client = create_app({"index": path}).test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    for address in ("/readyz", "/api/v1/search?q=padi"):
        response = client.get(address)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert json.loads(response.data)["code"] == "index_not_found"
    page = client.get("/?q=padi")
    assert page.status_code == 503
    assert b"Pencarian belum siap" in page.data
    assert b'value="padi"' in page.data

    fill(path, analyzer, sample_articles)
    assert client.get("/readyz").json == {"status": "ready", "generation": 1, "articles": 6}
    found = client.get("/api/v1/search?q=padi").json
    assert found is not None
    assert found["total"] == 1


def test_a_commit_is_seen_by_the_next_request(
    tmp_path: Path, analyzer: Analyzer, sample_articles: list[Article]
) -> None:
    fill(tmp_path / "indeks", analyzer, sample_articles[:2])
    client = create_app({"index": tmp_path / "indeks"}).test_client()
    before = client.get("/api/v1/search").json
    fill(tmp_path / "indeks", analyzer, sample_articles[2:])
    after = client.get("/api/v1/search").json
    assert before is not None
    assert after is not None
    assert (before["total"], after["total"]) == (2, 6)


def test_an_index_made_anew_never_gets_the_old_ones_answers(
    tmp_path: Path, analyzer: Analyzer, sample_articles: list[Article]
) -> None:
    path = tmp_path / "indeks"
    fill(path, analyzer, sample_articles[:1])
    client = create_app({"index": path}).test_client()
    addresses = ("/api/v1/search?q=pasa", "/?q=pasar", "/api/v1/suggest?q=pas")
    first = {address: client.get(address) for address in addresses}
    shutil.rmtree(path)
    fill(path, analyzer, sample_articles[1:2])
    for address, before in first.items():
        after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200, address
        assert after.headers["ETag"] != before.headers["ETag"]
        assert b"Kota Lama" in before.data
        assert b"Kota Lama" not in after.data
    # What spelling is offered is remembered beside the engine.
    body = client.get("/api/v1/search?q=petnai").json
    assert body is not None
    assert body["total"] == 1


def test_an_answer_that_a_commit_overtook_is_neither_kept_nor_tagged(
    analyzer: Analyzer, sample_articles: list[Article]
) -> None:
    class Overtaken(BruteForceEngine):
        """Commits right after the snapshot that the first search answers from."""

        looks = 0

        def snapshot(self) -> BruteForceSnapshot:
            snapshot = super().snapshot()
            self.looks += 1
            if self.looks == 3:
                add(self, [Article(id="baru", title="Harga Padi Naik", body="Padi.")])
            return snapshot

    def add(engine: BruteForceEngine, articles: list[Article]) -> None:
        with engine.writer() as writer:
            writer.add(analyzer.analyse([document(article) for article in articles]))
            writer.commit()

    engine = Overtaken()
    add(engine, sample_articles)
    client = create_app(engine=engine).test_client()
    overtaken = client.get("/api/v1/search?q=padi")
    later = client.get("/api/v1/search?q=padi")
    assert "ETag" not in overtaken.headers
    assert "ETag" in later.headers
    totals = [response.json["total"] for response in (overtaken, later) if response.json]
    assert totals == [1, 2]


def test_an_answer_found_with_old_lookups_is_not_kept(
    tmp_path: Path,
    analyzer: Analyzer,
    sample_articles: list[Article],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lookups, "FEW_ARTICLES", 0)
    path = tmp_path / "indeks"
    fill(path, analyzer, sample_articles)
    client = create_app({"index": path}).test_client()
    assert client.get("/api/v1/search?q=padi").status_code == 200

    # Lookups are looked for in the index, but cannot be ready before they are let go on.
    let_go_on = threading.Event()

    class Waiting(lookups.Lookups):
        def __init__(self, snapshot: Snapshot) -> None:
            let_go_on.wait(60)
            super().__init__(snapshot)
            ready.set()

    ready = threading.Event()
    monkeypatch.setattr(lookups, "Lookups", Waiting)
    explaining = Article(id="baru", title="Sekolah", body="Sekolah Penerbang Layar (SPL) dibuka.")
    shortened = Article(id="lagi", title="SPL Ramai", body="Banyak yang datang.")
    fill(path, analyzer, [explaining, shortened])
    address = "/api/v1/search?q=sekolah+penerbang+layar"
    early = client.get(address)
    let_go_on.set()
    assert ready.wait(60)
    deadline = time.monotonic() + 60
    later = client.get(address)
    while "ETag" not in later.headers and time.monotonic() < deadline:
        later = client.get(address)
    assert "ETag" not in early.headers
    totals = [response.json["total"] for response in (early, later) if response.json]
    assert totals == [1, 2]


def test_an_engine_whose_index_went_away_is_opened_afresh(tmp_path: Path) -> None:
    opened: list[Path] = []

    class Gone(BruteForceEngine):
        def snapshot(self) -> None:  # type: ignore[override]
            raise IndexNotFound(str(tmp_path))

    def open_gone(path: Path) -> BruteForceEngine:
        opened.append(path)
        return Gone()

    index = OpenIndex(tmp_path, open_engine=open_gone)
    for _ in range(2):
        with pytest.raises(IndexNotFound):
            index.snapshot()
    assert opened == [tmp_path, tmp_path]


def damage(path: Path) -> Path:
    """Change a byte of every page of the index's segment; returns its file."""
    [pack] = path.glob("*.pack")
    content = bytearray(pack.read_bytes())
    for place in range(200, len(content), 500):
        content[place] ^= 0x55
    with pack.open("r+b") as file:
        file.write(content)
    return pack


def test_damage_is_503_without_naming_files_until_it_is_put_right(
    tmp_path: Path,
    analyzer: Analyzer,
    sample_articles: list[Article],
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "indeks"
    fill(path, analyzer, sample_articles)
    app = create_app({"index": path})
    client = app.test_client()
    client.get("/readyz")
    [pack] = path.glob("*.pack")
    whole = pack.read_bytes()
    damage(path)
    for _ in range(3):
        program = client.get("/api/v1/search?q=padi")
        assert program.status_code == 503
        assert json.loads(program.data)["code"] == "index_corrupt"
        assert str(tmp_path).encode() not in program.data
        assert "Retry-After" in program.headers
    page = client.get("/?q=padi")
    assert page.status_code == 503
    assert b"Pencarian belum siap" in page.data
    told = [record for record in caplog.records if pack.name in record.getMessage()]
    assert told
    assert len({record.getMessage() for record in told}) == len(told)
    assert "Traceback" not in caplog.text

    restored = pack.with_suffix(".new")
    restored.write_bytes(whole)
    restored.rename(pack)
    app.extensions["searchsvc"].index = OpenIndex(path)
    assert client.get("/api/v1/search?q=padi").status_code == 200


def test_an_index_with_damage_is_opened_anew_now_and_then(tmp_path: Path) -> None:
    opened: list[Path] = []
    now = 100.0

    def open_one(path: Path) -> BruteForceEngine:
        opened.append(path)
        return BruteForceEngine()

    index = OpenIndex(tmp_path, open_engine=open_one, clock=lambda: now)
    for seconds, times in ((0.0, 1), (0.0, 2), (0.1, 2), (REOPEN_SECONDS, 2), (0.0, 3)):
        now += seconds
        index.snapshot().close()
        assert len(opened) == times
        index.distrust()


def test_the_same_thing_is_not_reported_at_every_request() -> None:
    now = 100.0
    reports = Reports(clock=lambda: now)
    assert [reports.is_due(text) for text in ("a", "a", "b", "a")] == [True, False, True, False]
    now += SILENT_SECONDS
    assert [reports.is_due(text) for text in ("a", "a")] == [True, False]


def test_files_are_closed_and_opened_again(
    tmp_path: Path, analyzer: Analyzer, sample_articles: list[Article]
) -> None:
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("this system does not show what is mapped")
    path = tmp_path / "indeks"
    fill(path, analyzer, sample_articles)
    app = create_app({"index": path})
    warm_up(app)
    assert str(path) in maps.read_text()
    close_files(app)
    assert str(path) not in maps.read_text()
    assert app.test_client().get("/api/v1/search?q=padi").status_code == 200


def test_an_error_explains_itself_under_a_prefix(app: Flask) -> None:
    environ = {"SCRIPT_NAME": "/cari"}
    response = app.test_client().get("/api/v1/search?page=0", environ_overrides=environ)
    assert json.loads(response.data)["type"] == "/cari/api/v1/problems/invalid_page"


def test_an_unexpected_error_is_logged_whole_and_answered_without_details(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/api/v1/broken")
    @app.get("/broken")
    def fail() -> str:
        raise RuntimeError("the password is hunter2")

    client = app.test_client()
    with caplog.at_level(logging.ERROR):
        program = client.get("/api/v1/broken")
        page = client.get("/broken")
    assert (program.status_code, page.status_code) == (500, 500)
    assert json.loads(program.data)["code"] == "internal"
    assert b"Ada yang salah di pihak kami" in page.data
    assert b"hunter2" not in program.data + page.data
    assert "hunter2" in caplog.text
    assert "Traceback" in caplog.text


def test_a_body_too_large_is_refused(app: Flask) -> None:
    response = app.test_client().post("/api/v1/search", data=b"x" * 100_000)
    assert response.status_code in (405, 413)


def test_settings_that_are_none_are_refused(brute_engine: BruteForceEngine) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'per_page'"):
        create_app({"perpage": 5}, engine=brute_engine)


def test_warming_up_without_an_index_is_no_error(tmp_path: Path) -> None:
    warm_up(create_app({"index": tmp_path / "none"}))


def test_a_proxy_is_believed_only_where_the_settings_say(app: Flask) -> None:
    engine = app.extensions["searchsvc"].index.engine()
    headers = {"X-Forwarded-Host": "cari.example", "X-Forwarded-Proto": "https"}
    address = "/opensearch.xml"
    assert b"http://localhost/" in app.test_client().get(address, headers=headers).data
    behind = create_app({"trusted_proxies": 1}, engine=engine).test_client()
    assert b"https://cari.example/" in behind.get(address, headers=headers).data
