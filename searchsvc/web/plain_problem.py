"""How is a problem reported if nothing else works? Without templates, routes or files."""

from __future__ import annotations

import orjson
from markupsafe import escape
from werkzeug.wrappers import Response

from searchsvc.errors import PROBLEM_TYPE, Problem
from searchsvc.web.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS

#: Addresses that programs request; all others are pages.
PROGRAM_PATHS = ("/api/", "/healthz", "/readyz", "/metrics")

_PAGE = """<!doctype html>
<html lang="id">
<head><meta charset="utf-8"><title>{heading}</title><meta name="robots" content="noindex"></head>
<body><h1>{heading}</h1><p>{advice}</p></body>
</html>
"""


def tell_plainly(problem: Problem, path: str, *, root: str = "") -> Response:
    """The response to a request for ``path``, of an app mounted at ``root``."""
    if path.startswith(PROGRAM_PATHS):
        response = Response(dump_problem(problem, root), problem.status, content_type=PROBLEM_TYPE)
    else:
        page = _PAGE.format(heading=escape(problem.row.heading), advice=escape(problem.row.advice))
        response = Response(page, problem.status, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers.extend(SECURITY_HEADERS)
    response.headers["Cache-Control"] = "no-store"
    return response


def dump_problem(problem: Problem, root: str) -> bytes:
    """The body for programs; ``type`` is an address under ``root``."""
    body = problem.to_dict()
    body["type"] = root + body["type"]
    return orjson.dumps(body)
