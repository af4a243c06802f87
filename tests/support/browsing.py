"""Driving headless Chromium: sizes, finding, waiting, and what its console says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

Browser = webdriver.Chrome
#: Serves an app until the test ends; returns its address.
Serve = Callable[[Flask], str]
LONGEST_WAIT_S = 20

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def open_browser(profile: Path) -> Browser | None:
    """A browser with an empty profile; ``None`` where there is no Chromium with its driver."""
    program = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        return None
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))


def resize(browser: Browser, width: int, height: int) -> Browser:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    browser.get("about:blank")
    list_complaints(browser)
    return browser


def find(browser: Browser, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def find_all(browser: Browser, selector: str) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, selector)


def wait(browser: Browser, condition: Callable[[Browser], object]) -> None:
    """Wait for ``condition``; an element that was just replaced does not meet it."""
    waiting = WebDriverWait(
        browser,
        LONGEST_WAIT_S,
        poll_frequency=0.02,
        ignored_exceptions=[StaleElementReferenceException],
    )
    waiting.until(condition)


def list_complaints(browser: Browser) -> list[str]:
    """What the browser's console says against the page."""
    rows: list[dict[str, str]] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [row["message"] for row in rows if row["level"] != "INFO"]
