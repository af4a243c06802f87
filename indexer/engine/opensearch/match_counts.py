"""How many articles match each of some queries? Counted in one pass over those that match any.

An article's score has a bit for each of the queries that it matches, and articles are counted by
score. An aggregation of filters would test every article of the index with each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from indexer.engine.opensearch.matching import match_any

Body = dict[str, Any]

#: Queries in one search. No more scores than OpenSearch counts at once, and a float is exact.
AT_A_TIME: Final = 16


def write_match_counts(queries: Sequence[Body], visible: Body) -> Body:
    """The search that counts for at most :data:`AT_A_TIME` queries."""
    bits = [
        {"constant_score": {"filter": query, "boost": 1 << number}}
        for number, query in enumerate(queries)
    ]
    return count_by_score({"bool": {"filter": [visible], "must": [match_any(bits)]}})


def read_match_counts(told: Body, queries: int) -> list[int]:
    """How many articles match each of so many queries."""
    scores = read_scores(told)
    return [
        sum(articles for score, articles in scores if score >> number & 1)
        for number in range(queries)
    ]


def count_by_score(query: Body) -> Body:
    """The search that tells how many matches of ``query`` have which score, a whole number."""
    return {
        "query": query,
        "size": 0,
        "track_total_hits": False,
        "aggs": {"scores": {"terms": {"script": {"source": "_score"}, "size": 2**AT_A_TIME - 1}}},
    }


def read_scores(told: Body) -> list[tuple[int, int]]:
    """(score, articles that have it), in no particular order."""
    buckets = told["aggregations"]["scores"]["buckets"]
    return [(round(float(bucket["key"])), bucket["doc_count"]) for bucket in buckets]
