"""What do readers search for? The reports, over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from searchsvc.insight.reports import LISTS, MOST_ROWS, InvalidSpan, Reports, Scope, open_scope
from searchsvc.query.parameters import ParameterError
from searchsvc.query.unknown_parameters import refuse_misnamed
from searchsvc.web.api import choose_index, read_limit
from searchsvc.web.insight_access import allow_insight
from searchsvc.web.service import base_service, current_index
from searchsvc.web.tasks_api import send_json

insight_api = Blueprint("insight_api", __name__)
insight_api.url_value_preprocessor(choose_index)

_DEFAULT_SINCE = "7d"
_DEFAULT_ROWS = 20


def open_reports() -> Reports:
    """The reports of this service. Raises NotFound if it records nothing."""
    insight = base_service().insight
    if insight is None:
        raise NotFound("Searches are not recorded here: SEARCHSVC_INSIGHT is not true.")
    return Reports(insight.store)


def read_scope() -> tuple[str, Scope]:
    """The parameter ``since``, and the scope it means. Raises ParameterError."""
    insight = base_service().insight
    assert insight is not None
    since = request.args.get("since", "").strip() or _DEFAULT_SINCE
    try:
        return since, open_scope(insight.store, current_index(), since)
    except InvalidSpan as error:
        told = "give a time span as 90m, 24h, 7d, 2w, at most 3650d."
        raise ParameterError("since", since, told) from error


@insight_api.get("/insight/summary")
def answer_summary() -> Response:
    """Figures of the time, each hour or day of it, and clicks by position."""
    allow_insight()
    reports = open_reports()
    refuse_misnamed(request.args, ("since",))
    since, scope = read_scope()
    times = [
        {
            "began": bar.began.astimezone().isoformat(),
            "searches": bar.searches,
            "no_results": bar.none,
            "clicked": bar.clicked,
        }
        for bar in reports.over_time(scope)
    ]
    answer: dict[str, Any] = {
        "since": since,
        **reports.summary(scope),
        "over_time": times,
        "clicks_by_position": reports.positions(scope),
    }
    return send_json(answer)


@insight_api.get("/insight/<report>")
def answer_report(report: str) -> Response:
    """The rows of a list of queries."""
    allow_insight()
    if report not in LISTS:
        raise NotFound(
            f"There is no report {report[:40]!r}; there are summary, {', '.join(LISTS)}."
        )
    reports = open_reports()
    refuse_misnamed(request.args, ("since", "limit"))
    since, scope = read_scope()
    rows = LISTS[report](reports, scope, read_limit(_DEFAULT_ROWS, MOST_ROWS))
    return send_json({"since": since, "rows": rows})
