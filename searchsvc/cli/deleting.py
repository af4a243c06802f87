"""How are articles deleted from an index, by ID or by query? The command delete."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from searchsvc.cli.committing import telling_what_is_done, wait_option
from searchsvc.cli.opening import index_option, open_index
from searchsvc.cli.output import format_count, json_option, print_json

if TYPE_CHECKING:
    from searchsvc.index import Index

_SHOWN = 10  # articles to delete that are listed before "and N more"


@click.command(
    short_help="Delete articles.",
    epilog="Example: searchsvc delete --query 'sumber:contoh.com sebelum:2015'",
)
@click.argument("ids", metavar="[ID...]", nargs=-1)
@click.option("--query", help="Delete every article that this search finds.")
@click.option("--yes", is_flag=True, help="Do not ask before deleting what --query finds.")
@wait_option
@json_option
@index_option
@click.pass_context
def delete(
    ctx: click.Context,
    index: Path,
    ids: tuple[str, ...],
    query: str | None,
    yes: bool,
    wait: float,
    as_json: bool,
) -> None:
    """Delete articles by ID, or all articles that a search finds.

    Exits with 1 if an ID is not in the index; the others are still deleted.
    """
    if bool(ids) == (query is not None):
        raise click.UsageError("Give the IDs of articles, or --query, and not both.")
    with open_index(index) as opened:
        missing: list[str] = []
        if query is not None:
            chosen = _choose_by_query(opened, query, yes=yes)
        else:
            with opened.engine.snapshot() as snapshot:
                missing = [article_id for article_id in ids if snapshot.find(article_id) is None]
            chosen = [article_id for article_id in ids if article_id not in missing]
        deleted = 0
        done: list[str] = []
        with telling_what_is_done(lambda: done[0] if done else ""):
            if chosen:
                deleted = _delete(opened, chosen, wait_s=wait, done=done)
            if as_json:
                print_json({"deleted": deleted, "missing": missing})
            else:
                click.echo(f"Deleted {format_count(deleted, 'article')}.")
                for article_id in missing:
                    click.echo(f"Not in the index: {article_id}", err=True)
    if missing:
        ctx.exit(1)


def _delete(opened: Index, chosen: list[str], *, wait_s: float, done: list[str]) -> int:
    """Delete the articles; return how many existed. ``done`` collects what is true if this
    fails.
    """
    with opened.engine.writer(wait_s=wait_s) as writer:
        done[:] = ["Nothing was deleted."]
        deleted = writer.delete(chosen)
        try:
            writer.commit()
        finally:
            if writer.committed is not None:
                done[:] = [f"Deleted {format_count(deleted, 'article')}."]
    return deleted


def _choose_by_query(opened: Index, query: str, *, yes: bool) -> list[str]:
    """The ids that ``query`` finds, once a person, or ``--yes``, has agreed; otherwise none.

    Nothing is deleted unless it was asked for. An article must have every word, in any inflection
    but without synonyms, corrections or other spellings. Raises ClickException if part of the query
    cannot be applied as typed: without it, the query would delete more than intended.
    """
    from searchsvc.exact_query import QueryMisread, read_exactly
    from searchsvc.request import SearchRequest

    if not query.strip():
        raise click.UsageError("--query is empty, which would delete every article.")
    try:
        with opened.engine.snapshot() as snapshot:
            asked = read_exactly(SearchRequest(q=query), opened.engine, snapshot, opened.analyzer)
            found = asked.find_ids(snapshot)
            if not found:
                for message in asked.unknown:
                    click.echo(message, err=True)
            if yes or not found:
                return found
            refs = map(snapshot.find, found[:_SHOWN])
            titles = [snapshot.summary(ref).title for ref in refs if ref is not None]
    except QueryMisread as error:
        raise click.ClickException(
            "Nothing was deleted, because the query cannot be taken as it was typed: "
            f"{error.reasons}"
        ) from error
    shown = zip(titles, found, strict=False)
    _confirm([f"{title}  [{article_id}]" for title, article_id in shown], len(found))
    return found


def _confirm(titles: list[str], total: int) -> None:
    """Ask whether to delete these articles. Raises Abort if the answer is no."""
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to ask; add --yes to delete without asking.")
    for title in titles:
        click.echo(title, err=True)
    if total > len(titles):
        click.echo(f"and {total - len(titles):,} more", err=True)
    if not click.confirm(f"Delete {format_count(total, 'article')}?", err=True):
        raise click.ClickException("Nothing was deleted.")
