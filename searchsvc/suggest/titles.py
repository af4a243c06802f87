"""Which articles have the typed words in their title?"""

from __future__ import annotations

from indexer.engine.base import Clause, Form, Prefix, Query, Scope, Term, Word
from searchsvc.query.context import SearchContext
from searchsvc.suggest.beginning import Beginning
from searchsvc.suggest.suggestion import Suggestion, suggest_article
from searchsvc.suggest.words import find_stem

_INFLECTED_WEIGHT = 0.3
_SHORTEST_FINISHED = 2


def find_titles(
    context: SearchContext, beginning: Beginning, limit: int, *, finished: bool
) -> list[Suggestion]:
    """Articles whose title has all the words, the last perhaps as a prefix; exact forms before
    other inflections. Filters and exclusions of the query apply.
    """
    clauses = []
    # Two letters may be a function word, or a prefix of a title word.
    finished = finished and len(beginning.fragment) > _SHORTEST_FINISHED
    unfinished = beginning.wanted[-1:] == (beginning.fragment,) and not finished
    for place, term in enumerate(beginning.wanted, start=1):
        begun = unfinished and place == len(beginning.wanted)
        wanted = Prefix(term) if begun else Term(term, Form.EXACT)
        inflected = Term(find_stem(context, term), Form.STEM, _INFLECTED_WEIGHT)
        clauses.append(Clause((Word(term, (wanted, inflected), Scope.TITLE),)))
    if not clauses:
        return []
    excluded = beginning.base.excluded
    if beginning.excludes and beginning.fragment:
        excluded += (Clause((Word("", (Prefix(beginning.fragment),)),)),)
    asked = Query(
        tuple(clauses),
        excluded=excluded,
        filters=beginning.base.filters,
        few=0,
        limit=limit,
    )
    answer = context.snapshot.search(asked)
    return [suggest_article(context.snapshot.summary(hit.ref)) for hit in answer.hits]
