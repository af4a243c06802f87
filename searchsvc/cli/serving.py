"""How is the service started? The command serve, with the rows of the settings table as options."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import click

from searchsvc.cli.opening import config_option, index_option
from searchsvc.setting import Setting
from searchsvc.settings import SETTINGS, Settings, load

_METAVARS = {str: "TEXT", int: "N", float: "NUMBER", tuple: "LIST"}


def make_option(row: Setting) -> click.Option:
    """The option that sets the setting ``row``."""
    name = row.name.replace("_", "-")
    flags = f"--{name}/--no-{name}" if row.type is bool else f"--{name}"
    return click.Option(
        [row.name, flags],
        default=None,
        metavar=_METAVARS.get(row.type),
        help=f"{row.help}  [env: {row.environment}; default: {row.default_text or 'none'}]",
    )


@click.command(
    short_help="Serve the search page and the HTTP API.",
    epilog="Example: searchsvc serve --index index_data/news --host 0.0.0.0 --port 80",
)
@index_option
@config_option
def serve(index: Path, **given: Any) -> None:
    """Serve the search page and the HTTP API until stopped.

    Values come from these options, else from the environment, else from the file of settings, else
    from the defaults. searchsvc settings tells them.
    """
    from searchsvc.engines import name_place, remember_address
    from searchsvc.serving.logs import start_log
    from searchsvc.serving.worker_processes import hold_reload

    # Before the slow imports.
    hold_reload()
    from searchsvc.serving.serve import serve as answer_requests

    def read_settings() -> Settings:
        settings = load({"index": index, **given})
        # The workers are other processes.
        remember_address(settings.index)
        return settings

    settings = read_settings()
    start_log(settings)
    if is_open_to_all(settings):
        _tell(
            settings,
            logging.WARNING,
            f"anybody who can reach {settings.host} may search. Set SEARCHSVC_MASTER_KEY to ask "
            "for keys, or --reads open if that is meant.",
        )
    answer_requests(
        settings,
        announce=lambda address: _tell(
            settings, logging.INFO, f"Serving {name_place(settings.index)} at {address}"
        ),
        read_again=read_settings,
    )


def _tell(settings: Settings, level: int, message: str) -> None:
    """Tell the person who started the server, or the program that reads its log."""
    if settings.log_format == "json" or settings.log_file:
        logging.getLogger("searchsvc.serving").log(level, "%s", message)
    else:
        click.echo(f"warning: {message}" if level == logging.WARNING else message, err=True)


def is_open_to_all(settings: Settings) -> bool:
    """Whether other machines may search without a key, and nobody has said that they may."""
    from searchsvc.access.gate import are_reads_open, is_loopback

    is_asked_for = settings.reads == "open"
    return are_reads_open(settings) and not is_loopback(settings.host) and not is_asked_for


serve.params[:0] = [make_option(row) for row in SETTINGS if row.name != "index" and not row.secret]
