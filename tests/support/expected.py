"""The rows of ``tests/data/expectations`` and the indexes they are asked of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexer.engine.embedded import open_engine
from indexer.ingest.readers import read_paths
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from searchsvc.evaluation.expectations.asking import Searcher
from searchsvc.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "index_data" / "samples"
EXPECTATIONS = ROOT / "tests" / "data" / "expectations"


def index_for_searching(folder: Path, articles: Iterable[Path]) -> Searcher:
    """The articles in an index in ``folder``, searched as a service without settings does."""
    engine = open_engine(folder, create=True)
    index_articles(engine, read_paths(articles), Analyzer())
    settings = Settings()
    return Searcher(
        engine,
        Analyzer(),
        half_life_days=settings.recency_half_life_days,
        recency_weight=settings.recency_weight,
        suggest_limit=settings.suggest_limit,
    )
