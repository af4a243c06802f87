"""What readers, programs and strangers ask of a service all day, and what it answers."""

from __future__ import annotations

import http.client
import socket
import threading
from collections import Counter
from random import Random
from urllib.parse import quote, urlencode

_TIMEOUT_S = 60


class Reader(threading.Thread):
    """Asks one thing after another, ``pause_s`` seconds between, until told to stop. ``statuses``
    counts the answers, ``failures`` tells of those that are errors of the server.
    """

    def __init__(self, port: int, words: list[str], ids: int, *, seed: int) -> None:
        super().__init__(daemon=True)
        self.port, self.words, self.ids, self.pause_s = port, words, ids, 0.0
        self.chance = Random(seed)
        self.statuses: Counter[str] = Counter()
        self.failures: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.wait(self.pause_s):
            kind = self.chance.random()
            if kind < 0.02:
                self.say_half()
            else:
                self.ask(self.draw_path(kind))

    def ask(self, path: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT_S)
        headers = {"Accept-Encoding": self.chance.choice(["gzip", "identity"])}
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            self.statuses[f"{answer.status // 100}xx"] += 1
            if answer.status >= 500:
                self.failures.append(f"{path}: {answer.status} {body[:300]!r}")
        except (OSError, http.client.HTTPException) as error:
            self.statuses[type(error).__name__] += 1
        finally:
            connection.close()

    def say_half(self) -> None:
        """A connection that says half a request and goes."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), _TIMEOUT_S) as connection:
                connection.sendall(b"GET /api/v1/search?q=" + self.draw_word().encode())
        except OSError as error:
            self.statuses[type(error).__name__] += 1

    def draw_word(self) -> str:
        word = self.words[min(int(self.chance.paretovariate(0.5)), len(self.words)) - 1]
        return word[:-1] if self.chance.random() < 0.1 else word

    def draw_query(self) -> str:
        words = [self.draw_word() for _ in range(self.chance.choice([1, 1, 2, 2, 3, 5]))]
        kind = self.chance.random()
        if kind < 0.1:
            return f'"{" ".join(words)}"'
        if kind < 0.2:
            return " atau ".join(words)
        if kind < 0.3:
            return f"{words[0][:4]}* -{words[-1]}"
        return " ".join(words)

    def draw_path(self, kind: float) -> str:
        article = f"karangan-{self.chance.randrange(self.ids)}"
        if kind < 0.45:
            facets = self.chance.choice(["", "*", "category,published_at"])
            pairs = {"q": self.draw_query(), "facets": facets, "page": self.chance.randint(1, 3)}
            return f"/api/v1/search?{urlencode(pairs)}"
        if kind < 0.65:
            pairs = {"q": self.draw_query(), "sort": self.chance.choice(["newest", "relevance"])}
            return f"/?{urlencode(pairs)}"
        if kind < 0.8:
            return f"/api/v1/suggest?q={quote(self.draw_word()[:4])}"
        if kind < 0.9:
            return f"/artikel/{article}?q={quote(self.draw_word())}"
        if kind < 0.95:
            return f"/api/v1/articles/{article}/related"
        return self.chance.choice(
            ["/", "/healthz", "/readyz", "/static/page.css", "/tidak-ada", "/api/v1/search?page=0"]
        )
