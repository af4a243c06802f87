"""The production server: several processes that answer from one index on disk.

Granian runs them: it is one wheel for every platform, restarts a worker that dies and finishes
running requests on SIGTERM. ARCHITECTURE.md compares it with gunicorn and waitress.
Workers share the index through the page cache, because its files are memory-mapped.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from indexer.errors import IndexerError
from searchsvc.access_log import ACCESS_FORMAT, configure_logs
from searchsvc.settings import Settings, find_unknown_variables

if TYPE_CHECKING:
    from flask import Flask

logger = logging.getLogger(__name__)

#: Requests that may wait for a worker before clients are made to wait for a connection.
_BACKLOG = 1024

_PARENT_LOOK_SECONDS = 1.0

#: What asks a process to stop, and whether a thread can wait for that (not on macOS and Windows,
#: where workers are fresh processes with handlers of their own).
_STOPS = frozenset((signal.SIGINT, signal.SIGTERM))
CAN_HOLD_SIGNALS = hasattr(signal, "sigtimedwait")

#: How long a worker waits for the server's word when another process told it to stop.
_SERVER_SPEAKS_SECONDS = 1.0

#: A worker that has just begun takes no word before so long.
_START_SECONDS = 0.5


class AddressInUse(IndexerError):
    """The address to listen on cannot be had."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host = host
        self.port = port
        super().__init__(
            f"Cannot listen on {host} port {port}: {reason}. "
            "Choose another with --port, or --port 0 for any that is free."
        )


class AddressUnknown(IndexerError):
    """The host to listen on is no address of this machine."""

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        super().__init__(
            f"Cannot listen on {host}: {reason}. "
            "Give an address of this machine with --host, or 0.0.0.0 for all of them."
        )


def serve(settings: Settings, *, announce: Callable[[str], None] | None = None) -> None:
    """Answer HTTP requests until SIGINT or SIGTERM.

    ``announce`` is called with the address once the socket is known to be free, before the first
    request can be answered. Raises AddressInUse and AddressUnknown.
    """
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    for problem in find_unknown_variables():
        logger.warning("%s", problem)
    host, port = settings.host, find_port(settings.host, settings.port)
    server = Server(
        "searchsvc.web",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=count_workers(settings.workers),
        blocking_threads=settings.threads,
        backlog=_BACKLOG,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.stop_timeout_seconds,
        log_level=LogLevels.warning,
        log_dictconfig=configure_logs(),
        log_access=settings.access_log,
        log_access_format=ACCESS_FORMAT,
    )
    load_app = AppLoader(settings)
    if sys.platform == "linux":
        load_app.prepare()
    if announce is not None:
        announce(format_address(host, port))
    if CAN_HOLD_SIGNALS:
        hold_signals_of_forks()
    server.serve(target_loader=load_app, wrap_loader=False)


class AppLoader:
    """Gives each worker its app, in a forked process as well as in a fresh one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Here, and not in the worker: that may begin when the server is already gone.
        self._server_pid = os.getpid()
        self._prepared: Flask | None = None

    def prepare(self) -> None:
        """Make and warm up the app now, for workers that are forked: they then share the memory
        of everything it has loaded, and answer their first request at full speed.

        Each opens the index's files itself. This process would otherwise keep files on the disk
        that are long replaced, and hand a damaged one to every worker that follows another.
        """
        from searchsvc.web import create_app, let_go, warm_up

        self._prepared = create_app(self._settings)
        warm_up(self._prepared)
        let_go(self._prepared)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_prepared": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __call__(self) -> Flask:
        """What a worker calls: its app, and the promise not to outlive the server."""
        end_with_parent(self._server_pid)
        if CAN_HOLD_SIGNALS:
            stop_when_told(self._server_pid)
        return self.load()

    def load(self) -> Flask:
        """The app prepared before, else a new one."""
        from searchsvc.web import create_app

        return self._prepared or create_app(self._settings)


def end_with_parent(parent: int) -> None:
    """End this process soon after ``parent``, which started it, even where that was killed.

    A worker left behind would keep the address, answer on, and heed no signal.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


def hold_signals_of_forks() -> None:
    """Let workers forked from now on keep what asks them to stop until :func:`stop_when_told`.

    A fork inherits the server's own handlers; they would swallow a SIGTERM that comes before the
    worker has its own, and the server would wait for it in vain.
    """
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS),
        after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL),
    )


def stop_when_told(server: int) -> None:
    """Let this worker stop at the SIGTERM of the process ``server``, whenever it comes.

    Ctrl-C and service managers signal the server and its workers at once. A worker that ended by
    itself would look like one that crashed: it leaves SIGINT to the server, and gives it time to
    speak where a SIGTERM came from somebody else.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    began = time.monotonic()

    def wait() -> None:
        told = signal.sigwaitinfo({signal.SIGTERM})
        if told.si_pid != server:
            # Two that arrive together count as one, so there may be no second.
            signal.sigtimedwait({signal.SIGTERM}, _SERVER_SPEAKS_SECONDS)
        # Granian forgets what it is told in the instant between setting its handler and using it.
        time.sleep(max(0.0, began + _START_SECONDS - time.monotonic()))
        stop = signal.getsignal(signal.SIGTERM)
        if not callable(stop):
            # It has not come to its handler: nothing is being answered yet.
            os._exit(0)
        stop(signal.SIGTERM, None)

    threading.Thread(target=wait, daemon=True, name="stop-when-told").start()


def count_workers(wanted: int) -> int:
    """``wanted``, or where it is 0 one for each processor core this process may use."""
    if wanted:
        return wanted
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def find_port(host: str, port: int) -> int:
    """``port``, or for 0 one that is free. Raises AddressInUse and AddressUnknown.

    Workers open the socket so that they can share it, and so could a second server by accident;
    that is why the address is tried here first.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            # Connections of a server that has just stopped do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except UnicodeError as error:
            raise AddressUnknown(host, "it cannot be the name of a machine") from error
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise AddressUnknown(host, error.strerror or str(error)) from error
            raise AddressInUse(host, port, error.strerror or str(error)) from error
        chosen: int = probe.getsockname()[1]
        return chosen


def format_address(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"
