"""When is each source checked, and what happens to its changes?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from indexer.article import Article, Reject, Warned
from indexer.errors import IndexLocked
from indexer.ingest.build_article import Draft, make_fingerprint
from searchsvc.watch.backoff import choose_wait
from searchsvc.watch.failures import NotRead
from searchsvc.watch.fetch import Clock
from searchsvc.watch.source import Chunk, Source, Taken
from searchsvc.watch.state import Standing, WatchState

if TYPE_CHECKING:
    from searchsvc.index import Index

Kind = Literal["new", "changed", "gone"]


class Change(NamedTuple):
    """The change of one article."""

    kind: Kind
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Telling:
    """The callbacks of a watch: for changes, for rejects and warnings, and for failing sources,
    with the seconds until they are retried.
    """

    change: Callable[[Change], None]
    notice: Callable[[Reject | Warned], None]
    failure: Callable[[str, str, float], None]


@dataclass(slots=True)
class _Watched:
    """A source, when it is due (since 1970), and its current iteration."""

    source: Source
    due: float
    giving: Iterator[Chunk] | None = None


@dataclass(slots=True)
class _Changes:
    """The effects of a chunk on the index, before they are reported."""

    taken: Taken = field(default_factory=Taken)
    listed: dict[str, Change] = field(default_factory=dict)


class Watcher:
    """Keeps ``index`` fresh. Sources take turns, some of the changes of each at a time."""

    def __init__(
        self,
        index: Index,
        state: WatchState,
        sources: Sequence[Source],
        telling: Telling,
        *,
        every_s: float,
        clock: Clock,
        wait_s: float = 0.0,
    ) -> None:
        self._index = index
        self._state = state
        self._telling = telling
        self._every_s = every_s
        self._clock = clock
        self._wait_s = wait_s
        self._watched = [
            _Watched(source, state.find_standing(source.address).not_before) for source in sources
        ]

    def run(self) -> None:
        """Check every source when it is due, until stopped."""
        while True:
            if not self._go_round():
                next_due = min(one.due for one in self._watched)
                self._clock.sleep(max(next_due - self._clock.today(), 0.0))

    def run_once(self) -> int:
        """Check every source once; return how many could not be read. A source that failed before
        is skipped until it is due.
        """
        now = self._clock.today()
        early = [one for one in self._watched if one.due > now]
        for one in early:
            self._telling.failure(one.source.address, "it failed before", one.due - now)
        while self._go_round(until=now):
            pass
        standing = (self._state.find_standing(one.source.address) for one in self._watched)
        return sum(bool(one.failures) for one in standing)

    def _go_round(self, until: float | None = None) -> bool:
        """Give each source that is due (or was at ``until``) a turn; return whether any was."""
        busy = False
        for watched in self._watched:
            if watched.giving is None:
                if watched.due > (self._clock.today() if until is None else until):
                    continue
                watched.giving = watched.source.look()
            busy = True
            self._take_turn(watched)
        return busy

    def _take_turn(self, watched: _Watched) -> None:
        assert watched.giving is not None
        try:
            chunk = next(watched.giving, None)
            if chunk is not None:
                self._take(chunk)
                return
            self._end(watched, Standing(), self._every_s)
        except NotRead as failed:
            before = self._state.find_standing(watched.source.address).failures
            wait = choose_wait(before + 1, failed.retry_after_s)
            self._end(watched, Standing(before + 1, self._clock.today() + wait), wait)
            self._telling.failure(watched.source.address, str(failed), wait)
        except IndexLocked as error:
            wait = choose_wait(1)
            self._end(watched, Standing(1), wait)
            self._telling.failure(watched.source.address, str(error), wait)

    def _end(self, watched: _Watched, standing: Standing, wait_s: float) -> None:
        watched.giving = None
        watched.due = self._clock.today() + wait_s
        with self._state.noting():
            self._state.keep_standing(watched.source.address, standing)

    def _take(self, chunk: Chunk) -> None:
        """Index a chunk, delete what is gone, and only then record that it is done."""
        changes = _Changes()
        if chunk.items:
            self._index.add_items(
                self._finish(chunk, changes),
                on_article=lambda article: self._compare(article, changes),
                on_reject=self._telling.notice,
                on_warning=self._telling.notice,
                wait_s=self._wait_s,
            )
        with self._state.noting():
            orphans = self._state.list_orphans(list(chunk.settle(changes.taken)))
            gone = [one for one in orphans if one not in changes.listed]
            articles = [found for one in gone if (found := self._index.get(one)) is not None]
            if articles:
                self._index.delete([one.id for one in articles], wait_s=self._wait_s)
            for change in changes.listed.values():
                self._telling.change(change)
            for article in articles:
                self._telling.change(Change("gone", article.id, article.title))

    def _finish(self, chunk: Chunk, changes: _Changes) -> Iterator[Article | Reject | Warned]:
        """The articles of a chunk, recording which key each came from."""
        for key, item in chunk.items:
            for finished in item.finish() if isinstance(item, Draft) else (item,):
                if isinstance(finished, Reject):
                    changes.taken.refused.add(key)
                elif isinstance(finished, Article):
                    changes.taken.given.setdefault(key, []).append(finished.id)
                yield finished

    def _compare(self, article: Article, changes: _Changes) -> None:
        """Record whether ``article``, about to be indexed, is new or different from the index."""
        before = self._index.get(article.id)
        if before is None:
            changes.listed[article.id] = Change("new", article.id, article.title)
        elif make_fingerprint(before) != make_fingerprint(article):
            changes.listed[article.id] = Change("changed", article.id, article.title)
        else:
            changes.listed.pop(article.id, None)
