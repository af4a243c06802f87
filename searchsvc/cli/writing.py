"""How are articles added to an index? The commands index and rebuild."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from searchsvc.cli.committing import describe_committed, telling_what_is_done, wait_option
from searchsvc.cli.opening import (
    describe_waiting_fields,
    index_option,
    open_index,
    processes_option,
    refuse_foreign_folder,
)
from searchsvc.cli.outfile import OutFile, open_outfile
from searchsvc.cli.output import format_count, json_option, print_json
from searchsvc.cli.progress import ProgressLine, find_part_read, format_rate, format_seconds
from searchsvc.cli.reading_options import reading_options

if TYPE_CHECKING:
    from indexer.article import Article, Reject, Warned
    from indexer.own_fields.declaration import OwnFields
    from indexer.pipeline import Summary
    from searchsvc.index import Index

#: What publishers' habits revise.
Item: TypeAlias = "Article | Reject | Warned"
#: Fields of a summary that only matter while the command runs.
_PASSING = ("part_done", "committing", "read_at_commit")

#: How the marks between the parts of an article's opening are shown: a line break as a bar.
_MARKS = {
    "dash": " - ",
    "bar": " | ",
    "comma": ", ",
    "colon": ": ",
    "stop": ". ",
    "break": " / ",
    "bracket": " (",
    "space": "  ",
}

_SHOWN = 10  # rejects and warnings that are listed before "and N more"


@click.command(
    short_help="Index articles from files, folders or standard input.",
    epilog="Example: searchsvc index arsip/ ekspor.jsonl.gz --rejects rejects.jsonl",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@reading_options
@click.option("--force", is_flag=True, help="Create the index even in a folder with other files.")
@click.option(
    "--fields",
    "fields_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Declare the site's own fields: copy this file to the index as fields.toml.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, but write nothing.")
@click.option(
    "--rejects",
    "rejects_file",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Write what was refused to this file, as JSON lines: path, line, reason, excerpt.",
)
@click.option(
    "--sync",
    is_flag=True,
    help="Afterwards delete every article that no PATH has.",
)
@processes_option
@wait_option
@json_option
@index_option
@click.pass_context
def index(
    ctx: click.Context,
    index: Path,
    paths: tuple[str, ...],
    reading: dict[str, Any],
    force: bool,
    fields_file: Path | None,
    dry_run: bool,
    rejects_file: Path | None,
    sync: bool,
    processes: int,
    wait: float,
    as_json: bool,
) -> None:
    """Index the articles of each PATH: a file, a folder with everything in it, or - for standard
    input.

    An article replaces the one with the same ID. Articles that cannot be read are refused and
    reported, and the rest are indexed; the command then exits with 1.

    With --sync, articles that no PATH has are deleted afterwards, unless anything was refused.
    """
    from indexer.ingest.habits import Habits, load_habits, read_with_habits
    from indexer.ingest.readers import Progress, read_drafts
    from indexer.pipeline import Telling, index_articles
    from searchsvc.cli.replaced import tell_replaced
    from searchsvc.cli.syncing import note_ids, take_out_others
    from searchsvc.own_dictionary import choose_setting, locate_dictionary

    fields = _read_fields(index, fields_file)
    progress = Progress()
    items = read_drafts(paths, progress=progress, keep=fields.keys, **reading)
    inputs: list[str | Path] = [*progress.inputs, locate_dictionary(choose_setting(), index)]
    report = _RunReport()
    with (
        open_outfile(rejects_file, option="--rejects", inputs=inputs, index=index) as rejects,
        _open_target(index, fields_file, dry_run=dry_run, force=force, wait_s=wait) as opened,
        ProgressLine("articles", find_part=report.find_part) as line,
    ):
        report.begin(line, rejects, None if dry_run else opened)
        with telling_what_is_done(report.describe_done):
            habits = Habits() if dry_run else load_habits(opened.path)
            given: set[str] = set()
            had_articles = len(opened) > 0

            def revise(items: Iterable[Item]) -> Iterator[Item]:
                report.has_begun = True
                read = read_with_habits(items, habits)
                if had_articles:
                    read = tell_replaced(read, opened.get)
                return note_ids(read, given) if sync else read

            summary = index_articles(
                opened.engine,
                items,
                opened.analyzer,
                telling=Telling(
                    report.show,
                    report.keep_reject,
                    report.keep_warning,
                    partial(find_part_read, progress),
                ),
                dry_run=dry_run,
                processes=processes,
                make_analyzer=opened.make_reader,
                wait_s=wait,
                revise=revise,
                fields=fields,
            )
            line.clear()
            if not dry_run:
                habits.save(opened.path)
            _print_notices(summary, report.warnings, listed=rejects_file is not None)
            _print_waiting(opened)
            _print_habits(habits.describe())
            if summary.read or summary.rejected:
                more: dict[str, Any] = {"copy": habits.describe()}
                sentence = _summarize(summary)
                if sync:
                    gone, told = take_out_others(index, given, summary, wait_s=wait)
                    sentence, more = f"{sentence}\n{told}", {**more, "taken_out": gone}
                _print_summary(summary, sentence, as_json=as_json, more=more)
    if not summary.read and not summary.rejected:
        raise click.ClickException("No articles found in what was given.")
    if summary.rejected:
        ctx.exit(1)


class _RunReport:
    """Reports on a run: its progress, the records that were refused, the first warnings."""

    def __init__(self) -> None:
        self.warnings: list[Warned] = []
        self.has_begun = False
        self._summary: Summary | None = None
        self._line: ProgressLine | None = None
        self._rejects: OutFile | None = None
        self._opened: Index | None = None

    def begin(self, line: ProgressLine, rejects: OutFile | None, opened: Index | None) -> None:
        """Report on this line and in this file. ``opened``: the index, unless this is a dry run."""
        self._line, self._rejects, self._opened = line, rejects, opened

    def find_part(self) -> float | None:
        """Which part of the run is done, from 0 to 1; ``None`` where nobody knows."""
        return self._summary.part_done if self._summary else None

    def show(self, summary: Summary) -> None:
        """Show how far the run is."""
        self._summary = summary
        if self._opened is not None:
            self._opened.record_additions(summary)
        refused = f", {summary.rejected:,} rejected" if summary.rejected else ""
        safe = f", {summary.read_at_commit:,} of them committed" if summary.commits else ""
        stage = ", committing" if summary.committing else safe
        if self._line is not None:
            self._line.show(summary.read, detail=stage + refused, at_once=summary.committing)

    def keep_reject(self, reject: Reject) -> None:
        """Write a refused record to the file of those."""
        if self._rejects is not None:
            row = json.dumps(_describe_reject(reject), ensure_ascii=False)
            self._rejects.write_lines([row])

    def keep_warning(self, warning: Warned) -> None:
        """Keep the first warnings."""
        if len(self.warnings) < _SHOWN:
            self.warnings.append(warning)

    def describe_done(self) -> str:
        """What the run has committed, where it ends early."""
        if self._line is not None:
            self._line.clear()
        if self._opened is None or not self.has_begun:
            return ""
        return _describe_done(self._summary) if self._summary else describe_committed(0, 0)


def _describe_done(summary: Summary) -> str:
    done = summary.added + summary.updated + summary.unchanged
    return describe_committed(done, summary.commits, summary.read - summary.read_at_commit)


def _print_habits(told: dict[str, dict[str, Any]]) -> None:
    """Print the use made of publishers' habits, a line for each publisher with something to
    report.
    """
    lines = [
        f"{'no publisher given' if source == 'unknown' else source}: {'; '.join(parts)}"
        for source, row in told.items()
        if (parts := list(_describe_habits(row)))
    ]
    for line in lines[:_SHOWN]:
        click.echo(f"copy: {line}", err=True)
    if len(lines) > _SHOWN:
        click.echo(f"copy: and {len(lines) - _SHOWN} more publishers; --json lists them", err=True)


def _describe_habits(row: dict[str, Any]) -> Iterator[str]:
    learned = []
    if row["names"]:
        learned.append(f"the name {', '.join(map(repr, row['names'][:3]))}")
    if row["shapes"]:
        written = " or ".join(_show_shape(shape) for shape in row["shapes"])
        learned.append(f"openings written like {written}")
    if learned and row["articles"]:
        read = f"the place or publisher of {row['heads_read']:,} of {row['articles']:,} articles"
        yield f"{read} was read from their first line, using {' and '.join(learned)}"
    if row["heads_unread"]:
        unread = format_count(row["heads_unread"], "article")
        yield f"the first line of {unread} looks like a dateline, but could not be read"
    if row["lines_left_out"]:
        yield f"{format_count(row['lines_left_out'], 'recurring line')} kept out of search"


def _show_shape(shape: str) -> str:
    """A shape that habits learned, as an example: ``comma dash`` is ``"…, … - story"``."""
    pieces = "".join(f"…{_MARKS.get(mark, ' ')}" for mark in shape.split())
    return f'"{pieces}story"'


def _print_summary(
    summary: Summary, sentence: str, *, as_json: bool, more: dict[str, Any] | None = None
) -> None:
    if summary.put_off:
        click.echo(
            f"warning: parts of the index were not merged: {summary.put_off.rstrip('.')}. "
            "Everything is in it all the same.",
            err=True,
        )
    if as_json:
        print_json({**_describe_summary(summary), **(more or {})})
    else:
        click.echo(sentence)


def _read_fields(index: Path, fields_file: Path | None) -> OwnFields:
    """The fields declared in the file, or else beside the index. Raises FieldsInvalid."""
    from indexer.own_fields.declaration import FIELDS_FILE
    from indexer.own_fields.file import read_fields

    return read_fields(fields_file or index / FIELDS_FILE)


@contextmanager
def _open_target(
    path: Path, fields_file: Path | None, *, dry_run: bool, force: bool, wait_s: float
) -> Iterator[Index]:
    """The index to write to; for a dry run a temporary empty one. ``fields_file`` is copied beside
    it.
    """
    from indexer.own_fields.file import keep_fields

    if not (dry_run or force):
        refuse_foreign_folder(path)
    with ExitStack() as stack:
        if dry_run:
            folder = stack.enter_context(TemporaryDirectory(prefix="searchsvc-dry-run-"))
            path = Path(folder) / "index"
        opened = stack.enter_context(open_index(path, create=True, wait_s=wait_s))
        if fields_file is not None:
            keep_fields(fields_file, path)
        yield opened


def _print_notices(summary: Summary, warnings: list[Warned], *, listed: bool) -> None:
    """Print the first warnings and rejects to standard error."""
    for label, first, count, hint in (
        ("warning", warnings, summary.warned, ""),
        ("rejected", summary.first_rejects, summary.rejected, "; --rejects FILE writes them all"),
    ):
        for notice in first:
            click.echo(f"{label}: {notice}", err=True)
        if count > len(first):
            more = f"{label}: and {count - len(first):,} more"
            click.echo(more + ("" if listed else hint), err=True)


def _print_waiting(opened: Index) -> None:
    """Print which of the site's own fields wait for a rebuild to standard error."""
    waiting = opened.list_waiting_fields()
    if waiting:
        click.echo(f"warning: {describe_waiting_fields(waiting)}", err=True)


def _summarize(summary: Summary) -> str:
    """One sentence: how many, how fast, and with what result."""
    rate = format_rate(summary.articles_per_second)
    took = (
        f"{format_count(summary.read, 'article')} in {format_seconds(summary.seconds)} ({rate}/s)"
    )
    parts = [
        f"{count:,} {what}"
        for count, what in (
            (summary.added, "new"),
            (summary.updated, "updated"),
            (summary.unchanged, "unchanged"),
            (summary.duplicates, "given twice"),
            (summary.rejected, "rejected"),
            (summary.warned, "warning" if summary.warned == 1 else "warnings"),
        )
        if count
    ]
    what = "Read, and did not write," if summary.dry_run else "Indexed"
    return f"{what} {took}" + (f": {', '.join(parts)}." if parts else ".")


def _describe_reject(reject: Reject) -> dict[str, Any]:
    from indexer.article import add_advice

    return {
        "path": reject.path,
        "line": reject.line,
        "reason": add_advice(reject),
        "excerpt": reject.excerpt,
    }


def _describe_summary(summary: Summary) -> dict[str, Any]:
    """The summary as JSON: counts, seconds, and the first rejects."""
    return {
        **{name: value for name, value in asdict(summary).items() if name not in _PASSING},
        "first_rejects": [_describe_reject(one) for one in summary.first_rejects],
        "seconds": round(summary.seconds, 3),
        "articles_per_second": round(summary.articles_per_second, 1),
    }


@click.command(
    short_help="Analyse every article again.",
    epilog="Example: searchsvc rebuild --index index_data/news",
)
@processes_option
@wait_option
@json_option
@index_option
def rebuild(index: Path, processes: int, wait: float, as_json: bool) -> None:
    """Analyse all articles again and replace the index; needed after a change of rules.

    Searches are answered from the old generation until the new one is complete.
    """
    from indexer.pipeline import Telling
    from indexer.pipeline import rebuild as rebuild_index

    with open_index(index) as opened:
        with opened.engine.snapshot() as snapshot:
            total = snapshot.document_count()
        warnings: list[Warned] = []

        def keep_warning(warning: Warned) -> None:
            if len(warnings) < _SHOWN:
                warnings.append(warning)

        with ProgressLine("articles", find_part=lambda: line.count / max(total, 1)) as line:
            running: list[Summary] = []

            def show(summary: Summary) -> None:
                running[:] = [summary]
                opened.record_additions(summary)
                line.show(summary.read)

            def describe_done() -> str:
                line.clear()
                if not running:
                    return ""
                done = running[0].commits
                return f"The index {'has been rebuilt' if done else 'is as it was before'}."

            with telling_what_is_done(describe_done):
                summary = rebuild_index(
                    opened.engine,
                    opened.make_reader(),
                    telling=Telling(show, on_warning=keep_warning),
                    processes=processes,
                    make_analyzer=opened.make_reader,
                    wait_s=wait,
                )
                opened.record_rebuild()
                line.clear()
                _print_notices(summary, warnings, listed=True)
                rate = format_rate(summary.articles_per_second)
                took = f"{format_seconds(summary.seconds)} ({rate}/s)"
                rebuilt = f"Rebuilt {format_count(summary.read, 'article')} in {took}."
                _print_summary(summary, rebuilt, as_json=as_json)
