"""How are API keys managed? The commands keys create, list and revoke."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchsvc.cli.opening import index_option
from searchsvc.cli.output import json_option, print_json, print_table

if TYPE_CHECKING:
    from searchsvc.access.keys import Key, KeyStore


@click.group(
    short_help="Create, list and revoke keys of the HTTP API.",
    epilog="Example: searchsvc keys create --action search --name 'Situs berita'",
)
def keys() -> None:
    """Manage keys of the HTTP API. They are derived from the master key in SEARCHSVC_MASTER_KEY."""


def _read_filters(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for value in values:
        facet, equals, label = value.partition("=")
        if not equals or not facet or not label:
            raise click.BadParameter(f"{value!r} is not facet=label, as in category=Hukum.")
        filters.setdefault(facet, []).append(label)
    return filters


@keys.command(short_help="Create a key.")
@click.option(
    "--action",
    "actions",
    multiple=True,
    required=True,
    metavar="ACTION",
    help="What it allows: search, documents.add, tasks.get …, or * for all. Repeatable.",
)
@click.option(
    "--for",
    "indexes",
    multiple=True,
    default=("*",),
    show_default=True,
    metavar="INDEX",
    help="Index it is valid for, or a prefix of names: berita-*. Repeatable.",
)
@click.option("--name", metavar="TEXT", help="Name of the key.")
@click.option("--description", metavar="TEXT", help="Purpose of the key.")
@click.option("--expires", metavar="TIME", help="When it expires: 2027-01-31.  [default: never]")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Origin whose pages may use it: https://www.example.id. Repeatable.  [default: anybody]",
)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    callback=_read_filters,
    metavar="FACET=LABEL",
    help="Restrict it to articles with this label: category=Hukum. Repeatable.",
)
@json_option
@index_option
def create(
    index: Path,
    actions: tuple[str, ...],
    indexes: tuple[str, ...],
    name: str | None,
    description: str | None,
    expires: str | None,
    origins: tuple[str, ...],
    filters: dict[str, list[str]],
    as_json: bool,
) -> None:
    """Create a key and print it."""
    from searchsvc.access.new_key import read_key

    store = _open_store(index)
    given: dict[str, Any] = {
        "name": name,
        "description": description,
        "actions": actions,
        "indexes": indexes,
        "expires_at": expires,
        "origins": origins,
        "filters": filters,
    }
    made = store.create(read_key(given))
    if as_json:
        print_json(_describe(made, store))
    else:
        click.echo(store.secret_of(made))


@keys.command("list", short_help="List the keys.")
@click.option("--secrets", is_flag=True, help="Also show the keys themselves.")
@json_option
@index_option
def list_keys(index: Path, secrets: bool, as_json: bool) -> None:
    """List the keys with what they allow, the newest first."""
    store = _open_store(index)
    found = store.list()
    if as_json:
        print_json({"keys": [_describe(key, store if secrets else None) for key in found]})
        return
    if not found:
        click.echo("There are no keys. Create one with: searchsvc keys create --action search")
        return
    print_table(
        [
            [
                key.uid,
                key.name or "",
                " ".join(key.actions),
                " ".join(key.indexes),
                key.expires_at or "never ends",
                *([store.secret_of(key)] if secrets else []),
            ]
            for key in found
        ]
    )


@keys.command(short_help="Revoke a key.")
@click.argument("key", metavar="KEY")
@index_option
def revoke(index: Path, key: str) -> None:
    """Revoke a key, given as its uid or as the key itself. It is refused from then on."""
    revoked = _open_store(index).delete(key)
    click.echo(f"Revoked {revoked.name or revoked.uid}.")


def _open_store(index: Path) -> KeyStore:
    """The keys of the folder that contains the index. Raises click.UsageError."""
    from searchsvc.access.keys import KeyStore
    from searchsvc.settings import BY_NAME, load

    settings = load({"index": index})
    if not settings.master_key:
        variable = BY_NAME["master_key"].environment
        raise click.UsageError(
            f"Keys are made of a master key: set {variable} to a secret of at least 16 characters."
        )
    return KeyStore(settings.data_folder, settings.master_key)


def _describe(key: Key, store: KeyStore | None) -> dict[str, Any]:
    from dataclasses import asdict

    described = {**asdict(key), "expires_at": key.expires_at or None}
    return described if store is None else {**described, "key": store.secret_of(key)}
