"""Our engine, through its seam."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.engines.base import MOST_VALUES, PAGE, Found, InFolder
from bench.workload import BenchQuery
from indexer.engine.base import (
    AnalysedBatch,
    Clause,
    Engine,
    FacetRequest,
    Hit,
    LabelFilter,
    Phrase,
    Prefix,
    Query,
    Snapshot,
    Term,
    Word,
)
from indexer.engine.embedded import open_engine
from searchsvc.highlight import bound_passage, make_snippet


class EmbeddedDriver(InFolder):
    """Indexes both forms of every token with positions; asks for stems alone, as the peers do."""

    index_of = "searchsvc"
    lacks: frozenset[str] = frozenset()

    def open_engine(self, folder: Path, *, create: bool = False) -> Engine:
        return open_engine(folder, create=create)

    def start_build(self, folder: Path) -> None:
        self._writer = self.open_engine(folder, create=True).writer()

    def convert(self, batch: AnalysedBatch) -> AnalysedBatch:
        return batch

    def add(self, converted: AnalysedBatch) -> None:
        self._writer.add(converted)

    def finish_build(self) -> None:
        with self._writer as writer:
            writer.commit()

    def open(self, folder: Path) -> None:
        self._engine = self.open_engine(folder)

    def search(self, query: BenchQuery) -> Found:
        asked = build_query(query)
        with self._engine.snapshot() as snapshot:
            answer = snapshot.search(asked)
            words = tuple(word for clause in asked.clauses for word in clause.words)
            hits = show_hits(snapshot, answer.hits, words if query.snippets else ())
        facets = dict(answer.facets)
        if query.histogram:
            facets["month"] = facets.pop("published_at")
        return Found(answer.total, hits, facets)

    def close(self) -> None:
        self._engine.close()


def show_hits(
    snapshot: Snapshot, hits: Sequence[Hit], words: tuple[Word, ...]
) -> list[tuple[str, str, str]]:
    """(id, title, snippet) of each hit, the snippet with ``words`` marked; without any, empty."""
    refs = [hit.ref for hit in hits]
    if not words:
        return [(one.id, one.title, "") for one in snapshot.summaries(refs)]
    articles = snapshot.articles(refs)
    passages = snapshot.passages(refs, words, [bound_passage(one.body) for one in articles])
    return [
        (one.id, one.title, make_snippet(one.body, passage))
        for one, passage in zip(articles, passages, strict=True)
    ]


def build_query(query: BenchQuery) -> Query:
    """The seam's query that asks the same as the peers are asked."""
    words = [Word(word, (Term(word),)) for word in query.words]
    if query.kind == "phrase":
        terms = tuple(Term(word) for word in query.words)
        clauses: tuple[Clause, ...] = (Clause((Word(query.typed, (Phrase(terms),)),)),)
    elif query.kind in ("and", "term"):
        clauses = tuple(Clause((word,)) for word in words)
    elif query.kind == "prefix":
        unfinished = Word(query.words[-1], (Prefix(query.words[-1]),))
        clauses = tuple(Clause((word,)) for word in [*words[:-1], unfinished])
    else:
        clauses = (Clause(tuple(words)),)
    facets = [FacetRequest(name, MOST_VALUES) for name in query.facets]
    if query.histogram:
        facets.append(FacetRequest("published_at", interval="month"))
    return Query(
        clauses=clauses,
        filters=(LabelFilter("category", (query.category,)),) if query.category else (),
        few=0,
        facets=tuple(facets),
        offset=query.offset,
        limit=PAGE,
    )
