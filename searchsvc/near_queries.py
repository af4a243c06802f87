"""Which queries similar to one without hits would find something?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz.distance import DamerauLevenshtein

from indexer.engine.base import Engine
from indexer.language.analyzer import Analyzer
from indexer.language.tokens import tokenize
from searchsvc.request import SearchRequest
from searchsvc.search import run_search
from searchsvc.suggest import suggest

#: Maximum number of queries offered, and of words of a query examined.
MOST_OFFERED = 5
_MOST_WORDS = 4
#: Shorter prefixes begin too many words to be similar to any.
_SHORTEST_BEGINNING = 3
#: Suggestions compared for each prefix.
_COMPARED = 8
#: A suggestion is similar if at most this fraction of its letters and the word's differ.
_FARTHEST = 0.5


def find_near_queries(
    engine: Engine, request: SearchRequest, *, analyzer: Analyzer
) -> Iterator[tuple[str, int]]:
    """(query, number of articles it finds with the filters of ``request``), nearest first; at most
    :data:`MOST_OFFERED`, each of which finds some.

    For each word: the suggestions for it, or for a prefix of it. Raises QueryTooCostly.
    """
    typed = " ".join(token.text for token in tokenize(request.q)).casefold()
    candidates: dict[str, float] = {}
    for word in dict.fromkeys(token.text for token in tokenize(request.q)[:_MOST_WORDS]):
        for text, distance in _list_near(engine, word, analyzer).items():
            if text != typed:
                candidates[text] = min(distance, candidates.get(text, 1.0))
    offered = 0
    for text in sorted(candidates, key=lambda text: (candidates[text], text)):
        asked = replace(request, q=text, page=1, per_page=1, facets=(), highlight=False)
        found = run_search(engine, asked, analyzer=analyzer)
        if found.total:
            offered += 1
            yield text, found.total
        if offered == MOST_OFFERED:
            return


def _list_near(engine: Engine, word: str, analyzer: Analyzer) -> dict[str, float]:
    """(query, its distance from ``word``) of the suggestions for the longest prefix of ``word``
    that has any.
    """
    for end in range(len(word), _SHORTEST_BEGINNING - 1, -1):
        suggestions = suggest(engine, word[:end], _COMPARED, analyzer=analyzer)
        near = {
            one.text.casefold(): distance
            for one in suggestions
            if not one.id and (distance := _measure(one.text.casefold(), word)) <= _FARTHEST
        }
        if near:
            return near
    return {}


def _measure(text: str, word: str) -> float:
    """The distance of the first word of ``text`` from ``word``, from 0 to 1."""
    first = text.partition(" ")[0]
    return DamerauLevenshtein.normalized_distance(first, word)
