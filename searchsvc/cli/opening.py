"""Which index a command works on, and opening it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from searchsvc.settings import BY_NAME

if TYPE_CHECKING:
    from indexer.engine.base import Engine
    from indexer.language.analyzer import Analyzer
    from searchsvc.request import SearchRequest, SearchResponse

Function = TypeVar("Function", bound=Callable[..., Any])

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


@dataclass(frozen=True, slots=True)
class Opened:
    """An open index and the analyser that turns texts into its terms."""

    engine: Engine
    analyzer: Analyzer

    def search(self, request: SearchRequest) -> SearchResponse:
        """The response to ``request``, as the service would give it."""
        from searchsvc.search import run_search

        return run_search(self.engine, request, analyzer=self.analyzer)


@contextmanager
def open_index(path: Path, *, create: bool = False) -> Iterator[Opened]:
    """The index at ``path``, closed at the end; ``create`` makes an empty one if there is none.

    The analyser knows which words the index has seen written as names, and learns more from what
    it is given. Raises IndexNotFound, IndexOutdated, IndexCorrupt.
    """
    from indexer.engine.embedded import open_engine
    from indexer.language.analyzer import Analyzer
    from indexer.language.name_counts import NameCounts

    engine = open_engine(path, create=create)
    try:
        with engine.snapshot() as snapshot:

            def count_cases(term: str) -> tuple[int, int]:
                seen = snapshot.statistics(term)
                return seen.lower, seen.capital

            known = count_cases if snapshot.document_count() else None
            yield Opened(engine, Analyzer(find_names=NameCounts(known)))
    finally:
        engine.close()
