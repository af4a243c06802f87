"""The command that does what was requested over HTTP."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from searchsvc.cli.opening import index_option


@click.command(
    short_help="Do what was requested over HTTP.",
    epilog="Example: searchsvc drain --index index_data/news --once",
)
@click.option("--once", is_flag=True, help="End when nothing waits any more.")
@index_option
def drain(index: Path, once: bool) -> None:
    """Do the tasks that wait beside an index, and those that come.

    For services that another server than `searchsvc serve` runs, which has a process of its own for
    this. Where one is at work already, this waits to take its place.
    """
    from searchsvc.serving.writer import write
    from searchsvc.settings import load

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    write(load({"index": index}), stopping.is_set, once=once)
