"""The command that does what was requested over HTTP."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from searchsvc.cli.opening import index_option


@click.command(
    short_help="Process writes requested over HTTP.",
    epilog="Example: searchsvc drain --index index_data/news --once",
)
@click.option("--once", is_flag=True, help="Exit when the queue is empty.")
@index_option
def drain(index: Path, once: bool) -> None:
    """Process the queued tasks of an index, and new ones as they arrive.

    For services run by another server than `searchsvc serve`, which starts such a process itself.
    If one is running already, this one waits to take over.
    """
    from searchsvc.serving.writer import write
    from searchsvc.settings import load

    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    write(load({"index": index}), stopping.is_set, once=once)
