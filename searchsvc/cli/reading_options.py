"""How does a command read its input? The options shared by the commands that read articles."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import click

from searchsvc.cli.opening import Function


def _read_mapping(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    mapping = {}
    for value in values:
        theirs, equals, ours = value.rpartition("=")
        if not equals or not theirs or not ours:
            raise click.BadParameter(f"{value!r} is not theirs=ours, as in isi_berita=body.")
        mapping[theirs] = ours
    return mapping


def _read_delimiter(ctx: click.Context, param: click.Parameter, value: str) -> str:
    value = {"tab": "\t", "\\t": "\t"}.get(value, value)
    if len(value) > 1 or value in ('"', "\n", "\r"):
        raise click.BadParameter(f"{value!r} is not one character, as ';' or tab.")
    return value


def _read_id_parts(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
    from indexer.ingest.readers.record_ids import read_parts

    try:
        return read_parts(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


def _read_date_format(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from indexer.ingest.readers.record_dates import check_pattern

    problem = check_pattern(value)
    if problem:
        raise click.BadParameter(f"{problem}.")
    return value


def _read_statuses(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> list[str]:
    return [value.lower() for value in values]


_OPTIONS: Final[tuple[Callable[[Any], Any], ...]] = (
    click.option(
        "--format",
        "format",
        metavar="NAME",
        help="Format of the input: text, jsonl, json, csv, tsv, xml, html, markdown, yaml, "
        "document, epub, mail, vertical, sql, sqlite, xlsx or parquet.  "
        "[default: by what each file holds]",
    ),
    click.option(
        "--map",
        "mapping",
        multiple=True,
        metavar="THEIRS=OURS",
        callback=_read_mapping,
        help="Read the key THEIRS as our field OURS: isi_berita=body, data.teks=body. Repeatable.",
    ),
    click.option(
        "--delimiter",
        default="",
        metavar="CHARACTER",
        callback=_read_delimiter,
        help="Column separator of a table.  [default: detected from its first lines]",
    ),
    click.option(
        "--date-format",
        default="",
        metavar="ORDER",
        callback=_read_date_format,
        help="Order of dates such as 3/4/2025: dmy, mdy or ymd; or a pattern: '%d.%m.%Y %H:%M'.",
    ),
    click.option(
        "--status",
        "statuses",
        multiple=True,
        callback=_read_statuses,
        metavar="NAME",
        help="Index only records with this status, for example publish; any "
        "includes drafts and pages, page includes pages.",
    ),
    click.option(
        "--query",
        default="",
        metavar="SELECT",
        help="SELECT statement to read an SQLite database with.",
    ),
    click.option(
        "--id",
        "id_parts",
        default="",
        metavar="PARTS",
        callback=_read_id_parts,
        help="Parts of the ID: id, source, url and file, joined by +, for example source+id.",
    ),
    click.option(
        "--id-prefix",
        default="",
        metavar="TEXT",
        help="Prefix of every ID, to keep those of two sites apart.",
    ),
    click.option(
        "--source",
        default="",
        metavar="NAME",
        help="Publisher of articles that do not name one.",
    ),
)
#: The parameter names of the options.
_NAMES: Final = (
    *("format", "mapping", "delimiter", "date_format", "statuses", "query", "id_parts"),
    *("id_prefix", "source"),
)


def reading_options(command: Function) -> Function:
    """Add the parameter ``reading`` to ``command``: options of
    :func:`indexer.ingest.readers.read_drafts`.
    """

    @functools.wraps(command)
    def gather(*arguments: Any, **values: Any) -> Any:
        reading = {name: values.pop(name) for name in _NAMES}
        return command(*arguments, reading=reading, **values)

    for option in reversed(_OPTIONS):
        gather = option(gather)
    return gather  # type: ignore[return-value]
