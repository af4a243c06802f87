"""Is an index in OpenSearch whole? Its counts, shards and words, and a sample of its articles."""

from __future__ import annotations

from typing import Any, Final

from indexer.engine.opensearch.cluster import Body, Cluster
from indexer.engine.opensearch.documents import Stored
from indexer.engine.opensearch.encoding import name_key
from indexer.engine.opensearch.state import Generation, StateIndex, make_visible
from indexer.engine.opensearch.word_documents import sum_words
from indexer.errors import IndexerError

#: Articles read whole: OpenSearch itself checks the bytes of its files.
_SAMPLED: Final = 500


def find_problems(cluster: Cluster, state: StateIndex) -> list[str]:
    """Problems of the newest generation, one sentence each."""
    problems: list[str] = []
    try:
        generation = state.read_generation()
        problems += _check_shards(cluster, (generation.data, state.name))
        problems += check_articles(cluster, generation)
        sum_words(state, generation.words)
    except IndexerError as error:
        problems.append(str(error))
    return problems


def check_articles(cluster: Cluster, generation: Generation) -> list[str]:
    """Problems of the articles of ``generation``, one sentence each."""
    return _check_counts(cluster, generation) + _check_sample(cluster, generation)


def _check_shards(cluster: Cluster, names: tuple[str, ...]) -> list[str]:
    return [
        f"The index {name} is red: {health['unassigned_shards']} of its shards are on no node."
        for name in names
        if (health := cluster.request("GET", f"/_cluster/health/{name}"))["status"] == "red"
    ]


def _check_counts(cluster: Cluster, generation: Generation) -> list[str]:
    sums = {name: {"sum": {"field": f"{name}_length"}} for name in ("title", "body")}
    told = cluster.search(
        generation.data, {"query": make_visible(generation), "size": 0, "aggs": sums}
    )
    counted = (
        ("articles", told["hits"]["total"]["value"], generation.articles),
        ("words in titles", told["aggregations"]["title"]["value"], generation.title_tokens),
        ("words in bodies", told["aggregations"]["body"]["value"], generation.body_tokens),
    )
    return [
        f"Generation {generation.number} has {int(found):,} {what}, not {expected:,}."
        for what, found, expected in counted
        if found != expected
    ]


def _check_sample(cluster: Cluster, generation: Generation) -> list[str]:
    """What is wrong with some articles, other ones for each generation."""
    body: Body = {
        "query": {
            "function_score": {
                "query": {"bool": {"filter": [make_visible(generation)]}},
                "random_score": {"seed": generation.number, "field": "ref"},
                "boost_mode": "replace",
            }
        },
        "size": _SAMPLED,
    }
    hits: list[dict[str, Any]] = cluster.search(generation.data, body)["hits"]["hits"]
    return [problem for hit in hits for problem in _check_article(hit["_source"])]


def _check_article(source: dict[str, Any]) -> list[str]:
    try:
        stored = Stored(source)
        article = stored.read_article()
        lengths = (source["title_length"], source["body_length"])
        whole = (
            name_key(article.id) == source["key"]
            and (len(stored.title), len(stored.body)) == lengths
            and len(stored.starts) == sum(lengths)
        )
    except Exception as error:
        return [f"Article number {source.get('ref')} cannot be read: {error!r}."]
    return [] if whole else [f"Article number {source['ref']} does not agree with its tokens."]
