"""What is the engine asked? Terms with weights, filters, dates from the parts of a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from indexer.calendar import count_days, read_day
from indexer.engine.base import (
    AllOf,
    Answer,
    Clause,
    DateFilter,
    FacetRequest,
    Filter,
    LabelFilter,
    Query,
    Ranking,
    Sort,
    SortBy,
    Word,
)
from indexer.own_fields.declaration import OwnFields, OwnType
from searchsvc.query.clauses import EXACT_RULE, Meaning, find_meaning
from searchsvc.query.context import SearchContext
from searchsvc.query.coverage import choose_relaxation
from searchsvc.query.expand import QueryTerm
from searchsvc.query.labels import choose_labels, find_labels
from searchsvc.query.own_ranges import make_filter
from searchsvc.query.parse import ParsedQuery
from searchsvc.query.parts import leave_out
from searchsvc.query.ranking import (
    DEFAULT_RANKING,
    MANY,
    NEWEST,
    STANDING,
    has_recency,
    rank_fresh,
    rank_question,
)
from searchsvc.query.request_notes import note_days, note_request, note_unknown_label
from searchsvc.request import Note, SearchRequest

#: Facet values counted for a request, in addition to the selected ones.
FACET_LIMIT = 20

_SORTS = {"relevance": Sort.RELEVANCE, "newest": Sort.NEWEST, "oldest": Sort.OLDEST}


@dataclass(slots=True)
class Plan:
    """``words`` are those worth highlighting in a hit. ``selected`` maps a facet to the labels that
    the query filters by. ``typed`` are the typed words that rules may expand, ``phrases`` those of
    each phrase. ``question``: whether the query is a question. ``standing``: the weights of word
    positions in the best hits (:mod:`searchsvc.query.rerank`), ``timely`` whether their dates count
    (:mod:`searchsvc.query.timeliness`). ``notes`` say what the plan did beyond the typed query.
    ``pinned``: ids of articles that come first.
    """

    query: Query
    words: tuple[Word, ...]
    selected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    typed: tuple[QueryTerm, ...] = ()
    phrases: tuple[tuple[QueryTerm, ...], ...] = ()
    question: bool = False
    standing: dict[str, float] = field(default_factory=dict)
    timely: bool = False
    notes: list[Note] = field(default_factory=list)
    pinned: tuple[str, ...] = ()


def plan_query(
    parsed: ParsedQuery,
    request: SearchRequest,
    context: SearchContext,
    *,
    ranking: Ranking = DEFAULT_RANKING,
) -> Plan:
    """The engine query for ``parsed`` and the rest of ``request``.

    All words are required (:mod:`searchsvc.query.coverage`); common ones only add to the score,
    unless there is nothing else.
    """
    ranking = leave_out(ranking, context.without)
    meaning = find_meaning(parsed, context)
    clauses = meaning.wanted
    if meaning.question:
        ranking = rank_question(ranking)
    notes = list(note_request(request, context))
    sort = choose_order(request.sort, context.fields)
    if meaning.only_news and sort is Sort.RELEVANCE:
        # ``berita hari ini``: no article matches that more than another.
        clauses, sort = (), Sort.NEWEST
        notes.append(Note("newest", "Ditampilkan artikel terbaru."))
    filters, selected = plan_filters(parsed, request, context, notes)
    facets, statistics = plan_facets(request, context, selected)
    if meaning.fresh and sort is Sort.RELEVANCE and has_recency(ranking):
        ranking = rank_fresh(ranking, find_newest_day(clauses, filters, context))
    relaxation = choose_relaxation(
        clauses,
        context.snapshot.document_count(),
        spare=meaning.words_of_dates,
        question=meaning.question,
        sort=sort,
        match=request.match,
    )
    return Plan(
        Query(
            clauses=clauses,
            excluded=meaning.excluded,
            filters=filters,
            minimum=relaxation.minimum,
            few=relaxation.few,
            enough=relaxation.enough,
            facets=facets,
            statistics=statistics,
            sort=sort,
            offset=(request.page - 1) * request.per_page,
            limit=request.per_page,
            collapse=request.collapse,
            ranking=ranking,
        ),
        words=choose_marked(clauses),
        selected=selected,
        typed=meaning.typed,
        phrases=meaning.phrases,
        question=meaning.question,
        standing=choose_standing(meaning, context),
        timely=has_recency(ranking) and not meaning.names_year,
        notes=notes,
    )


def choose_standing(meaning: Meaning, context: SearchContext) -> dict[str, float]:
    """The weights of word positions for the query; none if new articles are wanted, whatever their
    title.
    """
    return {} if meaning.fresh or "rerank" in context.without else STANDING[meaning.question]


def find_newest_day(
    clauses: tuple[Clause, ...],
    filters: tuple[Filter, ...],
    context: SearchContext,
) -> int | None:
    """The day of the newest articles with all the words, in days since 1970-01-01; ``None`` if none
    has a date. If there are many, not of the very newest: it may mention the words only in passing.
    """
    newest = Query(clauses, filters=filters, few=0, sort=Sort.NEWEST, limit=NEWEST)
    answer = context.snapshot.search(newest)
    hits = answer.hits[: 1 + answer.total // MANY]
    dates = (context.snapshot.summary(hit.ref).published_at for hit in reversed(hits))
    return next((count_days(read_day(one)) for one in dates if one), None)


def choose_order(sort: str, fields: OwnFields) -> Sort | SortBy:
    """The sort order for ``sort``: a built-in one, or by one of the site's own fields."""
    if sort in _SORTS:
        return _SORTS[sort]
    name = sort.removeprefix("-")
    return SortBy(fields.column(name), descending=name != sort)


def plan_facets(
    request: SearchRequest, context: SearchContext, selected: dict[str, tuple[str, ...]]
) -> tuple[tuple[FacetRequest, ...], tuple[str, ...]]:
    """The facets to count, and the columns whose numbers to summarise."""
    facets, statistics = [], []
    for name in request.facets:
        field = context.fields.by_name.get(name)
        if field is not None and field.type is OwnType.NUMBER:
            statistics.append(field.column)
        else:
            column = context.fields.column(name)
            chosen = selected.get(column, ())
            facets.append(FacetRequest(column, FACET_LIMIT, request.interval, chosen))
    return tuple(facets), tuple(dict.fromkeys(statistics))


def is_relaxed(answer: Answer) -> bool:
    """Whether the hits have fewer of the words than the query requires."""
    return answer.total > 0 and answer.satisfied < answer.required


def choose_marked(clauses: tuple[Clause, ...]) -> tuple[Word, ...]:
    """The words of the clauses that count; of all if none does."""
    required = [clause for clause in clauses if clause.required] or clauses
    return tuple(
        word
        for clause in required
        for word in clause.words
        if not word.alternatives or word.alternatives[0].rule != EXACT_RULE
    )


def plan_filters(
    parsed: ParsedQuery,
    request: SearchRequest,
    context: SearchContext,
    notes: list[Note],
) -> tuple[tuple[Filter, ...], dict[str, tuple[str, ...]]]:
    """The combined filters of request and typed query, and the labels they select. Adds to
    ``notes`` if a typed label is unknown, or no day is left.
    """
    filters: list[Filter] = []
    selected: dict[str, tuple[str, ...]] = {}

    def add(facet: str, labels: tuple[str, ...], exclude: bool) -> None:
        filters.append(LabelFilter(facet, labels, exclude))
        if not exclude:
            selected[facet] = tuple(dict.fromkeys((*selected.get(facet, ()), *labels)))

    for name, values in request.filters.items():
        facet = context.fields.column(name)
        add(facet, choose_labels(context, facet, values), False)
    filters.extend(limit_to(request.only, context))
    for typed in parsed.filters:
        labels: list[str] = []
        for label in typed.labels:
            found = find_labels(context, typed.facet, label)
            if not found:
                notes.append(note_unknown_label(typed.facet, label, context))
            labels.extend(found)
        if labels or not typed.exclude:
            add(typed.facet, tuple(dict.fromkeys(labels)) or typed.labels, typed.exclude)
    for name, bounds in request.ranges.items():
        filters.append(make_filter(context.fields.get(name), bounds, context.today))
    filters.extend(parsed.ranges)
    filters.extend(request.narrow)
    days = plan_days(parsed, request)
    if days is not None:
        filters.append(days)
        notes.extend(note_days(days))
    return tuple(filters), selected


def limit_to(only: Mapping[str, tuple[str, ...]], context: SearchContext) -> Iterator[Filter]:
    """Filters of what may be seen at all: they narrow the counts of their own facets as well."""
    for name, values in only.items():
        facet = context.fields.column(name)
        yield AllOf((LabelFilter(facet, choose_labels(context, facet, values)),))


def plan_days(parsed: ParsedQuery, request: SearchRequest) -> DateFilter | None:
    """The days that both the typed query and the request's ``from`` and ``to`` allow."""
    firsts = [parsed.first_day, _read_iso(request.date_from)]
    lasts = [parsed.last_day, _read_iso(request.date_to)]
    first = max((day for day in firsts if day is not None), default=None)
    last = min((day for day in lasts if day is not None), default=None)
    if first is None and last is None:
        return None
    return DateFilter(
        None if first is None else count_days(first), None if last is None else count_days(last)
    )


def _read_iso(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
