"""How do several processes share the work, with results in order?

The calling process reads and writes. Work on some articles that does not depend on others is done
by any free process, often the calling one: it never waits for a piece of work that nobody has
begun. This keeps all processes busy, whatever the proportions of reading, cleaning, analysing and
writing.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import Any, Final, Generic, TypeVar

from indexer.errors import IndexerError

#: Tool: what a process works with, created once in each; see :class:`Crew`.
T = TypeVar("T")
#: The input of a piece of work, its result, and what stays in this process meanwhile.
Given = TypeVar("Given")
Result = TypeVar("Result")
Kept = TypeVar("Kept")

#: Pieces of each kind of work done before other processes are started: a small input is finished by
#: then.
_PIECES_BEFORE: Final = 2
#: Pieces of each kind in progress, or done and not yet collected, per process: enough for the
#: others to continue while this one writes a segment, with bounded memory (some 3 MB each).
_AHEAD: Final = 4
_AHEAD_EACH: Final = 4
#: Seconds after which the threads that hand pieces to other processes get Python's lock, instead of
#: 0.005: they need it for each 64 kB of a piece, and the other process waits for that.
_SWITCH_EVERY_S: Final = 0.0005


class WorkerDied(IndexerError):
    """A process that worked on articles died."""

    def __init__(self) -> None:
        super().__init__(
            "A process that analysed articles was ended, most likely for want of memory. "
            "Articles committed before are safe; try again with --processes 1."
        )


class _Piece:
    """One piece of work: not begun, in progress elsewhere, or done."""

    def __init__(self, do_here: Callable[[], Any]) -> None:
        self._do_here = do_here
        self._future: Future[Any] | None = None
        self._done = False
        self._result: Any = None

    def give_away(self, future: Future[Any]) -> None:
        self._future = future

    @property
    def done(self) -> bool:
        return self._done or (self._future is not None and self._future.done())

    def take_over(self) -> bool:
        """Do it in this process unless another has begun; return whether it was done here."""
        if self._done or (self._future is not None and not self._future.cancel()):
            return False
        self._result = self._do_here()
        self._future = None
        self._done = True
        return True

    def collect(self) -> Any:
        """The result, once available. Raises WorkerDied."""
        if self._future is None:
            return self._result
        try:
            return self._future.result()
        except BrokenProcessPool as error:
            raise WorkerDied from error

    def drop(self) -> None:
        if self._future is not None:
            self._future.cancel()


class Crew(Generic[T]):
    """This process, which works with ``tool``, and others, each with its own from ``make_tool``: a
    module-level function, or a ``partial`` of one.

    ``processes`` includes this one; the others are started once there is enough to do. Use as a
    context manager, from one thread.
    """

    def __init__(
        self, tool: T, *, processes: int = 1, make_tool: Callable[[], T] | None = None
    ) -> None:
        #: The tool of this process.
        self.tool = tool
        self._make_tool = make_tool
        self._others = processes - 1 if make_tool is not None else 0
        self._ahead = _AHEAD + _AHEAD_EACH * self._others if self._others else 0
        self._pool: ProcessPoolExecutor | None = None
        self._switch_s = sys.getswitchinterval()
        #: Submitted to the pool, oldest first; some may be done.
        self._given: deque[_Piece] = deque()

    def __enter__(self) -> Crew[T]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            sys.setswitchinterval(self._switch_s)
            self._pool.shutdown(cancel_futures=True)

    def map(
        self, work: Callable[[T, Given], Result], items: Iterable[tuple[Given | None, Kept]]
    ) -> Iterator[tuple[Result | None, Kept]]:
        """``work(tool, given)`` for each (given, kept) of ``items``, in order, with its ``kept``,
        which is never sent to another process. If ``given`` is ``None``, so is the result.

        ``work`` is a module-level function, or a ``partial`` of one. ``items`` may themselves come
        from this method. Raises WorkerDied, and what ``work`` raises.
        """
        waiting: deque[tuple[_Piece, Kept]] = deque()
        begun = 0
        try:
            for given, kept in items:
                waiting.append((self._begin(work, given, begun), kept))
                begun += given is not None
                while waiting and (waiting[0][0].done or len(waiting) > self._ahead):
                    piece, kept = waiting.popleft()
                    yield self._finish(piece), kept
            while waiting:
                piece, kept = waiting.popleft()
                yield self._finish(piece), kept
        finally:
            for piece, _ in waiting:
                piece.drop()

    def _begin(self, work: Callable[[T, Given], Result], given: Given | None, begun: int) -> _Piece:
        if given is None:
            piece = _Piece(lambda: None)
        else:
            known = given
            piece = _Piece(lambda: work(self.tool, known))
        if given is None or not self._others or begun < _PIECES_BEFORE:
            piece.take_over()
            return piece
        while self._given and self._given[0].done:
            self._given.popleft()
        try:
            piece.give_away(self._start().submit(_work, work, given))
        except BrokenProcessPool as error:
            raise WorkerDied from error
        self._given.append(piece)
        return piece

    def _start(self) -> ProcessPoolExecutor:
        if self._pool is None:
            sys.setswitchinterval(_SWITCH_EVERY_S)
            # Spawned, not forked: this process has threads, which would not survive a fork.
            self._pool = ProcessPoolExecutor(
                self._others,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=partial(_start_worker, self._make_tool),
            )
        return self._pool

    def _finish(self, piece: _Piece) -> Any:
        """The result of ``piece``. While waiting for it, do pieces here that nobody has begun."""
        while not piece.done and not piece.take_over() and self._given:
            self._given.popleft().take_over()
        return piece.collect()


# --- in the other process

_tool: Any = None


def _start_worker(make_tool: Callable[[], Any] | None) -> None:
    global _tool
    assert make_tool is not None, "other processes are started only with a tool"
    # Ctrl-C reaches the whole process group; only the first process decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _tool = make_tool()


def _end_with_parent() -> None:
    """A killed parent cannot stop its workers, so each worker watches its parent."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(work: Callable[[Any, Any], Any], given: Any) -> Any:
    return work(_tool, given)
