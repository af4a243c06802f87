"""What is inside an index? The commands stats, check and analyze."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchsvc.cli.opening import (
    describe_waiting_fields,
    index_option,
    load_dictionary,
    open_index,
)
from searchsvc.cli.output import (
    format_bytes,
    format_count,
    json_option,
    print_json,
    print_pairs,
    print_table,
)

if TYPE_CHECKING:
    from indexer.engine.base import Alternative, Snapshot
    from indexer.language.analyzer import Analyzer
    from indexer.own_fields.declaration import OwnFields
    from searchsvc.index import Index


@click.command(
    short_help="Print statistics of the index.",
    epilog="Example: searchsvc stats --index index_data/news",
)
@json_option
@index_option
def stats(index: Path, as_json: bool) -> None:
    """Print statistics of the index: articles, size, generation, most frequent facet values."""
    from indexer.schema import LABEL_FACETS
    from searchsvc.cli.dictionary import count_entries, describe_waiting, find_waiting
    from searchsvc.own_dictionary import load_own_dictionary

    own = load_own_dictionary(index)
    waiting = find_waiting(own, index)
    with open_index(index) as opened, opened.engine.snapshot() as snapshot:
        figures = {"articles": snapshot.document_count(), **opened.engine.describe()}
        if own.dictionary:
            figures["dictionary"] = count_entries(own.dictionary)
        if waiting.count_words():
            figures["dictionary_waiting"] = waiting.count_words()
        fields = opened.engine.fields
        facets = {name: snapshot.label_counts(name) for name in LABEL_FACETS}
        for name in fields.label_filters:
            facets[name] = snapshot.label_counts(fields.column(name))
        numbers = sum_up(snapshot, fields)
        lacking = opened.list_waiting_fields()
        if lacking:
            figures["fields_waiting"] = lacking
    if as_json:
        most_frequent = {name: dict(counts[:5]) for name, counts in facets.items()}
        sizes = {name: len(counts) for name, counts in facets.items()}
        if numbers:
            figures["numbers"] = numbers
        print_json({**figures, "facet_values": sizes, "most_frequent": most_frequent})
        return
    print_pairs({name: _format_figure(name, value) for name, value in figures.items()})
    _print_facets(facets, numbers)
    if lacking:
        click.echo(f"\n{describe_waiting_fields(lacking)}")
    if waiting.count_words():
        click.echo(f"\n{describe_waiting(waiting)}")


def _print_facets(
    facets: Mapping[str, list[tuple[str, int]]], numbers: Mapping[str, dict[str, Any]]
) -> None:
    """Print the most common values of each facet, and the range of each number."""
    for name, counts in facets.items():
        click.echo()
        click.secho(f"{name}: {format_count(len(counts), 'value')}", bold=True)
        for value, count in counts[:5]:
            click.echo(f"{count:>9,}  {value}")
    for name, row in numbers.items():
        click.echo()
        click.secho(f"{name}: {format_count(row['articles'], 'article')}", bold=True)
        if row["articles"]:
            click.echo(f"  {row['min']} to {row['max']}")


def sum_up(snapshot: Snapshot, fields: OwnFields) -> dict[str, dict[str, Any]]:
    """For each number or date of the site's own: how many articles have it, and its range."""
    from indexer.engine.base import Query
    from indexer.ingest.own_values import tidy, write_day
    from indexer.own_fields.declaration import OwnType

    ranges = [field for field in fields.fields if field.is_range]
    columns = tuple(dict.fromkeys(field.column for field in ranges))
    found = snapshot.search(Query(statistics=columns, limit=0)).statistics
    told: dict[str, dict[str, Any]] = {}
    for field in ranges:
        one = found[field.column]
        told[field.name] = {"articles": one.count}
        write = write_day if field.type is OwnType.DATE else tidy
        if one.count:
            told[field.name] |= {"min": write(one.least), "max": write(one.greatest)}
    return told


def _format_figure(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return value if isinstance(value, str) else ""
    return format_bytes(value) if name.endswith("bytes") else f"{value:,}"


@click.command(
    short_help="Read every byte and report damage.", epilog="Example: searchsvc check && echo whole"
)
@json_option
@index_option
@click.pass_context
def check(ctx: click.Context, index: Path, as_json: bool) -> None:
    """Read every byte of the index and report damage.

    Exits with 1 if there is any, and names the damaged file.
    """
    from searchsvc.engines import name_place

    with open_index(index) as opened:
        problems = opened.engine.check()
        lacking = [] if problems else opened.list_waiting_fields()
    if as_json:
        waiting = {"fields_waiting": lacking} if lacking else {}
        print_json({"index": name_place(index), "problems": problems, **waiting})
    elif problems:
        for problem in problems:
            click.echo(problem)
    else:
        click.echo(f"The index at {name_place(index)} is whole.")
        if lacking:
            click.echo(describe_waiting_fields(lacking))
    if problems:
        ctx.exit(1)


@click.command(
    short_help="Show how a text is analysed.",
    epilog="Example: searchsvc analyze 'Menteri memperluas kerja sama'",
)
@click.argument("text", metavar="TEXT...", nargs=-1, required=True)
@json_option
@index_option
def analyze(index: Path, text: tuple[str, ...], as_json: bool) -> None:
    """Show how TEXT is analysed: its tokens, their terms and rules, and the query it becomes.

    Without an index, shows only the tokens: names and expansions depend on the articles.
    """
    from indexer.errors import IndexNotFound
    from indexer.language.analyzer import Analyzer
    from searchsvc.engines import name_place

    joined = " ".join(text)
    words: list[dict[str, Any]] | None = None
    try:
        with open_index(index) as opened:
            tokens = _describe_tokens(joined, opened.analyzer)
            words = _describe_query(joined, opened)
    except IndexNotFound:
        tokens = _describe_tokens(joined, Analyzer(dictionary=load_dictionary(index)))
    if as_json:
        print_json({"text": joined, "tokens": tokens, "query": words})
        return
    columns = ("start", "end", "text", "exact", "stem")
    print_table(
        [
            (*columns, "rules"),
            *((*(str(row[name]) for name in columns), ", ".join(row["rules"])) for row in tokens),
        ],
        right=(0, 1),
    )
    if words is None:
        click.echo(f"\nNo index at {name_place(index)}, so no query to show.")
    else:
        click.echo("\nAs a query:")
        print_table(
            [
                ("typed", "wanted", "boost", "term", "form", "weight", "rule"),
                *(_list_alternatives(words)),
            ]
        )


def _describe_tokens(text: str, analyzer: Analyzer) -> list[dict[str, Any]]:
    """One row per token; ``rules`` names the rules that produced its stem, in the order applied;
    also whether it is a common word.
    """
    from indexer.language.dictionary import make_stemmer
    from indexer.language.stopwords import load_stopwords

    common = load_stopwords() | analyzer.dictionary.stopwords
    stemmer = make_stemmer(analyzer.dictionary)
    rows = []
    for token, stem in analyzer.analyse_text(text):
        rules = (
            stemmer.explain(token.text) if stemmer.stem(token.text) == stem else ["learned name"]
        )
        if token.text in common:
            rules = [*rules, "common word"]
        rows.append(
            {
                "start": token.start,
                "end": token.end,
                "text": text[token.start : token.end],
                "exact": token.text,
                "stem": stem,
                "rules": rules,
            }
        )
    return rows


def _describe_query(text: str, opened: Index) -> list[dict[str, Any]]:
    """One row per word that the engine would look up, with all its alternatives."""
    from searchsvc.query.context import open_context
    from searchsvc.query.parse import parse_query
    from searchsvc.query.plan import plan_query
    from searchsvc.request import SearchRequest

    with opened.engine.snapshot() as snapshot:
        plan = plan_query(
            parse_query(text, None, opened.engine.fields),
            SearchRequest(q=text),
            open_context(opened.engine, snapshot, analyzer=opened.analyzer),
        )
    return [
        {
            "typed": word.typed,
            "required": clause.required,
            "boost": round(word.boost, 4),
            "alternatives": [_describe_alternative(one) for one in word.alternatives],
        }
        for clause in plan.query.clauses
        for word in clause.words
    ]


def _describe_alternative(alternative: Alternative) -> dict[str, Any]:
    from indexer.engine.base import Phrase, Prefix

    if isinstance(alternative, Phrase):
        term = " ".join("*" if one is None else one.text for one in alternative.terms)
        form = "phrase"
    elif isinstance(alternative, Prefix):
        term, form = f"{alternative.text}*", "prefix"
    else:
        term, form = alternative.text, alternative.form.name.lower()
    return {
        "term": term,
        "form": form,
        "weight": round(alternative.weight, 4),
        "rule": alternative.rule,
    }


def _list_alternatives(words: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for word in words:
        wanted = "yes" if word["required"] else "no"
        about = (word["typed"], wanted, f"{word['boost']:g}")
        for number, one in enumerate(word["alternatives"]):
            first = about if number == 0 else ("", "", "")
            yield (*first, one["term"], one["form"], f"{one['weight']:g}", one["rule"])
