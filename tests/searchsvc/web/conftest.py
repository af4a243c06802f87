"""An app over the six sample articles, kept by the engine in memory; and a browser to see it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.browsing import Browser, Serve, open_browser, resize
from support.brute_force import BruteForceEngine
from werkzeug.serving import make_server

from indexer.article import Article
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer
from searchsvc.web import create_app

AddArticles = Callable[[list[Article]], None]


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture
def add_articles(brute_engine: BruteForceEngine, analyzer: Analyzer) -> AddArticles:
    """Commits articles to the engine that the app answers from."""

    def add(articles: list[Article]) -> None:
        with brute_engine.writer() as writer:
            writer.add(analyzer.analyse([document(article) for article in articles]))
            writer.commit()

    return add


@pytest.fixture
def app(
    brute_engine: BruteForceEngine, add_articles: AddArticles, sample_articles: list[Article]
) -> Flask:
    add_articles(sample_articles)
    return create_app({"site_name": "Cari Contoh"}, engine=brute_engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = open_browser(tmp_path_factory.mktemp("profile"))
    if opened is None:
        reason = "no chromium and chromedriver on the PATH"
        if os.environ.get("SEARCHSVC_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    yield opened
    opened.quit()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves apps on free ports until the test ends; returns the address of each."""
    running = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def desktop(browser: Browser) -> Browser:
    return resize(browser, 1280, 900)


@pytest.fixture
def phone(browser: Browser) -> Browser:
    return resize(browser, 375, 812)
