"""The one funnel for errors: problem+json for programs, a friendly page for readers."""

from __future__ import annotations

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from searchsvc.errors import PROBLEM_TYPE, Problem, problem_for
from searchsvc.web.page import render_problem

#: Addresses that programs ask; everything else is a page.
_PROGRAM_PATHS = ("/api/", "/healthz", "/readyz")

#: Seconds after which a client may ask a service that is not ready again.
_RETRY_SECONDS = "5"


def register_problems(app: Flask) -> None:
    """Answer every exception of ``app`` from the table in :mod:`searchsvc.errors`."""
    app.register_error_handler(Exception, _answer_exception)


def _answer_exception(error: Exception) -> Response | HTTPException:
    if isinstance(error, RequestRedirect):
        return error
    problem = problem_for(error)
    if problem.row.reported:
        _log(problem, error)
    response = _respond(problem)
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    if problem.status == 503:
        response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _respond(problem: Problem) -> Response:
    if request.path.startswith(_PROGRAM_PATHS):
        body = orjson.dumps(problem.to_dict())
        return Response(body, status=problem.status, content_type=PROBLEM_TYPE)
    return render_problem(problem)


def _log(problem: Problem, error: Exception) -> None:
    if problem.code == "internal":
        current_app.logger.error("%s %r failed", request.method, request.full_path, exc_info=error)
    else:
        current_app.logger.warning("%s: %s", problem.code, error)
