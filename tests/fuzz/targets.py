"""What is fuzzed: functions of bytes that raise where a promise is broken.

A target makes its input out of any bytes and checks what must hold for every input: nothing is
raised, what comes out can be stored and read back, the same input gives the same output.
"""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

import orjson

from indexer.article import Article, Reject, Warned
from indexer.engine.base import Engine
from indexer.engine.embedded import open_engine
from indexer.errors import UnreadableInput
from indexer.ingest.build_article import (
    LONGEST_VALUE,
    MOST_VALUES,
    build_article,
    canonical_url,
    document,
)
from indexer.ingest.dates import parse_date, write_date
from indexer.ingest.facet_values import clean_label
from indexer.ingest.plain_text import clean_text
from indexer.ingest.readers import read_paths
from indexer.ingest.readers.keys import KEYS
from indexer.ingest.wire import parse
from indexer.language.analyzer import Analyzer
from indexer.language.dictionary_text import parse_dictionary
from indexer.pipeline import index_articles
from indexer.schema import LABEL_FACETS
from searchsvc.query.parse import parse_query
from searchsvc.request import SearchRequest
from searchsvc.search import run_search

Target = Callable[[bytes], None]

ROOT: Final = Path(__file__).resolve().parents[2]
ENDINGS: Final = ("txt", "jsonl", "json", "csv", "tsv", "jsonl.gz", "csv.gz", "json.gz")
#: Small, so that an input of the fuzzer reaches it.
_ARTICLE_BYTES: Final = 3_000
_LONGEST_ID: Final = 512
#: A few kilobytes of gzip may hold a hundred thousand articles; these are looked at.
_MOST_ITEMS: Final = 500


@cache
def _make_folder() -> Path:
    """A folder for this process, which goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="searchsvc-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def fuzz_readers(data: bytes) -> None:
    """A file of any format. The first line is the ending of its name, as in ``csv``."""
    head, _, body = data.partition(b"\n")
    ending = head.decode("latin-1")
    if ending not in ENDINGS:
        ending = ENDINGS[sum(head) % len(ENDINGS)]
    path = _make_folder() / f"masukan.{ending}"
    path.write_bytes(body)
    items = _read_first(path)
    assert items, "nothing was said of the file"
    for item in items:
        assert isinstance(item, Article | Reject | Warned)
        if isinstance(item, Article):
            _check_article(item)
        else:
            assert item.line >= 1
            assert item.reason
            assert "\n" not in item.reason
    assert _read_first(path) == items


def _read_first(path: Path) -> list[Article | Reject | Warned]:
    return list(islice(read_paths([path], max_article_bytes=_ARTICLE_BYTES), _MOST_ITEMS))


def _check_article(article: Article) -> None:
    assert 0 < len(article.id) <= _LONGEST_ID
    assert article.title
    assert article.body.strip()
    assert not article.published_at or parse_date(article.published_at) is not None
    for name, value in article.to_dict().items():
        values = value if isinstance(value, list) else [value]
        assert len(values) <= MOST_VALUES
        if name in ("tags", "authors", "editors", "source", "category", "agency", "place"):
            assert all(len(one) <= LONGEST_VALUE for one in values)
    stored = orjson.loads(orjson.dumps(article))
    assert Article.from_dict(stored) == article
    document(article)


def fuzz_copy(data: bytes) -> None:
    """Wire copy, cleaned, taken apart and analysed; the first line is the title."""
    text = clean_text(data.decode("utf-8", "replace"))
    title, _, body = text.partition("\n")
    for known in ("", title[:200]):
        parts = parse(body, title=known)
        assert parse(body, title=known) == parts
        assert len(parts.body) <= len(body) + 1
        assert "  " not in parts.body
        assert "\n\n" not in parts.body
        assert parts.title or not any(map(str.isalnum, parts.body))
    for token, stem in _get_analyzer().analyse_text(body):
        assert stem
        assert body[token.start : token.end].strip()


def fuzz_queries(data: bytes) -> None:
    """A query, taken apart, and searched in an index of the samples."""
    text = data.decode("utf-8", "surrogateescape")
    parsed = parse_query(text)
    items = [item for group in parsed.groups for item in group] + parsed.excluded
    assert all(parsed.groups)
    for item in items:
        assert item.text
        assert text[item.start : item.end] == item.text
    assert parse_query(text) == parsed
    response = run_search(_get_engine(), SearchRequest(q=text), analyzer=_get_analyzer())
    assert response.total >= len(response.hits)
    for hit in response.hits:
        for marked in (hit.title_html, hit.snippet_html):
            plain = marked.replace("<mark>", "").replace("</mark>", "")
            assert not {"<", ">"} & set(plain)
            assert marked.count("<mark>") == marked.count("</mark>")
    json.dumps([note.message for note in response.notes])


def fuzz_values(data: bytes) -> None:
    """One value in every field of a record: dates, addresses, names, labels."""
    text = data.decode("utf-8", "replace")
    for facet in LABEL_FACETS:
        label = clean_label(facet, text)
        assert clean_label(facet, label) == label
    address = canonical_url(text)
    assert canonical_url(address) == address
    moment = parse_date(text)
    if moment is not None:
        assert parse_date(write_date(moment)) == moment.replace(microsecond=0)
    record = dict.fromkeys(KEYS, text) | {"body": "Air surut di Demak."}
    built = build_article(record, path="a", line=1)
    assert built.article is not None
    _check_article(built.article)


def fuzz_dictionary(data: bytes) -> None:
    """A site's dictionary, in effect for a query and a text."""
    try:
        dictionary, problems = parse_dictionary(data)
    except UnreadableInput:
        return
    lines = data.count(b"\n") + data.count(b"\r") + 1
    assert all(1 <= problem.line <= lines for problem in problems)
    assert all("\n" not in problem.message for problem in problems)
    analyzer = Analyzer(dictionary=dictionary)
    text = "Harga BBM dan gawai naik, kata Sri Mulyani di Demak."
    assert all(stem for _, stem in analyzer.analyse_text(text))
    for question in (text, *(" ".join(row) for row in list(dictionary.synonyms)[:2])):
        run_search(_get_engine(), SearchRequest(q=question), analyzer=analyzer)


@cache
def _get_analyzer() -> Analyzer:
    return Analyzer()


@cache
def _get_engine() -> Engine:
    """An engine with the bundled samples."""
    engine = open_engine(_make_folder() / "indeks", create=True)
    index_articles(engine, read_paths([ROOT / "index_data" / "samples"]), Analyzer())
    return engine


TARGETS: Final[Mapping[str, Target]] = {
    "readers": fuzz_readers,
    "copy": fuzz_copy,
    "queries": fuzz_queries,
    "values": fuzz_values,
    "dictionary": fuzz_dictionary,
}
