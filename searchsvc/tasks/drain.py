"""Who executes tasks? One process per data folder, a batch at a time.

A batch of changes to an index takes three durable steps: the results of its tasks are stored with
them; the index is committed, and its commit notes the batch; the tasks are finished. A successor of
a process that was killed in between reads from the index whether the batch was committed, so every
task is executed exactly once.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from indexer.errors import (
    EngineUnavailable,
    IndexerError,
    IndexLocked,
    IndexNotConfirmed,
    IndexNotWritten,
    IndexTakenOver,
    IndexUnreadable,
)
from searchsvc.data_folder import DataFolder, UnknownIndex
from searchsvc.database import DatabaseUnusable
from searchsvc.errors import problem_for
from searchsvc.tasks.changes import Changes
from searchsvc.tasks.kinds import ArticleKind, Kind, OtherKind, Workshop
from searchsvc.tasks.queue import LOOK_SECONDS, TaskQueue
from searchsvc.tasks.task import Task, TaskFailed, Values
from searchsvc.tasks.work import MOST_ATTEMPTS, MOST_BYTES, Job, Outcome, Work

logger = logging.getLogger(__name__)

#: The first and the longest wait after a failure that is not a task's fault.
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
#: How often an index held by another writer is checked.
_LOCKED_SECONDS = 0.05

#: Maximum number of times a task meets a failure that an operator can repair: about seven minutes
#: for an OtherKind, which holds up those behind it, about an hour for articles.
_MOST_TRIES = 20
_MOST_ARTICLE_TRIES = 125

#: Failures that an operator can repair, so that the task is retried: no space, missing permissions,
#: a server that is away.
_PASSING = (
    IndexNotWritten,
    IndexNotConfirmed,
    IndexTakenOver,
    IndexUnreadable,
    EngineUnavailable,
    MemoryError,
)
#: The key under which tasks of no single index wait.
_NO_INDEX = ""
#: How often a batch that takes long lets others pass, and how much these may bring at once.
_LET_PASS_SECONDS = 0.2
_MOST_PASSING_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Unsettled:
    """A batch of the index ``index`` that may have been committed; ``error``: why that is not
    known.
    """

    index: str
    error: EngineUnavailable


class Drain:
    """Executes the tasks of ``queue`` on the indexes of ``folder``. Only one may run at a time.

    ``on_finished`` is called with the outcome of each task.
    """

    def __init__(
        self,
        queue: TaskQueue,
        folder: DataFolder,
        kinds: Sequence[Kind],
        *,
        most_kept: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
        on_finished: Callable[[Outcome], None] = lambda outcome: None,
    ) -> None:
        self._queue = queue
        self._folder = folder
        self._kinds = {kind.name: kind for kind in kinds}
        self._work = Work(queue, most_kept=most_kept, on_finished=on_finished)
        self._workshop = Workshop(folder, queue, self._work)
        self._clock = clock
        self._urgent = tuple(
            kind.name for kind in kinds if isinstance(kind, OtherKind) and kind.urgent
        )
        #: Indexes that are skipped until then: another process writes to them, or the disk is full.
        self._not_before: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        #: Batches of which no server has said yet whether it committed them.
        self._unsettled: dict[int, _Unsettled] = {}
        #: How often each task met a failure of :data:`_PASSING`.
        self._tries: Counter[int] = Counter()
        self._passing = False
        self._let_pass_at = 0.0

    # --- going on

    def run(self, stopping: Callable[[], bool]) -> None:
        """Execute tasks as they come until ``stopping``. Raises DatabaseUnusable."""
        self.recover()
        busy = False
        with self._queue.looking_out() as lookout:
            while not stopping():
                changed = lookout.sees_change()
                if changed and self._work.interrupted().keys() - self._unsettled.keys():
                    # Of a backup that was restored.
                    self.recover()
                if changed or busy or self._not_before:
                    busy = self.run_once()
                if not busy:
                    time.sleep(LOOK_SECONDS)

    def run_until_empty(self) -> None:
        """Execute all waiting tasks. Raises DatabaseUnusable."""
        self.recover()
        while self._unsettled or self._work.waiting(self._urgent):
            if not self.run_once():
                time.sleep(LOOK_SECONDS)

    def recover(self) -> None:
        """Finish, or restart, what was in progress when the previous process was killed, or when
        a server went away, once this may be asked again. Raises DatabaseUnusable.
        """
        try:
            self._folder.recover()
        except IndexNotWritten as error:
            logger.error("%s", error)
        interrupted = self._work.interrupted()
        unsettled, self._unsettled = self._unsettled, {}
        for batch, tasks in interrupted.items():
            if batch in unsettled and tasks[0].index in self._not_before:
                self._unsettled[batch] = unsettled[batch]
            else:
                self._settle(batch, tasks, unsettled.get(batch))

    def _settle(self, batch: int, tasks: Sequence[Task], unsettled: _Unsettled | None) -> None:
        """Finish the tasks if their batch was committed, and restart them if not."""
        name = tasks[0].index
        uids = [task.uid for task in tasks]
        try:
            committed = self._was_committed(batch, tasks[0])
        except EngineUnavailable as error:
            self._put_off(name, error)
            self._tries.update(uids)
            if self._give_up(tasks, error) < len(tasks):
                self._unsettled[batch] = _Unsettled(name, error)
            return
        if committed:
            self._work.finish_as_prepared(batch)
            self._forget_tries(uids)
        elif unsettled:
            self._give_up(tasks, unsettled.error)
        self._work.put_back(batch, blameless=False)

    def _give_up(self, tasks: Sequence[Task], error: Exception) -> int:
        """Let those of the tasks in progress fail that were tried too often; return how many."""
        tired = [task for task in tasks if self._tries[task.uid] >= _MOST_ARTICLE_TRIES]
        self._work.finish({task.uid: _fail_by(task, error) for task in tired})
        self._forget_tries(task.uid for task in tired)
        return len(tired)

    def _was_committed(self, batch: int, task: Task) -> bool:
        if not isinstance(self._kinds.get(task.kind), ArticleKind):
            return False
        try:
            with self._workshop.open(task.index).engine.snapshot() as snapshot:
                return snapshot.note == self._work.name_batch(batch)
        except EngineUnavailable:
            raise
        except IndexerError:
            return False

    # --- choosing

    def run_once(self) -> bool:
        """Execute the next batch, if one is ready; return whether there was one. Raises
        DatabaseUnusable.
        """
        now = self._clock()
        self._not_before = {name: then for name, then in self._not_before.items() if then > now}
        if any(one.index not in self._not_before for one in self._unsettled.values()):
            self.recover()
        if self._unsettled:
            # They may concern any index: what was begun before them is done first.
            self._not_before[_NO_INDEX] = max(
                self._not_before[one.index] for one in self._unsettled.values()
            )
        chosen = self._choose(self._work.waiting(self._urgent, self._not_before.keys()))
        if not chosen:
            return False
        index = chosen[0].task.index
        kind = self._kinds.get(chosen[0].task.kind)
        if isinstance(kind, ArticleKind):
            return self._pausing(index, lambda: self._change_articles(index, kind, chosen))
        return self._pausing(_NO_INDEX, lambda: self._do_alone(chosen[0], kind))

    def _choose(self, waiting: Sequence[Job]) -> list[Job]:
        """The next tasks: an urgent one, or else the first that is ready, with later ones of the
        same index that can share its commit.
        """
        left_waiting = False
        for place, job in enumerate(waiting):
            if job.task.kind in self._urgent:
                return [job]
            if not isinstance(self._kinds.get(job.task.kind), ArticleKind):
                # It may concern any index: everything before it is done first.
                return [] if left_waiting or _NO_INDEX in self._not_before else [job]
            if job.task.index not in self._not_before:
                return self._gather(waiting[place:])
            left_waiting = True
        return []

    def _gather(self, waiting: Sequence[Job], room: int = MOST_BYTES) -> list[Job]:
        """The first task, with later ones that can share its commit, while there is ``room`` for
        their payloads.
        """
        chosen: list[Job] = []
        for job in waiting:
            kind = self._kinds.get(job.task.kind)
            if not isinstance(kind, ArticleKind):
                break
            if job.task.index != waiting[0].task.index:
                continue
            # A task that was begun before may have ended the process: it runs alone.
            if chosen and (kind.alone or job.attempts or job.payload_bytes > room):
                break
            chosen.append(job)
            room -= job.payload_bytes
            if job.attempts:
                break
        return chosen

    def _let_pass(self, name: str) -> None:
        """Execute small tasks of another index than ``name``, whose batch goes on afterwards: now
        and then, so that both get on. Raises DatabaseUnusable.
        """
        if self._passing or self._clock() < self._let_pass_at:
            return
        self._passing = True
        try:
            chosen = self._choose_small({name, *self._not_before})
            if chosen:
                index, kind = chosen[0].task.index, self._kinds[chosen[0].task.kind]
                assert isinstance(kind, ArticleKind)
                self._pausing(index, lambda: self._change_articles(index, kind, chosen))
        finally:
            self._passing = False
            self._let_pass_at = self._clock() + _LET_PASS_SECONDS

    def _choose_small(self, held: set[str]) -> list[Job]:
        """The next tasks of an index that is not ``held``: not what may concern every index, nor
        what comes after that.
        """
        waiting = self._work.waiting(self._urgent, held)
        for place, job in enumerate(waiting):
            if not isinstance(self._kinds.get(job.task.kind), ArticleKind):
                break
            if job.attempts or job.payload_bytes > _MOST_PASSING_BYTES:
                held.add(job.task.index)
            if job.task.index not in held:
                return self._gather(waiting[place:], _MOST_PASSING_BYTES)
        return []

    def _pausing(self, name: str, do: Callable[[], None]) -> bool:
        """Run ``do``; if something is in the way, skip the tasks under ``name`` for a while.
        Returns whether it succeeded.
        """
        try:
            do()
        except IndexLocked:
            self._not_before[name] = self._clock() + _LOCKED_SECONDS
            return False
        except _PASSING as error:
            self._put_off(name, error)
            return False
        self._pauses.pop(name, None)
        return True

    def _put_off(self, name: str, error: Exception) -> None:
        pause = self._pauses.get(name, _FIRST_PAUSE_SECONDS)
        self._pauses[name] = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        self._not_before[name] = self._clock() + pause
        logger.error("%s Tasks wait for %g s.", error, pause)

    # --- doing

    def _do_alone(self, chosen: Job, kind: OtherKind | None) -> None:
        batch, jobs = self._work.begin([chosen.task.uid])
        for job in jobs:
            try:
                outcome = self._try_alone(job, kind)
            except BaseException as error:
                self._work.put_back(batch, blameless=_is_blameless(error))
                raise
            self._work.finish({job.task.uid: outcome})
            self._forget_tries([job.task.uid])

    def _try_alone(self, job: Job, kind: OtherKind | None) -> Outcome:
        """The outcome of the task. Raises IndexLocked, and :data:`_PASSING` until there were too
        many tries.
        """
        if kind is None:
            return Outcome(error=_describe_unknown(job.task.kind))
        try:
            return _guard(job, lambda: kind.run(job, self._workshop))
        except _PASSING as error:
            self._tries[job.task.uid] += 1
            if self._tries[job.task.uid] < _MOST_TRIES:
                raise
            return _fail_by(job.task, error)

    def _change_articles(self, name: str, kind: ArticleKind, chosen: Sequence[Job]) -> None:
        """Execute tasks of one index with one commit; those that were tried too often fail, unless
        they may have been committed. Raises IndexLocked and :data:`_PASSING`.
        """
        uids = [job.task.uid for job in chosen]
        try:
            self._commit_articles(name, kind, chosen)
        except _PASSING as error:
            self._tries.update(uids)
            tired = [job for job in chosen if self._tries[job.task.uid] >= _MOST_ARTICLE_TRIES]
            if tired:
                self._fail(tired, error)
            raise
        self._forget_tries(uids)

    def _forget_tries(self, uids: Iterable[int]) -> None:
        for uid in uids:
            self._tries.pop(uid, None)

    def _commit_articles(self, name: str, kind: ArticleKind, chosen: Sequence[Job]) -> None:
        try:
            if not kind.creates and not self._folder.has(name):
                raise UnknownIndex(name)
            self._folder.create(name)
            index = self._workshop.open(name)
            writer = index.engine.writer()
        except (IndexLocked, *_PASSING):
            raise
        except IndexerError as error:
            self._fail(chosen[:1], error)
            return
        with index, writer:
            batch, jobs = self._work.begin([job.task.uid for job in chosen])
            self._let_pass_at = self._clock() + _LET_PASS_SECONDS
            try:
                with index.engine.snapshot() as snapshot:
                    changes = Changes(index, snapshot, lambda: self._let_pass(name))
                    outcomes = {job.task.uid: self._change(job, changes) for job in jobs}
                    self._work.prepare(outcomes)
                    changes.write(writer, note=self._work.name_batch(batch))
            except EngineUnavailable as error:
                # It may have committed all the same.
                self._work.excuse(batch)
                self._unsettled[batch] = _Unsettled(name, error)
                raise
            except (DatabaseUnusable, *_PASSING) as error:
                self._work.put_back(batch, blameless=_is_blameless(error))
                raise
            except Exception as error:
                self._blame(batch, jobs, error)
                return
        self._work.finish(outcomes)

    def _change(self, job: Job, changes: Changes) -> Outcome:
        """The outcome of the task; its changes are undone if it failed."""
        kind = self._kinds[job.task.kind]
        assert isinstance(kind, ArticleKind)
        outcome = _guard(job, lambda: kind.change(job, changes))
        if outcome.error is None:
            changes.keep()
        else:
            changes.undo()
        return outcome

    def _blame(self, batch: int, jobs: Sequence[Job], error: Exception) -> None:
        """A commit failed: a single task is to blame; several are retried one by one."""
        if len(jobs) > 1:
            logger.exception("%d tasks could not be done together", len(jobs))
            self._work.put_back(batch, blameless=False)
        elif jobs:
            self._work.finish({jobs[0].task.uid: _fail_by(jobs[0].task, error)})

    def _fail(self, jobs: Sequence[Job], error: Exception) -> None:
        """Let those of the tasks fail that still wait."""
        _, begun = self._work.begin([job.task.uid for job in jobs])
        self._work.finish({job.task.uid: _fail_by(job.task, error) for job in begun})
        self._forget_tries(job.task.uid for job in begun)


def _is_blameless(error: BaseException) -> bool:
    """Whether the tasks under way are not to blame: only they may need too much memory."""
    return not isinstance(error, MemoryError)


def _guard(job: Job, do: Callable[[], Outcome]) -> Outcome:
    """The outcome returned by ``do``, or the reason of its failure. Raises :data:`_PASSING`."""
    if job.attempts > MOST_ATTEMPTS:
        logger.error("Task %d was begun %d times in vain", job.task.uid, MOST_ATTEMPTS)
        return Outcome(error=_describe(RuntimeError()))
    try:
        return do()
    except TaskFailed as failed:
        return Outcome(error=failed.error)
    except (IndexLocked, DatabaseUnusable, *_PASSING):
        raise
    except Exception as error:
        # A task never ends the process that executes all of them.
        return _fail_by(job.task, error)


def _fail_by(task: Task, error: Exception) -> Outcome:
    if problem_for(error).code == "internal":
        logger.error("Task %d (%s) failed", task.uid, task.kind, exc_info=error)
    return Outcome(error=_describe(error))


def _describe(error: Exception) -> Values:
    """The error of a task, as clients see it."""
    problem = problem_for(error)
    return {
        "message": problem.detail,
        "code": problem.code,
        "type": "invalid_request" if problem.status < 500 else "internal",
        "link": f"/api/v1/problems/{problem.code}",
    }


def _describe_unknown(kind: str) -> Values:
    """The error of a task that was queued by another version of this program."""
    return {**_describe(RuntimeError()), "message": f"No task of the kind {kind!r} is known."}
