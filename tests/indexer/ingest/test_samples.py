"""The bundled articles: they are what a newcomer sees first, so they must all go in cleanly."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from indexer.article import Article, Reject, Warned
from indexer.ingest.facet_values import list_labels
from indexer.ingest.readers import read_paths
from indexer.language.stem import Stemmer

SAMPLES = Path(__file__).parents[3] / "index_data" / "samples"
SECTIONS = (
    *("nasional", "politik", "hukum", "ekonomi", "internasional", "olahraga", "teknologi"),
    *("kesehatan", "pendidikan", "lingkungan", "hiburan", "otomotif", "travel", "daerah"),
)
BOILERPLATE = re.compile(
    r"baca juga|scroll to|\[gambas|simak video|tonton juga|copyright|redaktur|pewarta|\(ant/",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def items() -> list[Article | Reject | Warned]:
    # The folder's README is no article: name the folders and files that hold articles.
    inputs = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".md")
    return list(read_paths(inputs))


@pytest.fixture(scope="module")
def articles(items: list[Article | Reject | Warned]) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


@pytest.fixture(scope="module")
def wire_copy() -> list[Article]:
    return [item for item in read_paths([SAMPLES / "wire"]) if isinstance(item, Article)]


def test_everything_goes_in(items: list[Article | Reject | Warned]) -> None:
    odd = [str(item) for item in items if not isinstance(item, Article)]
    assert odd == []
    assert len(items) >= 60


def test_ids_are_unique(articles: list[Article]) -> None:
    assert len({article.id for article in articles}) == len(articles)


def test_every_article_has_its_parts(articles: list[Article]) -> None:
    for article in articles:
        assert article.title
        assert article.source, article.title
        assert 120 <= len(article.body.split()) <= 350, article.title


def test_no_boilerplate_is_left(articles: list[Article]) -> None:
    left = [
        (article.title, m[0]) for article in articles if (m := BOILERPLATE.search(article.body))
    ]
    assert left == []


def test_related_titles_come_from_wire_copy(wire_copy: list[Article]) -> None:
    assert sum(bool(article.related) for article in wire_copy) >= 10
    assert any(article.agency == "Antara" for article in wire_copy)


def test_every_section_is_there(articles: list[Article]) -> None:
    found = Counter(label for a in articles for label in list_labels(a)["category"])
    assert set(SECTIONS) <= set(found)


def test_dates_make_a_histogram(articles: list[Article]) -> None:
    months = Counter(article.published_at[:7] for article in articles if article.published_at)
    assert {month[:4] for month in months} == {"2021", "2022", "2023", "2024", "2025", "2026"}
    assert sum(count >= 3 for count in months.values()) >= 6


def test_one_query_meets_many_inflections(wire_copy: list[Article]) -> None:
    stemmer = Stemmer()
    answers: dict[str, set[str]] = {}
    for article in wire_copy:
        words = re.findall(r"\w+", f"{article.title} {article.body}".lower())
        if "teroris" in words:
            answers[article.title] = {word for word in words if stemmer.stem(word) == "serang"}
    assert sum(bool(forms) for forms in answers.values()) >= 6
    assert {"serangan", "menyerang", "diserang", "penyerangan", "penyerang"} <= set().union(
        *answers.values()
    )
