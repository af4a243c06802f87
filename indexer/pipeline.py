"""How do articles get into an index? Read, clean, analyse, write, and report what happened to each.

Works with any engine and any analyser; it knows nothing of files or terminals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from indexer.article import Article, Reject, Warned
from indexer.engine.base import (
    AnalysedBatch,
    AnalysedDocument,
    Engine,
    SearchedText,
    Writer,
    Written,
)
from indexer.ingest.build_article import Draft, document
from indexer.own_fields.declaration import NO_FIELDS, OwnFields
from indexer.parallel import Crew

#: Articles analysed and passed to the engine at a time.
BATCH_SIZE: Final = 500
#: Characters of text that end a batch early, to bound memory if articles are long: three times the
#: total of 500 ordinary ones.
BATCH_CHARACTERS: Final = 4_000_000
#: Articles, and seconds, between commits: the possible loss in a crash against the cost of a
#: commit.
COMMIT_EVERY: Final = 20_000
COMMIT_EVERY_S: Final = 60.0


@dataclass(slots=True)
class Summary:
    """What a run did. ``read`` counts articles taken in, before duplicates were dropped;
    ``part_done`` is the fraction of the input that they make up, from 0 to 1, or ``None`` if
    unknown; ``read_at_commit`` is the value of ``read`` at the last commit, so later ones are not
    in the index.

    ``added``, ``updated`` and ``unchanged`` are the engine's, as of the commits so far; in a dry
    run they stay 0. ``duplicates`` are articles whose id came again before the commit that took it
    (the last one wins); in a dry run those of the same batch. ``put_off``: see
    :class:`indexer.engine.base.Written`, of the last commit.
    """

    read: int = 0
    part_done: float | None = None
    read_at_commit: int = 0
    committing: bool = False
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    rejected: int = 0
    warned: int = 0
    commits: int = 0
    generation: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    put_off: str = ""
    first_rejects: list[Reject] = field(default_factory=list)

    def count(self, written: Written) -> None:
        """Add the figures of another commit."""
        self.added += written.added
        self.updated += written.updated
        self.unchanged += written.unchanged
        self.generation = written.generation
        self.commits += 1
        self.read_at_commit = self.read
        self.put_off = written.put_off

    @property
    def articles_per_second(self) -> float:
        return self.read / self.seconds if self.seconds > 0 else 0.0


#: Rejects a summary quotes.
_QUOTED_REJECTS: Final = 10

OnProgress = Callable[[Summary], None]
OnReject = Callable[[Reject], None]
OnWarning = Callable[[Warned], None]
#: For each article whether the index already has exactly it.
Skip = Callable[[Sequence[AnalysedDocument]], list[bool]]
MeasureRead = Callable[[], float | None]
#: An article, complete or still to be finished, or a report about one.
Item = Article | Draft | Reject | Warned

ReadT = TypeVar("ReadT")
ItemT = TypeVar("ItemT", Item, Article | Reject | Warned)
#: Passes over articles in order, applying to one what others have taught.
Revise = Callable[[Iterable[Article | Reject | Warned]], Iterable[Article | Reject | Warned]]


class Analyzer(Protocol[ReadT]):
    """Turns articles into terms. See :class:`indexer.language.analyzer.Analyzer`."""

    @property
    def joined_labels(self) -> Mapping[str, str]: ...

    def read(self, texts: list[SearchedText]) -> ReadT: ...

    def settle(self, read: ReadT, documents: list[AnalysedDocument]) -> AnalysedBatch: ...

    def conclude(self) -> AnalysedBatch | None: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom a run tells what. ``on_progress`` is called with the running summary after each batch
    and before and after each commit; ``measure_read`` returns the fraction of the input that has
    been read.
    """

    on_progress: OnProgress | None = None
    on_reject: OnReject | None = None
    on_warning: OnWarning | None = None
    measure_read: MeasureRead = lambda: None


@dataclass(frozen=True, slots=True)
class Pace:
    """How much a run takes at a time: ``batch_size`` articles are analysed together, and a commit
    comes every ``commit_every`` articles and every ``commit_every_s`` seconds by ``clock``, so that
    a crash loses no more than that. The index does not depend on it: what all articles together
    teach about a word decides its stem, in each of them
    (:meth:`indexer.language.analyzer.Analyzer.conclude`).
    """

    batch_size: int = BATCH_SIZE
    commit_every: int = COMMIT_EVERY
    commit_every_s: float = COMMIT_EVERY_S
    clock: Callable[[], float] = time.monotonic


SILENT: Final = Telling()
USUAL_PACE: Final = Pace()


def index_articles(
    engine: Engine,
    items: Iterable[Item],
    analyzer: Analyzer[ReadT],
    *,
    telling: Telling = SILENT,
    pace: Pace = USUAL_PACE,
    dry_run: bool = False,
    processes: int = 1,
    make_analyzer: Callable[[], Analyzer[ReadT]] | None = None,
    wait_s: float = 0.0,
    revise: Revise = iter,
    fields: OwnFields | None = None,
) -> Summary:
    """Index ``items`` (as :func:`indexer.ingest.readers.read_drafts` yields them) and commit.

    ``dry_run`` reads and analyses everything and writes nothing. ``processes`` and
    ``make_analyzer``: see :class:`indexer.parallel.Crew`; the index does not depend on them.
    ``revise`` passes over all articles before they are analysed. ``fields``: to use instead of
    those declared for the index (:attr:`indexer.engine.base.Engine.fields`). Raises IndexLocked if
    another writer holds the index for longer than ``wait_s`` seconds, WorkerDied, and whatever
    reading the items raises; articles committed before remain, and the last reported summary says
    which.
    """
    summary = Summary(dry_run=dry_run)
    with Crew(analyzer, processes=processes, make_tool=make_analyzer) as crew:
        own = engine.fields if fields is None else fields
        work = _Work(crew, summary, telling, pace.batch_size, own, revise)
        if dry_run:
            for _, way in work.analyse(items, None):
                work.note_done(way)
            work.report()
            return summary
        with engine.writer(wait_s=wait_s) as writer:
            work.report()
            pending = 0
            committed_at = pace.clock()
            for batch, way in work.analyse(items, writer.skip_unchanged):
                if batch is not None:
                    writer.add(batch)
                    pending += len(batch.documents)
                work.note_done(way)
                waited_s = pace.clock() - committed_at
                if pending >= pace.commit_every or waited_s >= pace.commit_every_s:
                    work.commit(writer, more=True)
                    pending = 0
                    committed_at = pace.clock()
            if summary.read:
                work.commit(writer)
    # The engine counts each id once per commit.
    summary.duplicates = summary.read - summary.added - summary.updated - summary.unchanged
    work.report()
    return summary


def rebuild(
    engine: Engine,
    analyzer: Analyzer[ReadT],
    *,
    telling: Telling = SILENT,
    batch_size: int = BATCH_SIZE,
    processes: int = 1,
    make_analyzer: Callable[[], Analyzer[ReadT]] | None = None,
    wait_s: float = 0.0,
) -> Summary:
    """Analyse every article of the index again and replace the index with one commit.

    Searches use the old generation until then, and afterwards too if this fails. Arguments as of
    :func:`index_articles`. Raises IndexCorrupt if an article cannot be read.
    """
    summary = Summary()
    with (
        engine.writer(wait_s=wait_s) as writer,
        engine.snapshot() as snapshot,
        Crew(analyzer, processes=processes, make_tool=make_analyzer) as crew,
    ):
        work = _Work(crew, summary, telling, batch_size, engine.fields)
        work.report()
        writer.delete_all()
        for batch, way in work.analyse(snapshot.all_articles(), None):
            if batch is not None:
                writer.add(batch)
            work.note_done(way)
        writer.optimize()
        work.commit(writer)
    return summary


def add_articles(
    writer: Writer,
    articles: Iterable[Article],
    analyzer: Analyzer[ReadT],
    *,
    fields: OwnFields = NO_FIELDS,
) -> None:
    """Analyse whole articles and add them to ``writer``; the caller commits.

    Arguments as of :func:`index_articles`.
    """
    with Crew(analyzer) as crew:
        work = _Work(crew, Summary(), SILENT, BATCH_SIZE, fields)
        for batch, _ in work.analyse(articles, writer.skip_unchanged):
            if batch is not None:
                writer.add(batch)
        work.conclude(writer)


#: Progress attached to some articles: how many had been read up to them, and what fraction of the
#: input.
Way = tuple[int, float | None]


class _Work(Generic[ReadT]):
    """The steps of one run, each of which a crew shares."""

    def __init__(
        self,
        crew: Crew[Analyzer[ReadT]],
        summary: Summary,
        telling: Telling,
        batch_size: int,
        fields: OwnFields,
        revise: Revise = iter,
    ) -> None:
        self._crew = crew
        self._summary = summary
        self._telling = telling
        self._batch_size = batch_size
        self._fields = fields
        self._revise = revise
        #: Ids that may not have reached the index yet, so it cannot be asked about them: the number
        #: of the last batch with each, and its fingerprint there.
        self._under_way: dict[str, tuple[int, bytes]] = {}
        #: The fraction of the input read when the articles now being finished were read.
        self._part_finished: float | None = None
        self._started = time.perf_counter()

    def report(self) -> None:
        """Report how far the run has come."""
        self._summary.seconds = time.perf_counter() - self._started
        if self._telling.on_progress is not None:
            self._telling.on_progress(self._summary)

    def conclude(self, writer: Writer) -> None:
        """Tell ``writer`` what all batches together teach about their words."""
        concluded = self._crew.tool.conclude()
        if concluded is not None:
            writer.add(concluded)

    def commit(self, writer: Writer, *, more: bool = False) -> None:
        """Commit, and add up what that did. ``more``: see :meth:`Writer.commit`."""
        self._summary.committing = True
        self.report()
        before = writer.committed
        try:
            self.conclude(writer)
            writer.commit(more=more)
        finally:
            self._summary.committing = False
            # A commit that is refused or interrupted late may have succeeded all the same.
            written = writer.committed
            if written is not None and written is not before:
                self._summary.count(written)
        self.report()

    def note_done(self, way: Way) -> None:
        """Count articles that were taken in, and report."""
        count, self._summary.part_done = way
        self._summary.read += count
        self.report()

    def analyse(
        self, items: Iterable[Item], skip: Skip | None
    ) -> Iterator[tuple[AnalysedBatch | None, Way]]:
        """The batches of ``items``, in order; ``None`` for a stretch without anything new."""
        batches = (
            ([one.searched_text for one in documents] or None, (documents, way))
            for documents, way in self._make_batches(items, skip)
        )
        for number, (read, (documents, way)) in enumerate(self._crew.map(_read, batches)):
            settled = None if read is None else self._crew.tool.settle(read, documents)
            yield settled, way
            # A caller that asks for the next batch has taken this one in.
            for taken in documents:
                if self._under_way[taken.article.id][0] == number:
                    del self._under_way[taken.article.id]

    def _make_batches(
        self, items: Iterable[Item], skip: Skip | None
    ) -> Iterator[tuple[list[AnalysedDocument], Way]]:
        """Documents in batches, each id once per batch: the last article with it.

        Articles that ``skip`` reports as indexed are left out, so an interrupted run quickly passes
        over what it had done.
        """
        groups = _gather(self._revise(self._finish(items)), self._batch_size)
        for number, group in enumerate(groups):
            last: dict[str, AnalysedDocument] = {}
            count = 0
            for item in group:
                if not isinstance(item, Article):
                    self._note(item)
                    continue
                count += 1
                if last.pop(item.id, None) is not None:
                    self._summary.duplicates += 1
                last[item.id] = self._prepare(item)
            batch = list(last.values())
            if skip is not None:
                batch = self._leave_out_known(batch, skip)
            for prepared in batch:
                self._under_way[prepared.article.id] = number, prepared.fingerprint
            yield batch, (count, self._part_finished)

    def _leave_out_known(
        self, documents: list[AnalysedDocument], skip: Skip
    ) -> list[AnalysedDocument]:
        """``documents``, but for the very articles that the index has, or will have once the work
        in progress is done.
        """
        known = {
            name: under_way[1] == one.fingerprint
            for one in documents
            if (under_way := self._under_way.get(name := one.article.id)) is not None
        }
        asked = [one for one in documents if one.article.id not in known]
        known |= zip([one.article.id for one in asked], skip(asked), strict=True)
        return [one for one in documents if not known[one.article.id]]

    def _prepare(self, article: Article) -> AnalysedDocument:
        """The article as an engine needs it, except for its tokens."""
        problems: list[str] = []
        prepared = document(
            article,
            joined_labels=self._crew.tool.joined_labels,
            fields=self._fields,
            problems=problems,
        )
        for problem in problems:
            # At this point, the file and line it came from are no longer known.
            self._note(Warned(f"article {article.id}", 0, f"{problem}; it is left out"))
        return prepared

    def _finish(self, items: Iterable[Item]) -> Iterator[Article | Reject | Warned]:
        """All of ``items``, with drafts finished into articles."""
        groups = (
            (group if any(isinstance(item, Draft) for item in group) else None, (group, part))
            for group, part in self._measure(items)
        )
        for finished, (group, part) in self._crew.map(_finish, groups):
            self._part_finished = part
            # Without a draft among them they are already finished.
            yield from group if finished is None else finished  # type: ignore[misc]

    def _measure(self, items: Iterable[Item]) -> Iterator[tuple[list[Item], float | None]]:
        for group in _gather(items, self._batch_size):
            yield group, self._telling.measure_read()

    def _note(self, told: Reject | Warned) -> None:
        summary, telling = self._summary, self._telling
        if isinstance(told, Reject):
            summary.rejected += 1
            if len(summary.first_rejects) < _QUOTED_REJECTS:
                summary.first_rejects.append(told)
            if telling.on_reject is not None:
                telling.on_reject(told)
        else:
            summary.warned += 1
            if telling.on_warning is not None:
                telling.on_warning(told)


def _gather(items: Iterable[ItemT], size: int) -> Iterator[list[ItemT]]:
    """``items`` in groups of up to ``size`` articles and about :data:`BATCH_CHARACTERS`."""
    group: list[ItemT] = []
    characters = 0
    articles = 0
    for item in items:
        group.append(item)
        if isinstance(item, Article | Draft):
            articles += 1
            characters += _count_characters(item)
        if articles >= size or characters >= BATCH_CHARACTERS:
            yield group
            group = []
            characters = articles = 0
    if group:
        yield group


def _count_characters(item: Article | Draft) -> int:
    body = item.body if isinstance(item, Article) else item.record.get("body")
    return len(body if isinstance(body, str) else str(body))


# --- what any process of the crew can do


def _finish(_: object, items: list[Item]) -> list[Article | Reject | Warned]:
    """``items`` with drafts finished into articles."""
    return [
        finished
        for item in items
        for finished in (item.finish() if isinstance(item, Draft) else (item,))
    ]


def _read(analyzer: Analyzer[ReadT], texts: list[SearchedText]) -> ReadT:
    return analyzer.read(texts)
