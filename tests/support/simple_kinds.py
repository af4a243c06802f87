"""Kinds of tasks for tests: put an article, take one out, fail, and one that is no change."""

from __future__ import annotations

import orjson

from indexer.article import Article
from searchsvc.tasks.changes import Changes
from searchsvc.tasks.kinds import ArticleKind, OtherKind, Workshop
from searchsvc.tasks.task import TaskFailed
from searchsvc.tasks.work import Job, Outcome


def put(job: Job, changes: Changes) -> Outcome:
    """The payload is one article or several, as fields."""
    articles = [Article.from_dict(one) for one in orjson.loads(job.payload)]
    items = [{"id": article.id, "result": changes.put(article)} for article in articles]
    return Outcome({"count": len(items)}, items)


def append(job: Job, changes: Changes) -> Outcome:
    """Writes the payload behind the body of the article ``a``: doing it twice would show."""
    article = changes.get("a")
    before = article.body if article else ""
    changes.put(Article("a", "Judul", f"{before} {job.payload.decode()}".strip()))
    return Outcome()


def take_out(job: Job, changes: Changes) -> Outcome:
    return Outcome({"deleted": changes.remove(job.payload.decode())})


def clear(job: Job, changes: Changes) -> Outcome:
    return Outcome({"deleted": changes.clear()})


def fail_late(job: Job, changes: Changes) -> Outcome:
    changes.clear()
    changes.put(Article("rusak", "Rusak", "Rusak"))
    raise TaskFailed({"message": "Tidak bisa.", "code": "rusak"})


def break_down(job: Job, changes: Changes) -> Outcome:
    changes.remove("a")
    raise ZeroDivisionError


def count_runs(job: Job, workshop: Workshop) -> Outcome:
    runs = job.progress.get("runs", 0) + 1
    workshop.keep_progress(job, {"runs": runs})
    return Outcome({"runs": runs})


def cancel_all(job: Job, workshop: Workshop) -> Outcome:
    waiting = [one.task.uid for one in workshop.work.waiting()]
    return Outcome({"canceled": workshop.queue.cancel(waiting, by=job.task.uid)})


KINDS = (
    ArticleKind("put", put),
    ArticleKind("append", append),
    ArticleKind("take_out", take_out),
    ArticleKind("clear", clear),
    ArticleKind("fail_late", fail_late),
    ArticleKind("break_down", break_down),
    ArticleKind("alone", take_out, alone=True),
    ArticleKind("only_there", take_out, creates=False),
    OtherKind("count_runs", count_runs),
    OtherKind("cancel_all", cancel_all, urgent=True),
)
