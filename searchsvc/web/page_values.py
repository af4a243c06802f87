"""Which values do all templates of the page share?"""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from searchsvc.request import SearchRequest
from searchsvc.web.own_view import describe_own
from searchsvc.web.page_links import PageLinks
from searchsvc.web.service import Service
from searchsvc.web.web_address import is_web_address

#: The maximum staleness of displayed ages, such as *2 jam lalu*.
AGE_SECONDS = 300


def list_common(service: Service, asked: SearchRequest) -> dict[str, Any]:
    """The values that all templates share; ``asked`` fills the search box."""
    say, now, branding = service.say, service.clock(), service.branding

    def find_asset(name: str) -> str:
        return url_for("system.static", name=name, v=service.assets.version(name))

    return {
        "site_name": service.settings.site_name,
        "logo": find_asset(branding.logo) if branding.logo else "",
        "styles": ["page.css", *branding.styles],
        "live": service.settings.live_results,
        "asked": asked,
        "links": PageLinks(request.script_root, asked, service.settings.collapse),
        "asset": find_asset,
        "say": say,
        "age": lambda published_at: say.format_age(published_at, now),
        "own": lambda values: list(describe_own(values, service.fields(), say)),
        "picture": lambda address: (
            address if service.settings.images and is_web_address(address) else ""
        ),
    }


def ask_nothing(service: Service, q: str = "") -> SearchRequest:
    """A search for ``q`` with the defaults of the settings."""
    return SearchRequest(q=q, collapse=service.settings.collapse)


def read_clock(service: Service) -> int:
    """The current time in steps of :data:`AGE_SECONDS`: an answer with ages is cached for that
    long.
    """
    return int(service.clock().timestamp()) // AGE_SECONDS
