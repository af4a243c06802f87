"""How do worker processes live and end? Shutdown with the server or on request, and what follows a
death.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

_PARENT_LOOK_SECONDS = 1.0

#: Signals that stop a process, and whether a thread can wait for them (not on macOS and Windows,
#: where workers are fresh processes with their own handlers).
_STOPS = frozenset((signal.SIGINT, signal.SIGTERM))
CAN_HOLD_SIGNALS = hasattr(signal, "sigtimedwait")

#: How long a worker waits for the server's signal after another process told it to stop.
_SERVER_SPEAKS_SECONDS = 1.0

#: A worker ignores signals for this long after it starts.
_START_SECONDS = 0.5

#: Time for the first bytes of accepted connections to arrive: Granian closes a connection that has
#: said nothing when it stops.
_FIRST_BYTES_SECONDS = 0.5

#: Linux: ``prctl(PR_SET_PDEATHSIG, signal)``.
_PR_SET_PDEATHSIG = 1

#: After this long without a death, the next worker is again replaced at once.
QUIET_SECONDS = 60.0
_FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 10.0

_HINTS = {
    "SIGBUS": "a file of the index was overwritten or cut short while it was read",
    "SIGKILL": "by hand, or by the system because memory ran out",
    "SIGSEGV": "the index may be damaged: see searchsvc check",
}


def end_with_parent(parent: int) -> None:
    """End this process soon after its ``parent``, even if the parent was killed.

    An orphaned worker would keep the address, go on answering, and ignore signals. On Linux the
    kernel signals it at once; elsewhere a thread checks every second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            # The parent had already gone before the kernel was asked.
            os._exit(1)
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


def hold_reload() -> None:
    """Keep a SIGHUP waiting until :func:`let_reload`: before the server can act on it, it would
    end the process.
    """
    if hasattr(signal, "SIGHUP"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})


def let_reload() -> None:
    """Let the server act on SIGHUP, also on one that came before."""
    if hasattr(signal, "SIGHUP"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


def hold_signals_of_forks() -> None:
    """Make workers forked from now on hold stop signals until :func:`stop_when_told`.

    A fork inherits the server's handlers; they would swallow a SIGTERM that arrives before the
    worker has its own, and the server would wait for it in vain.
    """
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS),
        after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL),
    )


def stop_when_told(server: int) -> None:
    """Stop this worker at the SIGTERM of the process ``server``, whenever it arrives.

    Ctrl-C and service managers signal the server and its workers at once. A worker that ended by
    itself would look like a crash: it leaves SIGINT to the server, and waits for the server's
    SIGTERM if one came from another process.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    began = time.monotonic()
    # Opened now: at the end there may be no descriptor left.
    spare = os.open(os.devnull, os.O_RDONLY)
    nobody = None
    with suppress(OSError):
        nobody = listen_to_nobody()

    def wait() -> None:
        told = signal.sigwaitinfo({signal.SIGTERM})
        if told.si_pid != server:
            # Two signals that arrive together count as one, so there may be no second.
            signal.sigtimedwait({signal.SIGTERM}, _SERVER_SPEAKS_SECONDS)
        # Granian drops a signal that arrives between setting its handler and using it.
        time.sleep(max(0.0, began + _START_SECONDS - time.monotonic()))
        stop = signal.getsignal(signal.SIGTERM)
        if not callable(stop):
            # Its handler is not running yet, so no request is in progress.
            os._exit(0)
        os.close(spare)
        if nobody:
            # Whatever becomes of new connections, the worker has to stop.
            with suppress(OSError):
                stop_accepting(nobody)
        time.sleep(_FIRST_BYTES_SECONDS)
        stop(signal.SIGTERM, None)

    threading.Thread(target=wait, daemon=True, name="stop-when-told").start()


def listen_to_nobody() -> socket.socket:
    """A listening socket that nobody connects to. Linux only."""
    nobody = socket.socket(socket.AF_UNIX)
    nobody.setblocking(False)
    nobody.bind("")
    nobody.listen()
    return nobody


def stop_accepting(nobody: socket.socket) -> None:
    """Leave new connections to the successor, which has the same socket. Linux only. Raises
    OSError where descriptors cannot be listed, for which one must be free.

    Granian accepts until it stops, and cannot be told otherwise: so its descriptors of listening
    sockets are made those of ``nobody`` (:func:`listen_to_nobody`).
    """
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor != nobody.fileno() and _is_listening(descriptor):
            os.dup2(nobody.fileno(), descriptor)


def _is_listening(descriptor: int) -> bool:
    with suppress(OSError):
        one = socket.socket(fileno=descriptor)
        try:
            return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
        finally:
            one.detach()
    return False


def describe_end(exit_code: int | None) -> str:
    """How a process ended, for the log.

    >>> describe_end(-7)
    'ended by SIGBUS (a file of the index was overwritten or cut short while it was read)'
    >>> describe_end(1)
    'ended with status 1'
    """
    if exit_code is None or exit_code >= 0:
        return f"ended with status {exit_code}"
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:
        name = f"signal {-exit_code}"
    hint = _HINTS.get(name)
    return f"ended by {name} ({hint})" if hint else f"ended by {name}"


class BackOff:
    """How long to wait before a dead worker is replaced: not at all, unless others died just
    before; then twice as long each time, up to ``LONGEST_DELAY_SECONDS``.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last = -QUIET_SECONDS
        self._deaths = 0

    def count_death(self) -> float:
        """Record a death and return the seconds to wait."""
        now = self._clock()
        if now - self._last >= QUIET_SECONDS:
            self._deaths = 0
        self._last = now
        self._deaths += 1
        if self._deaths == 1:
            return 0.0
        return min(LONGEST_DELAY_SECONDS, _FIRST_DELAY_SECONDS * 2.0 ** (self._deaths - 2))
