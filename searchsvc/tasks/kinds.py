"""Which kinds of tasks are there? What a protocol gives to have its tasks done."""

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

    ``change`` makes the changes; it is done or undone as a whole. Several tasks of one index share
    a commit, whatever their kinds; with ``alone`` the task begins one, so that it finds the index
    as it is committed. ``creates``: an index that is missing is made; else the task fails.
    """

    name: str
    change: Callable[[Job, Changes], Outcome]
    alone: bool = False
    creates: bool = True


@dataclass(frozen=True, slots=True)
class OtherKind:
    """A kind of task that does anything else, by itself.

    ``run`` must bear to be run again: the process may be killed between what it did and the note
    that it is done. ``urgent``: it goes before all that waits.
    """

    name: str
    run: Callable[[Job, Workshop], Outcome]
    urgent: bool = False


Kind = ArticleKind | OtherKind


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a task of an :class:`OtherKind` works with."""

    folder: DataFolder
    queue: TaskQueue
    work: Work

    def open(self, name: str, *, create: bool = False) -> Index:
        """The index of this name. Raises InvalidIndexName, and what :meth:`Index.open` raises."""
        return Index.open(self.folder.path_of(name), create=create)

    def keep_progress(self, job: Job, progress: Mapping[str, Any]) -> None:
        """Keep, durably, how far the task is: ``job.progress`` when it is run again."""
        self.work.keep_progress(job, progress)
