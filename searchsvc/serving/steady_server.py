"""How does the server survive the death of workers, and new settings? Granian's server, without its
limit on restarts.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from granian.server import MPServer

from searchsvc.serving.worker_processes import BackOff, describe_end, let_reload

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.1
_REACH_SECONDS = 0.01
#: Time for a new worker to take connections before the old one stops.
_TAKE_OVER_SECONDS = 1.0


class SteadyServer(MPServer):
    """Replaces workers that die: at once or, if several died within a minute, after a delay.

    Granian itself gives up when a worker dies twice within six seconds: two malicious requests, or
    overwriting a file of the index, would stop the service.

    ``announce`` is called once, as soon as a worker accepts connections. At SIGHUP ``renew`` is
    called, and if it returns whether anything is new, workers are replaced one by one.
    """

    def __init__(
        self,
        *args: Any,
        announce: Callable[[], None],
        renew: Callable[[], bool] = lambda: True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._renew = renew
        self._beside: Callable[[], None] = lambda: None
        self._back_off = BackOff()
        #: By worker; empty where the system cannot share an address between sockets.
        self._own: list[Any] = []
        self._announce: Callable[[], None] | None = announce

    def _init_shared_socket(self) -> None:
        """Open a socket for each worker here; its successors accept from the same one.

        Granian lets each worker on Linux open its own, and with it connections are reset that
        nobody has accepted yet when the worker stops. From one socket for all, a worker that is
        awake would take every connection, and keep those that stay open.
        """
        super()._init_shared_socket()  # type: ignore[no-untyped-call]
        unopened: Any = self._ssp
        if self._shd is None:
            self._own = [unopened.build() for _ in range(self.workers)]
            self._ssp = None

    def _spawn_worker(  # type: ignore[override]
        self, idx: int, target: Any, callback_loader: Any
    ) -> Any:
        if self._own:
            self._shd = self._own[idx]
        return super()._spawn_worker(idx, target, callback_loader)

    def start_beside(self, start: Callable[[], None]) -> None:
        """Call ``start`` when the first workers have been started: it may have threads, which no
        worker should be forked from.
        """
        self._beside = start

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        self.reload_signal = False
        self.main_loop_interrupt.clear()
        if self.interrupt_signal:
            # Both signals came at once.
            self.main_loop_interrupt.set()
        elif self._renew():
            for idx in range(self.workers):
                self._respawn_workers([idx], spawn_target, target_loader, delay=_TAKE_OVER_SECONDS)

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        let_reload()
        self._beside()
        self._announce_when_reached()

    def _announce_when_reached(self) -> None:
        """Wait until a worker accepts connections, dies, or the server is told to stop."""
        while self._announce is not None and not self.main_loop_interrupt.is_set():
            try:
                socket.create_connection((self.bind_addr, self.bind_port), timeout=1).close()
            except OSError:
                time.sleep(_REACH_SECONDS)
            else:
                self._announce()
                self._announce = None

    def _respawn_workers(
        self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        ends = {idx: self.wrks[idx].inner.exitcode for idx in workers}
        died = {idx: code for idx, code in ends.items() if code is not None}
        if died:
            seconds = max([self._back_off.count_death() for _ in died])
            for idx, code in died.items():
                then = f"A new one starts in {seconds:g} s." if seconds else "A new one starts."
                logger.error("Worker %d was %s. %s", idx + 1, describe_end(code), then)
            if not self._wait(seconds):
                return
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        if died:
            # Granian detects a crash loop by these.
            self.respawned_wrks.clear()
        self._announce_when_reached()

    def _wait(self, seconds: float) -> bool:
        """Wait for ``seconds``; return whether the server is still running."""
        until = monotonic() + seconds
        while not self.interrupt_signal and monotonic() < until:
            time.sleep(_LOOK_SECONDS)
        return not self.interrupt_signal
