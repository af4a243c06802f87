"""An engine in memory, in the plainest Python: the seam's specification, and the tests' oracle.

Every answer comes from looking at every document. Tests compare the real engines with this one,
and tests of upper layers use it where the kind of engine does not matter. For some hundreds of
articles; not for speed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from math import floor, fsum
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from support.brute_copies import measure, tell_the_same
from support.brute_matching import (
    StoredDocument,
    Token,
    find_word_positions,
    passes,
    satisfies,
)
from support.brute_passage import choose_passage
from support.brute_scoring import Scorer, measure_idf

from indexer.article import Article, Summary, summarise
from indexer.deadline import check_deadline
from indexer.engine.base import (
    DEEPEST_FILTER,
    FEWEST_LETTERS,
    MOST_LETTERS,
    AllOf,
    AnalysedBatch,
    AnalysedDocument,
    Answer,
    AnyOf,
    Clause,
    Contribution,
    DateFilter,
    FacetRequest,
    Filter,
    Form,
    HasFilter,
    Hit,
    LabelFilter,
    NearTerm,
    Not,
    Occurrence,
    Passage,
    PassageBounds,
    Phrase,
    Places,
    Query,
    RangeFilter,
    Sort,
    SortBy,
    Term,
    TermStatistics,
    ValueStatistics,
    Word,
    Written,
)
from indexer.errors import IndexLocked, UnknownName
from indexer.own_fields.declaration import NO_FIELDS, OwnFields
from indexer.schema import (
    DATE_FACET,
    FACETS,
    INTERVALS,
    LABEL_FACETS,
    OWN_LABEL,
    is_date_facet,
    is_label_facet,
    is_value_column,
)

PATH = "memory"


@dataclass(slots=True)
class State:
    """Everything an index holds. A committed one is never changed again."""

    generation: int = 0
    documents: dict[str, StoredDocument] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)
    lower_counts: Counter[str] = field(default_factory=Counter)
    capital_counts: Counter[str] = field(default_factory=Counter)
    evidence: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    identity: str = field(default_factory=lambda: uuid4().hex)
    note: str = ""

    def copy(self) -> State:
        return State(
            self.generation,
            dict(self.documents),
            dict(self.stems),
            Counter(self.lower_counts),
            Counter(self.capital_counts),
            Counter(self.evidence),
            note=self.note,
        )


def split_documents(batch: AnalysedBatch) -> Iterator[StoredDocument]:
    """The documents of a batch with their own tokens."""
    tokens = [
        Token(batch.vocabulary[term], batch.stems[term], int(start))
        for term, start in zip(batch.token_terms, batch.token_starts, strict=True)
    ]
    at = 0
    for number, document in enumerate(batch.documents):
        title_end = at + int(batch.title_lengths[number])
        body_end = title_end + int(batch.body_lengths[number])
        yield StoredDocument(
            document=document,
            title=tuple(tokens[at:title_end]),
            body=tuple(tokens[title_end:body_end]),
            lead_length=int(batch.lead_lengths[number]),
        )
        at = body_end


class BruteForceEngine:
    """An index that lives as long as the object."""

    def __init__(self, fields: OwnFields = NO_FIELDS) -> None:
        self.fields = fields
        self.state = State()
        self.current_writer: BruteForceWriter | None = None

    def writer(self, *, wait_s: float = 0.0) -> BruteForceWriter:
        if self.current_writer is not None:
            raise IndexLocked(PATH, "another writer of this process")
        self.current_writer = BruteForceWriter(self)
        return self.current_writer

    def snapshot(self) -> BruteForceSnapshot:
        return BruteForceSnapshot(self.state)

    def check(self) -> list[str]:
        return []

    def describe(self) -> dict[str, Any]:
        return {
            "engine": "brute force",
            "generation": self.state.generation,
            "documents": len(self.state.documents),
        }

    def close(self) -> None:
        """Nothing is held open."""


class BruteForceWriter:
    """Changes a copy of the state, which a commit puts in the place of the committed one."""

    def __init__(self, engine: BruteForceEngine) -> None:
        self.engine = engine
        self.committed: Written | None = None
        self.start_over()

    def start_over(self) -> None:
        self.state = self.engine.state.copy()
        self.unchanged: set[str] = set()

    def add(self, batch: AnalysedBatch) -> None:
        if not batch.documents:
            self.restem(dict(zip(batch.vocabulary, batch.stems, strict=True)))
        changes = False
        documents = list(split_documents(batch))
        last = {stored.id: stored for stored in documents}
        for stored in documents:
            if stored is not last[stored.id]:
                continue
            before = self.state.documents.get(stored.id)
            if before is not None and before.document.fingerprint == stored.document.fingerprint:
                self.unchanged.add(stored.id)
                continue
            changes = True
            # Taken out first so that a replaced document gets the last place, as a new one does.
            self.state.documents.pop(stored.id, None)
            self.state.documents[stored.id] = stored
        if changes:
            self.add_evidence(batch)

    def restem(self, latest: dict[str, str]) -> None:
        self.state.stems |= latest
        for article_id, stored in self.state.documents.items():
            title, body = (
                tuple(replace(one, stem=latest.get(one.exact, one.stem)) for one in tokens)
                for tokens in (stored.title, stored.body)
            )
            self.state.documents[article_id] = replace(stored, title=title, body=body)

    def add_evidence(self, batch: AnalysedBatch) -> None:
        self.state.stems.update(zip(batch.vocabulary, batch.stems, strict=True))
        for number, term in enumerate(batch.vocabulary):
            self.state.lower_counts[term] += int(batch.lower_counts[number])
            self.state.capital_counts[term] += int(batch.capital_counts[number])
        for kind, key, value, times in batch.evidence:
            self.state.evidence[kind, key, value] += times

    def skip_unchanged(self, documents: Sequence[AnalysedDocument]) -> list[bool]:
        return list(map(self._skip_unchanged, documents))

    def _skip_unchanged(self, document: AnalysedDocument) -> bool:
        before = self.state.documents.get(document.article.id)
        unchanged = before is not None and before.document.fingerprint == document.fingerprint
        if unchanged:
            self.unchanged.add(document.article.id)
        return unchanged

    def delete(self, article_ids: Iterable[str]) -> int:
        gone = [self.state.documents.pop(article_id, None) for article_id in article_ids]
        return sum(1 for stored in gone if stored is not None)

    def delete_all(self) -> None:
        self.state = State(generation=self.state.generation, note=self.state.note)

    def commit(self, *, more: bool = False, note: str = "") -> Written:
        old, new = self.engine.state.documents, self.state.documents
        kept = {article_id for article_id in new if article_id in old}
        replaced = {one for one in kept if new[one].document is not old[one].document}
        self.state.generation += 1
        self.state.note = note or self.state.note
        written = self.committed = Written(
            generation=self.state.generation,
            added=len(new) - len(kept),
            updated=len(replaced),
            unchanged=len((self.unchanged & kept) - replaced),
            deleted=len(old) - len(kept),
        )
        self.engine.state = self.state
        self.start_over()
        return written

    def optimize(self) -> None:
        """There is nothing to merge."""

    def __enter__(self) -> BruteForceWriter:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.engine.current_writer = None


@dataclass(frozen=True, slots=True)
class Matching:
    """The documents that match a query, by ref, what that took, and how many met its minimum."""

    refs: list[int]
    threshold: int
    complete: int


class BruteForceSnapshot:
    """One state, held still. A ref is the document's place in it."""

    distant = False

    def __init__(self, state: State) -> None:
        self.state = state
        self.documents = list(state.documents.values())

    @property
    def generation(self) -> int:
        return self.state.generation

    @property
    def identity(self) -> str:
        return self.state.identity

    @property
    def note(self) -> str:
        return self.state.note

    def document_count(self) -> int:
        return len(self.documents)

    def article(self, ref: int) -> Article:
        return self.documents[ref].document.article

    def articles(self, refs: Sequence[int]) -> list[Article]:
        return list(map(self.article, refs))

    def summary(self, ref: int) -> Summary:
        return summarise(self.article(ref))

    def summaries(self, refs: Sequence[int]) -> list[Summary]:
        return list(map(self.summary, refs))

    def find(self, article_id: str) -> int | None:
        for ref, stored in enumerate(self.documents):
            if stored.id == article_id:
                return ref
        return None

    def all_articles(self) -> Iterator[Article]:
        return (stored.document.article for stored in self.documents)

    # --- searching

    def search(self, query: Query) -> Answer:
        check_deadline()
        check_names(query)
        matching = self.find_matching(query)
        if isinstance(query.sort, SortBy):
            hits = self.order_by_value(matching.refs, query.sort)
        elif query.sort == Sort.RELEVANCE:
            hits = self.rank(matching.refs, query)
        else:
            hits = self.order_by_date(matching.refs, query.sort)
        total = len(hits)
        if query.collapse:
            hits = self.collapse(hits)
        return Answer(
            total=total,
            stories=len(hits),
            hits=hits[query.offset : query.offset + query.limit],
            facets={
                request.facet: self.count_facet(request, query, matching.threshold)
                for request in query.facets
            },
            satisfied=matching.threshold if hits else 0,
            complete=matching.complete,
            required=sum(clause.worth for clause in query.clauses if clause.required),
            statistics={
                column: self.sum_up(column, query, matching.threshold)
                for column in query.statistics
            },
        )

    def search_each(self, queries: Sequence[Query]) -> list[Answer]:
        return [self.search(query) for query in queries]

    def find_matching(self, query: Query) -> Matching:
        """Every matching document, and what its required clauses must be worth."""
        required = [clause for clause in query.clauses if clause.required]
        worth = sum(clause.worth for clause in required)
        threshold = worth if query.minimum is None else query.minimum
        candidates = self.find_candidates(query, query.filters)
        refs = [ref for ref, satisfied in candidates if satisfied >= threshold]
        complete = len(refs)
        worths = sorted((worth for _, worth in candidates if worth), reverse=True)
        if len(refs) < query.few and worths:
            threshold = min(threshold, worths[: query.enough][-1])
            refs = [ref for ref, satisfied in candidates if satisfied >= threshold]
        return Matching(refs, threshold, complete)

    def find_candidates(self, query: Query, filters: Sequence[Filter]) -> list[tuple[int, int]]:
        """(ref, what its clauses are worth) of all that pass ``filters`` and are not excluded."""
        required = [clause for clause in query.clauses if clause.required]
        return [
            (ref, sum(clause.worth for clause in required if satisfies(stored, clause)))
            for ref, stored in enumerate(self.documents)
            if all(passes(stored, condition) for condition in filters)
            and not any(satisfies(stored, clause) for clause in query.excluded)
        ]

    def rank(self, refs: list[int], query: Query) -> list[Hit]:
        """The documents as hits, best first."""
        scorer = Scorer(self.documents, query)
        hits = []
        for ref in refs:
            stored = self.documents[ref]
            gain = scorer.measure_recency_gain(stored)
            hits.append(Hit(ref, scorer.score_words(stored) * (1 + gain)))
        hits.sort(key=self.relevance_key)
        if scorer.uses_proximity:
            depth = query.ranking.rescore_depth
            best = [
                Hit(
                    hit.ref,
                    hit.score * (1 + scorer.measure_proximity_gain(self.documents[hit.ref])),
                )
                for hit in hits[:depth]
            ]
            hits = sorted(best, key=self.relevance_key) + hits[depth:]
        return hits

    def relevance_key(self, hit: Hit) -> tuple[float, float, int]:
        second = self.documents[hit.ref].document.published_second
        return -hit.score, float("inf") if second is None else -second, hit.ref

    def order_by_date(self, refs: list[int], sort: Sort) -> list[Hit]:
        """The documents as hits by date, undated last."""

        def key(ref: int) -> tuple[bool, int, int]:
            second = self.documents[ref].document.published_second
            if second is None:
                return True, 0, ref
            return False, -second if sort == Sort.NEWEST else second, ref

        return [Hit(ref, 0.0) for ref in sorted(refs, key=key)]

    def order_by_value(self, refs: list[int], sort: SortBy) -> list[Hit]:
        """The documents as hits by a column of their own, those without a value last."""

        def read(ref: int) -> Any:
            document = self.documents[ref].document
            if not sort.column.startswith(OWN_LABEL) and sort.column not in LABEL_FACETS:
                return document.values.get(sort.column)
            labels = document.labels.get(sort.column, ())
            return (labels[0].casefold(), labels[0]) if labels else None

        alike = (
            self.order_by_value(refs, sort.then)
            if sort.then
            else self.order_by_date(sorted(refs), Sort.NEWEST)
        )
        refs = [hit.ref for hit in alike]
        known = [ref for ref in refs if read(ref) is not None]
        known.sort(key=read, reverse=sort.descending)
        return [Hit(ref, 0.0) for ref in (*known, *(ref for ref in refs if read(ref) is None))]

    def collapse(self, hits: list[Hit]) -> list[Hit]:
        """The first hit of each story, with the others of it by date."""
        stories: dict[int, list[Hit]] = {}
        for hit in hits:
            stories.setdefault(self.stories[hit.ref], []).append(hit)
        return [
            Hit(
                head.ref,
                head.score,
                tuple(hit.ref for hit in self.order_by_date([h.ref for h in rest], Sort.OLDEST)),
            )
            for head, *rest in stories.values()
        ]

    @cached_property
    def stories(self) -> list[int]:
        """The least ref of the story that each document tells."""
        first = list(range(len(self.documents)))
        for ref, one in enumerate(self.documents):
            for other in range(ref):
                if first[ref] != first[other] and tell_the_same(one, self.documents[other]):
                    least, greatest = sorted((first[ref], first[other]))
                    first = [least if number == greatest else number for number in first]
        return first

    def count_facet(
        self, request: FacetRequest, query: Query, threshold: int
    ) -> list[tuple[str, int]]:
        """The counts of one facet, its own including filters left out."""
        matching = self.find_counted(request.facet, query, threshold)
        if is_date_facet(request.facet):
            return count_dates(matching, request.facet, request.interval)
        counts = count_labels(matching, request.facet)
        best = counts[: request.limit]
        others = dict.fromkeys(request.selected)
        for value, _ in best:
            others.pop(value, None)
        return [*best, *((value, dict(counts).get(value, 0)) for value in others)]

    def sum_up(self, column: str, query: Query, threshold: int) -> ValueStatistics:
        """What the values of a column are, its own filters left out."""
        values = [
            stored.document.values[column]
            for stored in self.find_counted(column, query, threshold)
            if column in stored.document.values
        ]
        if not values:
            return ValueStatistics()
        return ValueStatistics(len(values), min(values), max(values), fsum(values))

    def find_counted(self, name: str, query: Query, threshold: int) -> list[StoredDocument]:
        """What is counted for a facet or a column."""
        filters = [condition for condition in query.filters if not narrows(condition, name)]
        return [
            self.documents[ref]
            for ref, satisfied in self.find_candidates(query, filters)
            if satisfied >= threshold
        ]

    # --- about one document

    def copies(self, ref: int) -> list[int]:
        told = [
            other
            for other, story in enumerate(self.stories)
            if story == self.stories[ref] and other != ref
        ]
        return [hit.ref for hit in self.order_by_date(told, Sort.OLDEST)]

    def resemblance(self, ref: int, other: int) -> float:
        return measure(self.documents[ref], self.documents[other])

    def occurrences(self, ref: int, words: Sequence[Word]) -> list[Occurrence]:
        stored = self.documents[ref]
        found = []
        for number, word in enumerate(words):
            in_title, in_body = find_word_positions(stored, word)
            found += [Occurrence(True, p, stored.title[p].start, number) for p in in_title]
            found += [Occurrence(False, p, stored.body[p].start, number) for p in in_body]
        return sorted(found, key=lambda one: (not one.in_title, one.position, one.word))

    def passages(
        self, refs: Sequence[int], words: Sequence[Word], bounds: Sequence[PassageBounds]
    ) -> list[Passage]:
        return [
            choose_passage(self.occurrences(ref, words), own)
            for ref, own in zip(refs, bounds, strict=True)
        ]

    def places(self, refs: Sequence[int], words: Sequence[Word]) -> Places:
        rows = [
            (number, one) for number, ref in enumerate(refs) for one in self.occurrences(ref, words)
        ]
        return Places(
            np.array([number for number, _ in rows], np.int32),
            np.array([one.in_title for _, one in rows], np.bool_),
            np.array([one.position for _, one in rows], np.int32),
            np.array([one.word for _, one in rows], np.int32),
            np.array([measure_idf(self.documents, word) for word in words], np.float64),
        )

    def days(self, refs: Sequence[int]) -> npt.NDArray[np.float64]:
        days = (self.documents[ref].document.published_day for ref in refs)
        return np.array([np.nan if day is None else day for day in days], np.float64)

    def explain(self, ref: int, query: Query) -> list[Contribution]:
        return Scorer(self.documents, query).explain(self.documents[ref])

    # --- about the terms

    def count_documents_by_term(self, form: Form) -> Counter[str]:
        """How many documents each term stands in."""
        counts: Counter[str] = Counter()
        for stored in self.documents:
            tokens = stored.title + stored.body
            counts.update({t.exact if form == Form.EXACT else t.stem for t in tokens})
        return counts

    def statistics(self, text: str, form: Form = Form.EXACT) -> TermStatistics:
        state = self.state
        terms = [term for term, stem in state.stems.items() if (term, stem)[form] == text]
        return TermStatistics(
            documents=self.count_documents_by_term(form)[text],
            lower=sum(map(state.lower_counts.__getitem__, terms)),
            capital=sum(map(state.capital_counts.__getitem__, terms)),
        )

    def terms(self, prefix: str = "", *, form: Form = Form.EXACT) -> Iterator[tuple[str, int]]:
        counts = self.count_documents_by_term(form)
        return iter(sorted((t, n) for t, n in counts.items() if t.startswith(prefix)))

    def frequent_terms(self, prefix: str, *, limit: int) -> list[tuple[str, int]]:
        return sorted(self.terms(prefix), key=most_frequent_first)[:limit]

    def near_terms(self, word: str, edits: int) -> list[NearTerm]:
        near = [
            NearTerm(term, documents, OSA.distance(word, term))
            for term, documents in self.terms()
            if is_word(term) and word.isalpha() and len(word) <= MOST_LETTERS
        ]
        return sorted(
            (one for one in near if 0 < one.edits <= edits),
            key=lambda one: (one.edits, -one.documents, one.term),
        )

    def known_terms(self, texts: Sequence[str]) -> list[str]:
        known = self.count_documents_by_term(Form.EXACT)
        return [text for text in texts if text in known]

    def vowelled_terms(self, word: str) -> list[str]:
        pattern = re.compile("[aiueo]*".join(map(re.escape, word)) + "[aiueo]*")
        return [
            term
            for term, _ in self.terms()
            if is_word(term) and word and term != word and pattern.fullmatch(term)
        ]

    def count_having(self, alternatives: Sequence[Term | Phrase]) -> int:
        clauses = tuple(Clause((Word("", (one,)),)) for one in alternatives)
        return self.search(Query(clauses, few=0, limit=0)).total

    def count_having_each(
        self, asked: Sequence[Sequence[Term | Phrase]], expected: Query | None = None
    ) -> list[int]:
        return list(map(self.count_having, asked))

    def find_complete(self, query: Query) -> int | None:
        return None

    def evidence(self, kind: str) -> dict[str, list[tuple[str, int]]]:
        by_key: dict[str, list[tuple[str, int]]] = {}
        for (one_kind, key, value), times in self.state.evidence.items():
            if one_kind == kind:
                by_key.setdefault(key, []).append((value, times))
        return {key: sorted(values, key=most_frequent_first) for key, values in by_key.items()}

    def label_counts(self, facet: str) -> list[tuple[str, int]]:
        if not is_label_facet(facet):
            raise UnknownName("label facet", facet, LABEL_FACETS)
        return count_labels(self.documents, facet)

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self) -> BruteForceSnapshot:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def check_names(query: Query) -> None:
    """Raise UnknownName for a facet or an interval that is not of the schema."""
    for condition in query.filters:
        check_filter(condition)
    for column in query.statistics:
        if not is_value_column(column):
            raise UnknownName("column", column, ())
    sort = query.sort if isinstance(query.sort, SortBy) else None
    while sort is not None:
        if not (is_label_facet(sort.column) or is_value_column(sort.column)):
            raise UnknownName("column", sort.column, ())
        sort = sort.then
    for request in query.facets:
        if not (is_label_facet(request.facet) or is_date_facet(request.facet)):
            raise UnknownName("facet", request.facet, FACETS)
        if request.interval not in INTERVALS:
            raise UnknownName("interval", request.interval, INTERVALS)


def check_filter(condition: Filter, depth: int = 0) -> None:
    """Raise UnknownName for a facet or a column that there cannot be, ValueError for too deep."""
    if depth > DEEPEST_FILTER:
        raise ValueError("too deep")
    if isinstance(condition, AllOf | AnyOf):
        for one in condition.filters:
            check_filter(one, depth + 1)
    elif isinstance(condition, Not):
        check_filter(condition.filter, depth + 1)
    elif isinstance(condition, LabelFilter):
        if not is_label_facet(condition.facet):
            raise UnknownName("label facet", condition.facet, LABEL_FACETS)
    elif isinstance(condition, RangeFilter | HasFilter):
        column = condition.column
        known = is_value_column(column) or (
            isinstance(condition, HasFilter) and (is_label_facet(column) or column == DATE_FACET)
        )
        if not known:
            raise UnknownName("column", column, ())


def narrows(condition: Filter, name: str) -> bool:
    """Whether the filter is an including one of the very facet or column that is counted."""
    if isinstance(condition, DateFilter):
        return name == DATE_FACET
    if isinstance(condition, RangeFilter):
        return name == condition.column
    if isinstance(condition, LabelFilter):
        return condition.facet == name and not condition.exclude
    return False


def is_word(term: str) -> bool:
    """Whether the term is looked for by likeness."""
    return FEWEST_LETTERS <= len(term) <= MOST_LETTERS and term.isalpha()


def most_frequent_first(pair: tuple[str, int]) -> tuple[int, str]:
    """Sort key of (value, count) pairs: by count, ties by value."""
    return -pair[1], pair[0]


def count_labels(documents: Iterable[StoredDocument], facet: str) -> list[tuple[str, int]]:
    """(label, documents) pairs of a label facet, most frequent first, ties by label."""
    counts: Counter[str] = Counter()
    for stored in documents:
        counts.update(set(stored.document.labels.get(facet, ())))
    return sorted(counts.items(), key=most_frequent_first)


def read_day(stored: StoredDocument, facet: str) -> int | None:
    """The day of the article, or that of a column of dates."""
    if facet == DATE_FACET:
        return stored.document.published_day
    value = stored.document.values.get(facet)
    return None if value is None else floor(value)


def count_dates(
    documents: Iterable[StoredDocument], facet: str, interval: str
) -> list[tuple[str, int]]:
    """(day, month or year, documents) pairs, oldest first."""
    characters = {"day": 10, "month": 7, "year": 4}[interval]
    counts: Counter[str] = Counter()
    for stored in documents:
        number = read_day(stored, facet)
        if number is not None:
            day = date(1970, 1, 1) + timedelta(days=number)
            counts[day.isoformat()[:characters]] += 1
    return sorted(counts.items())
