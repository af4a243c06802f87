"""Results that change in place, in headless Chromium; skipped where there is none."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest
from flask import Flask, Response, request
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.browsing import Browser, Serve, find, find_all, list_complaints, resize, wait

from indexer.article import Article
from searchsvc.web import create_app

NOW = datetime(2023, 1, 13, 12, 0, tzinfo=timezone(timedelta(hours=7)))
SECTIONS = 30


@pytest.fixture
def address(app: Flask, add_articles: object, serve: Serve) -> str:
    """The samples and thirty articles about giraffes, each in a section of its own."""
    assert callable(add_articles)
    add_articles(
        [
            Article(
                f"h{n}",
                f"Jerapah di Kecamatan {n}",
                f"Jerapah lewat di kecamatan {n} sepanjang hari. " * 5,
                category=f"Rubrik {n}",
                published_at=f"2023-01-{n % 12 + 1:02}T09:00:00+07:00",
            )
            for n in range(SECTIONS)
        ]
    )
    engine = app.extensions["searchsvc"].index.engine()
    return serve(create_app({}, engine=engine, clock=lambda: NOW))


def choose(browser: Browser, value: str) -> None:
    find(browser, f"#saring input[value='{value}']").click()


def count(browser: Browser) -> str:
    """What is said of the results, read in one step: they may be replaced between two."""
    said: str = browser.execute_script(
        "return document.querySelector('.result-count').textContent.trim()"
    )
    return said


def wait_for_count(browser: Browser, begins: str) -> None:
    wait(browser, lambda b: count(b).startswith(begins))


def mark_page(browser: Browser) -> None:
    """Leave a mark that a loaded page would not have."""
    browser.execute_script("window.marked = true")


def is_marked(browser: Browser) -> bool:
    return bool(browser.execute_script("return window.marked === true"))


def focused(browser: Browser) -> str:
    """The value of the checkbox, or the text of the link, that has the focus."""
    element = browser.switch_to.active_element
    return element.get_attribute("value") or element.text


def test_a_choice_changes_the_results_in_place(desktop: Browser, address: str) -> None:
    # So low that the page can be scrolled as far with one hit as with ten.
    resize(desktop, 1280, 400)
    desktop.get(f"{address}/?q=jerapah&sort=newest")
    mark_page(desktop)
    find(desktop, "[data-facet=category] summary").click()
    scrolled = desktop.execute_script("scrollTo(0, 150); return scrollY")
    choose(desktop, "rubrik 1")
    wait_for_count(desktop, "1 hasil")
    assert desktop.current_url == f"{address}/?q=jerapah&sort=newest&category=rubrik+1"
    assert is_marked(desktop)
    assert desktop.title.startswith("jerapah")
    assert focused(desktop) == "rubrik 1"
    assert find(desktop, "[data-facet=category] details").get_attribute("open") is not None
    assert desktop.execute_script("return scrollY") == scrolled
    assert find(desktop, "#kabar").get_attribute("textContent") == "1 hasil untuk jerapah"
    hidden = find_all(desktop, ".search input[type=hidden]")
    assert [one.get_attribute("name") for one in hidden] == ["category", "sort"]
    desktop.switch_to.active_element.send_keys(Keys.SPACE)
    wait_for_count(desktop, f"{SECTIONS} hasil")
    assert focused(desktop) == "rubrik 1"
    assert is_marked(desktop)
    assert list_complaints(desktop) == []


def test_back_and_forward_lead_through_the_choices(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=jerapah")
    mark_page(desktop)
    choose(desktop, "rubrik 0")
    wait_for_count(desktop, "1 hasil")
    find(desktop, ".sort a:nth-child(2)").click()
    wait(desktop, lambda b: "sort=newest" in b.current_url)
    choose(desktop, "rubrik 1")
    wait_for_count(desktop, "2 hasil")
    desktop.back()
    wait_for_count(desktop, "1 hasil")
    assert desktop.current_url.endswith("?q=jerapah&category=rubrik+0&sort=newest")
    desktop.back()
    wait(desktop, lambda b: "sort" not in b.current_url)
    desktop.back()
    wait_for_count(desktop, f"{SECTIONS} hasil")
    assert not find_all(desktop, "#saring :checked")
    desktop.forward()
    wait_for_count(desktop, "1 hasil")
    assert len(find_all(desktop, "#saring :checked")) == 1
    assert is_marked(desktop)
    # An article and back: the page is loaded anew, as it was left.
    find(desktop, ".hit-title a").click()
    wait(desktop, lambda b: "/artikel/" in b.current_url)
    desktop.back()
    wait_for_count(desktop, "1 hasil")
    assert len(find_all(desktop, "#saring :checked")) == 1


def test_page_numbers_lead_to_the_beginning_of_the_results(desktop: Browser, address: str) -> None:
    resize(desktop, 1280, 500)
    desktop.get(f"{address}/?q=jerapah&sort=oldest")
    mark_page(desktop)
    first = find(desktop, ".hit-title").text
    find(desktop, ".pager-step").click()
    wait(desktop, lambda b: "page=2" in b.current_url)
    wait(desktop, lambda b: find(b, ".hit-title").text != first)
    assert is_marked(desktop)
    assert desktop.switch_to.active_element.get_attribute("id") == "jumlah"
    top = desktop.execute_script(
        "return document.getElementById('hasil').getBoundingClientRect().top"
    )
    assert 0 <= top < 150


def test_presets_and_chips_work_in_place(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=jerapah")
    mark_page(desktop)
    desktop.find_element(By.LINK_TEXT, "24 jam").click()
    wait(desktop, lambda b: b.current_url.endswith("&from=2023-01-12"))
    wait_for_count(desktop, "2 hasil")
    assert focused(desktop) == "24 jam"
    assert find(desktop, ".hit time").text == "kemarin"
    find(desktop, ".chip").click()
    wait_for_count(desktop, f"{SECTIONS} hasil")
    assert desktop.switch_to.active_element.get_attribute("id") == "jumlah"
    assert is_marked(desktop)


def test_a_date_that_is_typed_is_applied(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=jerapah")
    mark_page(desktop)
    find(desktop, "[data-facet=published_at] summary").click()
    field = find(desktop, "#saring input[name=from]")
    desktop.execute_script(
        "arguments[0].value = '2023-01-12';"
        "arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
        field,
    )
    wait_for_count(desktop, "2 hasil")
    assert is_marked(desktop)
    assert find(desktop, "#saring input[name=from]").is_displayed()


def test_filters_come_first_for_the_keyboard(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=jerapah&category=rubrik+3")
    order = desktop.execute_script(
        "return [...document.querySelectorAll('main a, main input')]"
        ".map(e => e.closest('form') ? 'saring' : e.closest('.hits') ? 'hits' : '')"
        ".filter(Boolean)"
    )
    assert order == sorted(order, reverse=True)
    skip = find_all(desktop, "a.skip")[1]
    skip.send_keys(Keys.ENTER)
    wait(desktop, lambda b: b.switch_to.active_element.get_attribute("id") == "hasil")


# --- searching within a facet


def test_values_are_found_past_those_shown(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=jerapah")
    mark_page(desktop)
    facet = find(desktop, "[data-facet=category]")
    field = facet.find_element(By.CSS_SELECTOR, ".facet-search input")
    assert not field.is_displayed()
    facet.find_element(By.TAG_NAME, "summary").click()
    assert len(facet.find_elements(By.CSS_SELECTOR, ".choice")) == 20
    field.send_keys("RUBRIK 29")
    wait(desktop, lambda b: find_all(b, ".facet-found .choice"))
    assert find(desktop, ".facet-found").text == "rubrik 29\n1"
    find(desktop, ".facet-found input").click()
    wait_for_count(desktop, "1 hasil")
    # What was typed is still there, and so is the choice.
    assert find(desktop, ".facet-search input").get_property("value") == "RUBRIK 29"
    wait(desktop, lambda b: find_all(b, ".facet-found :checked"))
    find(desktop, ".facet-found input").click()
    wait_for_count(desktop, f"{SECTIONS} hasil")
    field = find(desktop, ".facet-search input")
    field.clear()
    field.send_keys("zzz")
    wait(desktop, lambda b: "Tidak ada pilihan" in find(b, ".facet-found").text)
    field.send_keys(Keys.BACKSPACE * 3)
    wait(desktop, lambda b: not find_all(b, ".facet-found"))
    assert is_marked(desktop)


def test_all_values_can_be_chosen_from_without_scripts(desktop: Browser, address: str) -> None:
    desktop.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    desktop.get(f"{address}/?q=jerapah&sort=newest")
    find(desktop, "[data-facet=category] summary").click()
    desktop.find_element(By.LINK_TEXT, "Semua pilihan").click()
    wait(desktop, lambda b: "/pilihan/category" in b.current_url)
    assert len(find_all(desktop, ".choice")) >= SECTIONS
    find(desktop, "input[value='rubrik 29']").click()
    find(desktop, ".filters-apply").click()
    wait_for_count(desktop, "1 hasil")
    assert "sort=newest" in desktop.current_url


# --- results while one types


def test_results_come_as_one_types(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=padi")
    mark_page(desktop)
    field = find(desktop, "input.search-input")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("jera")
    wait(desktop, lambda b: "q=jera" in b.current_url)
    field.send_keys("pah")
    wait(desktop, lambda b: b.current_url.endswith("?q=jerapah"))
    wait_for_count(desktop, f"{SECTIONS} hasil")
    assert desktop.switch_to.active_element == field
    assert field.get_property("value") == "jerapah"
    # Typed without a longer pause: one entry, so that one step leads back.
    desktop.back()
    wait_for_count(desktop, "1 hasil untuk padi")
    assert find(desktop, "input.search-input").get_property("value") == "padi"
    assert is_marked(desktop)


def test_a_site_may_leave_that(app: Flask, desktop: Browser, serve: Serve) -> None:
    engine = app.extensions["searchsvc"].index.engine()
    address = serve(create_app({"live_results": False}, engine=engine))
    desktop.get(f"{address}/?q=padi")
    field = find(desktop, "input.search-input")
    field.send_keys(" sawah")
    wait(desktop, lambda b: field.get_attribute("aria-expanded") is not None)
    field.send_keys(Keys.ENTER)
    wait(desktop, lambda b: "q=padi+sawah" in b.current_url)


# --- pictures


@pytest.fixture
def pictures(serve: Serve) -> tuple[str, list[tuple[str, str]]]:
    """The address of a host with pictures, and (path, referrer) of what it was asked for."""
    host = Flask("gambar")
    asked: list[tuple[str, str]] = []
    lock = threading.Lock()

    @host.get("/<name>")
    def show(name: str) -> Response:
        with lock:
            asked.append((name, request.headers.get("Referer", "")))
        if name == "hilang.svg":
            return Response(status=404)
        return Response(
            '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"/>',
            content_type="image/svg+xml",
        )

    return serve(host), asked


def test_pictures_have_their_room_and_load_when_they_are_near(
    desktop: Browser,
    app: Flask,
    add_articles: object,
    serve: Serve,
    pictures: tuple[str, list[tuple[str, str]]],
) -> None:
    host, asked = pictures
    assert callable(add_articles)
    add_articles(
        [
            Article(f"g{n}", f"Gajah {n}", f"Gajah nomor {n} " + "berjalan " * n, image=image)
            for n, image in enumerate(
                [
                    f"{host}/ada.svg",
                    f"{host}/hilang.svg",
                    "",
                    *[f"{host}/jauh{n}.svg" for n in range(60)],
                ]
            )
        ]
    )
    address = serve(app)
    desktop.get(f"{address}/?q=gajah&sort=oldest&per_page=63&collapse=0")
    wait(desktop, lambda b: find_all(b, ".thumb.lost"))
    thumbs = find_all(desktop, ".thumb")
    assert len(thumbs) == 62
    sizes = {(one.size["width"], one.size["height"]) for one in thumbs}
    assert sizes == {(144, 96)}
    [lost] = find_all(desktop, ".thumb.lost")
    assert (lost.get_attribute("src") or "").endswith("/hilang.svg")
    assert lost.value_of_css_property("visibility") == "hidden"
    names = {name for name, _ in asked}
    assert {"ada.svg", "hilang.svg"} <= names
    assert len(names) < 62
    assert {referrer for _, referrer in asked} == {""}


def test_a_picture_that_is_gone_leaves_no_room_in_its_article(
    desktop: Browser,
    app: Flask,
    add_articles: object,
    serve: Serve,
    pictures: tuple[str, list[tuple[str, str]]],
) -> None:
    host, _ = pictures
    assert callable(add_articles)
    add_articles(
        [
            Article(name, "Gajah", "Gajah berjalan.", image=f"{host}/{name}.svg")
            for name in ("ada", "hilang")
        ]
    )
    address = serve(app)
    desktop.get(f"{address}/artikel/ada")
    assert find(desktop, ".picture").is_displayed()
    desktop.get(f"{address}/artikel/hilang")
    wait(desktop, lambda b: not find(b, ".picture").is_displayed())
