"""Which kinds of tasks are there? What a protocol defines to have its tasks executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from searchsvc.data_folder import DataFolder
from searchsvc.index import Index
from searchsvc.tasks.changes import Changes
from searchsvc.tasks.queue import TaskQueue
from searchsvc.tasks.work import Job, Outcome, Work


@dataclass(frozen=True, slots=True)
class ArticleKind:
    """A kind of task that changes the articles of one index.

    ``change`` makes the changes, all or nothing. Several tasks of one index share a commit,
    whatever their kinds; with ``alone`` the task starts a new commit, so that it sees the index as
    committed. ``creates``: a missing index is created; otherwise the task fails.
    """

    name: str
    change: Callable[[Job, Changes], Outcome]
    alone: bool = False
    creates: bool = True


@dataclass(frozen=True, slots=True)
class OtherKind:
    """A kind of task that does anything else, on its own.

    ``run`` must be idempotent: the process may be killed between its effect and the note that it is
    done. ``urgent``: it precedes all waiting tasks.
    """

    name: str
    run: Callable[[Job, Workshop], Outcome]
    urgent: bool = False


Kind = ArticleKind | OtherKind


@dataclass(frozen=True, slots=True)
class Workshop:
    """The environment of a task of an :class:`OtherKind`."""

    folder: DataFolder
    queue: TaskQueue
    work: Work

    def open(self, name: str, *, create: bool = False) -> Index:
        """The index with this name. Raises InvalidIndexName, and what :meth:`Index.open` raises."""
        return Index.open(self.folder.path_of(name), create=create)

    def keep_progress(self, job: Job, progress: Mapping[str, Any]) -> None:
        """Store the task's progress durably: ``job.progress`` when it is run again."""
        self.work.keep_progress(job, progress)
