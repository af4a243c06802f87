"""How does Prometheus learn how the service is doing?"""

from __future__ import annotations

from functools import partial
from ipaddress import ip_address

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from searchsvc.access.gate import NotAllowed
from searchsvc.monitoring.counts import METRICS_TYPE
from searchsvc.monitoring.measure import measure
from searchsvc.web.guard import find_rights, read_credential
from searchsvc.web.service import base_service

metrics = Blueprint("metrics", __name__)

_ACTION = "metrics.get"
#: What proxies add to requests that they pass on.
_OF_PROXIES = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


@metrics.get("/metrics")
def report_metrics() -> Response:
    """Counts and figures in the text format of Prometheus."""
    service = base_service()
    who = service.settings.metrics
    if who == "off":
        raise NotFound("There are no metrics here: the setting metrics is off.")
    if read_credential() is not None or not (who == "open" or (who == "auto" and _is_local())):
        _check_key()
    told = partial(measure, service.settings, service.folder, service.queue, service.clock())
    response = Response(service.counts.write(told), content_type=METRICS_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _check_key() -> None:
    """Raise NotAllowed unless the key allows this; it tells of all indexes."""
    if not base_service().access.has_master_key:
        raise NotAllowed(_ACTION, reason="without keys it is for programs on this machine only")
    rights = find_rights()
    if not (rights.may(_ACTION) and rights.may_all_indexes()):
        raise NotAllowed(_ACTION)


def _is_local() -> bool:
    """Whether a program on this machine asks, itself and not for someone elsewhere."""
    if any(header in request.headers for header in _OF_PROXIES):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
