"""The wire rules on real text, where it is there: little escapes them, and prose stays."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from indexer.ingest.plain_text import clean_text, join_paragraphs
from indexer.ingest.wire import parse

#: Boilerplate that must be gone from nearly every body.
LEFTOVERS = re.compile(
    r"\[Gambas:|SCROLL TO CONTINUE|^ADVERTISEMENT$|^Baca juga ?:|Copyright © ANTARA", re.MULTILINE
)


def read_rows(path: Path, *, every: int = 1) -> Iterator[dict[str, Any]]:
    with gzip.open(path) as lines:
        for line in islice(lines, 0, None, every):
            yield orjson.loads(line)


def test_articles_lose_boilerplate_and_nothing_is_invented(shared_data: Path) -> None:
    bodies = changed = left = 0
    for row in read_rows(shared_data / "articles" / "articles.jsonl.gz", every=10):
        text = clean_text(row["body"])
        parts = parse(text, title=row["title"])
        bodies += 1
        changed += parts.body != join_paragraphs(text)
        left += LEFTOVERS.search(parts.body) is not None
        source = iter("".join(text.split()))
        assert all(char in source for char in "".join(parts.body.split()))
    assert 0.4 < changed / bodies < 0.7
    assert left <= bodies * 0.001


def test_encyclopaedia_prose_stays(shared_data: Path) -> None:
    changed = []
    passages = list(read_rows(shared_data / "ir" / "tydiqa-id" / "corpus.jsonl.gz"))
    for row in passages:
        text = clean_text(row["text"])
        if parse(text, title=row.get("title") or "Judul").body != join_paragraphs(text):
            changed.append(row["id"])
    assert len(changed) <= len(passages) * 0.001, changed
