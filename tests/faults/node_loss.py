"""One of three nodes is killed while articles are written and 20 clients search.

    PYTHONPATH=.:tests python -m faults.node_loss

Starts a cluster of three by ``.ci/opensearch`` and a service on an index in it, and kills, without
a word, the node that holds the primary shard of the articles; ``--victim manager`` the one that
manages the cluster, ``--victim replica`` one that only has a copy. Before, during and after that,
each client asks for words whose totals and counts are known, and for all articles that were sent.
Prints the figures as JSON. Exits with 1 if an answer was wrong or left out what had been confirmed
when it was asked for, if an article that was confirmed is gone, if an error was not a 503 with
Retry-After or came later than five seconds after the first, or if the index is not whole
afterwards; with 3 where OpenSearch cannot be had.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from soak.writing import MARK, MASTER_KEY, Connection
from support.running import find_port_of, follow_log, run_server

from bench.invented import invent_articles, invent_words
from searchsvc.engines import ADDRESS_FILE
from searchsvc.index import Index
from searchsvc.request import SearchRequest

STARTER = Path(__file__).parents[2] / ".ci/opensearch"
NAME = "kehilangan"
CLIENTS = 20
#: From the first error to the last.
LONGEST_S = 5.0
#: Words that are asked for; others would only take longer to prepare.
ASKED = 60
#: How long after the loss of a node its shards may move before the index must be whole again.
SETTLED_S = 300.0
_TOLD = 10


@dataclass
class Seen:
    """What happened. ``sent`` and ``confirmed`` are numbers of articles, which are sent one after
    another.
    """

    sent: int = 0
    confirmed: int = 0
    answers: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    error_times: list[float] = field(default_factory=list)
    longest_write_s: float = 0.0
    longest_answer_s: float = 0.0
    problems: list[str] = field(default_factory=list)


Expected = dict[str, tuple[int, dict[str, int]]]


async def search_on(port: int, expected: Expected, seen: Seen, until: float, seed: int) -> None:
    """Ask one thing after another, every other time for the articles that were sent."""
    chance, connection = Random(seed), Connection(port)
    words = list(expected)
    while time.monotonic() < until:
        word = MARK if chance.random() < 0.5 else chance.choice(words)
        confirmed = seen.confirmed
        began = time.monotonic()
        asked = urlencode({"q": word, "facets": "category", "per_page": 1})
        status, headers, body = await connection.ask("GET", f"/api/v1/search?{asked}")
        ended = time.monotonic()
        if status != 200:
            note_error(seen, status, headers, body, ended)
            await asyncio.sleep(0.1)
            continue
        seen.answers += 1
        seen.longest_answer_s = max(seen.longest_answer_s, ended - began)
        told = json.loads(body)
        if word == MARK:
            if not confirmed <= told["total"] <= seen.sent:
                seen.problems.append(f"{told['total']} found, {confirmed} to {seen.sent} sent")
        elif summarise(told) != expected[word]:
            seen.problems.append(f"{word}: {summarise(told)} instead of {expected[word]}")
    connection.close()


def note_error(seen: Seen, status: int, headers: dict[str, str], body: bytes, ended: float) -> None:
    code = json.loads(body).get("code", "")
    seen.errors[f"{status} {code}"] += 1
    seen.error_times.append(ended)
    if status != 503 or "retry-after" not in headers:
        seen.problems.append(f"{status} {headers.get('retry-after')} {body[:200]!r}")


def summarise(told: dict[str, Any]) -> tuple[int, dict[str, int]]:
    """Total and counts of an answer."""
    return told["total"], {one["value"]: one["count"] for one in told["facets"]["category"]}


async def write_on(port: int, seen: Seen, until: float) -> None:
    """Send one article after another, each until it is confirmed."""
    connection = Connection(port)
    while time.monotonic() < until or seen.confirmed < seen.sent:
        number = seen.confirmed
        seen.sent = number + 1
        article = {
            "id": f"{MARK}-{number}",
            "title": f"{MARK} {number}",
            "body": f"Nomor {number}.",
        }
        began = time.monotonic()
        status, headers, body = await connection.ask(
            "POST", "/api/v1/articles?wait=1", json.dumps(article).encode()
        )
        ended = time.monotonic()
        if status == 200:
            failed = json.loads(body).get("error")
            if failed:
                seen.problems.append(f"sending: {failed}")
                return
            seen.confirmed += 1
            seen.longest_write_s = max(seen.longest_write_s, ended - began)
        elif status != 202:
            note_error(seen, status, headers, body, ended)
            if status != 503:
                break
            await asyncio.sleep(0.1)
    connection.close()


async def kill_after(seconds: float, pid: int) -> None:
    await asyncio.sleep(seconds)
    os.kill(pid, signal.SIGKILL)


async def load(port: int, expected: Expected, victim: int, before_s: float, after_s: float) -> Seen:
    seen = Seen()
    until = time.monotonic() + before_s + after_s
    clients = (search_on(port, expected, seen, until, seed) for seed in range(CLIENTS))
    await asyncio.gather(write_on(port, seen, until), kill_after(before_s, victim), *clients)
    return seen


# --- the cluster


def start_cluster(folder: Path, port: int) -> str:
    """Its addresses. Raises SystemExit with 3 where it cannot be had."""
    done = subprocess.run(
        [STARTER, "start", folder, str(port), "3"], stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.strip().partition("=")[2]


def ask_cluster(addresses: str, path: str) -> Any:
    """What the first node that runs says."""
    for one in addresses.removeprefix("http://").split(","):
        try:
            with urlopen(f"http://{one}{path}", timeout=30) as answer:
                return json.load(answer)
        except OSError:
            continue
    raise SystemExit("No node answers.")


def choose_victim(addresses: str, role: str, folder: Path) -> tuple[str, int]:
    """The name and the process of the node to kill."""
    if role == "manager":
        name = ask_cluster(addresses, "/_cat/cluster_manager?format=json")[0]["node"]
    else:
        shards = ask_cluster(addresses, f"/_cat/shards/{NAME}?format=json")
        kind = "p" if role == "primary" else "r"
        name = next(one["node"] for one in shards if one["prirep"] == kind)
    return name, int((folder / name / "pid").read_text())


def wait_until_green(addresses: str) -> str:
    path = f"/_cluster/health?wait_for_status=green&timeout={SETTLED_S:.0f}s"
    status: str = ask_cluster(addresses, path)["status"]
    return status


def prepare(index: Path, articles: int) -> Expected:
    """Fill the index; what words find in it, by the embedded engine."""
    chosen = Random(1).sample(invent_words(Random(1))[0][:3_000], ASKED)
    with tempfile.TemporaryDirectory() as folder:
        expected: Expected = {}
        with Index.open(Path(folder), create=True) as model, Index.open(index, create=True) as real:
            for one in (model, real):
                one.add(invent_articles(articles))
            for word in chosen:
                request = SearchRequest(q=word, facets=("category",), per_page=1)
                answers = [summarise(one.answer(request).to_dict()) for one in (model, real)]
                assert answers[0] == answers[1], answers
                expected[word] = answers[0]
    return expected


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--victim", choices=("primary", "replica", "manager"), default="primary")
    options.add_argument("--seconds", type=float, default=60, help="after the loss")
    options.add_argument("--articles", type=int, default=2_000)
    options.add_argument("--port", type=int, default=19500)
    options.add_argument("--cluster", type=Path, help="where OpenSearch is, or will be fetched to")
    chosen = options.parse_args()
    os.environ["SEARCHSVC_MASTER_KEY"] = MASTER_KEY
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        cluster = chosen.cluster or Path(folder) / "cluster"
        try:
            addresses = start_cluster(cluster, chosen.port)
            return run(chosen, Path(folder) / "default", addresses, cluster)
        finally:
            subprocess.run([STARTER, "stop", cluster], check=True)


def run(chosen: argparse.Namespace, index: Path, addresses: str, cluster: Path) -> int:
    index.mkdir()
    (index / ADDRESS_FILE).write_text(json.dumps({"address": f"{addresses}/{NAME}"}))
    expected = prepare(index, chosen.articles)
    wait_until_green(addresses)
    name, pid = choose_victim(addresses, chosen.victim, cluster)
    # Answers from memory would show nothing, and a busy machine is not what is measured.
    options = ("--cache-bytes", "0", "--query-deadline-seconds", "30")
    with run_server(index, *options) as (process, address):
        log = follow_log(process)
        seen = asyncio.run(
            load(find_port_of(address), expected, pid, min(15.0, chosen.seconds), chosen.seconds)
        )
    status = wait_until_green(addresses)
    with Index.open(index) as opened:
        seen.problems += opened.engine.check()
        there = {one.id for one in opened}
    lost = [n for n in range(seen.confirmed) if f"{MARK}-{n}" not in there]
    seen.problems += [f"article {number} was confirmed and is gone" for number in lost]
    times = seen.error_times
    lasted = max(times) - min(times) if times else 0.0
    if lasted > LONGEST_S:
        seen.problems.append(f"errors for {lasted:.1f} s")
    figures = asdict(seen) | {
        "killed": name,
        "errors_lasted_s": round(lasted, 2),
        "health": status,
        "problems": seen.problems[:_TOLD],
    }
    del figures["error_times"]
    print(json.dumps(figures, indent=1))
    if seen.problems:
        print("The end of the server's log:", *list(log)[-20:], sep="\n", file=sys.stderr)
    return 1 if seen.problems else 0


if __name__ == "__main__":
    sys.exit(main())
