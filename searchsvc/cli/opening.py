"""Which index a command works on, and opening it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from indexer.own_fields.declaration import FIELDS_FILE
from searchsvc.settings import BY_NAME, load_one
from searchsvc.settings_file import CONFIG_VARIABLE

if TYPE_CHECKING:
    from indexer.language.dictionary import Dictionary
    from indexer.language.dictionary_text import Loaded
    from searchsvc.index import Index

Function = TypeVar("Function", bound=Callable[..., Any])

_SETTING = BY_NAME["index"]
_HELP = (
    "Index folder, or address in OpenSearch.  "
    f"[env: {_SETTING.environment}; default: {_SETTING.default}]"
)


class IndexPlace(click.Path):
    """A folder, or an address, for which its folder is passed on."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        from indexer.errors import IndexerError
        from searchsvc.engines import locate

        try:
            folder = locate(value)
        except IndexerError as error:
            self.fail(str(error), param, ctx)
        checked: Path = super().convert(str(folder), param, ctx)  # type: ignore[assignment]
        return checked


def _choose_index(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path:
    """The folder given after the command, else before it, else by the environment, else by the
    file of settings, else the default.
    """
    chosen: Path | None = value or ctx.find_root().params["index"]
    return load_one(_SETTING.name) if chosen is None else chosen


def index_option(command: Function) -> Function:
    """Add the parameter ``index`` to ``command``; ``searchsvc --index DIR search`` works as
    well.
    """
    return click.option(
        "--index",
        type=IndexPlace(),
        metavar="DIR",
        callback=_choose_index,
        help=_HELP,
    )(command)


def root_index_option(group: Function) -> Function:
    """The same option before the command's name."""
    return click.option(
        "--index",
        type=IndexPlace(),
        metavar="DIR",
        help=_HELP,
    )(group)


def _name_config(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    # In the environment, where every part of the program and its processes look.
    if value is not None:
        os.environ[CONFIG_VARIABLE] = value


def config_option(command: Function) -> Function:
    """Add the option that names the file of settings; it is read before all others."""
    return click.option(
        "--config",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        is_eager=True,
        expose_value=False,
        callback=_name_config,
        help=f"File of settings, in TOML.  [env: {CONFIG_VARIABLE}; default: none]",
    )(command)


def open_index(path: Path, *, create: bool = False, wait_s: float = 0.0) -> Index:
    """:meth:`searchsvc.index.Index.open`, which warns on standard error if lines of the site's own
    dictionary are skipped. Also raises FieldsInvalid: a service keeps the fields it had, a command
    reports the error.
    """
    from indexer.own_fields.file import read_fields
    from searchsvc.index import Index

    read_fields(path / FIELDS_FILE)
    return Index.open(path, create=create, wait_s=wait_s, report=tell_left_out)


def refuse_foreign_folder(path: Path) -> None:
    """Raise ClickException if an index would be created in a folder that holds other files."""
    from searchsvc.foreign_files import INDEX_FILE, list_other_files

    try:
        others = [name for name in list_other_files(path) if not name.startswith(".")]
    except OSError:
        # The folder does not exist yet, or opening it reports the problem.
        return
    if not others or any(map(INDEX_FILE.search, others)):
        return
    shown = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
    raise click.ClickException(
        f"{path} has other files ({shown}): an index would be made among them. Name a folder of "
        "its own with --index, or give --force."
    )


def describe_waiting_fields(names: list[str]) -> str:
    """The sentence that names fields waiting for a rebuild."""
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return (
        f"Not all articles were read for the fields that {FIELDS_FILE} declares ({shown}). "
        "Run: searchsvc rebuild"
    )


def load_dictionary(index: Path) -> Dictionary:
    """The site's own dictionary for this index; warns on standard error if lines of it are skipped.
    Raises UnreadableInput.
    """
    from searchsvc.own_dictionary import load_own_dictionary

    loaded = load_own_dictionary(index)
    if loaded.problems:
        tell_left_out(loaded)
    return loaded.dictionary


def tell_left_out(loaded: Loaded) -> None:
    """Warn on standard error that lines of a dictionary are skipped."""
    from searchsvc.cli.output import format_count

    left_out = format_count(len(loaded.problems), "line")
    click.echo(
        f"warning: {left_out} of {loaded.problems[0].path} left out; "
        "searchsvc dictionary says why.",
        err=True,
    )


def count_processes() -> int:
    """The default number of processes for analysis: one per core, at most four.

    With more than four, the process that reads and writes is the bottleneck.
    """
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, 4)


def processes_option(command: Function) -> Function:
    """Add the parameter ``processes`` to ``command``."""
    return click.option(
        "--processes",
        type=click.IntRange(1, 64),
        default=count_processes,
        show_default="one per core, at most 4",
        metavar="N",
        help="Number of processes, including this one.",
    )(command)
