"""A server that runs for real, in processes of its own."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_START_S = 60
_LINES_KEPT = 400
_COMMAND = "from searchsvc.cli import main; main()"


@contextmanager
def run_server(
    index: Path, *options: str, log: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server with two workers unless the options say otherwise, and its address, which it
    tells on standard error or in the file ``log``.
    """
    command = [sys.executable, "-c", _COMMAND, "serve", "--index", str(index)]
    command += ["--port", "0", "--workers", "2", *options]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        # The index may be at an address as well.
        announced = re.search(r"Serving .* at (http://\S+/)", _read_first_line(process, log))
        assert announced
        try:
            yield process, announced[1]
        finally:
            if process.poll() is None:
                process.kill()


def follow_log(process: subprocess.Popen[str]) -> deque[str]:
    """The last lines of the server's log, kept up to date. If nobody reads it, a server that writes
    much stops answering: its threads wait for room in the pipe.
    """
    assert process.stderr is not None
    lines: deque[str] = deque(maxlen=_LINES_KEPT)
    threading.Thread(target=lines.extend, args=(process.stderr,), daemon=True).start()
    return lines


def _read_first_line(process: subprocess.Popen[str], log: Path | None) -> str:
    assert process.stderr is not None
    if log is None:
        return process.stderr.readline()
    while "Serving " not in (told := log.read_text() if log.exists() else ""):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    return next(line for line in told.splitlines() if "Serving " in line)


def find_port_of(address: str) -> int:
    return int(address.rstrip("/").rpartition(":")[2])


def ask(address: str) -> tuple[int, bytes]:
    """Status and body, as soon as the server accepts connections."""
    deadline = time.monotonic() + LONGEST_START_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=LONGEST_START_S) as response:
                return response.status, response.read()
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError) or time.monotonic() > deadline:
                raise


def connect(address: str, sent: bytes = b"") -> socket.socket:
    """A connection over which ``sent`` is said, and nothing more."""
    connection = socket.create_connection(("127.0.0.1", find_port_of(address)), LONGEST_START_S)
    connection.sendall(sent)
    return connection


def receive_all(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    received = bytearray()
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return bytes(received)


def list_workers(server: int) -> list[int]:
    """Processes of the workers, in no order. Linux only."""
    children = Path(f"/proc/{server}/task/{server}/children")
    return [int(pid) for pid in children.read_text().split()]
