"""How is an index kept fresh? The command watch."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchsvc import __version__
from searchsvc.cli.committing import wait_option
from searchsvc.cli.opening import index_option, open_index, refuse_foreign_folder
from searchsvc.cli.output import format_count
from searchsvc.cli.progress import format_seconds
from searchsvc.cli.reading_options import reading_options

if TYPE_CHECKING:
    from indexer.article import Reject, Warned
    from searchsvc.index import Index
    from searchsvc.watch.fetch import Fetcher
    from searchsvc.watch.source import Source
    from searchsvc.watch.state import WatchState
    from searchsvc.watch.watcher import Change

_DURATION = re.compile(r"(\d{1,6})\s*([smhd]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_SHORTEST_S = 5
#: Options for reading files; web sources state their own format.
_OF_FILES = ("format", "delimiter", "query")


def _read_duration(ctx: click.Context, param: click.Parameter, value: str) -> float:
    found = _DURATION.fullmatch(value.strip().lower())
    if found is None:
        raise click.BadParameter(f"{value!r} is no duration, as 90s, 5m or 2h.")
    seconds = int(found[1]) * _UNITS[found[2]]
    if seconds < _SHORTEST_S:
        raise click.BadParameter(f"{value!r} is less than {_SHORTEST_S} seconds.")
    return float(seconds)


@click.command(
    short_help="Keep an index up to date with folders, feeds and sitemaps.",
    epilog="Example: searchsvc watch https://contoh.id/feed/ arsip/ --every 5m",
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option(
    "--every",
    "every_s",
    default="5m",
    show_default=True,
    metavar="DURATION",
    callback=_read_duration,
    help="Check each source this often: 90s, 5m, 2h.",
)
@click.option("--once", is_flag=True, help="Check each source once and exit, for cron.")
@click.option(
    "--pages/--no-pages",
    default=None,
    help="Fetch an article's page if the feed has only a teaser.  "
    "[default: where searchsvc[html] is installed]",
)
@click.option(
    "--delay",
    "delay_s",
    type=click.FloatRange(min=0, max=3_600),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="Wait this long between requests to one host; longer if its robots.txt says so.",
)
@click.option(
    "--user-agent",
    default=f"searchsvc/{__version__}",
    show_default=True,
    metavar="TEXT",
    help="Name to identify as; include an address where a site can reach you.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Follow links from public sites into private networks, too.",
)
@click.option("--force", is_flag=True, help="Create the index even in a folder with other files.")
@reading_options
@wait_option
@click.option("--json", "as_json", is_flag=True, help="Print each change as a JSON object.")
@index_option
@click.pass_context
def watch(
    ctx: click.Context,
    index: Path,
    sources: tuple[str, ...],
    every_s: float,
    once: bool,
    pages: bool | None,
    delay_s: float,
    user_agent: str,
    allow_private: bool,
    force: bool,
    reading: dict[str, Any],
    wait: float,
    as_json: bool,
) -> None:
    """Keep the index up to date with each SOURCE: a folder, or the address of a feed or sitemap.

    Prints a line for each article added, changed or deleted, once the index is updated. It may be
    stopped or killed at any moment, and continues from there. With --once, exits with 1 if a source
    could not be read.
    """
    from searchsvc.watch.fetch import Clock, Fetcher, Manners
    from searchsvc.watch.robots import Robots
    from searchsvc.watch.state import WatchState
    from searchsvc.watch.watcher import Telling, Watcher

    if not user_agent.isascii() or not user_agent.isprintable() or not user_agent.strip():
        raise click.BadParameter(
            "a user agent is made of ASCII letters.", param_hint="--user-agent"
        )
    _check_sources(sources, index)
    pages = _choose_pages(pages)
    if not force:
        refuse_foreign_folder(index)
    counts = dict.fromkeys(("new", "changed", "gone"), 0)

    def tell_change(change: Change) -> None:
        counts[change.kind] += 1
        click.echo(_format_change(change, as_json=as_json))

    def tell_notice(notice: Reject | Warned) -> None:
        click.echo(_format_notice(notice), err=True)

    def tell_failure(address: str, reason: str, wait_s: float) -> None:
        again = f"in {format_seconds(wait_s)}"
        # A single check ends here; a later one skips the source until then.
        again = f"a check {again} or later asks again" if once else f"again {again}"
        click.echo(f"failed: {address}: {reason.rstrip('.')}; {again}", err=True)

    clock = Clock()
    with open_index(index, create=True, wait_s=wait) as opened, WatchState(index) as state:
        fetcher = Fetcher(
            Manners(user_agent, delay_s, allow_private), Robots(state, clock.today), clock
        )
        reading["keep"] = opened.engine.fields.keys
        watcher = Watcher(
            opened,
            state,
            _make_sources(sources, state, fetcher, reading, pages=pages),
            Telling(tell_change, tell_notice, tell_failure),
            every_s=every_s,
            clock=clock,
            wait_s=wait,
        )
        if not once:
            watcher.run()
        failed = watcher.run_once()
        _print_end(opened, len(sources), counts)
    if failed:
        ctx.exit(1)


def _check_sources(sources: Sequence[str], index: Path) -> None:
    """Raise click.UsageError for a source that cannot be watched."""
    from searchsvc.watch.address import check_address, is_web_address
    from searchsvc.watch.failures import AddressRefused

    for source in sources:
        if is_web_address(source):
            try:
                check_address(source)
            except AddressRefused as error:
                raise click.UsageError(f"{source[:200]} cannot be watched: {error}.") from error
        elif source == "-":
            raise click.UsageError("Standard input cannot be watched; searchsvc index - reads it.")
        elif not Path(source).exists():
            raise click.UsageError(
                f"{source[:200]} cannot be watched: there is no such file or folder. An address "
                "begins with https://."
            )
        elif index.resolve().is_relative_to(Path(source).resolve()):
            raise click.UsageError(
                f"{source} has the index itself in it ({index}), whose files are no articles."
            )
    if len(set(sources)) < len(sources):
        raise click.UsageError("A source is given twice.")


def _choose_pages(wanted: bool | None) -> bool:
    """Whether pages are fetched. Raises ExtraMissing if they cannot be read as requested."""
    from indexer.errors import ExtraMissing

    installed = find_spec("trafilatura") is not None
    if wanted and not installed:
        raise ExtraMissing("Reading the pages of a feed", "html")
    return installed if wanted is None else wanted


def _make_sources(
    sources: Sequence[str],
    state: WatchState,
    fetcher: Fetcher,
    reading: dict[str, Any],
    *,
    pages: bool,
) -> list[Source]:
    from searchsvc.watch.address import is_web_address
    from searchsvc.watch.folder import FolderSource
    from searchsvc.watch.web import WebSource

    of_web = {name: value for name, value in reading.items() if name not in _OF_FILES}
    return [
        WebSource(source, state, fetcher, of_web, pages=pages)
        if is_web_address(source)
        else FolderSource(source, state, reading)
        for source in sources
    ]


def _format_change(change: Change, *, as_json: bool) -> str:
    """One line: the change and its article."""
    if as_json:
        told = {"change": change.kind, "id": change.id, "title": change.title}
        return json.dumps(told, ensure_ascii=False)
    title = " ".join(change.title.split())
    return f"{change.kind}\t{change.id}\t{title}"


def _format_notice(notice: Reject | Warned) -> str:
    from indexer.article import Reject

    return f"{'rejected' if isinstance(notice, Reject) else 'warning'}: {notice}"


def _print_end(opened: Index, sources: int, counts: dict[str, int]) -> None:
    changes = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    total = format_count(len(opened), "article")
    told = f"{format_count(sources, 'source')}: {changes}. The index has {total}."
    click.echo(told, err=True)
