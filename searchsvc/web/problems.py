"""How are errors reported? All in one place: problem+json for programs, a friendly page for
readers.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from indexer.errors import IndexCorrupt, IndexUnreadable
from searchsvc.data_folder import UnknownIndex
from searchsvc.errors import Problem, problem_for
from searchsvc.meilisearch.blueprint import answer_exception as answer_in_protocol
from searchsvc.meilisearch.blueprint import meilisearch
from searchsvc.web.page import render_problem
from searchsvc.web.plain_problem import PROGRAM_PATHS, tell_plainly
from searchsvc.web.service import base_service, current_service

#: Below these, what no route takes is answered in the form of Meilisearch's protocol.
PROTOCOL_PATHS = ("/indexes/", "/tasks/", "/batches/", "/keys/")

#: Seconds after which a client may retry while the service is not ready.
_RETRY_SECONDS = "5"


def register_problems(app: Flask) -> None:
    """Map every exception of ``app`` through the table in :mod:`searchsvc.errors`."""
    app.register_error_handler(Exception, _answer_exception)


def _answer_exception(error: Exception) -> Response | HTTPException:
    if isinstance(error, RequestRedirect):
        return error
    if request.path.startswith(PROTOCOL_PATHS) and meilisearch.name in current_app.blueprints:
        return answer_in_protocol(error)
    problem = problem_for(error)
    base_service().report(error)
    if isinstance(error, IndexCorrupt | IndexUnreadable):
        _distrust()
    try:
        response: Response = _respond(problem)
    except Exception as failure:
        current_app.logger.error("The page about %s failed", problem.code, exc_info=failure)
        response = tell_plainly(problem, request.path, root=request.script_root)
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    if problem.status in (429, 503):
        response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _distrust() -> None:
    # Where a named index has gone meanwhile, there is nothing to open anew.
    with suppress(UnknownIndex):
        current_service().index.distrust()


def _respond(problem: Problem) -> Response:
    if request.path.startswith(PROGRAM_PATHS):
        return tell_plainly(problem, request.path, root=request.script_root)
    return render_problem(problem)
