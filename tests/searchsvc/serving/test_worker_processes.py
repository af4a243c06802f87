"""How a worker ends."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from searchsvc.serving.worker_processes import CAN_HOLD_SIGNALS

#: Listens, uses up its descriptors, and ends with 42 once it is told to stop and nobody can connect
#: any more.
WORKER = """
import os, resource, signal, socket, sys
from searchsvc.serving.worker_processes import stop_when_told

listening = socket.create_server(("127.0.0.1", 0))
address = listening.getsockname()
stop_when_told(os.getppid())
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
used = []
try:
    while True:
        used.append(os.dup(0))
except OSError:
    pass

def stop(*_):
    for descriptor in used:
        os.close(descriptor)
    try:
        socket.create_connection(address)
    except ConnectionRefusedError:
        os._exit(42)
    os._exit(1)

signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.mark.skipif(
    not CAN_HOLD_SIGNALS or sys.platform != "linux", reason="signals and sockets of Linux"
)
def test_a_worker_without_a_free_descriptor_stops_when_told() -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with worker:
        try:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            worker.send_signal(signal.SIGTERM)
            _, told = worker.communicate(timeout=60)
        finally:
            worker.kill()
    assert (worker.returncode, told) == (42, "")
