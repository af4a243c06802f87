"""A service that speaks Meilisearch's protocol, with its writer in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from werkzeug.serving import make_server

from searchsvc.access.keys import KeyStore
from searchsvc.data_folder import DataFolder
from searchsvc.meilisearch.kinds import KINDS
from searchsvc.tasks.drain import Drain
from searchsvc.tasks.queue import TaskQueue
from searchsvc.web import create_app

MASTER_KEY = "a-master-key-for-tests"


class Protocol:
    """Requests as clients send them; what is ordered is done before the next one."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        given = {"index": folder / "default", "master_key": MASTER_KEY, **settings}
        self.client = create_app(given).test_client()
        if given["master_key"]:
            KeyStore(folder, given["master_key"]).begin()
        self.drain = Drain(TaskQueue(folder), DataFolder(folder), KINDS)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        status: int = 200,
        key: str | None = MASTER_KEY,
        **more: Any,
    ) -> Any:
        """The JSON of the answer, whose status is this."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= more.pop("headers", {})
        if body is not None:
            # Not as Flask's client writes it, which sorts keys.
            more |= {"data": orjson.dumps(body), "content_type": "application/json"}
        answer = self.client.open(path, method=method, headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json if answer.data else None

    def do(self, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """Order it, and the task when it is done."""
        ordered = self.ask(method, path, body, **{"status": 202, **more})
        self.drain.run_until_empty()
        task: dict[str, Any] = self.ask("GET", f"/tasks/{ordered['taskUid']}")
        return task

    def fail(self, method: str, path: str, body: Any = None, *, status: int, **more: Any) -> str:
        """The code with which it is refused."""
        error = self.ask(method, path, body, status=status, **more)
        assert list(error) == ["message", "code", "type", "link"]
        assert error["link"].endswith(f"#{error['code']}")
        return str(error["code"])

    def list_ids(self, uid: str) -> list[Any]:
        page = self.ask("GET", f"/indexes/{uid}/documents?limit=1000")
        return sorted(document["id"] for document in page["results"])


@contextmanager
def run_service(protocol: Protocol) -> Iterator[str]:
    """The address of the service on this machine, with its writer at work."""
    server = make_server("127.0.0.1", 0, protocol.client.application, threaded=True)
    stopping = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, args=(0.02,)),
        threading.Thread(target=protocol.drain.run, args=(stopping.is_set,)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        stopping.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
