"""Which settings are in effect, and why? The command settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searchsvc.cli.opening import config_option, index_option
from searchsvc.cli.output import json_option, print_json, print_table
from searchsvc.cli.serving import make_option
from searchsvc.settings import SETTINGS, load_with_origins

if TYPE_CHECKING:
    from searchsvc.setting import Setting
    from searchsvc.settings import Origin

_HIDDEN = "(set, not shown)"


@click.command(
    short_help="Show every setting, and where it comes from.",
    epilog="Example: searchsvc settings --changed --config /etc/searchsvc.toml",
)
@click.option("--changed", is_flag=True, help="Show only those that are not the default.")
@json_option
@index_option
@config_option
def settings(index: Path, changed: bool, as_json: bool, **given: Any) -> None:
    """Show the value of each setting with the place that sets it, as serve would use it.

    It takes the options of serve as well. Secrets are not shown.
    """
    named = index if _is_index_named() else None
    values, origins = load_with_origins({**given, "index": named})
    rows = [
        (row, _show(row, getattr(values, row.name)), origins[row.name])
        for row in SETTINGS
        if not changed or origins[row.name].kind != "default"
    ]
    if as_json:
        print_json({"settings": [_describe(*row) for row in rows]})
        return
    print_table([[row.name, _write(shown), _tell(origin, row)] for row, shown, origin in rows])


def _is_index_named() -> bool:
    """Whether the index was named by an option, after the command or before it."""
    here = click.get_current_context()
    return any(
        one.get_parameter_source("index") is click.core.ParameterSource.COMMANDLINE
        for one in (here, here.find_root())
    )


def _show(row: Setting, value: Any) -> Any:
    """The value as JSON has it, without secrets."""
    if row.secret:
        return _HIDDEN if value else ""
    if isinstance(value, str) and "://" in value:
        return _hide_password(value)
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _hide_password(address: str) -> str:
    """The address of a server without what comes before its host, and without parameters. It may be
    invalid.
    """
    scheme, _, rest = address.partition("://")
    before, at, host = rest.rpartition("@")
    if "?" in before:
        return f"{scheme}://…"
    host, mark, _ = host.partition("?")
    return f"{scheme}://{at and '…@'}{host}{mark and '?…'}"


def _write(shown: Any) -> str:
    if isinstance(shown, bool):
        return "true" if shown else "false"
    if isinstance(shown, list):
        return ",".join(shown)
    return str(shown)


def _tell(origin: Origin, row: Setting) -> str:
    if origin.kind == "option":
        return f"option --{row.name.replace('_', '-')}"
    return f"{origin.kind} {origin.place}".strip()


def _describe(row: Setting, shown: Any, origin: Origin) -> dict[str, Any]:
    return {
        "name": row.name,
        "value": shown,
        "source": origin.kind,
        "place": origin.place,
        "variable": row.environment,
    }


settings.params[:0] = [
    make_option(row) for row in SETTINGS if row.name != "index" and not row.secret
]
