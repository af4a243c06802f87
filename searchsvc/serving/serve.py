"""How are requests served in production? By several processes over one index on disk.

Granian runs them: it comes as one wheel for every platform, restarts workers that die and finishes
running requests on SIGTERM. Workers share the index through the page cache, because its files are
memory-mapped.
"""

from __future__ import annotations

import errno
import gc
import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from indexer.errors import IndexerError
from indexer.freed_memory import share_freed_memory
from searchsvc.memory import lacks_memory
from searchsvc.monitoring import shared_folder
from searchsvc.serving.logs import list_log_settings, start_log
from searchsvc.serving.worker_processes import (
    CAN_HOLD_SIGNALS,
    end_with_parent,
    hold_signals_of_forks,
    stop_when_told,
)
from searchsvc.serving.writer import Keeper, keep_writing
from searchsvc.settings import Settings, find_unknown_variables
from searchsvc.turns import MOST_IDLE, MOST_WAITING, SPARE_THREADS

if TYPE_CHECKING:
    from flask import Flask
    from granian.http import HTTP1Settings

    from searchsvc.serving.steady_server import SteadyServer

logger = logging.getLogger(__name__)

#: Connections that may queue for a worker before clients have to wait.
_BACKLOG = 1024

#: The maximum size of a request line and its headers together.
_MOST_HEADER_BYTES = 65_536

#: Descriptors of a process that are not connections: index files, the log, pipes.
_OTHER_DESCRIPTORS = 256

#: Settings of what exists once for all workers, or is shared by them.
FIXED = ("host", "port", "workers", "threads", "index", "master_key")

#: A server killed a moment ago may still hold the address.
_ADDRESS_FREE_SECONDS = 1.0
_ADDRESS_LOOK_SECONDS = 0.05


class AddressInUse(IndexerError):
    """The address to listen on is unavailable."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        self.host = host
        self.port = port
        super().__init__(
            f"Cannot listen on {host} port {port}: {reason}. "
            "Choose another with --port, or --port 0 for any that is free."
        )


class AddressUnknown(IndexerError):
    """The host to listen on is not an address of this machine."""

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        super().__init__(
            f"Cannot listen on {host}: {reason}. "
            "Give an address of this machine with --host, or 0.0.0.0 for all of them."
        )


def serve(
    settings: Settings,
    *,
    announce: Callable[[str], None] | None = None,
    read_again: Callable[[], Settings] | None = None,
) -> None:
    """Answer HTTP requests until SIGINT or SIGTERM.

    ``announce`` is called with the address once requests are answered there. At SIGHUP the settings
    that ``read_again`` returns take effect, as far as they can while the server runs, and
    dictionaries are loaded anew. Raises AddressInUse, AddressUnknown, InvalidSetting.
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from searchsvc.serving.steady_server import SteadyServer

    share_freed_memory()
    start_log(settings)
    for problem in find_unknown_variables():
        logger.warning("%s", problem)
    host, port = settings.host, find_port(settings.host, settings.port)
    server = SteadyServer(
        "searchsvc.web",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=count_workers(settings.workers),
        # One per request: more than may wait for a turn, so that one is always free.
        blocking_threads=settings.threads + MOST_WAITING + MOST_IDLE + SPARE_THREADS,
        backlog=_BACKLOG,
        backpressure=allow_connections(settings.max_connections),
        # The other modes have no time-out for the first byte.
        http=HTTPModes.http1,
        http1_settings=_limit_requests(settings),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.stop_timeout_seconds,
        log_level=LogLevels.warning,
        log_dictconfig=list_log_settings(settings),
        announce=lambda: announce(format_address(host, port)) if announce else None,
        renew=lambda: renewal.renew(),
    )
    load_app = AppLoader(settings)
    if sys.platform == "linux":
        load_app.prepare()
    if CAN_HOLD_SIGNALS:
        hold_signals_of_forks()
    with shared_folder.keep_shared_folder(), keep_writing(settings) as writer:
        renewal = Renewal(settings, read_again or (lambda: settings), server, load_app, writer)
        if settings.master_key:
            server.start_beside(writer.start)
        server.serve(target_loader=load_app, wrap_loader=False)


def _limit_requests(settings: Settings) -> HTTP1Settings:
    from granian.http import HTTP1Settings

    return HTTP1Settings(
        header_read_timeout=settings.connection_timeout_seconds * 1000,
        max_buffer_size=_MOST_HEADER_BYTES,
    )


class Renewal:
    """Lets new settings take effect in a server that runs, except :data:`FIXED` ones."""

    def __init__(
        self,
        settings: Settings,
        read_again: Callable[[], Settings],
        server: SteadyServer,
        load_app: AppLoader,
        writer: Keeper,
    ) -> None:
        self._settings = settings
        self._read_again = read_again
        self._server = server
        self._load_app = load_app
        self._writer = writer

    def renew(self) -> bool:
        """Read the settings again, and prepare what new workers start with; return whether that
        succeeded. Otherwise all stays as it is, and the log says why.
        """
        try:
            settings = self._keep_fixed(self._read_again())
            log = list_log_settings(settings)
            self._load_app.renew(settings)
        except Exception as error:
            # Whatever it is, it must not end a service that answers.
            bug = None if isinstance(error, IndexerError) else error
            logger.error("The service goes on as it is: %s", error, exc_info=bug)
            return False
        self._settings = settings
        start_log(settings)
        server = self._server
        server.log_config = log
        server.http1_settings = _limit_requests(settings)
        server.backpressure = allow_connections(settings.max_connections)
        server.workers_kill_timeout = settings.stop_timeout_seconds
        self._writer.renew(settings)
        logger.info("The settings were read again. Workers are being replaced.")
        return True

    def _keep_fixed(self, settings: Settings) -> Settings:
        before = {name: getattr(self._settings, name) for name in FIXED}
        changed = [name for name in FIXED if getattr(settings, name) != before[name]]
        if changed:
            logger.warning("Restart the service to change %s.", ", ".join(changed))
        return replace(settings, **before)


class AppLoader:
    """Gives each worker its app, whether the process is forked or fresh."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Set here, not in the worker, which may start after the server has gone.
        self._server_pid = os.getpid()
        self._prepared: Flask | None = None

    def prepare(self) -> None:
        """Create and warm up the app now, for forked workers: they share the memory of everything
        it has loaded, and answer their first request at full speed.

        Each worker opens the index files itself. Otherwise this process would keep long-replaced
        files on the disk, and pass a damaged one to every new worker.
        """
        from searchsvc.web import close_files, create_app, warm_up

        self._prepared = create_app(self._settings)
        warm_up(self._prepared)
        close_files(self._prepared)
        # Objects loaded by now are permanent: collecting garbage among them would stop a request
        # for a tenth of a second now and then, and copy their pages into every worker.
        gc.collect()
        gc.freeze()

    def renew(self, settings: Settings) -> None:
        """Give later workers an app with these settings. Raises InvalidSetting; nothing is changed
        then.
        """
        renewed = AppLoader(settings)
        if self._prepared is None:
            renewed.load()
        else:
            gc.unfreeze()
            renewed.prepare()
        self.__dict__.update(renewed.__dict__)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_prepared": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __call__(self) -> Flask:
        """Called by a worker: return its app, and make the worker end with the server."""
        try:
            end_with_parent(self._server_pid)
            if CAN_HOLD_SIGNALS:
                stop_when_told(self._server_pid)
            shared_folder.join()
            return self.load()
        except Exception as error:
            if not lacks_memory(error):
                raise
            logger.error("There is not enough memory for a worker. Start fewer, or give it more.")
            os._exit(1)

    def load(self) -> Flask:
        """The app prepared earlier, or a new one."""
        from searchsvc.web import create_app

        return self._prepared or create_app(self._settings)


def count_workers(wanted: int) -> int:
    """``wanted``, or if 0 one per processor core available to this process."""
    if wanted:
        return wanted
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def find_port(host: str, port: int) -> int:
    """``port``, or for 0 a free one. Raises AddressInUse and AddressUnknown.

    Granian opens the socket with port sharing, which would let a second server start by accident;
    so the address is tested here first.
    """
    patient_until = monotonic() + _ADDRESS_FREE_SECONDS
    while True:
        try:
            return _try_port(host, port)
        except UnicodeError as error:
            raise AddressUnknown(host, "it cannot be the name of a machine") from error
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise AddressUnknown(host, error.strerror or str(error)) from error
            if error.errno != errno.EADDRINUSE or monotonic() > patient_until:
                raise AddressInUse(host, port, error.strerror or str(error)) from error
        time.sleep(_ADDRESS_LOOK_SECONDS)


def _try_port(host: str, port: int) -> int:
    """The port that was bound."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            # Ignore connections of a server that has just stopped.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        chosen: int = probe.getsockname()[1]
        return chosen


def allow_connections(wanted: int) -> int:
    """How many of ``wanted`` connections a process can hold, after raising its limit of open files
    as far as allowed: the usual limit is 1,024, and each connection takes one.
    """
    try:
        import resource
    except ImportError:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHER_DESCRIPTORS
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _OTHER_DESCRIPTORS))


def format_address(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"
