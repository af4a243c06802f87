"""Clicks reported by the page, and the page of insight, in headless Chromium; skipped without."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_core_python.base import AXE_SCRIPT
from flask import Flask
from support.browsing import Browser, Serve, find, find_all, list_complaints, resize, wait
from support.brute_force import BruteForceEngine

from searchsvc.insight.collecting import Insight
from searchsvc.web import create_app

MASTER = "kunci-induk-untuk-uji-coba"


@pytest.fixture
def recording(app: Flask, brute_engine: BruteForceEngine, tmp_path: Path) -> Flask:
    settings = {"index": tmp_path / "default", "insight": True, "master_key": MASTER}
    return create_app(settings, engine=brute_engine)


@pytest.fixture
def insight(recording: Flask) -> Insight:
    found = recording.extensions["searchsvc"].insight
    assert isinstance(found, Insight)
    return found


def read(insight: Insight, select: str) -> list[tuple[object, ...]]:
    insight.recorder.flush()
    with insight.store.read() as db:
        return [tuple(row) for row in db.execute(select)]


EVENTS = "SELECT action_name, object_id, ordinal FROM ubi_events"


def test_a_click_is_reported_and_goes_where_it_leads(
    recording: Flask, insight: Insight, desktop: Browser, serve: Serve
) -> None:
    desktop.get(serve(recording) + "/?q=kota")
    hit = find(desktop, "#hasil .hit")
    shown = hit.get_attribute("data-id")
    find(desktop, "#hasil .hit-title a").click()
    wait(desktop, lambda b: "/artikel/" in b.current_url)
    wait(desktop, lambda b: read(insight, EVENTS) == [("click", shown, 1)])


def test_results_while_typing_count_once_they_are_looked_at(
    recording: Flask, insight: Insight, desktop: Browser, serve: Serve
) -> None:
    desktop.get(serve(recording) + "/?q=kota")
    box = find(desktop, "input[name=q]")
    box.clear()
    box.send_keys("padi")
    wait(desktop, lambda b: read(insight, EVENTS) == [("search", "", 0)])
    counted = read(insight, "SELECT user_query FROM ubi_queries WHERE NOT as_you_type")
    assert counted == [("kota",), ("padi",)]


def find_violations(browser: Browser) -> list[object]:
    browser.execute_script(AXE_SCRIPT)
    found = browser.execute_async_script("axe.run().then(arguments[0])")
    return [(row["id"], row["nodes"]) for row in found["violations"]]


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_of_insight_is_accessible(
    recording: Flask, browser: Browser, serve: Serve, width: int
) -> None:
    reader = recording.test_client()
    for query in ("kota", "padi", "tidakada"):
        reader.get("/", query_string={"q": query})
    resize(browser, width, 800)
    # Cookies are the same for all ports.
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    browser.get(serve(recording) + "/insight")
    wait(browser, lambda b: find_all(b, "#kunci"))
    assert find_violations(browser) == []
    find(browser, "#kunci").send_keys(MASTER)
    find(browser, ".insight-door button").click()
    wait(browser, lambda b: find_all(b, ".figures"))
    find(browser, ".as-table summary").click()
    assert find_violations(browser) == []
    assert browser.execute_script(
        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    assert list_complaints(browser) == []
