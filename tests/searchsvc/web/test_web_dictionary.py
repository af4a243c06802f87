"""A running service and the dictionary of its site: changes are in effect, and told apart."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.brute_force import BruteForceEngine
from werkzeug.test import TestResponse

from indexer.article import Article
from indexer.language.dictionary_file import DictionaryFile
from searchsvc.web import create_app
from searchsvc.web.service import EXTENSION, Service


class Clock:
    """The time of the app's dictionary; a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 60
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kamus.txt"


@pytest.fixture
def app(
    brute_engine: BruteForceEngine,
    add_articles: object,
    sample_articles: list[Article],
    path: Path,
) -> Flask:
    """An app whose every look at its dictionary is a minute after the one before."""
    assert callable(add_articles)
    add_articles(sample_articles)
    app = create_app({"dictionary": str(path)}, engine=brute_engine)
    service: Service = app.extensions[EXTENSION]
    service.dictionary = DictionaryFile(path, report=app.logger.warning, clock=Clock())
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def write(path: Path, text: str, *, second: int) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (second, second))


def search(client: FlaskClient, q: str, tag: str = "") -> TestResponse:
    return client.get("/api/v1/search", query_string={"q": q}, headers={"If-None-Match": tag})


def find(client: FlaskClient, q: str) -> list[str]:
    return [hit["id"] for hit in search(client, q).get_json()["hits"]]


def test_a_change_is_in_effect_without_a_restart(client: FlaskClient, path: Path) -> None:
    assert find(client, "sawah") == []
    write(path, "[sinonim]\nsawah => padi", second=1)
    assert find(client, "sawah") == ["panen-padi"]
    write(path, "[sinonim]\nsawah => roti", second=2)
    assert find(client, "sawah") == ["resep-tanpa-tanggal"]
    path.unlink()
    assert find(client, "sawah") == []


def test_the_page_and_suggestions_follow_too(client: FlaskClient, path: Path) -> None:
    assert "Petani Sukaraja" not in client.get("/?q=sawah").text
    suggested = client.get("/api/v1/suggest?q=pet").get_json()["suggestions"]
    assert "petani" in [one["text"] for one in suggested]
    write(path, "[sinonim]\nsawah => padi\n[kata umum]\npetani", second=1)
    assert "Petani Sukaraja" in client.get("/?q=sawah").text
    suggested = client.get("/api/v1/suggest?q=pet").get_json()["suggestions"]
    assert "petani" not in [one["text"] for one in suggested]


def test_an_entity_tag_is_of_one_dictionary(client: FlaskClient, path: Path) -> None:
    tag = search(client, "padi").headers["ETag"]
    assert search(client, "padi", tag).status_code == 304
    write(path, "[names]\npadi", second=1)
    other = search(client, "padi", tag)
    assert other.status_code == 200
    assert other.headers["ETag"] != tag
    path.unlink()
    assert search(client, "padi", tag).status_code == 304


def test_what_is_wrong_is_logged_once_and_the_rest_counts(
    client: FlaskClient, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(path, "[sinonim]\nsawah => padi\nsalah", second=1)
    with caplog.at_level(logging.WARNING):
        assert find(client, "sawah") == ["panen-padi"]
        assert find(client, "sawah") == ["panen-padi"]
    (message,) = [row.getMessage() for row in caplog.records if "dictionary" in row.getMessage()]
    assert message.startswith(f"Left out of the dictionary: {path}:3: “salah” has no =.")


def test_a_service_starts_without_the_file_that_was_named(
    brute_engine: BruteForceEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app({"dictionary": str(tmp_path / "none.txt")}, engine=brute_engine)
    with caplog.at_level(logging.WARNING):
        assert search(app.test_client(), "padi").status_code == 200
    assert any("There is no dictionary at" in row.getMessage() for row in caplog.records)
