"""From a request to the engine's answer: what was typed is read, searched, and doubted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from indexer.engine.base import Answer, Ranking
from searchsvc.query.context import SearchContext
from searchsvc.query.correct import Correction, correct_query
from searchsvc.query.marks import Marks, WordPlaces, look_for
from searchsvc.query.near_labels import respell_labels
from searchsvc.query.parse import ParsedQuery, parse_query
from searchsvc.query.plan import Plan, is_relaxed, plan_query
from searchsvc.query.ranking import DEFAULT_RANKING
from searchsvc.query.rerank import search_best
from searchsvc.request import SearchRequest

#: A correction may show what else is misspelt; more rounds than this no query needs.
_MOST_ROUNDS = 3
#: With fewer hits than this a query may be misspelt though articles have its words.
_FEW = 5
#: An offer beside hits for what was typed finds so many times as many.
_MANY_MORE = 5


@dataclass(frozen=True)
class Understood:
    """What was ``typed``, what is searched, and what was found. ``corrected``: the query that is
    searched instead of the one typed, empty where that is the same. ``offered``: one that finds
    more, and may be meant. ``looked_for``: where the best hits have the words, as far as it had
    to be looked for to put them in order.
    """

    typed: ParsedQuery
    parsed: ParsedQuery
    plan: Plan
    answer: Answer
    context: SearchContext
    looked_for: WordPlaces | None = None
    corrected: str = ""
    offered: str = ""

    @cached_property
    def marks(self) -> Marks:
        """Where the hits have the words worth marking."""
        found, words, snapshot = self.looked_for, self.plan.words, self.context.snapshot
        refs = [hit.ref for hit in self.answer.hits]
        if found is None or not set(refs).issubset(found.refs):
            found = look_for(words, refs, snapshot)
        return Marks(words, found, snapshot)

    @property
    def relaxed(self) -> bool:
        """Whether the hits have fewer of the words than the query wants."""
        return is_relaxed(self.answer)


def understand(
    request: SearchRequest, context: SearchContext, *, ranking: Ranking = DEFAULT_RANKING
) -> Understood:
    """What ``request`` finds, its words respelt where no article has them as typed."""
    found = search_as_typed(request.q, request, context, ranking)
    for _ in range(_MOST_ROUNDS):
        lacking = found.relaxed or found.answer.total < _FEW
        correction = correct_query(found.parsed.text, found.plan.slots, context, lacking=lacking)
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
    """The query with its phrases respelt; the same where they are likeliest right. Who puts words
    in quotation marks wants just them: this is offered, and never searched instead.
    """
    query = found.parsed.text
    # From the end, so that the positions of the phrases before stay right.
    for phrase in reversed(found.plan.phrases):
        correction = correct_query(query, phrase, context, lacking=True)
        query = correction.query if correction else query
    return query


def search_as_typed(
    q: str, request: SearchRequest, context: SearchContext, ranking: Ranking
) -> Understood:
    """What ``request`` finds with ``q`` for its query, spelt just so."""
    parsed = parse_query(q, context.today, context.fields)
    plan = plan_query(parsed, request, context, ranking=ranking)
    answer, looked_for = search_best(
        plan.query, plan.standing, context.snapshot, timely=plan.timely
    )
    return Understood(parsed, parsed, plan, answer, context, looked_for)


def replaces(
    correction: Correction, typed: Understood, other: Understood, context: SearchContext
) -> bool:
    """Whether ``other`` is shown instead: it has hits for the words respelt, where there are none,
    or hardly any, for them as typed.
    """
    if not other.answer.total:
        return False
    if not other.relaxed:
        return correction.rare or typed.relaxed or not typed.answer.total
    return correction.rare and shows_correction(correction, other, context)


def shows_correction(correction: Correction, other: Understood, context: SearchContext) -> bool:
    """Whether the best hit has the words respelt, rather than others of the query only."""
    best = context.snapshot.search(replace(other.plan.query, offset=0, limit=1, facets=()))
    words = [word for word in other.plan.words if word.typed in correction.terms]
    return bool(context.snapshot.occurrences(best.hits[0].ref, words))


def finds_more(typed: Understood, other: Understood) -> bool:
    """Whether ``other`` has hits with all the words, where there are none or far fewer."""
    if other.relaxed or not other.answer.total:
        return False
    return typed.relaxed or other.answer.total >= _MANY_MORE * typed.answer.total
