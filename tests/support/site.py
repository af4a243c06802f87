"""A site on loopback that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Answer:
    """What is answered at one path. One with an ETag answers 304 to who has it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """``address`` is that of its root, without the slash at the end."""

    address: str
    answers: dict[str, Answer] = field(default_factory=dict)
    #: (path, headers) of each request, in order.
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        """Answer at ``path``; underscores in names of headers are hyphens."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(data, status, named)

    def list_paths(self) -> list[str]:
        """The paths that were asked for since the last call, robots.txt aside."""
        paths = [path for path, _ in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return paths


@contextmanager
def run_site(host: str = "127.0.0.1") -> Iterator[Site]:
    """A site that runs. Raises OSError where ``host`` is no address of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            answer = site.answers.get(self.path, Answer(status=404))
            etag = answer.headers.get("ETag")
            unchanged = etag is not None and self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            body = b"" if unchanged else answer.body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer((host, 0), Handler)
    site = Site(f"http://{host}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


STORY = (
    "Warga berharap keadaan segera pulih. Petugas berjaga di tiap sudut sampai malam hari. "
    "Pasar dibuka lagi keesokan harinya, dan pedagang menata dagangan mereka sejak subuh."
)


def make_feed(*items: tuple[str, str, str]) -> str:
    """An RSS feed of (link, title, description)."""
    told = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>{text}</description></item>"
        for link, title, text in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{told}</channel></rss>'


def make_sitemap(*entries: tuple[str, str]) -> str:
    """A sitemap of (address, lastmod or nothing)."""
    told = "".join(
        f"<url><loc>{loc}</loc>" + (f"<lastmod>{mod}</lastmod>" if mod else "") + "</url>"
        for loc, mod in entries
    )
    return f'<?xml version="1.0"?><urlset>{told}</urlset>'


def make_page(title: str, text: str = STORY) -> str:
    """A page with one article."""
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{text}</p></article></body></html>"
    )
