"""How does an admin see what readers search for? A page with plots, behind a key."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from indexer.errors import IndexerError
from searchsvc.access.gate import KeyMissing, KeyRefused, NotAllowed
from searchsvc.insight.reports import Reports, Row, Scope, open_scope
from searchsvc.web.api import name_index
from searchsvc.web.conditional import HTML_TYPE
from searchsvc.web.insight_access import allow_session, end_session, start_session
from searchsvc.web.insight_view import (
    PLOT_HEIGHT,
    add_widths,
    build_figures,
    build_plot,
    build_positions,
    format_time,
)
from searchsvc.web.page_values import ask_nothing, list_common
from searchsvc.web.service import base_service, current_index, current_service

insight_page = Blueprint("insight_page", __name__, template_folder="templates")

#: Times to choose from.
SPANS = ("24h", "7d", "30d", "90d")
_DEFAULT_SPAN = "7d"
_ROWS = 10
_TITLE_CHARACTERS = 90


@insight_page.get("/insight")
def show_insight() -> Response:
    """The page; without a session, the form that opens one. Where nothing is recorded, that is said
    to anyone: no key would show more.
    """
    insight = base_service().insight
    if insight is None:
        return _send("insight_off.html")
    name = _choose_index(request.args.get("index", ""))
    try:
        allow_session()
    except (KeyMissing, KeyRefused):
        return _show_login("", name)
    span = request.args.get("since", _DEFAULT_SPAN)
    span = span if span in SPANS else _DEFAULT_SPAN
    scope = open_scope(insight.store, current_index(), span)
    reports = Reports(insight.store)
    say = base_service().say
    before = Scope(scope.index, 2 * scope.since - scope.until, scope.since)
    now = reports.summary(scope)
    clicks = reports.clicks(scope, _ROWS)
    return _send(
        "insight.html",
        span=span,
        spans=[(one, _link(one, name)) for one in SPANS],
        index=current_index(),
        summary=now,
        figures=build_figures(now, reports.summary(before), say),
        plot=build_plot(reports.over_time(scope), say),
        plot_height=PLOT_HEIGHT,
        positions=build_positions(reports.positions(scope), say),
        top=add_widths(reports.top(scope, _ROWS), "searches"),
        unfound=add_widths(reports.no_results(scope, _ROWS), "searches"),
        unopened=add_widths(reports.zero_click(scope, _ROWS), "searches"),
        slow=add_widths(reports.slow(scope, _ROWS), "slowest_ms"),
        clicks=_add_titles(clicks),
        time=lambda milliseconds: format_time(milliseconds, say),
    )


@insight_page.post("/insight/masuk")
def log_in() -> Response:
    """Open a session with the key of the form."""
    say = base_service().say
    name = _choose_index(request.form.get("index", ""))
    if not base_service().login_limit.allows(request.remote_addr or ""):
        return _show_login(say("insight_too_many"), name, status=429)
    response = _go_to_page(name)
    try:
        start_session(response, request.form.get("key", "").strip())
    except (KeyMissing, KeyRefused):
        return _show_login(say("insight_wrong_key"), name, status=403)
    except NotAllowed:
        return _show_login(say("insight_no_right"), name, status=403)
    return response


@insight_page.post("/insight/keluar")
def log_out() -> Response:
    """End the session."""
    response = _go_to_page()
    end_session(response)
    return response


def _choose_index(name: str) -> str:
    """Let this request be about the index of this name, if there is one; return it."""
    if name:
        name_index(name)
    return name


def _go_to_page(index: str = "") -> Response:
    address = url_for("insight_page.show_insight", index=index or None)
    headers = {"Location": address, "Cache-Control": "no-store"}
    return Response(status=303, headers=headers)


def _link(span: str, index: str) -> str:
    return url_for("insight_page.show_insight", since=span, index=index or None)


def _show_login(told: str, index: str, status: int = 200) -> Response:
    has_keys = base_service().access.has_master_key
    return _send("insight_login.html", status=status, told=told, has_keys=has_keys, index=index)


def _send(template: str, *, status: int = 200, **values: object) -> Response:
    service = base_service()
    body = render_template(template, **list_common(service, ask_nothing(service)), **values)
    response = Response(body, status=status, content_type=HTML_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _add_titles(rows: list[Row]) -> list[Row]:
    """The rows with the titles of their articles; the id of one that is gone."""
    titles: dict[str, str] = {}
    try:
        with current_service().index.snapshot() as snapshot:
            for row in rows:
                ref = snapshot.find(row["object_id"])
                title = "" if ref is None else snapshot.article(ref).title
                titles[row["object_id"]] = title[:_TITLE_CHARACTERS]
    except IndexerError:
        # The figures are there without the index.
        titles = {}
    return [{**row, "title": titles.get(row["object_id"], "")} for row in rows]
