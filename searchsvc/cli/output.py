"""How are results printed? For people, in bold on a terminal; as JSON, for scripts."""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from indexer.calendar import read_day
from searchsvc.english_notes import tell_note
from searchsvc.request import FacetCount, FacetValues, Note, SearchHit, SearchResponse
from searchsvc.shown_label import show_label

if TYPE_CHECKING:
    from indexer.article import Article

Function = TypeVar("Function", bound=Callable[..., Any])

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MARKED = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)
_INDENT = "   "
_LONGEST_EXTRA = 200


def json_option(command: Function) -> Function:
    """Add the parameter ``as_json`` to ``command``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")(command)


def print_json(value: Any) -> None:
    """Print ``value`` as JSON: indented on a terminal, one line otherwise."""
    indent = 2 if sys.stdout.isatty() else None
    click.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def show_marks(marked_html: str) -> str:
    """The text of a ``*_html`` value, with its marks in bold (dropped if colour is disabled).

    >>> show_marks("Tom &amp; Jerry")
    'Tom & Jerry'
    """
    parts = _MARKED.split(marked_html)
    for number, part in enumerate(parts):
        text = html.unescape(part)
        parts[number] = click.style(text, bold=True, fg="yellow") if number % 2 else text
    return "".join(parts)


def format_day(published_at: str) -> str:
    """The day of an ISO date for people, by an Indonesian clock; empty if unknown.

    >>> format_day("2022-07-20T13:05:00+07:00")
    '20 Jul 2022'
    """
    if not published_at:
        return ""
    day = read_day(published_at)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def format_count(number: int, singular: str, plural: str = "") -> str:
    """``1 article``, ``28,857 articles``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def format_bytes(size: int) -> str:
    """A size for people: ``512 bytes``, ``3.4 MB``."""
    if size < 1000:
        return f"{size} bytes"
    value = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 1000 or unit == "TB":
            break
    return f"{value:.1f} {unit}"


def print_table(rows: Iterable[Sequence[str]], *, right: Collection[int] = ()) -> None:
    """Print rows in columns, two spaces apart; columns numbered in ``right`` are right-aligned."""
    kept = list(rows)
    widths = [max(map(len, column)) for column in zip(*kept, strict=True)]
    for row in kept:
        cells = [
            cell.rjust(width) if number in right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def print_pairs(pairs: Mapping[str, str]) -> None:
    """Print names and values in two columns; pairs without a value are left out."""
    shown = {name: value for name, value in pairs.items() if value}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        click.echo(f"{click.style(name.ljust(width), bold=True)}  {value}")


def print_article(article: Article) -> None:
    """Print an article's fields, its body last."""
    values = article.to_dict()
    body = values.pop("body")
    extra = values.pop("extra")
    print_pairs(
        {
            name: "; ".join(value) if isinstance(value, list) else str(value)
            for name, value in values.items()
        }
    )
    if extra:
        click.echo()
        print_pairs({f"extra {name}": _format_extra(value) for name, value in extra.items()})
    click.echo()
    click.echo(body)


def _format_extra(value: Any) -> str:
    """A value of a record's ``extra``, on one line of at most some hundred characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text[: _LONGEST_EXTRA * 2].split())
    return text if len(text) <= _LONGEST_EXTRA else text[: _LONGEST_EXTRA - 1] + "…"


def print_response(response: SearchResponse) -> None:
    """Print a response for people: notes, the count, hits, facets."""
    _print_notes(response.notes)
    pages = f", page {response.page} of {response.pages:,}" if response.pages > 1 else ""
    found = format_count(response.total, "article")
    if response.stories < response.total:
        found += f" telling {format_count(response.stories, 'story', 'stories')}"
    click.echo(f"{found}{pages} ({response.took_ms:.1f} ms)")
    first = (response.page - 1) * response.per_page + 1
    for number, hit in enumerate(response.hits, start=first):
        click.echo()
        _print_hit(number, hit)
    for name, counts in response.facets.items():
        click.echo()
        click.secho(name, bold=True)
        _print_counts(counts)
    for name, figures in response.statistics.items():
        click.echo()
        click.secho(name, bold=True)
        click.echo("  ".join(f"{what} {_format_number(one)}" for what, one in figures.items()))


def _format_number(number: float) -> str:
    """A number for people: ``75,000``, ``4.25``; up to four digits without a separator, like
    years.
    """
    if isinstance(number, int):
        return f"{number:,}" if abs(number) >= 10_000 else str(number)
    return f"{number:,.6g}"


def print_offers(offers: Iterable[tuple[str, int]]) -> None:
    """Print queries similar to one that found nothing, with the number of articles of each."""
    for number, (query, total) in enumerate(offers):
        if not number:
            click.echo("\nSimilar queries:")
        click.echo(f"{total:>9,}   {query}")


def print_facet_values(found: FacetValues) -> None:
    """Print the values of a facet: notes, the number of values, each with its count."""
    _print_notes(found.notes)
    click.echo(format_count(found.total, "value"))
    _print_counts(found.values)


def _print_notes(notes: Iterable[Note]) -> None:
    for note in notes:
        click.secho(tell_note(note), dim=True)


def _print_counts(counts: Iterable[FacetCount]) -> None:
    for count in counts:
        mark = "*" if count.selected else " "
        click.echo(f"{count.count:>9,} {mark} {count.value}")


def _print_hit(number: int, hit: SearchHit) -> None:
    click.echo(f"{number}. {show_marks(hit.title_html)}")
    source, category = show_label("source", hit.source), show_label("category", hit.category)
    about = (source, format_day(hit.published_at), hit.place, category)
    click.secho(_INDENT + " · ".join(part for part in (*about, hit.id) if part), dim=True)
    if hit.snippet_html:
        click.echo(_INDENT + show_marks(hit.snippet_html))
    if hit.fields:
        click.secho(_INDENT + " · ".join(_list_own(hit.fields)), dim=True)
    if hit.url and hit.url != hit.id:
        click.secho(_INDENT + hit.url, dim=True)
    if hit.also:
        click.secho(_INDENT + f"also: {_list_copies(hit)}", dim=True)
    if hit.explain is not None:
        _print_explanation(hit)


def _list_own(fields: Mapping[str, Any]) -> Iterator[str]:
    """A hit's values in the site's own fields: ``harga 75,000``."""
    for name, value in fields.items():
        if isinstance(value, list):
            yield f"{name} {', '.join(value)}"
        else:
            yield f"{name} {value if isinstance(value, str) else _format_number(value)}"


def _list_copies(hit: SearchHit) -> str:
    """The other sources of the story: publishers (days for those without one), with the ids."""
    copies = [
        f"{show_label('source', copy.source) or format_day(copy.published_at)} ({copy.id})".strip()
        for copy in hit.also
    ]
    if hit.also_total > len(copies):
        copies.append(f"{hit.also_total - len(copies):,} more")
    return ", ".join(copies)


def _print_explanation(hit: SearchHit) -> None:
    columns = ("typed", "term", "form", "rule", "weight", "idf", "score")
    rows = [
        columns,
        *(tuple(_format_cell(row[name]) for name in columns) for row in hit.explain or ()),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.secho((_INDENT + "  ".join(cells)).rstrip(), dim=True)


def _format_cell(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
