"""How are articles deleted from an index, by ID or by query? The command delete."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from searchsvc.cli.committing import telling_what_is_done, wait_option
from searchsvc.cli.opening import index_option, open_index
from searchsvc.cli.output import format_count, json_option, print_json

if TYPE_CHECKING:
    from indexer.engine.base import Query, Snapshot
    from searchsvc.index import Index
    from searchsvc.query.parse import ParsedQuery

_SHOWN = 10  # articles to delete that are listed before "and N more"


@click.command(
    short_help="Take articles out.",
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
    """Delete articles by ID, or all that a search finds.

    Exits with 1 where an ID is not in the index; the others are deleted nevertheless.
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
    from searchsvc.query.parse import parse_query

    if not query.strip():
        raise click.UsageError("--query is empty, which would delete every article.")
    parsed = parse_query(query, None, opened.engine.fields)
    own = opened.engine.fields.find("filter")
    misread = [note.message for note in parsed.notes] or find_misread(
        query, [field.name for field in own]
    )
    if not misread and not parsed.says_anything:
        misread = ["Nothing in it says which articles are meant."]
    if misread:
        _refuse(misread)
    with opened.engine.snapshot() as snapshot:
        asked, unknown = _ask_exactly(opened, parsed, snapshot)
        total = snapshot.search(replace(asked, limit=0)).total
        if not total:
            for message in unknown:
                click.echo(message, err=True)
            return []
        if unknown:
            _refuse(unknown)
        found = snapshot.search(replace(asked, limit=total)).hits
        articles = (snapshot.article(hit.ref) for hit in found)
        if yes:
            return [article.id for article in articles]
        chosen = [(article.id, article.title) for article in articles]
    _confirm([f"{title}  [{article_id}]" for article_id, title in chosen[:_SHOWN]], total)
    return [article_id for article_id, _ in chosen]


def _refuse(reasons: list[str]) -> NoReturn:
    told = " ".join(reasons)
    raise click.ClickException(
        f"Nothing was deleted, because the query cannot be taken as it was typed: {told}"
    )


def find_misread(query: str, own: Iterable[str] = ()) -> list[str]:
    """The parts of ``query`` that a search silently ignores, one sentence each. ``own`` are names
    of the site's own fields.

    >>> find_misread("kopi -sebelum:2022")
    ["A date such as 'sebelum:' cannot be excluded; say which days are meant."]
    """
    from searchsvc.query.parse import DATE_NAMES, FIELD_NAMES

    found = []
    dates, names = "|".join(DATE_NAMES), "|".join((*FIELD_NAMES, *own))
    excluded = re.search(rf"(?:^|\s)(?:-|(?:BUKAN|NOT)\s+)(?P<name>{dates}):", query, re.IGNORECASE)
    if excluded:
        found.append(
            f"A date such as '{excluded['name']}:' cannot be excluded; say which days are meant."
        )
    # A colon without letters or digits after it names nothing.
    empty = re.search(
        rf"""(?:^|[\s+-])(?P<name>{names}):(?:\s|$|[^\w\s]+(?:\s|$)|"[\W_]*")""",
        query,
        re.IGNORECASE,
    )
    if empty:
        found.append(f"'{empty['name']}:' has no value right behind its colon.")
    if re.search(r"(?:^|\s)\(|\)(?:\s|$)", query):
        found.append("Parentheses group nothing; leave them out.")
    return found


def _ask_exactly(opened: Index, parsed: ParsedQuery, snapshot: Snapshot) -> tuple[Query, list[str]]:
    """The query that matches articles with every word of ``parsed``, and the labels that are
    unknown.
    """
    from searchsvc.query.context import open_context
    from searchsvc.query.parts import read_parts
    from searchsvc.query.plan import plan_query
    from searchsvc.request import SearchRequest

    context = open_context(
        opened.engine, snapshot, analyzer=opened.analyzer, without=read_parts(["expansions"])
    )
    plan = plan_query(parsed, SearchRequest(q=parsed.text), context)
    # A search needs only some of many words, and none of the common ones.
    clauses = tuple(replace(clause, required=True) for clause in plan.query.clauses)
    asked = replace(plan.query, clauses=clauses, minimum=None, few=0)
    return asked, [note.message for note in plan.notes]


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
