"""Which index a command works on, and opening it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from indexer.own_fields import FIELDS_FILE
from searchsvc.settings import BY_NAME, load

if TYPE_CHECKING:
    from indexer.engine.base import Engine
    from indexer.language.analyzer import Analyzer
    from indexer.language.dictionary import Dictionary
    from indexer.pipeline import Summary
    from searchsvc.request import SearchRequest, SearchResponse

Function = TypeVar("Function", bound=Callable[..., Any])

#: Files by which the folder of an index is known, whole or not.
_INDEX_FILE = re.compile(r"^searchsvc-|MAIN_|^set-aside-|\.toc$|\.seg$|\.packed$")
_SETTING = BY_NAME["index"]
_HELP = f"Index folder.  [env: {_SETTING.environment}; default: {_SETTING.default}]"


def _choose_index(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """The folder named after the command, else before it, else by the environment, else ours."""
    if value is not None:
        return value
    chosen: Path = ctx.find_root().params["index"]
    return chosen


def index_option(command: Function) -> Function:
    """Give ``command`` the parameter ``index``; ``searchsvc --index DIR search`` works as well."""
    return click.option(
        "--index",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        callback=_choose_index,
        help=_HELP,
    )(command)


def root_index_option(group: Function) -> Function:
    """The same option before the command's name."""
    return click.option(
        "--index",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        envvar=_SETTING.environment,
        default=_SETTING.default,
        help=_HELP,
    )(group)


@dataclass(frozen=True)
class Opened:
    """An open index and the analyser that turns texts into its terms."""

    path: Path
    engine: Engine

    @cached_property
    def analyzer(self) -> Analyzer:
        """An analyser with the site's own dictionary, which knows which words the index has seen
        written as names, and learns more from what it is given. Raises UnreadableInput.
        """
        return learn_from(self.engine, load_dictionary(self.path))

    @property
    def make_reader(self) -> Callable[[], Analyzer]:
        """Makes, in another process, an analyser that reads as this one's."""
        from indexer.language.analyzer import Analyzer

        return partial(Analyzer, dictionary=self.analyzer.dictionary)

    def record_additions(self, summary: Summary) -> None:
        """Note, before the first commit of a run, with which dictionary its articles are
        analysed, and for which fields of the site's own they were read. Raises IndexNotWritten.
        """
        from indexer import own_fields_record
        from indexer.language.dictionary_record import record_additions

        if summary.committing and not summary.commits:
            with self.engine.snapshot() as snapshot:
                had_articles = snapshot.document_count() > 0
            record_additions(self.path, self.analyzer.dictionary, had_articles=had_articles)
            own_fields_record.record_additions(
                self.path, self.engine.fields, had_articles=had_articles
            )

    def record_rebuild(self) -> None:
        """Note that all articles were analysed with the dictionary, and read for all fields of the
        site's own. Raises IndexNotWritten.
        """
        from indexer import own_fields_record
        from indexer.language.dictionary_record import record_rebuild

        record_rebuild(self.path, self.analyzer.dictionary)
        own_fields_record.record_rebuild(self.path, self.engine.fields)

    def list_waiting_fields(self) -> list[str]:
        """Names of the site's own fields that articles of the index lack until a rebuild."""
        from indexer.own_fields_record import list_waiting

        with self.engine.snapshot() as snapshot:
            articles = snapshot.document_count()
        return list_waiting(self.path, self.engine.fields, articles=articles)

    def search(
        self, request: SearchRequest, *, without: frozenset[str] = frozenset()
    ) -> SearchResponse:
        """The response to ``request`` with recency off, ``without`` some parts of understanding
        (:mod:`searchsvc.query.parts`).
        """
        from searchsvc.search import run_search

        return run_search(self.engine, request, analyzer=self.analyzer, without=without)

    def search_today(self, request: SearchRequest) -> SearchResponse:
        """The response to ``request`` as the service gives it: newer articles first, as far as
        the environment's settings want it. Raises InvalidSetting.
        """
        from searchsvc.query.ranking import rank_today
        from searchsvc.search import run_search

        settings = load()
        ranking = rank_today(settings.recency_half_life_days, settings.recency_weight)
        return run_search(self.engine, request, analyzer=self.analyzer, ranking=ranking)


@contextmanager
def open_index(path: Path, *, create: bool = False, wait_s: float = 0.0) -> Iterator[Opened]:
    """The index at ``path``, closed at the end; ``create`` makes an empty one if there is none,
    after waiting up to ``wait_s`` seconds for another that is making it.

    Raises IndexNotFound, IndexOutdated, IndexCorrupt, FieldsInvalid.
    """
    from indexer.engine.embedded import open_engine
    from indexer.own_fields_file import read_fields

    # A service goes on with the fields it had; a command says what is wrong.
    read_fields(path / FIELDS_FILE)
    engine = open_engine(path, create=create, wait_s=wait_s)
    try:
        yield Opened(path, engine)
    finally:
        engine.close()


def refuse_foreign_folder(path: Path) -> None:
    """Raises ClickException where an index would be made among other people's files."""
    from searchsvc.dictionary import choose_setting, locate_dictionary

    try:
        names = [name for name in sorted(os.listdir(path)) if not name.startswith(".")]
    except OSError:
        # There is none as yet, or opening it says what is wrong.
        return
    own = (locate_dictionary(choose_setting(), path).name, FIELDS_FILE)
    others = [name for name in names if name not in own]
    if not others or any(_INDEX_FILE.search(name) for name in names):
        return
    shown = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
    raise click.ClickException(
        f"{path} has other files ({shown}): an index would be made among them. Name a folder of "
        "its own with --index, or give --force."
    )


def describe_waiting_fields(names: list[str]) -> str:
    """The sentence that says which fields want a rebuild."""
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return (
        f"Not all articles were read for the fields that {FIELDS_FILE} declares ({shown}). "
        "Run: searchsvc rebuild"
    )


def load_dictionary(index: Path) -> Dictionary:
    """The site's own dictionary for this index; says on standard error where lines of it are left
    out. Raises UnreadableInput.
    """
    from searchsvc.cli.output import format_count
    from searchsvc.dictionary import load_own_dictionary

    loaded = load_own_dictionary(index)
    if loaded.problems:
        left_out = format_count(len(loaded.problems), "line")
        click.echo(
            f"warning: {left_out} of {loaded.problems[0].path} left out; "
            "searchsvc dictionary says why.",
            err=True,
        )
    return loaded.dictionary


def learn_from(engine: Engine, dictionary: Dictionary) -> Analyzer:
    """An analyser that knows which words the index has seen written as names."""
    from indexer.language.analyzer import Analyzer
    from indexer.language.name_counts import NameCounts, count_by

    snapshot = engine.snapshot()
    counts = NameCounts(count_by(snapshot) if snapshot.document_count() else None)
    return Analyzer(find_names=counts, dictionary=dictionary)


def count_processes() -> int:
    """How many processes to analyse in unless told otherwise: one a core, at most four.

    Beyond four the process that reads and writes is the one the others wait for.
    """
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, 4)


def processes_option(command: Function) -> Function:
    """Give ``command`` the parameter ``processes``."""
    return click.option(
        "--processes",
        type=click.IntRange(1, 64),
        default=count_processes,
        show_default="one a core, at most 4",
        metavar="N",
        help="Processes to work in, this one included.",
    )(command)
