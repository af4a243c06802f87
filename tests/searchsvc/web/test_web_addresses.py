"""Hosts, prefixes and schemes that a request may come with, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from support.brute_force import BruteForceEngine
from werkzeug.test import TestResponse, create_environ, run_wsgi_app
from werkzeug.wrappers import Request

from searchsvc.web import create_app

PATHS = ("/", "/?q=padi", "/api/v1/search?q=padi", "/opensearch.xml", "/buka/panen-padi", "/x")


def ask(app: Flask, path: str, **environ: str) -> TestResponse:
    """The response to a request whose environ is just so, as a server may hand it on."""
    made: dict[str, Any] = {**create_environ(path), **environ}
    body, status, headers = run_wsgi_app(app.wsgi_app, made)
    return TestResponse(body, status, headers, Request(made))


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "cari.example",
        "cari.example:8080",
        "cari.example.",
        "CARI.Example",
        "127.0.0.1:8000",
        "[::1]:8000",
        "[::]",
        "berita_lama.example",
        "xn--berita-9ua.example",
        "a:",
        "a" * 63 + ".example",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_a_host_of_any_sort_is_answered(app: Flask, path: str, host: str) -> None:
    assert ask(app, path, HTTP_HOST=host).status_code in (200, 302, 404)


@pytest.mark.parametrize(
    "host",
    [
        "a..b",
        ".",
        "..",
        ".a",
        "-a.example",
        "a b",
        "a,b",
        "a/b",
        "a\\b",
        "a@b",
        "a?b",
        "a#b",
        "a<script>",
        "a'b",
        'a"b',
        "a\x00b",
        "a\nb",
        "münchen.example",
        "Ã¼.example",
        "[::1",
        "[]",
        "[a..b]",
        "a:b",
        "a:99999",
        "a:1:2",
        "a" * 64 + ".example",
        "a." * 200,
        "%00",
    ],
)
@pytest.mark.parametrize("path", [*PATHS, "/healthz"])
def test_what_cannot_be_a_host_is_refused(app: Flask, path: str, host: str) -> None:
    response = ask(app, path, HTTP_HOST=host)
    assert response.status_code == 400
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if path.startswith(("/api/", "/healthz")):
        assert response.json == {
            "type": "/api/v1/problems/invalid_address",
            "title": "Host or prefix not accepted",
            "status": 400,
            "detail": f"This service is not asked under the host {shorten(host)!r}: "
            "it cannot be the name of a machine.",
            "code": "invalid_address",
        }
    else:
        assert "<h1>Alamatnya tidak tepat</h1>" in response.text
        assert host not in response.text or host in ("-a.example", ".", "..")


def shorten(value: str) -> str:
    return value if len(value) <= 80 else value[:79] + "…"


def test_a_request_without_a_host_is_answered(app: Flask) -> None:
    environ = create_environ("/")
    del environ["HTTP_HOST"]
    _, status, _ = run_wsgi_app(app.wsgi_app, environ)
    assert status == "200 OK"


@pytest.fixture
def strict(app: Flask, brute_engine: BruteForceEngine) -> Flask:
    hosts = "cari.example, .kabar.example, 10.0.0.7, [::1]"
    return create_app({"trusted_hosts": hosts}, engine=brute_engine)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("cari.example", 200),
        ("cari.example:8080", 200),
        ("CARI.example", 200),
        ("kabar.example", 200),
        ("www.kabar.example", 200),
        ("a.b.kabar.example", 200),
        ("10.0.0.7:80", 200),
        ("[::1]:80", 200),
        ("cari.example.", 200),
        ("[::2]", 400),
        ("www.cari.example", 400),
        ("evil.example", 400),
        ("cari.example.evil.example", 400),
        ("evilkabar.example", 400),
        ("10.0.0.8", 400),
        ("localhost", 400),
        ("a..b", 400),
        ("", 400),
    ],
)
@pytest.mark.parametrize("path", ["/", "/opensearch.xml", "/api/v1/search"])
def test_only_trusted_hosts_are_answered_where_there_are_some(
    strict: Flask, path: str, host: str, status: int
) -> None:
    response = ask(strict, path, HTTP_HOST=host)
    assert response.status_code == status
    if status == 400 and path.startswith("/api/"):
        assert response.json is not None
        assert response.json["code"] == "invalid_address"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_under_any_host(strict: Flask, path: str) -> None:
    assert ask(strict, path, HTTP_HOST="10.1.2.3:8000").status_code == 200
    assert ask(strict, path, HTTP_HOST="a..b").status_code == 400


@pytest.fixture
def proxied(app: Flask, brute_engine: BruteForceEngine) -> Flask:
    settings = {"trusted_proxies": 1, "trusted_hosts": "cari.example"}
    return create_app(settings, engine=brute_engine)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("HTTP_X_FORWARDED_HOST", "evil.example"),
        ("HTTP_X_FORWARDED_HOST", "cari.example, evil.example"),
        ("HTTP_X_FORWARDED_HOST", "a..b"),
        ("HTTP_X_FORWARDED_PROTO", "javascript"),
        ("HTTP_X_FORWARDED_PROTO", "https://evil.example/?"),
        ("HTTP_X_FORWARDED_PREFIX", "//evil.example"),
        ("HTTP_X_FORWARDED_PREFIX", "/cari//evil"),
        ("HTTP_X_FORWARDED_PREFIX", "/\\evil.example"),
        ("HTTP_X_FORWARDED_PREFIX", "\\\\evil.example"),
        ("HTTP_X_FORWARDED_PREFIX", "https://evil.example"),
        ("HTTP_X_FORWARDED_PREFIX", "evil.example"),
        ("HTTP_X_FORWARDED_PREFIX", "/.."),
        ("HTTP_X_FORWARDED_PREFIX", "/cari/../evil"),
        ("HTTP_X_FORWARDED_PREFIX", "/<script>"),
        ("HTTP_X_FORWARDED_PREFIX", "/a\nb"),
        ("HTTP_X_FORWARDED_PREFIX", "/a?b"),
        ("HTTP_X_FORWARDED_PREFIX", "/%2f%2fevil.example"),
        ("HTTP_X_FORWARDED_PREFIX", "//"),
    ],
)
@pytest.mark.parametrize("path", ["/?q=padi", "/opensearch.xml", "/buka/resep-tanpa-tanggal"])
def test_what_a_proxy_passes_on_unseen_does_not_lead_away(
    proxied: Flask, path: str, header: str, value: str
) -> None:
    response = ask(proxied, path, HTTP_HOST="cari.example", **{header: value})
    assert response.status_code == 400
    assert "evil" not in response.text


@pytest.mark.parametrize("prefix", ["/cari", "/cari/", "/a/b-c/~d", "/", ""])
def test_a_prefix_stands_before_every_address(proxied: Flask, prefix: str) -> None:
    response = ask(proxied, "/?q=padi", HTTP_HOST="cari.example", HTTP_X_FORWARDED_PREFIX=prefix)
    assert response.status_code == 200
    root = prefix.rstrip("/")
    assert f'href="{root}/api"' in response.text
    assert f'href="{root}/static/page.css' in response.text
    away = ask(
        proxied,
        "/buka/resep-tanpa-tanggal",
        HTTP_HOST="cari.example",
        HTTP_X_FORWARDED_PREFIX=prefix,
    )
    assert away.headers["Location"] == f"{root}/artikel/resep-tanpa-tanggal"


def test_the_page_about_an_error_needs_nothing_that_can_fail(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.jinja_env.loader = None
    app.jinja_env.cache = {}
    response = app.test_client().get("/tidak-ada")
    assert response.status_code == 404
    assert "<h1>Halaman tidak ditemukan</h1>" in response.text
    assert response.headers["Content-Security-Policy"]
    assert "The page about not_found failed" in caplog.text


@pytest.mark.parametrize(
    ("query", "escaped"),
    [
        ("q=\xff\xc3\xa9+padi", "q=%FF%C3%A9+padi"),
        ("\xe9=%ff&q=\xed\xa0\x80", "%E9=%ff&q=%ED%A0%80"),
        ("q=%", "q=%"),
    ],
)
def test_bytes_in_a_query_are_read_like_their_escapes(app: Flask, query: str, escaped: str) -> None:
    answers = [ask(app, "/api/v1/search", QUERY_STRING=one) for one in (query, escaped)]
    read, expected = [{**json.loads(one.data), "took_ms": 0} for one in answers]
    assert read == expected
    assert read["query"] or read["code"] == "unknown_parameter"


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("q=caf%e9", "café"),
        ("q=caf%C3%A9", "café"),
        ("q=%93gempa%94+bumi", "“gempa” bumi"),
        ("q=%ff%fe", "ÿþ"),
        ("q=%e9%20banjir", "é banjir"),
        ("q=gempa%81", "gempa\ufffd"),
        ("q=100%25+banjir", "100% banjir"),
        ("q=%E2%80%9Cgempa%E2%80%9D", "“gempa”"),
        ("q=gempa&x%e9=1", "gempa"),
    ],
)
def test_escapes_that_are_not_utf8_are_those_of_old_programs(
    app: Flask, query: str, read: str
) -> None:
    assert json.loads(ask(app, "/api/v1/search", QUERY_STRING=query).data)["query"] == read


@pytest.mark.parametrize("path", ["", "/", "/api/v1/search", "/indexes", "/tidak-ada"])
def test_any_byte_may_be_in_a_query(app: Flask, path: str) -> None:
    every = "".join(map(chr, range(256)))
    assert ask(app, path, QUERY_STRING=every).status_code < 500
    assert ask(app, path, QUERY_STRING=f"q={every}").status_code < 500
