"""A service under mixed traffic, with commits, merges and reloads: does anything grow?

    PYTHONPATH=.:tests python -m soak --seconds 3600

Prints what the workers hold, and ends with status 1 where it grew, or an answer was a 5xx. Linux.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

from support.running import ask, find_port_of, follow_log, list_workers, run_server

from bench.invented import invent_articles, invent_words
from indexer.article import Article
from indexer.engine.base import Engine
from indexer.engine.embedded import open_engine
from indexer.language.analyzer import Analyzer
from indexer.pipeline import index_articles
from soak.figures import Held, find_growth, measure
from soak.traffic import Reader

ANALYZER = Analyzer()
READERS = 4
WORDS = 3_000
#: A service on a busy machine is no slower for that in what it holds.
SERVED_WITH = ("--cache-bytes", "4000000", "--query-deadline-seconds", "20")
COMMIT_EVERY_S = 5.0
#: Until then readers ask without a pause and commits come one after another, so that whatever fills
#: is full before the figures are compared, on a busy machine too.
WARMING_S = 240.0
MOST_TOLD = 10
#: So many articles are changed by a commit, and of so many commits one merges everything.
CHANGED = 60
MERGES_EVERY = 15
#: The figures are compared from then on: caches are full and loops loaded.
SETTLED_S = 300.0
#: How much each may grow until the end. Memory is judged where there is time to.
ALLOWED = {"memory_mb": 0.05, "descriptors": 0.2, "maps": 0.1, "threads": 0.5}
_LOOKS = 60


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=3600)
    # Few, so that what is remembered of words is full at minute five, and only leaks grow on.
    options.add_argument("--articles", type=int, default=1000)
    options.add_argument("--rate", type=float, default=40, help="requests a second")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "indeks"
        print(f"Indexing {chosen.articles} invented articles ...", flush=True)
        engine = open_engine(index, create=True)
        pool = list(invent_articles(chosen.articles))
        index_articles(engine, pool, ANALYZER)
        with run_server(index, *SERVED_WITH) as (process, address):
            log = follow_log(process)
            ask(f"{address}readyz")
            workers = list_workers(process.pid)
            port = find_port_of(address)
            words = list(islice(invent_words(Random(1))[0], WORDS))
            readers = [Reader(port, words, len(pool), seed=number) for number in range(READERS)]
            looks = watch(engine, pool, readers, workers, chosen.seconds, READERS / chosen.rate)
            replaced = sorted(list_workers(process.pid)) != sorted(workers)
        engine.close()
    statuses = sum((reader.statuses for reader in readers), Counter())
    status = judge(looks, statuses, seconds=chosen.seconds, replaced=replaced)
    if status:
        print("The end of the server's log:", *log, sep="\n", file=sys.stderr)
    return status


def watch(
    engine: Engine,
    pool: list[Article],
    readers: list[Reader],
    workers: list[int],
    seconds: float,
    pause_s: float,
) -> list[Held]:
    """Let readers ask and a writer write for so long: what was held at each look. When all is warm
    each reader pauses ``pause_s`` before each request.
    """
    for reader in readers:
        reader.start()
    looks: list[Held] = []
    began, commits, next_commit = time.monotonic(), 0, 0.0
    warming_s = min(WARMING_S, seconds / 3)
    print(f"{'seconds':>8} {'answers':>9} {'commits':>8}  memory MB  descriptors  maps  threads")
    while (now := time.monotonic() - began) < seconds:
        if now >= next_commit:
            change_articles(engine, pool, commits)
            commits += 1
            next_commit = now + (COMMIT_EVERY_S if now > warming_s else 0.0)
        if now > warming_s:
            for reader in readers:
                reader.pause_s = pause_s
        if now >= len(looks) * seconds / _LOOKS:
            looks.append(measure(workers))
            answers = sum(sum(reader.statuses.values()) for reader in readers)
            held = looks[-1]
            print(
                f"{now:8.0f} {answers:9} {commits:8}  {held.memory_mb:9.1f}  "
                f"{held.descriptors:11}  {held.maps:4}  {held.threads:7}",
                flush=True,
            )
        time.sleep(min(1.0, seconds / _LOOKS / 4))
    for reader in readers:
        reader.stopping.set()
    for reader in readers:
        reader.join()
        for failure in reader.failures[:MOST_TOLD]:
            print(failure, file=sys.stderr)
    return looks


def change_articles(engine: Engine, pool: list[Article], commit: int) -> None:
    """A commit: articles under ids of others, some deleted; now and then a merge of everything."""
    chance = Random(commit)
    ids = [article.id for article in pool]
    with engine.writer() as writer:
        writer.delete(chance.sample(ids, CHANGED // 3))
        writer.commit()
    changed = chance.sample(pool, CHANGED)
    written = (replace(one, id=chance.choice(ids)) for one in changed)
    index_articles(engine, written, ANALYZER)
    if commit % MERGES_EVERY == MERGES_EVERY - 1:
        with engine.writer() as writer:
            writer.optimize()
            writer.commit()


def judge(looks: list[Held], statuses: Counter[str], *, seconds: float, replaced: bool) -> int:
    """Print what is wrong; the exit status."""
    print("Answers:", ", ".join(f"{count} {name}" for name, count in sorted(statuses.items())))
    whole = seconds >= 2 * SETTLED_S
    settled = int(len(looks) * (SETTLED_S / seconds if whole else 0.5))
    some = max(1, len(looks) // 8)
    allowed = {name: part for name, part in ALLOWED.items() if whole or name != "memory_mb"}
    problems = find_growth(looks[settled : settled + some], looks[-some:], allowed)
    problems += [
        f"{count} answers were {name}."
        for name, count in statuses.items()
        if name not in ("2xx", "3xx", "4xx")
    ]
    if replaced:
        problems.append("A worker died and was replaced.")
    for problem in problems:
        print(problem, file=sys.stderr)
    print("Something grew or failed." if problems else "Nothing grew, nothing failed.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
