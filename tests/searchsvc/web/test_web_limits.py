"""No request costs more than it may, and none keeps the others from their answers."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.brute_force import BruteForceEngine, BruteForceSnapshot
from werkzeug.datastructures import MultiDict

from indexer.engine.base import Answer, Query
from indexer.schema import LABEL_FACETS
from searchsvc.limits import MAX_QUERY_WORDS
from searchsvc.query.parameters import PARAMETERS
from searchsvc.query.parts import PARTS
from searchsvc.web import create_app
from searchsvc.web.service import EXTENSION

LONGEST_S = 60
SEARCHING = (
    "/api/v1/search?q=padi",
    "/?q=padi",
    "/",
    "/artikel/panen-padi?q=padi",
    "/api/v1/suggest?q=pad",
)


@pytest.fixture
def hurried(app: Flask, brute_engine: BruteForceEngine) -> FlaskClient:
    """Of a service whose queries may take next to no time."""
    return create_app({"query_deadline_seconds": 1e-9}, engine=brute_engine).test_client()


@pytest.mark.parametrize("address", SEARCHING)
def test_what_takes_too_long_is_ended(
    hurried: FlaskClient, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = hurried.get(address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.headers["Cache-Control"] == "no-store"
    if address.startswith("/api/"):
        assert response.mimetype == "application/problem+json"
        assert response.get_json(force=True) == {
            "type": "/api/v1/problems/query_too_costly",
            "title": "Query took too long",
            "status": 503,
            "detail": "The query took too long and was ended. "
            "Ask with fewer words, stars or filters.",
            "code": "query_too_costly",
        }
    else:
        assert "Pencarian ini terlalu berat" in response.text
    assert "longer than 1e-09 s and was ended. Ask with fewer" in caplog.text
    # What readers search for is not in the log.
    assert f"It was {address.partition('?')[0]!r}." in caplog.text


def test_the_log_has_the_query_that_took_too_long_if_that_is_wanted(
    app: Flask, brute_engine: BruteForceEngine, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {"query_deadline_seconds": 1e-9, "log_queries": True}
    create_app(settings, engine=brute_engine).test_client().get("/api/v1/search?q=padi")
    assert "It was '/api/v1/search?q=padi'." in caplog.text


@pytest.mark.parametrize(
    "address", ["/healthz", "/readyz", "/static/page.css", "/opensearch.xml", "/buka/panen-padi"]
)
def test_what_is_no_query_has_no_deadline(hurried: FlaskClient, address: str) -> None:
    assert hurried.get(address).status_code in (200, 302)


def test_a_long_address_is_logged_in_part(
    hurried: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    hurried.get("/api/v1/search?q=" + 60_000 * "x")
    assert len(caplog.text) < 2_000


class Held(BruteForceEngine):
    """An engine whose searches wait until they are let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.holds = False
        self.searching = threading.Semaphore(0)
        self.go_on = threading.Event()

    def snapshot(self) -> BruteForceSnapshot:
        return HeldSnapshot(self)


class HeldSnapshot(BruteForceSnapshot):
    def __init__(self, engine: Held) -> None:
        super().__init__(engine.state)
        self.engine = engine

    def search(self, query: Query) -> Answer:
        if self.engine.holds:
            self.engine.searching.release()
            assert self.engine.go_on.wait(LONGEST_S)
        return super().search(query)


@pytest.fixture
def held(app: Flask, brute_engine: BruteForceEngine) -> Held:
    engine = Held()
    engine.state = brute_engine.state
    return engine


def ask_beside(client: FlaskClient, address: str, answers: list[int]) -> threading.Thread:
    def ask() -> None:
        answers.append(client.get(address).status_code)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread


def test_health_and_what_was_answered_before_need_no_turn(held: Held) -> None:
    client = create_app({"threads": 1}, engine=held).test_client()
    assert client.get("/api/v1/search?q=padi").status_code == 200
    held.holds = True
    answers: list[int] = []
    slow = ask_beside(client, "/api/v1/search?q=petani", answers)
    assert held.searching.acquire(timeout=LONGEST_S)
    for address in ("/healthz", "/readyz", "/static/page.css", "/api/v1/search?q=padi"):
        assert client.get(address).status_code == 200
    assert answers == []
    held.go_on.set()
    slow.join(LONGEST_S)
    assert answers == [200]


def test_who_cannot_have_a_turn_in_time_is_told(brute_engine: BruteForceEngine) -> None:
    app = create_app({"threads": 1, "query_deadline_seconds": 0.01}, engine=brute_engine)
    client = app.test_client()
    with app.extensions[EXTENSION].turns.take():
        response = client.get("/api/v1/search?q=padi")
        page = client.get("/?q=padi")
    assert (response.status_code, response.get_json(force=True)["code"]) == (503, "too_busy")
    assert response.headers["Retry-After"] == "5"
    assert page.status_code == 503
    assert "Pencarian sedang sangat ramai" in page.text


class Counting(BruteForceSnapshot):
    """Counts what is asked of it."""

    def __init__(self, engine: BruteForceEngine, asked: Counter[str]) -> None:
        super().__init__(engine.state)
        self.asked = asked

    def __getattribute__(self, name: str) -> Any:
        if name in COUNTED:
            object.__getattribute__(self, "asked")[name] += 1
        return object.__getattribute__(self, name)


COUNTED = frozenset(
    ["search", "statistics", "terms", "frequent_terms", "label_counts", "occurrences", "explain"]
)


class CountingEngine(BruteForceEngine):
    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def snapshot(self) -> BruteForceSnapshot:
        return Counting(self, self.asked)


#: Words of the sample articles, alone and as they are hardest.
WORDS = [
    *("polisi", "pasar", "padi", "petani", "korupsi", "bupati", "menang", "gol", "iran"),
    *("menteri", "roti", "anak", "hujan"),
]
MANY_WORDS = [WORDS[number % len(WORDS)] for number in range(2 * MAX_QUERY_WORDS)]
HARDEST: dict[str, Callable[[], list[str]]] = {
    "q": lambda: [" ".join(word[:2] + "*" for word in WORDS) + " " + " ".join(MANY_WORDS)],
    "page": lambda: ["100"],
    "per_page": lambda: ["100"],
    "sort": lambda: ["oldest"],
    "from": lambda: ["1800"],
    "to": lambda: ["2199"],
    "facets": lambda: ["*"] * 300,
    "interval": lambda: ["day"],
    "collapse": lambda: ["1"],
    "explain": lambda: ["1"],
    "match": lambda: ["any"],
    "without": lambda: [",".join(PARTS)],
    "recency": lambda: ["0"],
    "select": lambda: ["title,snippet_html,also"],
    "mark_start": lambda: ["<b>"],
    "mark_end": lambda: ["</b>"],
    "snippet_length": lambda: ["1000"],
    **{facet: lambda: [f"tidak ada {number}" for number in range(100)] for facet in LABEL_FACETS},
}
HARDEST_QUERIES = [
    HARDEST["q"]()[0],
    " ".join(f'"{word} {other}"' for word in WORDS for other in WORDS),
    " atau ".join(MANY_WORDS),
    " ".join(f"-{word}" for word in MANY_WORDS),
    " ".join(f"judul:{word}*" for word in MANY_WORDS),
    " ".join(f"{word[:-1]}qx{word[-1:]}" for word in MANY_WORDS),
    " ".join(f"sumber:tidak{number}" for number in range(300)),
    "(" * 900 + "padi",
    '"' * 1_999,
    "a " * 1_000,
]


def count_asked(app: Flask, pairs: list[tuple[str, str]]) -> Counter[str]:
    engine = app.extensions["searchsvc"].index.engine()
    engine.asked.clear()
    response = app.test_client().get("/api/v1/search", query_string=MultiDict(pairs))
    assert response.status_code == 200, response.text
    return Counter(engine.asked)


@pytest.fixture
def counted(app: Flask, brute_engine: BruteForceEngine) -> Flask:
    engine = CountingEngine()
    engine.state = brute_engine.state
    return create_app({"cache_bytes": 0}, engine=engine)


def test_every_parameter_has_its_hardest_value() -> None:
    assert set(HARDEST) == set(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_no_value_of_a_parameter_asks_for_more_searches(counted: Flask, name: str) -> None:
    plain = count_asked(counted, [("q", "padi")])
    pairs = [(name, value) for value in HARDEST[name]()]
    if name != "q":
        pairs.append(("q", "padi"))
    hardest = count_asked(counted, pairs)
    # Of a word, its rows and neighbours may be looked up; of any other value, nothing.
    assert hardest["search"] <= plain["search"] + (3 * MAX_QUERY_WORDS if name == "q" else 0)
    for one in ("terms", "frequent_terms"):
        assert hardest[one] <= plain[one]
    assert hardest["label_counts"] <= plain["label_counts"] + len(LABEL_FACETS)


@pytest.mark.parametrize("q", HARDEST_QUERIES)
def test_the_hardest_queries_ask_for_no_more_than_their_words_allow(counted: Flask, q: str) -> None:
    pairs = [("q", q), ("facets", "*"), ("per_page", "100"), ("explain", "1")]
    pairs += [("tags", f"tidak ada {number}") for number in range(100)]
    asked = count_asked(counted, pairs)
    assert asked["search"] <= 3 * MAX_QUERY_WORDS
    assert asked["statistics"] <= 40 * MAX_QUERY_WORDS
    assert asked["occurrences"] <= 100
    assert asked["explain"] <= 100


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs Redis")
def test_processes_that_count_in_redis_count_together(tmp_path: Path) -> None:
    pytest.importorskip("redis")
    place = tmp_path / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(place), "--save", ""]
    settings = {"index": tmp_path / "default", "rate_limit": "3/hour"}
    settings["rate_limit_storage"] = f"redis+unix://{place}"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as redis:
        assert redis.stdout is not None
        next(line for line in redis.stdout if "ready to accept" in line.lower())
        first, second = (create_app(settings).test_client() for _ in range(2))
        answers = [client.get("/version") for client in (first, second, first, second)]
        redis.terminate()
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    # Without it each process counts for itself rather than shutting everybody out.
    assert [client.get("/version").status_code for client in (first, second)] == [200, 200]
