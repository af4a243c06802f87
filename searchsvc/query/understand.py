"""How does a request become the engine's answer? Parsed, searched, and corrected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from indexer.engine.base import Answer, IdFilter, Not, Query, Ranking, Snapshot
from searchsvc.query.context import SearchContext
from searchsvc.query.correct import Correction, find_correction
from searchsvc.query.curation import find_curation
from searchsvc.query.foresight import look_ahead
from searchsvc.query.near_labels import respell_labels
from searchsvc.query.parse import ParsedQuery, parse_query
from searchsvc.query.pinning import search_pinned
from searchsvc.query.plan import Plan, is_relaxed, plan_query
from searchsvc.query.ranking import DEFAULT_RANKING
from searchsvc.query.rerank import choose_asked, search_best
from searchsvc.request import SearchRequest

#: A correction may reveal further typos; no query needs more rounds than this.
_MOST_ROUNDS = 3
#: With fewer hits than this, a query may be misspelt even though articles have its words.
_FEW = 5
#: An offer beside hits for the typed query must find this many times as many.
_MANY_MORE = 5


@dataclass(frozen=True)
class Understood:
    """What was ``typed``, what is searched, and what was found. ``corrected``: the query searched
    instead of the typed one, empty if they are the same. ``offered``: one that finds more, and may
    be meant. ``pinned``: the refs of hits that an editor put first.
    """

    typed: ParsedQuery
    parsed: ParsedQuery
    plan: Plan
    answer: Answer
    context: SearchContext
    pinned: frozenset[int] = frozenset()
    corrected: str = ""
    offered: str = ""

    @property
    def relaxed(self) -> bool:
        """Whether the hits have fewer of the words than the query requires."""
        return is_relaxed(self.answer)


def understand(
    request: SearchRequest, context: SearchContext, *, ranking: Ranking = DEFAULT_RANKING
) -> Understood:
    """What ``request`` finds, with its words corrected if no article has them as typed."""
    found = search_as_typed(request.q, request, context, ranking)
    if found.pinned:
        # An editor knows the query, and it is right.
        return found
    for _ in range(_MOST_ROUNDS):
        lacking = found.relaxed or found.answer.total < _FEW
        correction = look_ahead(
            partial(find_correction, found.parsed.text, found.plan.typed, lacking=lacking), context
        )
        if correction is None:
            break
        other = search_as_typed(correction.query, request, context, ranking)
        if not replaces(correction, found, other, context):
            if finds_more(found, other):
                return replace(found, offered=correction.query)
            break
        found = replace(other, typed=found.typed, corrected=correction.query)
    if found.relaxed or found.answer.total < _FEW:
        for query in (respell_labels(found.parsed, context), respell_phrases(found, context)):
            if query != found.parsed.text:
                other = search_as_typed(query, request, context, ranking)
                if finds_more(found, other):
                    return replace(found, offered=query)
    return found


def respell_phrases(found: Understood, context: SearchContext) -> str:
    """The query with its phrases corrected; unchanged if they are probably right. Quotation marks
    mean exactly these words: a correction is offered, and never searched instead.
    """
    query = found.parsed.text
    # From the end, so that the offsets of earlier phrases stay valid.
    for phrase in reversed(found.plan.phrases):
        correction = look_ahead(partial(find_correction, query, phrase, lacking=True), context)
        query = correction.query if correction else query
    return query


def search_as_typed(
    q: str, request: SearchRequest, context: SearchContext, ranking: Ranking
) -> Understood:
    """What ``request`` finds with ``q`` as its query, without correction."""
    parsed = parse_query(q, context.today, context.fields)
    plan = look_ahead(
        partial(plan_query, parsed, request, ranking=ranking),
        context,
        partial(foresee, parsed.text),
    )
    curate(plan, parsed, request, context)
    if not plan.pinned:
        foresee_correction(parsed.text, plan, context)
    answer, pinned = search_plan(plan, plan.query, context.snapshot)
    return Understood(parsed, parsed, plan, answer, context, pinned)


def foresee(query: str, plan: Plan, context: SearchContext) -> Query:
    """The query that is searched next. Afterwards it is corrected, most likely as here."""
    find_correction(query, plan.typed, context, lacking=False)
    return choose_asked(plan.query, plan.standing, timely=plan.timely)


def foresee_correction(query: str, plan: Plan, context: SearchContext) -> None:
    """Let a distant engine search along with what a correction will look up, if it is known by now
    that hardly any article has all the words.
    """
    complete = context.snapshot.find_complete(plan.query) if context.snapshot.distant else None
    if complete is not None and complete < max(plan.query.few, _FEW):
        asked = choose_asked(plan.query, plan.standing, timely=plan.timely)
        correct = partial(find_correction, query, plan.typed, lacking=True)
        look_ahead(correct, context, lambda *_: asked)


def curate(plan: Plan, parsed: ParsedQuery, request: SearchRequest, context: SearchContext) -> None:
    """Add to the plan what an editor pinned to the query or hid from it. What was hidden from the
    query as typed stays so for its correction.
    """
    own = find_curation(parsed, context)
    hidden = own.hidden
    if parsed.text != request.q:
        typed = parse_query(request.q, context.today, context.fields)
        hidden = (*hidden, *find_curation(typed, context).hidden)
    plan.pinned = tuple(one for one in own.pinned if one not in hidden)
    if hidden:
        plan.query = replace(plan.query, filters=(*plan.query.filters, Not(IdFilter(hidden))))


def search_plan(plan: Plan, query: Query, snapshot: Snapshot) -> tuple[Answer, frozenset[int]]:
    """The answer to ``query``, the plan's or one made of it: its best hits reordered, pinned ones
    first. As :func:`search_pinned`.
    """

    def search(one: Query) -> Answer:
        return search_best(one, plan.standing, snapshot, timely=plan.timely)

    return search_pinned(query, plan.pinned, snapshot, search)


def replaces(
    correction: Correction, typed: Understood, other: Understood, context: SearchContext
) -> bool:
    """Whether to show ``other`` instead: it has hits for the corrected words, and there are none,
    or hardly any, for the typed ones.
    """
    if not other.answer.total:
        return False
    if not other.relaxed:
        return correction.rare or typed.relaxed or not typed.answer.total
    return correction.rare and shows_correction(correction, other, context)


def shows_correction(correction: Correction, other: Understood, context: SearchContext) -> bool:
    """Whether the best hit has the corrected words, rather than only others of the query."""
    # Its minimum is known by now.
    query = replace(other.plan.query, minimum=other.answer.satisfied, few=0)
    best = context.snapshot.search(
        replace(query, offset=0, limit=1, facets=(), statistics=(), collapse=False)
    )
    words = [word for word in other.plan.words if word.typed in correction.terms]
    return bool(context.snapshot.occurrences(best.hits[0].ref, words))


def finds_more(typed: Understood, other: Understood) -> bool:
    """Whether ``other`` has hits with all the words, while there are none or far fewer."""
    if other.relaxed or not other.answer.total:
        return False
    return typed.relaxed or other.answer.total >= _MANY_MORE * typed.answer.total
