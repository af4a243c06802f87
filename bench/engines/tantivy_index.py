"""tantivy, the Rust library behind Quickwit, through its own Python package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tantivy

from bench.engines.base import MOST_VALUES, PAGE, Found, InFolder
from bench.records import list_records, write_month
from bench.workload import BenchQuery
from indexer.engine.base import AnalysedBatch

HEAP_BYTES = 256_000_000


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", stored=True, tokenizer_name="whitespace")
    for name in ("category", "source"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("month", fast=True)
    return builder.build()


class TantivyDriver(InFolder):
    """One writing thread, so that indexing is measured on one core as for the others."""

    index_of = "tantivy"
    lacks: frozenset[str] = frozenset()

    def start_build(self, folder: Path) -> None:
        self._index = tantivy.Index(build_schema(), path=str(folder))
        self._writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)

    def convert(self, batch: AnalysedBatch) -> list[dict[str, Any]]:
        return [
            {
                "id": record.id,
                "title": record.title,
                "text": record.text,
                "category": record.category,
                "source": record.source,
                "month": record.month,
            }
            for record in list_records(batch)
        ]

    def add(self, converted: list[dict[str, Any]]) -> None:
        for row in converted:
            self._writer.add_document(tantivy.Document(**row))

    def finish_build(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, query: BenchQuery) -> Found:
        asked = self._build_query(query)
        result = self._searcher.search(asked, limit=PAGE, count=True, offset=query.offset)
        snippets = None
        if query.snippets:
            snippets = tantivy.SnippetGenerator.create(self._searcher, asked, self._schema, "text")
        hits = []
        for _, address in result.hits:
            found = self._searcher.doc(address)
            snippet = snippets.snippet_from_doc(found).to_html() if snippets else ""
            hits.append((str(found.get_first("id")), str(found.get_first("title")), snippet))
        # The package's type stubs leave ``count`` out.
        total = int(getattr(result, "count"))  # noqa: B009
        return Found(total, hits, self._count(asked, query))

    def close(self) -> None:
        """The library lets go of its files with its last object."""

    def _count(self, asked: tantivy.Query, query: BenchQuery) -> dict[str, list[tuple[str, int]]]:
        wanted = {
            name: {"terms": {"field": name, "size": MOST_VALUES + 1}} for name in query.facets
        }
        if query.histogram:
            wanted["month"] = {"terms": {"field": "month", "size": 10_000}}
        if not wanted:
            return {}
        answered = self._searcher.aggregate(asked, wanted)
        facets: dict[str, list[tuple[str, int]]] = {}
        for name in wanted:
            rows = [(row["key"], int(row["doc_count"])) for row in answered[name]["buckets"]]
            if name == "month":
                facets[name] = sorted((write_month(int(key)), n) for key, n in rows if key)
            else:
                facets[name] = [(str(key), n) for key, n in rows if key][:MOST_VALUES]
        return facets

    def _build_query(self, query: BenchQuery) -> tantivy.Query:
        make, schema = tantivy.Query, self._schema
        if query.kind == "phrase":
            return make.phrase_query(schema, "text", list(query.coded))
        words = [make.term_query(schema, "text", word) for word in query.coded]
        if query.kind == "prefix":
            words[-1] = make.regex_query(schema, "text", query.coded[-1] + ".*")
        all_of = query.kind in ("and", "prefix", "term")
        occur = tantivy.Occur.Must if all_of else tantivy.Occur.Should
        joined = make.boolean_query([(occur, word) for word in words])
        if not query.category:
            return joined
        only = make.const_score_query(make.term_query(schema, "category", query.category), 0.0)
        return make.boolean_query([(tantivy.Occur.Must, joined), (tantivy.Occur.Must, only)])
