"""Read, clean, analyse, write: articles into an engine, with what happened to each.

Works with any engine and any analyser; it knows neither files nor terminals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from indexer.article import Article, Reject, Warned
from indexer.build_article import document
from indexer.engine.base import AnalysedBatch, AnalysedDocument, Engine, Snapshot, Writer, Written
from indexer.facet_values import EMPTY_TABLE
from indexer.parallel import Analyzer, MakeAnalyzer, analyse_all

#: Articles analysed and handed to the engine at a time.
BATCH_SIZE: Final = 500
#: Characters of text that end a batch sooner, so that memory stays flat where articles are long:
#: three times what 500 ordinary ones have.
BATCH_CHARACTERS: Final = 4_000_000
#: Articles between commits: what a crash can cost, against the price of a commit.
COMMIT_EVERY: Final = 20_000


@dataclass(slots=True)
class Summary:
    """What a run did. ``read`` counts articles taken in, before duplicates were dropped.

    ``added``, ``updated`` and ``unchanged`` are the engine's, as of the commits made so far; in a
    dry run they stay 0. ``duplicates`` are articles whose id came again before the commit that
    took it (the last one wins); in a dry run those of the same batch. ``put_off``: see
    :class:`indexer.engine.base.Written`, of the last commit.
    """

    read: int = 0
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
        """Add what one more commit did."""
        self.added += written.added
        self.updated += written.updated
        self.unchanged += written.unchanged
        self.generation = written.generation
        self.commits += 1
        self.put_off = written.put_off

    @property
    def articles_per_second(self) -> float:
        return self.read / self.seconds if self.seconds > 0 else 0.0


#: Rejects a summary quotes.
_QUOTED_REJECTS: Final = 10

OnProgress = Callable[[Summary], None]
OnReject = Callable[[Reject], None]
OnWarning = Callable[[Warned], None]
#: Whether an article is in the index already, just as it is.
Skip = Callable[[AnalysedDocument], bool]


def index_articles(
    engine: Engine,
    items: Iterable[Article | Reject | Warned],
    analyzer: Analyzer,
    *,
    batch_size: int = BATCH_SIZE,
    commit_every: int = COMMIT_EVERY,
    on_progress: OnProgress | None = None,
    on_reject: OnReject | None = None,
    on_warning: OnWarning | None = None,
    dry_run: bool = False,
    processes: int = 1,
    make_analyzer: MakeAnalyzer | None = None,
    wait_s: float = 0.0,
    joined_labels: Mapping[str, str] = EMPTY_TABLE,
) -> Summary:
    """Index ``items`` (as :func:`indexer.readers.read_paths` yields them) and commit.

    Articles are committed every ``commit_every`` and at the end, so that a crash loses no more
    than that; ``on_progress`` is called after each batch and each commit, with the running
    summary. ``dry_run`` reads and analyses everything and writes nothing. ``processes`` and
    ``make_analyzer``: see :func:`indexer.parallel.analyse_all`; ``joined_labels``: a site's own,
    see :func:`indexer.facet_values.list_labels`. Raises IndexLocked where another
    writer holds the index for longer than ``wait_s`` seconds, WorkerDied, and whatever reading the
    items raises; articles committed before stay, and the summary last reported says which.
    """
    summary = Summary(dry_run=dry_run)
    started = time.perf_counter()

    def report() -> None:
        summary.seconds = time.perf_counter() - started
        if on_progress is not None:
            on_progress(summary)

    def analyse(skip: Skip | None) -> Iterator[AnalysedBatch]:
        batches = _make_batches(
            items, batch_size, summary, on_reject, on_warning, skip, joined_labels
        )
        return analyse_all(batches, analyzer, processes=processes, make_analyzer=make_analyzer)

    if dry_run:
        for _ in analyse(None):
            report()
        report()
        return summary
    with engine.writer(wait_s=wait_s) as writer:
        report()
        pending = 0
        for batch in analyse(writer.skip_unchanged):
            writer.add(batch)
            pending += len(batch.documents)
            report()
            if pending >= commit_every:
                _commit(writer, summary, more=True)
                pending = 0
                report()
        if summary.read:
            _commit(writer, summary)
    # The engine counts each id of a commit once.
    summary.duplicates = summary.read - summary.added - summary.updated - summary.unchanged
    report()
    return summary


def rebuild(
    engine: Engine,
    analyzer: Analyzer,
    *,
    batch_size: int = BATCH_SIZE,
    on_progress: OnProgress | None = None,
    processes: int = 1,
    make_analyzer: MakeAnalyzer | None = None,
    wait_s: float = 0.0,
    joined_labels: Mapping[str, str] = EMPTY_TABLE,
) -> Summary:
    """Analyse every article of the index again and swap the result in with one commit.

    The old generation answers until then, and stays where this fails. ``processes`` and
    ``make_analyzer``: see :func:`indexer.parallel.analyse_all`; ``wait_s`` and
    ``joined_labels``: as for :func:`index_articles`. Raises IndexCorrupt where an article cannot
    be read.
    """
    summary = Summary()
    started = time.perf_counter()
    with engine.writer(wait_s=wait_s) as writer, engine.snapshot() as snapshot:
        if on_progress is not None:
            on_progress(summary)
        writer.delete_all()
        documents = _make_batches(
            _read_stored(snapshot), batch_size, summary, None, None, None, joined_labels
        )
        for batch in analyse_all(
            documents, analyzer, processes=processes, make_analyzer=make_analyzer
        ):
            writer.add(batch)
            summary.seconds = time.perf_counter() - started
            if on_progress is not None:
                on_progress(summary)
        writer.optimize()
        _commit(writer, summary)
    summary.seconds = time.perf_counter() - started
    if on_progress is not None:
        on_progress(summary)
    return summary


def _read_stored(snapshot: Snapshot) -> Iterator[Article]:
    yield from snapshot.articles()


def _commit(writer: Writer, summary: Summary, *, more: bool = False) -> None:
    before = writer.committed
    try:
        writer.commit(more=more)
    finally:
        # A commit that is refused or interrupted late may have come true all the same.
        written = writer.committed
        if written is not None and written is not before:
            summary.count(written)


def _make_batches(
    items: Iterable[Article | Reject | Warned],
    batch_size: int,
    summary: Summary,
    on_reject: OnReject | None,
    on_warning: OnWarning | None,
    skip: Skip | None,
    joined_labels: Mapping[str, str],
) -> Iterator[list[AnalysedDocument]]:
    """Documents in batches, each id once per batch: the last article with it.

    What ``skip`` says is in the index already is left out, so a run that was interrupted goes
    quickly over what it had done.
    """
    batch: dict[str, AnalysedDocument] = {}
    # Ids given out may not have reached the index yet, so it cannot be asked about them.
    given: set[str] = set()
    characters = 0
    for item in items:
        if isinstance(item, Article):
            summary.read += 1
            if batch.pop(item.id, None) is not None:
                summary.duplicates += 1
            prepared = document(item, joined_labels=joined_labels)
            if skip is not None and item.id not in given and skip(prepared):
                continue
            given.add(item.id)
            batch[item.id] = prepared
            characters += len(item.body)
            if len(batch) >= batch_size or characters >= BATCH_CHARACTERS:
                yield list(batch.values())
                batch = {}
                characters = 0
        elif isinstance(item, Reject):
            summary.rejected += 1
            if len(summary.first_rejects) < _QUOTED_REJECTS:
                summary.first_rejects.append(item)
            if on_reject is not None:
                on_reject(item)
        else:
            summary.warned += 1
            if on_warning is not None:
                on_warning(item)
    if batch:
        yield list(batch.values())
