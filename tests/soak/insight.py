"""What does recording searches cost, and do the reports answer from a day of them?

    PYTHONPATH=.:tests python -m soak.insight replay INDEX QUERIES… --searches 20000
    PYTHONPATH=.:tests python -m soak.insight cost INDEX QUERIES… --rounds 12

QUERIES are files of JSON Lines with ``text``, or plain text. ``replay`` sends them to a service
that records, some far more often than others, with invented clicks that prefer the first hits, then
prints the reports. ``cost`` runs two services over one index, one that records and one that does
not, sends each the same searches in short alternating turns, and compares the time and the
processor time of the workers pair by pair; the latter also on a busy machine. Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from urllib.parse import quote

from support.running import find_port_of, follow_log, list_workers, run_server

CLIENTS = 4
SETTLE_S = 2.0
COMMAND = "from searchsvc.cli import main; main()"
#: Of searches with hits, the part after which one is opened; and how much less each next hit is.
OPENED, NEXT = 0.45, 0.62


def read_queries(paths: list[Path]) -> list[str]:
    queries = []
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            text = json.loads(line)["text"] if line.startswith("{") else line
            queries.append(" ".join(text.split()))
    return queries


def draw(queries: list[str], count: int, seed: int) -> list[str]:
    """``count`` searches of a day: query number n about 1/n as often as the first."""
    chance = Random(seed)
    shuffled = chance.sample(queries, len(queries))
    weights = [1 / (number + 1) ** 0.8 for number in range(len(shuffled))]
    return chance.choices(shuffled, weights, k=count)


class Client:
    """One connection."""

    def __init__(self, port: int, seed: int = 0) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._chance = Random(seed)

    def search(self, query: str) -> dict[str, object]:
        """The answer, however often the service is too busy for it."""
        while True:
            self._connection.request("GET", f"/api/v1/search?q={quote(query)}&facets=category")
            response = self._connection.getresponse()
            body: dict[str, object] = json.loads(response.read())
            if response.status == 200:
                return body
            assert response.status == 503, body
            time.sleep(float(response.headers["Retry-After"]) / 10)

    def search_and_click(self, query: str) -> None:
        answer = self.search(query)
        hits = answer["hits"]
        assert isinstance(hits, list)
        if not hits or self._chance.random() > OPENED:
            return
        place = 0
        while place < len(hits) - 1 and self._chance.random() < NEXT:
            place += 1
        click = {
            "action_name": "click",
            "query_id": answer["query_id"],
            "event_attributes": {"object": {"object_id": hits[place]["id"]}},
        }
        # Readers have addresses of their own, and no address may report without end.
        address = f"10.{self._chance.randrange(256)}.{self._chance.randrange(256)}.7"
        headers = {"X-Forwarded-For": address}
        self._connection.request("POST", "/api/v1/events", json.dumps(click), headers)
        response = self._connection.getresponse()
        response.read()
        assert response.status == 202


def send_all(port: int, queries: list[str], *, click: bool) -> float:
    """Send all queries over several connections; return the seconds it took."""

    def work(number: int) -> None:
        client = Client(port, number)
        for query in queries[number::CLIENTS]:
            (client.search_and_click if click else client.search)(query)

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, range(CLIENTS)))
    return time.perf_counter() - began


def replay(index: Path, queries: list[str], searches: int) -> None:
    day = draw(queries, searches, seed=1)
    with run_server(index, "--insight", "--trusted-proxies", "1") as (process, address):
        follow_log(process)
        seconds = send_all(find_port_of(address), day, click=True)
        time.sleep(3)
    print(f"{searches:,} searches in {seconds:.0f} s: {searches / seconds:.0f}/s")
    for report in ("top", "no-results", "zero-click", "clicks", "slow"):
        began = time.perf_counter()
        command = [sys.executable, "-c", COMMAND, "insight", report, "--limit", "5"]
        found = subprocess.run(
            [*command, "--index", index], capture_output=True, text=True, check=False
        )
        print(f"\n{report} ({time.perf_counter() - began:.1f} s)\n{found.stdout}{found.stderr}")


def cost(index: Path, queries: list[str], rounds: int, searches: int) -> None:
    # The data folder of the service that records is elsewhere, over the same files.
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / index.name
        other.symlink_to(index.resolve(), target_is_directory=True)
        with run_server(other, "--insight") as (on, there), run_server(index) as (off, here):
            follow_log(on)
            follow_log(off)
            services = {"on": (on.pid, find_port_of(there)), "off": (off.pid, find_port_of(here))}
            for _, port in services.values():
                send_all(port, draw(queries, searches, seed=0), click=False)
            compare(services, queries, rounds, searches)


def compare(
    services: dict[str, tuple[int, int]], queries: list[str], rounds: int, searches: int
) -> None:
    """``services``: (process, port) of each."""
    took: dict[str, list[float]] = {"on": [], "off": []}
    worked: dict[str, list[float]] = {"on": [], "off": []}
    for number, order in zip(range(rounds), alternate(), strict=False):
        turn = draw(queries, searches, seed=number + 2)
        for name in order:
            pid, port = services[name]
            before = read_processor_time(pid)
            took[name].append(send_all(port, turn, click=False))
            # What is still to be written belongs to this turn.
            time.sleep(SETTLE_S)
            worked[name].append(read_processor_time(pid) - before)
        told = ", ".join(
            f"{name} {searches / took[name][-1]:.0f}/s {1000 * worked[name][-1] / searches:.2f} ms"
            for name in ("off", "on")
        )
        print(f"round {number + 1}: {told}", flush=True)
    for what, seconds in (("time", took), ("processor time", worked)):
        ratios = [on / off for on, off in zip(seconds["on"], seconds["off"], strict=True)]
        spread = statistics.stdev(ratios) / len(ratios) ** 0.5
        print(
            f"recording, {what}: median {statistics.median(ratios) - 1:+.2%}, "
            f"sum {sum(seconds['on']) / sum(seconds['off']) - 1:+.2%}, "
            f"mean {statistics.fmean(ratios) - 1:+.2%} ± {spread:.2%}"
        )


def read_processor_time(server: int) -> float:
    """Seconds that the workers of a server have worked."""
    ticks = 0
    for pid in list_workers(server):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def alternate() -> Iterator[tuple[str, str]]:
    while True:
        yield "on", "off"
        yield "off", "on"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("replay", "cost"))
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path, nargs="+")
    parser.add_argument("--searches", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--turn", type=int, default=300, help="searches of one turn of cost")
    asked = parser.parse_args()
    queries = read_queries(asked.queries)
    if asked.what == "replay":
        replay(asked.index, queries, asked.searches)
    else:
        cost(asked.index, queries, asked.rounds, asked.turn)


if __name__ == "__main__":
    main()
