"""The example's page in Chromium and its script in Node, with the clients from npm.

They are not fetched by a test: ``.ci/clients`` does that, and says where they are.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from support.protocol import MASTER_KEY, Protocol, run_service

from searchsvc.index import Index

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "instantsearch"
NODE_MODULES = os.environ.get("SEARCHSVC_NODE_MODULES", "")
LONGEST_WAIT_S = 20

pytestmark = pytest.mark.skipif(
    not NODE_MODULES, reason="SEARCHSVC_NODE_MODULES names no clients of npm (.ci/clients does)"
)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def run_pages(site: Path) -> Iterator[str]:
    """The address of the files in ``site``."""
    pages = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=pages.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{pages.server_port}/"
    finally:
        pages.shutdown()
        thread.join()
        pages.server_close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of the page, and what the script that filled its index printed."""
    folder = tmp_path_factory.mktemp("example")
    site = folder / "site"
    shutil.copytree(EXAMPLE, site, ignore=shutil.ignore_patterns("node_modules"))
    (site / "node_modules").symlink_to(NODE_MODULES)
    with run_service(Protocol(folder / "data")) as service, run_pages(site) as address:
        ran = subprocess.run(
            ["node", "fill.mjs"],
            cwd=site,
            env={**os.environ, "SERVICE": service, "SEARCHSVC_MASTER_KEY": MASTER_KEY},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        yield address, ran.stdout


def test_the_plain_client_indexes_waits_and_searches(filled: tuple[str, str]) -> None:
    assert filled[1] == ('2 Petani Karawang memanen padi lebih awal {"kanal":{"Ekonomi":2}}\n')


class Page:
    """What a reader sees and does."""

    def __init__(self, browser: webdriver.Chrome, address: str) -> None:
        self.browser = browser
        browser.get(address)

    def texts(self, selector: str) -> list[str]:
        """The texts of all that the selector finds, at one moment."""
        script = "return [...document.querySelectorAll(arguments[0])].map(one => one.innerText)"
        found: list[str] = self.browser.execute_script(script, selector)
        return [" ".join(text.split()) for text in found]

    def titles(self) -> list[str]:
        return self.texts("#hits h2")

    def total(self) -> str:
        return " ".join(self.texts("#stats"))

    def until(self, is_so: Callable[[], bool]) -> None:
        WebDriverWait(self.browser, LONGEST_WAIT_S, 0.05).until(lambda _: is_so())

    def until_total(self, total: int) -> None:
        self.until(lambda: self.total() == f"{total} berita")

    def choose(self, facet: str, value: str) -> None:
        path = f"//div[@id='{facet}']//span[text()='{value}']"
        self.browser.find_element(By.XPATH, path).click()

    def counts(self, facet: str) -> dict[str, int]:
        names = self.texts(f"#{facet} li .ais-RefinementList-labelText")
        counts = self.texts(f"#{facet} li .ais-RefinementList-count")
        return dict(zip(names, map(int, counts), strict=True))


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("no chromium and chromedriver on the PATH")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path / 'profile'}")
    options.set_capability("goog:loggingPrefs", {"browser": "SEVERE"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    yield opened
    try:
        rows: list[dict[str, str]] = opened.get_log("browser")  # type: ignore[no-untyped-call]
        complaints = [row["message"] for row in rows]
        assert [told for told in complaints if "favicon" not in told] == []
    finally:
        opened.quit()


@pytest.fixture
def page(filled: tuple[str, str], browser: webdriver.Chrome) -> Page:
    page = Page(browser, filled[0])
    page.until_total(12)
    return page


def test_typing_finds_and_marks(page: Page) -> None:
    box = page.browser.find_element(By.CSS_SELECTOR, "#searchbox input")
    box.send_keys("memanen")
    page.until(lambda: set(map(str.lower, page.texts("#hits mark"))) == {"memanen", "panen"})
    assert page.total() == "2 berita"
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys("zzqzzq")
    page.until_total(0)


def test_two_values_of_a_facet_are_either(page: Page) -> None:
    page.choose("kanal", "Ekonomi")
    page.until_total(4)
    # Its own counts stay those of everything, the others' are of what is left.
    assert page.counts("kanal") == {"Ekonomi": 4, "Nasional": 3, "Olahraga": 3, "Hiburan": 2}
    page.choose("kanal", "Olahraga")
    page.until_total(7)
    assert page.counts("kota")["Bandung"] == 2
    page.choose("kota", "Bandung")
    page.until_total(2)


def test_a_range_and_an_order(page: Page) -> None:
    low, high = page.browser.find_elements(By.CSS_SELECTOR, "#menit input")
    assert (low.get_attribute("placeholder"), high.get_attribute("placeholder")) == ("2", "6")
    low.send_keys("5")
    page.browser.find_element(By.CSS_SELECTOR, "#menit button").click()
    page.until_total(3)
    Select(page.browser.find_element(By.CSS_SELECTOR, "#sort select")).select_by_visible_text(
        "Terpanjang"
    )
    page.until(lambda: page.titles()[:1] == ["Film tentang nelayan tayang di Makassar"])


def test_pages_and_the_way_back(page: Page) -> None:
    first = page.titles()
    assert len(first) == 4
    page.browser.find_element(By.CSS_SELECTOR, "#pages a[aria-label='Page 3']").click()
    page.until(lambda: page.titles() not in ([], first))
    assert len(page.titles()) == 4
    page.until(lambda: "page" in page.browser.current_url)
    page.browser.back()
    page.until(lambda: page.titles() == first)


def test_the_way_back_from_a_choice(page: Page) -> None:
    page.choose("kota", "Semarang")
    page.until_total(3)
    page.until(lambda: "kota" in page.browser.current_url)
    page.browser.back()
    page.until_total(12)


def test_the_page_of_the_readme_is_whole(tmp_path: Path, browser: webdriver.Chrome) -> None:
    readme = (EXAMPLE.parents[1] / "README.md").read_text("utf-8")
    (written,) = re.findall(r"^```html\n(<!doctype.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    data, site = tmp_path / "data", tmp_path / "site"
    site.mkdir()
    (site / "node_modules").symlink_to(NODE_MODULES)
    with Index.open(data / "default", create=True) as index:
        index.add(
            [
                {"title": "Panen Padi di Karawang", "body": "Petani memanen padi."},
                {"title": "Arus Mudik Lancar", "body": "Warga pulang kampung."},
            ]
        )
    with (
        run_service(Protocol(data, master_key="")) as service,
        run_pages(site) as address,
    ):
        (site / "index.html").write_text(written.replace("http://127.0.0.1:8000", service))
        page = Page(browser, address)
        page.until(lambda: len(page.texts("#hits p")) == 2)
        browser.find_element(By.CSS_SELECTOR, "#q input").send_keys("memanen")
        # Part of the word finds the same article by its body, with nothing to mark in the title.
        page.until(lambda: page.texts("#hits mark") == ["Panen"])
        assert page.texts("#hits p") == ["Panen Padi di Karawang"]
