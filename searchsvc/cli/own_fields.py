"""Which fields does the site declare, and which could it? The command fields."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import click

from searchsvc.cli.opening import describe_waiting_fields, index_option, open_index
from searchsvc.cli.output import format_count, json_option, print_json, print_table

#: Articles whose keys are examined: those of the others are the same.
LOOKED_AT = 5_000


@click.command(
    short_help="List the site's own fields, and keys that could become fields.",
    epilog="Example: searchsvc fields --draft > fields.toml",
)
@click.option(
    "--draft",
    is_flag=True,
    help="Print a fields.toml that declares these keys, as a starting point.",
)
@json_option
@index_option
def fields(index: Path, draft: bool, as_json: bool) -> None:
    """List the fields that fields.toml declares and how many articles have each, then the other
    keys of the articles' records and their likely types.
    """
    from indexer.ingest.own_draft import find_keys, write_draft
    from indexer.ingest.own_values import has_any

    with open_index(index) as opened, opened.engine.snapshot() as snapshot:
        own = opened.engine.fields
        articles = list(islice(snapshot.all_articles(), LOOKED_AT))
        declared = [
            {
                "name": field.name,
                "type": field.type.value,
                "path": field.path,
                "use": list(field.uses),
                "articles": sum(has_any(one, field.path) for one in articles),
            }
            for field in own.fields
        ]
        known = {field.path for field in own.fields}
        keys = [key for key in find_keys(articles) if key.path not in known]
        waiting = opened.list_waiting_fields()
    if draft:
        click.echo(write_draft(keys))
        return
    others: list[dict[str, Any]] = [
        {
            "key": key.path,
            "type": key.type.value,
            "articles": key.articles,
            "example": key.example,
        }
        for key in keys
    ]
    if as_json:
        print_json({"fields": declared, "waiting": waiting, "keys": others})
        return
    _print("declared", declared)
    _print("not declared", others)
    looked = f"{format_count(len(articles), 'article')} looked at"
    if declared or others:
        click.echo(f"Of {looked}.")
    else:
        click.echo(f"No field is declared, and no key of the {looked} could become one.")
    if waiting:
        click.echo(describe_waiting_fields(waiting))


def _print(heading: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    click.secho(heading, bold=True)
    table = [tuple(rows[0])]
    table += [
        tuple(", ".join(one) if isinstance(one, list) else str(one) for one in row.values())
        for row in rows
    ]
    print_table(table, right=[tuple(rows[0]).index("articles")])
    click.echo()
