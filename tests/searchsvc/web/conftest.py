"""An app over the six sample articles, kept by the engine in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.brute_force import BruteForceEngine

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
