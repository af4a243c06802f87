"""How good is the search on queries with known answers? Run through the service's own search path.

A *collection* is a folder in the usual form of information retrieval research:

===================  =============================================================================
``corpus.jsonl[.gz]``  one article a line: ``id``, ``title``, ``text``
``queries.jsonl``      one query a line: ``id``, ``text`` and, where queries come in sorts, ``kind``
``qrels.tsv``          TREC judgements: query id, 0, article id, relevance
===================  =============================================================================

Articles go through the same readers and pipeline as any other, queries through
:func:`searchsvc.search.run_search` like a user's. Do not tune on single items: use the kinds, and
evaluate on other collections than those you tuned on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from indexer.errors import ExtraMissing, UnreadableInput
from searchsvc.request import SearchRequest, SearchResponse
from searchsvc.text_lines import read_json_rows, read_lines

#: Characters of a malformed line that are shown.
_QUOTED = 80

#: Hits of each query that are judged.
DEPTH = 100

#: The figures, in display order.
MEASURES: tuple[str, ...] = ("nDCG@10", "MRR@10", "MAP", "R@100", "success@1", "success@10")

Search = Callable[[SearchRequest], SearchResponse]
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query and the ids of the articles that answer it, with their relevance (above 0)."""

    id: str
    text: str
    kind: str
    relevant: dict[str, int]


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection's articles (still on disk) and its judged queries, in file order.

    ``unjudged`` counts queries that have no relevant article; they are left out.
    """

    corpus: Path
    queries: list[JudgedQuery]
    unjudged: int

    def sample(self, number: int) -> Collection:
        """The same articles with ``number`` of the queries, spread evenly over the file; with all
        queries if there are fewer.
        """
        every = self.queries
        if number >= len(every):
            return self
        chosen = [every[place * len(every) // number] for place in range(number)]
        return replace(self, queries=chosen)


@dataclass(frozen=True, slots=True)
class RankedQuery:
    """A query with the ids of its hits, best first."""

    query: JudgedQuery
    hits: list[str]

    def rank(self) -> int | None:
        """The rank, from 1, of the first relevant hit, or ``None``."""
        for place, article_id in enumerate(self.hits, start=1):
            if article_id in self.query.relevant:
                return place
        return None


@dataclass(slots=True)
class Evaluation:
    """Mean figures over all queries and per kind, by our names of the measures."""

    overall: Figures
    by_kind: dict[str, Figures]
    queries: int
    documents: int
    ranked: list[RankedQuery] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        """The JSON form that ``searchsvc evaluate --json`` prints."""
        return {
            "overall": self.overall,
            "by_kind": self.by_kind,
            "queries": self.queries,
            "documents": self.documents,
        }


def read_collection(folder: Path) -> Collection:
    """The collection in ``folder``. Raises UnreadableInput naming the offending file and line."""
    corpus = folder / "corpus.jsonl.gz"
    if not corpus.exists():
        corpus = folder / "corpus.jsonl"
    for needed in (corpus, folder / "queries.jsonl", folder / "qrels.tsv"):
        if not needed.is_file():
            raise UnreadableInput(
                str(folder),
                f"it has no {needed.name}; a collection holds corpus.jsonl (or .gz), "
                "queries.jsonl and qrels.tsv.",
            )
    judgements = _read_judgements(folder / "qrels.tsv")
    queries: list[JudgedQuery] = []
    unjudged = 0
    for query_id, text, kind in _read_queries(folder / "queries.jsonl"):
        relevant = judgements.get(query_id)
        if relevant:
            queries.append(JudgedQuery(query_id, text, kind, relevant))
        else:
            unjudged += 1
    if not queries:
        raise UnreadableInput(
            str(folder), "none of its queries has a relevant article in qrels.tsv."
        )
    return Collection(corpus, queries, unjudged)


class Displacement(NamedTuple):
    """What a part of query understanding does to top hits, as fractions of the queries.

    ``changed``: the part changes the top hit. ``lost``: it displaces a relevant top hit. ``won``:
    it brings a relevant one to the top.
    """

    changed: float
    lost: float
    won: float


class Times(NamedTuple):
    """Milliseconds that a query takes: median and 95th percentile."""

    p50_ms: float
    p95_ms: float


def run_queries(
    queries: Iterable[JudgedQuery],
    search: Search,
    *,
    each: Callable[[], None] = lambda: None,
) -> list[RankedQuery]:
    """Run every query for its first :data:`DEPTH` hits; ``each`` is called after each query."""
    ranked = []
    for query in queries:
        request = SearchRequest(q=query.text, per_page=DEPTH, highlight=False)
        response = search(request)
        ranked.append(RankedQuery(query, [hit.id for hit in response.hits]))
        each()
    return ranked


def time_queries(queries: Iterable[JudgedQuery], search: Search) -> Times:
    """Time each query once, for a page of ten hits without highlighting.

    As in a service, what an index reads for the first time is cached; the first query is run twice,
    so that opening the index is not timed.
    """
    took: list[float] = []
    for query in queries:
        request = SearchRequest(q=query.text, highlight=False)
        if not took:
            search(request)
        took.append(search(request).took_ms)
    took.sort()
    return Times(took[len(took) // 2], took[len(took) * 95 // 100])


def compare_tops(
    full: Sequence[RankedQuery], without: Sequence[RankedQuery]
) -> dict[str, Displacement]:
    """What ``full`` does to the top hits of ``without``, a run of the same queries in the same
    order: by kind, if queries have kinds, and for all of them under ``""``.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one, other in zip(full, without, strict=True):
        changed = one.hits[:1] != other.hits[:1]
        lost = other.rank() == 1 != one.rank()
        won = one.rank() == 1 != other.rank()
        for kind in {"", one.query.kind}:
            for place, count in enumerate((1, changed, lost, won)):
                counts[kind][place] += count
    return {
        kind: Displacement(*(round(count / number, 4) for count in those))
        for kind, (number, *those) in counts.items()
    }


def require_measures() -> None:
    """Raise ExtraMissing if :func:`measure` cannot work."""
    if find_spec("ir_measures") is None:
        raise ExtraMissing("Measuring on a collection", "evaluate")


def measure(ranked: Sequence[RankedQuery], *, documents: int) -> Evaluation:
    """The figures of a run. A query without hits counts as 0 everywhere.

    Graded relevance counts as gain in nDCG; the other measures only test whether it is above 0.
    Ranks are the engine's own: ties are not broken again.
    """
    import ir_measures
    from ir_measures import AP, RR, R, Success, nDCG

    # Not parsed from their names: ir_measures.parse_measure needs a module that Python 3.14
    # removed.
    theirs = (nDCG @ 10, RR @ 10, AP, R @ 100, Success @ 1, Success @ 10)
    ours = dict(zip(theirs, MEASURES, strict=True))
    judgements = [
        ir_measures.Qrel(one.query.id, article_id, relevance)
        for one in ranked
        for article_id, relevance in one.query.relevant.items()
    ]
    run = [
        ir_measures.ScoredDoc(one.query.id, article_id, float(len(one.hits) - place))
        for one in ranked
        for place, article_id in enumerate(one.hits)
    ]
    values: dict[str, Figures] = defaultdict(dict)
    for value in ir_measures.iter_calc(list(theirs), judgements, run):
        values[value.query_id][ours[value.measure]] = value.value
    kinds: dict[str, list[Figures]] = defaultdict(list)
    for one in ranked:
        if one.query.kind:
            kinds[one.query.kind].append(values[one.query.id])
    return Evaluation(
        overall=_average([values[one.query.id] for one in ranked]),
        by_kind={kind: _average(figures) for kind, figures in kinds.items()},
        queries=len(ranked),
        documents=documents,
        ranked=list(ranked),
    )


def trec_run_lines(ranked: Iterable[RankedQuery], *, name: str = "searchsvc") -> Iterable[str]:
    """The run in TREC format: query id, Q0, article id, rank, score, run name.

    Scores merely repeat the ranks; white space in ids, which the format does not allow, becomes _.
    """
    for one in ranked:
        for place, article_id in enumerate(one.hits, start=1):
            words = (one.query.id, article_id)
            query_id, document = ("_".join(word.split()) for word in words)
            yield f"{query_id} Q0 {document} {place} {len(one.hits) - place + 1} {name}"


def _average(figures: Sequence[Figures]) -> Figures:
    return {name: round(sum(one[name] for one in figures) / len(figures), 4) for name in MEASURES}


def _read_queries(path: Path) -> Iterable[tuple[str, str, str]]:
    """(id, text, kind) of each query; kind is empty if the file gives none."""
    for number, row in read_json_rows(path):
        missing = [
            key for key in ("id", "text") if not isinstance(row, dict) or row.get(key) is None
        ]
        if missing:
            names = " and no ".join(missing)
            raise UnreadableInput(
                str(path),
                f"line {number} has no {names}; a query is an object with id and text.",
            )
        yield str(row["id"]), str(row["text"]), str(row.get("kind") or "")


def _read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Query id -> relevant article id -> relevance; rows of relevance 0 or less are skipped."""
    judgements: dict[str, dict[str, int]] = defaultdict(dict)
    for number, line in read_lines(path):
        columns = line.split("\t") if "\t" in line else line.split()
        try:
            query_id, _, article_id, relevance = columns
            grade = int(relevance)
        except ValueError as error:
            raise UnreadableInput(
                str(path),
                f"line {number} is not 'query 0 article relevance': {line.strip()[:_QUOTED]!r}.",
            ) from error
        if grade > 0:
            judgements[query_id][article_id] = grade
    return judgements
