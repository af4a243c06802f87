"""What do readers search for, find and open? The commands of insight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from searchsvc.cli.opening import index_option, open_index
from searchsvc.cli.output import format_count, json_option, print_json, print_table

if TYPE_CHECKING:
    from searchsvc.insight.proposals import Proposal
    from searchsvc.insight.store import Store

Function = TypeVar("Function", bound=Callable[..., Any])

_MOST_ROWS = 1_000
_LONGEST_CELL = 60


@click.group(
    short_help="Report what readers search for, find and open.",
    epilog="Example: searchsvc insight no-results --since 7d --limit 20",
)
def insight() -> None:
    """Reports on recorded searches. They are recorded where SEARCHSVC_INSIGHT is true."""


def report_options(command: Function) -> Function:
    """Add the parameters of every report."""
    for option in (
        index_option,
        json_option,
        click.option(
            "--limit",
            type=click.IntRange(1, _MOST_ROWS),
            default=20,
            show_default=True,
            metavar="N",
            help="Rows at most.",
        ),
        click.option(
            "--since",
            default="7d",
            show_default=True,
            metavar="SPAN",
            help="How far back: 90m, 24h, 7d, 2w.",
        ),
    ):
        command = option(command)
    return command


_Columns = dict[str, str]
_SEARCHED: _Columns = {"searches": "searches", "query": "query"}
#: The columns of each report, in order.
_COLUMNS: dict[str, _Columns] = {
    "top": {"searches": "searches", "total": "articles", "click_rate": "clicked", "query": "query"},
    "no-results": _SEARCHED,
    "zero-click": {"searches": "searches", "total": "articles", "query": "query"},
    "slow": {
        "slowest_ms": "slowest ms",
        "mean_ms": "mean ms",
        "searches": "searches",
        "query": "query",
    },
    "clicks": {
        "clicks": "clicks",
        "mean_position": "position",
        "query": "query",
        "object_id": "article",
    },
}
_PROPOSED: _Columns = {
    "id": "id",
    "searches": "searches",
    "query": "query",
    "entry": "entry",
    "finds": "finds",
    "evidence": "evidence",
}
_LEFT = ("id", "query", "object_id", "entry", "evidence")


def _report(name: str, index: Path, since: str, limit: int, as_json: bool) -> None:
    from searchsvc.insight.reports import LISTS, Reports, open_scope

    store = open_store(index)
    scope = open_scope(store, index.resolve().name, since)
    rows = LISTS[name](Reports(store), scope, limit)
    if as_json:
        print_json({"since": since, "rows": rows})
    elif rows:
        _print_rows(rows, _COLUMNS[name])
    else:
        click.echo(f"Nothing of this kind was recorded in the last {since}.")


def _print_rows(rows: Sequence[Mapping[str, Any]], columns: _Columns) -> None:
    table = [tuple(columns.values())]
    for row in rows:
        table.append(tuple(_write_cell(name, row[name]) for name in columns))
    right = [place for place, name in enumerate(columns) if name not in _LEFT]
    print_table(table, right=right)


def _write_cell(name: str, value: Any) -> str:
    if name == "click_rate":
        return f"{value:.0%}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    # A terminal obeys control characters.
    text = "".join(char if char.isprintable() else "�" for char in str(value))
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"


def open_store(index: Path) -> Store:
    """The recorded searches of the folder that contains the index. Raises click.ClickException if
    nothing has been recorded there.
    """
    from searchsvc.insight.collecting import open_store
    from searchsvc.settings import BY_NAME, load

    store = open_store(load({"index": index}))
    if not store.path.exists():
        variable = BY_NAME["insight"].environment
        raise click.ClickException(
            f"No searches have been recorded in {store.path.parent}. "
            f"Start the service with {variable}=true."
        )
    return store


@insight.command(short_help="The most frequent queries.")
@report_options
def top(index: Path, since: str, limit: int, as_json: bool) -> None:
    """The most frequent queries, how many articles they found, and how often one was opened."""
    _report("top", index, since, limit, as_json)


@insight.command("no-results", short_help="Queries that found nothing.")
@report_options
def no_results(index: Path, since: str, limit: int, as_json: bool) -> None:
    """The most frequent queries that found nothing the last time they were searched."""
    _report("no-results", index, since, limit, as_json)


@insight.command(short_help="Which hits were opened.")
@report_options
def clicks(index: Path, since: str, limit: int, as_json: bool) -> None:
    """The articles that were opened most often after a query, and where they were in its hits."""
    _report("clicks", index, since, limit, as_json)


@insight.command(short_help="The slowest queries.")
@report_options
def slow(index: Path, since: str, limit: int, as_json: bool) -> None:
    """The queries that took longest."""
    _report("slow", index, since, limit, as_json)


@insight.command("zero-click", short_help="Queries of which no hit was opened.")
@report_options
def zero_click(index: Path, since: str, limit: int, as_json: bool) -> None:
    """The most frequent queries that found articles, none of which was opened."""
    _report("zero-click", index, since, limit, as_json)


@insight.command(short_help="Entries of the dictionary that would help.")
@report_options
def proposals(index: Path, since: str, limit: int, as_json: bool) -> None:
    """Entries of the dictionary with which queries that found nothing would find articles. Accept
    one by its id: searchsvc insight accept ID.
    """
    rows = [one.to_dict() for one in _list_proposals(index, since, limit)]
    if as_json:
        print_json({"since": since, "rows": rows})
    elif rows:
        _print_rows(rows, _PROPOSED)
    else:
        click.echo(f"Nothing to propose for the last {since}.")


@insight.command(short_help="Write a proposed entry into the dictionary.")
@click.argument("proposal_id", metavar="ID")
@click.option(
    "--since", default="7d", show_default=True, metavar="SPAN", help="As it was listed with."
)
@index_option
def accept(index: Path, proposal_id: str, since: str) -> None:
    """Write the proposed entry with this ID into the site's dictionary, after its other synonyms. A
    running service uses it within a second.
    """
    from searchsvc.dictionary_editing import add_synonym
    from searchsvc.insight.proposals import MOST_EXAMINED, find_proposal
    from searchsvc.own_dictionary import choose_setting, locate_dictionary

    found = find_proposal(_list_proposals(index, since, MOST_EXAMINED), proposal_id)
    path = locate_dictionary(choose_setting(), index)
    line = add_synonym(path, found.typed, found.meant)
    count = format_count(found.finds, "article")
    click.echo(f"{path}: {line}")
    click.echo(f"“{found.query}” finds {count} by it.")


def _list_proposals(index: Path, since: str, limit: int) -> Iterator[Proposal]:
    from searchsvc.insight.offering import Offering
    from searchsvc.insight.proposals import list_proposals
    from searchsvc.insight.reports import Reports, open_scope

    store = open_store(index)
    scope = open_scope(store, index.resolve().name, since)
    with open_index(index) as opened:
        offering = Offering(opened.engine, opened.analyzer)
        yield from list_proposals(
            Reports(store),
            scope,
            dictionary=opened.analyzer.dictionary,
            count_hits=offering.count_hits,
            list_near=offering.list_near,
            limit=limit,
        )


@insight.command(short_help="All of it in OpenSearch's form.")
@click.option(
    "--events", is_flag=True, help="What readers did (ubi_events), instead of their searches."
)
@index_option
def export(index: Path, events: bool) -> None:
    """Print recorded searches (ubi_queries) as JSON Lines, in the form of OpenSearch's User
    Behavior Insights.
    """
    from searchsvc.insight.export import list_events, list_queries

    for document in (list_events if events else list_queries)(open_store(index)):
        click.echo(document)


@insight.command(short_help="Delete all that was recorded.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@index_option
def clear(index: Path, yes: bool) -> None:
    """Delete all that was recorded, of all indexes of the folder."""
    store = open_store(index)
    if not yes:
        click.confirm(f"Delete all searches recorded in {store.path}?", abort=True)
    click.echo(f"Deleted {format_count(store.clear(), 'search', 'searches')}.")
