"""How are articles added, changed and deleted by tasks of our own API?"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import orjson

from indexer.errors import ArticleNotFound
from searchsvc.articles.as_is import change_as_is
from searchsvc.articles.reading import Sent, read_sent
from searchsvc.exact_query import read_exactly
from searchsvc.query.parameters import read
from searchsvc.tasks.changes import Changes
from searchsvc.tasks.kinds import ArticleKind
from searchsvc.tasks.task import Values
from searchsvc.tasks.work import Job, Outcome

ADD: Final = "articlesAddition"
PATCH: Final = "articlesPatch"
DELETE: Final = "articlesDeletion"
DELETE_BY_QUERY: Final = "articlesDeletionByQuery"

#: The possible results of an item.
RESULTS: Final = ("created", "updated", "unchanged", "refused")


def add_articles(job: Job, changes: Changes) -> Outcome:
    """Add the articles sent, replacing existing ones."""
    asked = job.task.details
    sent = read_sent(
        job.payload,
        changes,
        format=asked["format"],
        clean=asked["clean"],
        source=asked.get("source", ""),
    )
    items = [_put(one, changes) for one in sent]
    counts = Counter(item["result"] for item in items)
    return Outcome(
        {"received": len(items), **{result: counts[result] for result in RESULTS}}, items
    )


def _put(sent: Sent, changes: Changes) -> Values:
    item: Values = {"item": sent.number}
    if sent.article is None:
        return {**item, "result": "refused", "reason": sent.reason}
    item |= {"id": sent.article.id, "result": changes.put(sent.article)}
    return {**item, "warnings": sent.warnings} if sent.warnings else item


def patch_article(job: Job, changes: Changes) -> Outcome:
    """Change some fields of one article."""
    article_id = job.task.details["id"]
    article = changes.get(article_id)
    if article is None:
        raise ArticleNotFound(article_id)
    changed = change_as_is(article, {**orjson.loads(job.payload), "id": article_id})
    result = changes.put(changed)
    return Outcome({"result": result}, [{"item": 1, "id": article_id, "result": result}])


def delete_articles(job: Job, changes: Changes) -> Outcome:
    """Delete articles by id."""
    ids = orjson.loads(job.payload)
    items = [
        {"item": number, "id": one, "result": "deleted" if changes.remove(one) else "not_there"}
        for number, one in enumerate(ids, 1)
    ]
    return Outcome({"deleted": sum(item["result"] == "deleted" for item in items)}, items)


def delete_by_query(job: Job, changes: Changes) -> Outcome:
    """Delete every article that matches a query exactly, or all if it says so."""
    asked: dict[str, Any] = job.task.details["query"]
    if asked.get("all") is True:
        return Outcome({"deleted": changes.clear()})
    request = read(asked, fields=changes.fields)
    index = changes.index
    exact = read_exactly(request, index.engine, changes.snapshot, index.analyzer)
    return Outcome({"deleted": sum(map(changes.remove, exact.find_ids(changes.snapshot)))})


KINDS: Final = (
    ArticleKind(ADD, add_articles),
    ArticleKind(PATCH, patch_article, creates=False),
    ArticleKind(DELETE, delete_articles, creates=False),
    ArticleKind(DELETE_BY_QUERY, delete_by_query, alone=True, creates=False),
)
