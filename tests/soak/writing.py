"""A service under many connections while articles are written: is every answer fresh?

    PYTHONPATH=.:tests python -m soak.writing --seconds 150

Each connection asks again as soon as it is answered; each second an article is sent and waited for.
Prints how long that takes, how old answers are, and what the workers hold. Ends with status 1 where
an answer was an error other than 429 or 503 with Retry-After, or left out what could be found more
than two seconds before, or where memory grew in the second half. Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from support.running import find_port_of, follow_log, list_workers, run_server

from bench.invented import invent_articles, invent_words
from searchsvc.index import Index
from soak.figures import Held, find_growth, measure

MASTER_KEY = "kunci-induk-untuk-uji-coba"
OLDEST_S = 2.0
#: Small caches are soon full, and only leaks grow on.
SERVED_WITH = ("--cache-bytes", "4000000")
ALLOWED = {"memory_mb": 0.05, "descriptors": 0.2, "maps": 0.1}
#: A word that nobody invents, in every article that is sent.
MARK = "penandawaktu"
_FAILURES_TOLD = 5


@dataclass
class Seen:
    """What happened. ``findable`` says when each article that was sent could be found."""

    findable: list[float] = field(default_factory=list)
    sending_s: list[float] = field(default_factory=list)
    ages_s: list[float] = field(default_factory=list)
    answering_s: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


class Connection:
    """One connection that is kept open, and opened again where the server closes it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers in small letters, and body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {MASTER_KEY}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, colon, value in (line.partition(":") for line in lines[1:])
            if colon
        }
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self.close()
        return int(lines[0].split()[1]), headers, content

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def read_on(port: int, words: list[str], seen: Seen, until: float, seed: int) -> None:
    """Ask one thing after another; every other question is for the newest article that was sent."""
    chance, connection = Random(seed), Connection(port)
    while time.monotonic() < until:
        fresh = chance.random() < 0.5
        asked = (
            {"q": MARK, "sort": "newest", "per_page": 1}
            if fresh
            else {"q": " ".join(chance.choices(words, k=2)), "facets": "category"}
        )
        began = time.monotonic()
        try:
            status, headers, body = await connection.ask(
                "GET", f"/api/v1/search?{urlencode(asked)}"
            )
        except (OSError, asyncio.IncompleteReadError) as error:
            connection.close()
            seen.failures.append(f"{type(error).__name__}: {error}")
            continue
        ended = time.monotonic()
        seen.statuses[status] += 1
        seen.answering_s.append(ended - began)
        if status in (429, 503) and "retry-after" in headers:
            await asyncio.sleep(0.1)
        elif status != 200:
            seen.failures.append(f"{status} {body[:200]!r}")
        elif fresh:
            note_age(body, ended, seen)
    connection.close()


def note_age(body: bytes, ended: float, seen: Seen) -> None:
    """How long before the answer came the first article could be found that it leaves out."""
    total = json.loads(body)["total"]
    age = max(0.0, ended - seen.findable[total]) if total < len(seen.findable) else 0.0
    seen.ages_s.append(age)
    if age > OLDEST_S:
        seen.failures.append(f"an answer was {age:.1f} s old")


async def write_on(port: int, seen: Seen, until: float) -> None:
    """Send an article each second, and wait until it can be found."""
    connection = Connection(port)
    number = 0
    while time.monotonic() < until:
        article = {
            "id": f"{MARK}-{number}",
            "title": f"{MARK} {number}",
            "body": f"Artikel nomor {number}.",
            "published_at": "2026-01-01T00:00:00+07:00",
        }
        began = time.monotonic()
        status, _headers, body = await connection.ask(
            "POST", "/api/v1/articles?wait=1", json.dumps(article).encode()
        )
        ended = time.monotonic()
        if status == 200:
            seen.findable.append(ended)
            seen.sending_s.append(ended - began)
            number += 1
        elif status not in (202, 429, 503):
            seen.failures.append(f"sending: {status} {body[:200]!r}")
        await asyncio.sleep(max(0.0, 1.0 - (ended - began)))
    connection.close()


async def watch_on(server: int, seen: Seen, until: float) -> None:
    """Measure each second what the workers hold."""
    while time.monotonic() < until:
        seen.held.append(measure(list_workers(server)))
        await asyncio.sleep(1.0)


async def load(port: int, server: int, words: list[str], connections: int, seconds: float) -> Seen:
    """Readers and the writer together for so long."""
    seen = Seen()
    until = time.monotonic() + seconds
    readers = (read_on(port, words, seen, until, seed) for seed in range(connections))
    await asyncio.gather(write_on(port, seen, until), watch_on(server, seen, until), *readers)
    return seen


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=150)
    options.add_argument("--connections", type=int, default=200)
    options.add_argument("--articles", type=int, default=2_000)
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    os.environ["SEARCHSVC_MASTER_KEY"] = MASTER_KEY
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "default"
        words = invent_words(Random(1))[0][:3_000]
        with Index.open(index, create=True) as opened:
            opened.add(invent_articles(chosen.articles))
        with run_server(index, "--workers", str(chosen.workers), *SERVED_WITH) as (
            process,
            address,
        ):
            follow_log(process)
            port = find_port_of(address)
            seen = asyncio.run(load(port, process.pid, words, chosen.connections, chosen.seconds))
    return tell(seen, chosen.seconds)


def tell(seen: Seen, seconds: float) -> int:
    """Print the figures; the status to end with."""
    settled = seen.held[len(seen.held) // 2 :]
    third = max(1, len(settled) // 3)
    problems = [*seen.failures, *find_growth(settled[:third], settled[-third:], ALLOWED)]
    quantiles = statistics.quantiles(seen.answering_s, n=100)
    print(f"{sum(seen.statuses.values()) / seconds:.0f} answers a second: {dict(seen.statuses)}")
    print(f"answered in {quantiles[49]:.2f} s (median), {quantiles[98]:.2f} s (99 of 100)")
    print(
        f"findable in {statistics.median(seen.sending_s):.2f} s (median), "
        f"{max(seen.sending_s):.2f} s at most, {len(seen.sending_s)} times"
    )
    print(f"oldest answer: {max(seen.ages_s):.2f} s")
    print(
        f"memory of the workers: {settled[0].memory_mb:.0f} MB, at the end "
        f"{settled[-1].memory_mb:.0f} MB"
    )
    for told in problems[:_FAILURES_TOLD]:
        print(told, file=sys.stderr)
    print(f"{len(problems)} problems")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
