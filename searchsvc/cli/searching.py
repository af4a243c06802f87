"""How are articles found and read? The commands search, facets, suggest and show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from indexer.schema import FACETS, INTERVALS, LABEL_FACETS
from searchsvc.cli.opening import index_option, load_dictionary, open_index
from searchsvc.cli.output import (
    json_option,
    print_article,
    print_facet_values,
    print_json,
    print_offers,
    print_response,
)
from searchsvc.limits import MAX_FACET_VALUES, MAX_PER_PAGE, MAX_SUGGESTIONS
from searchsvc.query.parameters import SORTS, read
from searchsvc.settings import load

if TYPE_CHECKING:
    from searchsvc.request import SearchRequest

Function = TypeVar("Function", bound=Callable[..., Any])


def _read_filters(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for value in values:
        facet, equals, label = value.partition("=")
        if not equals or not label.strip():
            raise click.BadParameter(f"{value!r} is not facet=value, as in category=politik.")
        filters.setdefault(facet, []).append(label)
    return filters


def _read_request(
    index: Path, parameters: Mapping[str, str | Sequence[str]], filters: dict[str, list[str]]
) -> SearchRequest:
    """The request, whether or not there is an index. Raises click.BadParameter for an unknown
    filter, ParameterError, FieldsInvalid.
    """
    from indexer.own_fields.declaration import FIELDS_FILE
    from indexer.own_fields.file import read_fields

    fields = read_fields(index / FIELDS_FILE)
    known = (*LABEL_FACETS, *fields.parameters)
    for facet in filters:
        if facet not in known:
            raise click.BadParameter(
                f"Unknown facet {facet!r}. Known: {', '.join(known)}. "
                "For dates use --from and --to.",
                param_hint="--filter",
            )
    return read(parameters, fields=fields)


def narrowing_options(command: Function) -> Function:
    """Add the parameters ``filters``, ``date_from`` and ``date_to`` to ``command``."""
    for option in (
        click.option(
            "--to",
            "date_to",
            metavar="DATE",
            help="Published on or before this day, month or year.",
        ),
        click.option(
            "--from",
            "date_from",
            metavar="DATE",
            help="Published on or after this day, month or year.",
        ),
        click.option(
            "--filter",
            "filters",
            multiple=True,
            metavar="FACET=VALUE",
            callback=_read_filters,
            help="Only articles with this value. Repeatable: values of one facet are alternatives, "
            f"all facets must match. Facets: {', '.join(LABEL_FACETS)}, and the site's own fields; "
            "NAME_from and NAME_to limit numbers and dates.",
        ),
    ):
        command = option(command)
    return command


@click.command(
    short_help="Find articles.",
    epilog="Example: searchsvc search 'serangan teroris' --filter category=Nasional --from 2022",
)
@click.argument("query", metavar="QUERY...", nargs=-1)
@click.option(
    "--page", type=click.IntRange(min=1), default=1, show_default=True, help="Page number, from 1."
)
@click.option(
    "--per-page",
    type=click.IntRange(1, MAX_PER_PAGE),
    default=10,
    show_default=True,
    help="Hits per page.",
)
@click.option(
    "--sort",
    metavar="ORDER",
    default=SORTS[0],
    show_default=True,
    help=f"Order of the hits: {', '.join(SORTS)}, or one of the site's own fields; a minus before "
    "it puts the greatest first.",
)
@narrowing_options
@click.option(
    "--facets",
    metavar="NAMES",
    default="",
    help=f"Facets to count, separated by commas, or * for all: {', '.join(FACETS)}, and the site's "
    "own fields.",
)
@click.option(
    "--interval",
    type=click.Choice(INTERVALS),
    default="month",
    show_default=True,
    help="Interval for counting published_at.",
)
@click.option(
    "--collapse/--no-collapse",
    default=None,
    help="Show articles that tell one story in the same words as one hit.  "
    "[default: the setting collapse]",
)
@click.option("--explain", is_flag=True, help="Show how the score of each hit is made up.")
@json_option
@index_option
def search(
    index: Path,
    query: tuple[str, ...],
    page: int,
    per_page: int,
    sort: str,
    filters: dict[str, list[str]],
    date_from: str | None,
    date_to: str | None,
    facets: str,
    interval: str,
    collapse: bool | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Search for QUERY and print the hits.

    The query language is that of the search page: words, "an exact phrase", -without, a OR b,
    begin*, penulis:name, sesudah:2022-07. Put -- before a query that begins with a minus.

    --json prints the same body as GET /api/v1/search.
    """
    parameters = {
        "q": " ".join(query),
        "page": str(page),
        "per_page": str(per_page),
        "sort": sort,
        **filters,
        "from": date_from or "",
        "to": date_to or "",
        "facets": facets,
        "interval": interval,
        "collapse": str(int(load().collapse if collapse is None else collapse)),
        "explain": "1" if explain else "",
    }
    request = _read_request(index, parameters, filters)
    with open_index(index) as opened:
        response = opened.answer_today(request)
        if as_json:
            print_json(response.to_dict())
            return
        print_response(response)
        if not response.total and request.q:
            from searchsvc.near_queries import find_near_queries

            print_offers(find_near_queries(opened.engine, request, analyzer=opened.analyzer))


@click.command(
    short_help="List the values of a facet.",
    epilog="Example: searchsvc facets authors banjir --prefix les --filter source=Antara",
)
@click.argument("facet", metavar="FACET")
@click.argument("query", metavar="[QUERY]...", nargs=-1)
@click.option(
    "--prefix",
    default="",
    metavar="TEXT",
    help="Only values that begin with this, or contain a word that does.",
)
@narrowing_options
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_FACET_VALUES),
    default=20,
    show_default=True,
    help="Maximum number of values.",
)
@json_option
@index_option
def facets(
    index: Path,
    facet: str,
    query: tuple[str, ...],
    prefix: str,
    filters: dict[str, list[str]],
    date_from: str | None,
    date_to: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List the values of FACET among the articles that QUERY finds, most frequent first.

    Without a QUERY, among all articles. Values chosen by --filter of the same facet do not narrow
    the list.

    --json prints the same body as GET /api/v1/facets/FACET.
    """
    from searchsvc.facet_search import search_facet

    parameters = {"q": " ".join(query), **filters, "from": date_from or "", "to": date_to or ""}
    request = _read_request(index, parameters, filters)
    with open_index(index) as opened:
        found = search_facet(opened.engine, facet, prefix, request, limit, analyzer=opened.analyzer)
    if as_json:
        print_json(found.to_dict())
    else:
        print_facet_values(found)


@click.command(
    short_help="Complete an unfinished query.", epilog="Example: searchsvc suggest 'serang'"
)
@click.argument("query", metavar="QUERY...", nargs=-1, required=True)
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_SUGGESTIONS),
    default=8,
    show_default=True,
    help="Maximum number of suggestions.",
)
@json_option
@index_option
def suggest(index: Path, query: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Complete an unfinished QUERY, as the search box does while one types."""
    from indexer.language.analyzer import Analyzer
    from searchsvc.suggest import suggest as find_suggestions

    analyzer = Analyzer(dictionary=load_dictionary(index))
    with open_index(index) as opened:
        suggestions = find_suggestions(opened.engine, " ".join(query), limit, analyzer=analyzer)
    if as_json:
        print_json([suggestion.to_dict() for suggestion in suggestions])
        return
    if not suggestions:
        click.echo("No suggestions.", err=True)
    for suggestion in suggestions:
        click.echo(suggestion.text)


@click.command(
    short_help="Print one article.", epilog="Example: searchsvc show jpnn-0123456789abcdef"
)
@click.argument("article_id", metavar="ID")
@click.option(
    "--raw",
    is_flag=True,
    help="Print the original text, with the dateline, credits and all else kept out of search.",
)
@json_option
@index_option
def show(index: Path, article_id: str, raw: bool, as_json: bool) -> None:
    """Print the article with this ID, with all its fields."""
    from indexer.errors import ArticleNotFound

    with open_index(index) as opened, opened.engine.snapshot() as snapshot:
        ref = snapshot.find(article_id)
        if ref is None:
            raise ArticleNotFound(article_id)
        article = snapshot.article(ref)
    if as_json:
        original = {"raw": article.original()} if raw else {}
        print_json({**article.to_dict(), **original})
    elif raw:
        click.echo(article.original())
    else:
        print_article(article)
