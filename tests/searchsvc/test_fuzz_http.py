"""Requests that nobody would send, byte by byte, to the server as it runs.

A few here; ``make fuzz`` sends many more: FUZZ_REQUESTS says how many, FUZZ_SEED which.
"""

from __future__ import annotations

import codecs
import os
import re
import signal
import sys
from pathlib import Path
from random import Random

import pytest
from support.running import ask, connect, list_workers, receive_all, run_server

from indexer.article import Article
from indexer.engine.embedded import open_engine
from indexer.ingest.build_article import document
from indexer.language.analyzer import Analyzer

CORPUS = Path(__file__).resolve().parents[1] / "data" / "http_corpus.txt"
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "400"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
TOKENS = [
    *(b"%00", b"%ff", b"%", b"%2f", b"%0d%0a", b"..", b"//", b"\\", b'"', b"'", b"<script>"),
    *(b"*", b"-", b"(", b"atau ", b":", b"judul:", b"sebelum:", b"\x00", b"\xff", b"\xe2\x80\xae"),
    *(b"&", b"=", b"?", b"#", b"[]", b"q=", b"&tags=x", b"&facets=*", b"&page=", b"9" * 40),
    *(b"\r\n", b"\n", b"\r\nHost: b..c", b"\r\nContent-Length: 5", b"\r\nExpect: 100-continue"),
    *(b"\r\nIf-None-Match: *", b"\r\nAccept-Encoding: gzip;q=x, *", b"\r\nConnection: upgrade"),
    *(b"A" * 3_000, b"%41" * 1_000, b"%f0%9f%98%80" * 50),
]
END = b"\r\nConnection: close\r\n\r\n"


def read_corpus() -> list[bytes]:
    lines = CORPUS.read_text("utf-8").splitlines()
    return [
        codecs.escape_decode(line.encode())[0]
        for line in lines
        if line and not line.startswith("#")
    ]


def mutate(chance: Random, request: bytes, corpus: list[bytes]) -> bytes:
    """The request with some of it changed."""
    changed = bytearray(request)
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        at = chance.randint(0, len(changed))
        end = min(len(changed), at + chance.choice([1, 2, 8, 40]))
        kind = chance.randrange(6)
        if kind == 0:
            changed[at:at] = chance.choice(TOKENS)
        elif kind == 1:
            del changed[at:end]
        elif kind == 2:
            changed[at:at] = changed[at:end] * chance.choice([1, 3, 50])
        elif kind == 3 and at < len(changed):
            changed[at] = chance.randrange(256)
        elif kind == 4:
            other = chance.choice(corpus)
            changed[at:] = other[chance.randint(0, len(other)) :]
        else:
            changed[at:end] = chance.choice(TOKENS)
    return bytes(changed)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers as Linux shows them")
def test_no_request_is_answered_with_an_error_of_the_server(
    tmp_path: Path, sample_articles: list[Article]
) -> None:
    engine = open_engine(tmp_path / "indeks", create=True)
    with engine.writer() as writer:
        writer.add(Analyzer().analyse([document(article) for article in sample_articles]))
        writer.commit()
    chance, corpus, answered = Random(SEED), read_corpus(), 0
    # Some changed requests are unfinished, others leave the connection open.
    options = ("--trusted-proxies", "1", "--connection-timeout-seconds", "1")
    with run_server(tmp_path / "indeks", *options) as (process, address):
        assert ask(f"{address}readyz")[0] == 200
        workers = sorted(list_workers(process.pid))
        for number in range(REQUESTS):
            request = corpus[number % len(corpus)]
            if number >= len(corpus):
                request = mutate(chance, request, corpus)
            with connect(address, request + END) as connection:
                answer = receive_all(connection)
            told = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
            assert told or not answer, request
            answered += bool(told)
            assert not told or 200 <= int(told[1]) < 500, (request, answer[:500])
        assert ask(f"{address}healthz")[0] == 200
        assert sorted(list_workers(process.pid)) == workers
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        assert not re.search("ERROR|Traceback", process.stderr.read())
    assert answered > REQUESTS / 2
