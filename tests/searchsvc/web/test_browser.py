"""The page and the widget in headless Chromium; skipped where there is none."""

from __future__ import annotations

import pytest
from axe_core_python.base import AXE_SCRIPT
from flask import Flask, Response
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from support.browsing import Browser, Serve, find, find_all, list_complaints, resize, wait


@pytest.fixture
def address(app: Flask, serve: Serve) -> str:
    return serve(app)


def type_and_wait(browser: Browser, text: str) -> WebElement:
    field = find(browser, "input[name=q]")
    field.send_keys(text)
    wait(browser, lambda b: field.get_attribute("aria-expanded") == "true")
    return field


# --- the combobox


def test_suggestions_are_a_combobox_for_the_keyboard(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/")
    field = find(desktop, "input[name=q]")
    assert desktop.switch_to.active_element == field
    assert field.get_attribute("role") == "combobox"
    assert field.get_attribute("aria-expanded") == "false"
    type_and_wait(desktop, "pe")
    options = find_all(desktop, "[role=option]")
    texts = [option.text.splitlines()[0] for option in options]
    assert len(texts) > 2
    assert find(desktop, "[role=status]").text.startswith(f"{len(texts)} usulan")
    assert field.get_attribute("aria-controls") == find(desktop, "[role=listbox]").get_attribute(
        "id"
    )

    field.send_keys(Keys.ARROW_DOWN)
    assert field.get_attribute("aria-activedescendant") == options[0].get_attribute("id")
    assert options[0].get_attribute("aria-selected") == "true"
    assert field.get_property("value") == texts[0]
    field.send_keys(Keys.ARROW_UP)
    assert field.get_attribute("aria-activedescendant") is None
    assert field.get_property("value") == "pe"
    field.send_keys(Keys.ARROW_UP)
    assert field.get_property("value") == texts[-1]
    field.send_keys(Keys.ESCAPE)
    assert field.get_attribute("aria-expanded") == "false"
    assert field.get_property("value") == "pe"
    assert not find(desktop, "[role=listbox]").is_displayed()

    field.send_keys(Keys.ARROW_DOWN)
    wait(desktop, lambda b: field.get_attribute("aria-expanded") == "true")
    field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    wait(desktop, lambda b: "?q=" in b.current_url)
    assert find(desktop, "input[name=q]").get_property("value") == texts[0]
    assert find_all(desktop, ".hit")
    assert list_complaints(desktop) == []


def test_a_suggested_article_opens(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/")
    type_and_wait(desktop, "kpk peri")
    assert find(desktop, ".suggest-origin").text == "Suara Warga · 12 Jan 2023"
    find(desktop, ".suggest-article").click()
    wait(desktop, lambda b: b.current_url == f"{address}/artikel/kpk-periksa")
    assert find(desktop, "h1").text == "KPK Periksa Bupati soal Dana Jembatan"


def test_enter_searches_for_what_was_typed(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=kota&category=hukum")
    field = find(desktop, "input[name=q]")
    desktop.find_element(By.TAG_NAME, "body").send_keys("/")
    assert desktop.switch_to.active_element == field
    field.send_keys("bupati", Keys.ENTER)
    wait(desktop, lambda b: "q=bupati" in b.current_url)
    assert "category=hukum" in desktop.current_url


def test_suggestions_go_when_the_field_is_left(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/")
    field = type_and_wait(desktop, "pan")
    field.send_keys(Keys.TAB)
    assert field.get_attribute("aria-expanded") == "false"


# --- facets


def choose(browser: Browser, value: str) -> None:
    find(browser, f"#saring input[value='{value}']").click()


def wait_for_count(browser: Browser, begins: str) -> None:
    script = "return document.querySelector('.result-count').textContent.trim()"
    wait(browser, lambda b: str(b.execute_script(script)).startswith(begins))


def test_facets_are_clicked_one_after_the_other(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=-zzz")
    choose(desktop, "ekonomi")
    wait(desktop, lambda b: "category=ekonomi" in b.current_url)
    choose(desktop, "olahraga")
    wait(desktop, lambda b: "category=olahraga" in b.current_url)
    wait_for_count(desktop, "2 hasil")
    assert len(find_all(desktop, ".choice :checked")) == 2
    find(desktop, ".chip-clear").click()
    wait(desktop, lambda b: "category" not in b.current_url)
    assert list_complaints(desktop) == []


def test_a_bar_is_clicked(desktop: Browser, address: str) -> None:
    desktop.get(f"{address}/?q=-zzz")
    find(desktop, ".bars a").click()
    wait(desktop, lambda b: "from=2022-07-01&to=2022-07-31" in b.current_url)
    wait_for_count(desktop, "2 hasil")


def test_a_phone_shows_the_place_that_a_hit_was_found_by(phone: Browser, address: str) -> None:
    phone.get(f"{address}/?q=jakarta")
    assert [line.is_displayed() for line in find_all(phone, ".hit-credit")] == [True, True]
    phone.get(f"{address}/?q=kpk")
    assert [line.is_displayed() for line in find_all(phone, ".hit-credit")] == [False]


def test_filters_are_a_sheet_on_a_phone(phone: Browser, address: str) -> None:
    phone.get(f"{address}/?q=-zzz")
    sheet = find(phone, "#saring")
    assert not sheet.is_displayed()
    find(phone, ".filter-open").click()
    wait(phone, lambda b: sheet.is_displayed())
    choose(phone, "ekonomi")
    wait(phone, lambda b: "category=ekonomi" in b.current_url)
    wait(phone, lambda b: find(b, ".filters-close").text == "Lihat 1 hasil")
    assert find(phone, "#saring").is_displayed()
    find(phone, ".filters-close").click()
    wait(phone, lambda b: not find(b, "#saring").is_displayed())
    assert find(phone, ".filter-count").text == "1"
    find(phone, ".filter-open").click()
    phone.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    wait(phone, lambda b: not find(b, "#saring").is_displayed())


# --- without scripts, and in any width


def test_everything_works_without_javascript(desktop: Browser, address: str) -> None:
    desktop.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    desktop.get(f"{address}/")
    field = find(desktop, "input[name=q]")
    assert field.get_attribute("role") is None
    field.send_keys("padi", Keys.ENTER)
    wait(desktop, lambda b: "?q=padi" in b.current_url)
    assert find(desktop, ".hit mark").text == "Padi"
    choose(desktop, "ekonomi")
    find(desktop, ".filters-apply").click()
    wait(desktop, lambda b: "category=ekonomi" in b.current_url)
    find(desktop, ".presets a").click()
    wait(desktop, lambda b: "category=ekonomi" in b.current_url and "from" not in b.current_url)
    find(desktop, ".hit-title a").click()
    wait(desktop, lambda b: "/artikel/panen-padi" in b.current_url)


PAGES = (
    "/api",
    "/pilihan/category?q=-zzz",
    "/",
    "/?q=-zzz",
    "/?q=-zzz&category=hukum&category=ekonomi&place=Jakarta&from=2022-07&to=2023-12#saring",
    "/?q=xyzzyqwrtp&category=hukum",
    "/artikel/kerja-sama-iran?q=iran",
)


_WIDE = """
const wide = [...document.querySelectorAll('body *')].filter(e =>
  e.getBoundingClientRect().right > innerWidth + .5 && !e.closest('.quiet-text'));
const root = document.documentElement;
if (root.scrollWidth > root.clientWidth) wide.push(root);
return wide.map(e => e.outerHTML.slice(0, 120));
"""


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_no_page_is_wider_than_the_window(browser: Browser, address: str, width: int) -> None:
    resize(browser, width, 800)
    for path in PAGES:
        browser.get(address + path)
        assert browser.execute_script(_WIDE) == [], path
    assert list_complaints(browser) == []


_CONTRASTS = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const read = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
  .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const ground = element => { for (let e = element; e; e = e.parentElement) {
  const style = getComputedStyle(e);
  if (e.matches('mark')) return read(style.getPropertyValue('--mark'));
  const colour = read(style.backgroundColor); if (colour[3] === 255) return colour; }
  return read(getComputedStyle(document.body).backgroundColor); };
const poor = [];
for (const e of document.querySelectorAll('body *')) {
  const text = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!text || !e.checkVisibility() || e.closest('.quiet-text, .skip, option')) continue;
  const [a, b] = [light(read(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05);
  if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${e.outerHTML.slice(0, 100)}`);
}
return poor;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(desktop: Browser, address: str, scheme: str) -> None:
    desktop.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    for path in (*PAGES, "/artikel/tidak-ada"):
        desktop.get(address + path)
        assert desktop.execute_script(_CONTRASTS) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: str) -> None:
    resize(browser, width, 844)
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    for path in (*PAGES, "/artikel/tidak-ada"):
        browser.get(address + path)
        browser.execute_script(AXE_SCRIPT)
        found = browser.execute_async_script("axe.run().then(arguments[0])")
        assert [(row["id"], row["nodes"]) for row in found["violations"]] == [], path


# --- the widget on another site


@pytest.fixture
def site(address: str) -> Flask:
    """Another origin whose page has nothing but the widget's tag."""
    site = Flask("situs")

    @site.get("/")
    def show() -> Response:
        return Response(
            "<!doctype html><title>Situs</title><style>input{font-size:99px}</style>"
            '<link rel="icon" href="data:,">'
            "<main><h1>Situs lain</h1>"
            f'<script type="module" src="{address}/static/searchsvc-widget.js"'
            ' data-label="Cari di sini" data-open="article"></script></main>',
            content_type="text/html; charset=utf-8",
        )

    return site


def test_the_widget_searches_from_another_site(
    desktop: Browser, address: str, site: Flask, serve: Serve
) -> None:
    desktop.get(serve(site))
    wait(desktop, lambda b: find_all(b, "main > searchsvc-search"))
    root = find(desktop, "searchsvc-search").shadow_root
    field = root.find_element(By.CSS_SELECTOR, "input[name=q]")
    assert field.get_attribute("aria-label") == "Cari di sini"
    assert field.value_of_css_property("font-size") == "16px"
    field.send_keys("kpk peri")
    wait(desktop, lambda b: field.get_attribute("aria-expanded") == "true")
    # Not field.send_keys: in a shadow root that would first take the focus away and give it back.
    ActionChains(desktop).send_keys(Keys.ARROW_DOWN).perform()
    chosen = root.find_element(By.CSS_SELECTOR, "[aria-selected=true]")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert list_complaints(desktop) == []
    root.find_element(By.CSS_SELECTOR, ".suggest-article").click()
    wait(desktop, lambda b: b.current_url == f"{address}/artikel/kpk-periksa")


@pytest.mark.parametrize(
    "header",
    ["<header>Kabar Kita Nusantara{}</header>", "<header><b>Kabar</b><div>{}</div></header>"],
)
def test_the_widget_gives_way_in_a_header(
    phone: Browser, address: str, serve: Serve, header: str
) -> None:
    site = Flask("situs")
    tag = (
        f'<script type="module" src="{address}/static/searchsvc-widget.js" data-lang="en"></script>'
    )

    @site.get("/")
    def show() -> Response:
        return Response(
            '<!doctype html><meta name="viewport" content="width=device-width"><title>Situs</title>'
            "<style>body{margin:0}header{display:flex;gap:1rem;padding:1rem;font-size:1.5rem}</style>"
            '<link rel="icon" href="data:,">' + header.format(tag),
            content_type="text/html; charset=utf-8",
        )

    resize(phone, 390, 844)
    phone.get(serve(site))
    wait(phone, lambda b: find_all(b, "searchsvc-search"))
    root = find(phone, "searchsvc-search").shadow_root
    field = root.find_element(By.CSS_SELECTOR, "input[name=q]")
    assert field.get_attribute("aria-label") == "Search articles"
    assert phone.execute_script(_WIDE) == []
    assert field.size["width"] > 40
    field.send_keys("pe")
    wait(phone, lambda b: field.get_attribute("aria-expanded") == "true")
    rect = root.find_element(By.CSS_SELECTOR, ".suggest").rect
    assert rect["width"] >= 320
    assert 0 <= rect["x"] <= rect["x"] + rect["width"] <= 390
    assert phone.execute_script(_WIDE) == []


def test_the_widget_leads_to_the_results(
    phone: Browser, address: str, site: Flask, serve: Serve
) -> None:
    phone.get(serve(site))
    wait(phone, lambda b: find_all(b, "main > searchsvc-search"))
    root = find(phone, "searchsvc-search").shadow_root
    root.find_element(By.CSS_SELECTOR, "input[name=q]").send_keys("padi", Keys.ENTER)
    wait(phone, lambda b: b.current_url == f"{address}/?q=padi")
    assert find_all(phone, ".hit")
