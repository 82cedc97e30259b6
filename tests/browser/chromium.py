"""Debian's Chromium for Playwright, whose own browsers are on no package registry.

with launched() as browser, tab(browser) as page:
    page.goto(url)
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.odoo.install import alone_with_apt

VIEWPORT = {"width": 1440, "height": 1100}
# Root has no sandbox; and the browser must ask nothing of the network by itself.
LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def unavailable() -> str:
    """Why this machine cannot have Chromium, or "" if it can."""
    if shutil.which("chromium") or (os.geteuid() == 0 and shutil.which("apt-get")):
        return ""
    return "chromium is missing, and only root with apt could install it"


def chromium() -> str:
    """The path of chromium, installed first if it is missing."""
    if reason := unavailable():
        raise RuntimeError(reason)
    with alone_with_apt():
        if not shutil.which("chromium"):
            _install()
    return shutil.which("chromium") or "chromium"


def _install() -> None:
    for command in (["update"], ["-y", "install", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", "-q", *command],
            text=True,
            capture_output=True,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        if done.returncode:
            raise RuntimeError(f"apt-get {command[0]} failed:\n{done.stderr[-2000:]}")


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium, or a skipped test; in CI it must be there."""
    if reason := unavailable():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=LAUNCH_ARGS)
        yield browser
        browser.close()


@contextmanager
def tab(browser: Browser, **options) -> Iterator[Page]:
    """A page with cookies of its own, that must end without an error: none thrown or printed by a
    script, nothing missing, and no other host asked for anything."""
    context = browser.new_context(viewport=VIEWPORT, **options)
    page = context.new_page()
    errors: list[str] = []

    def ask(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname != "127.0.0.1":
            errors.append(f"asked another host: {request.url}")

    def answer(response: Response) -> None:
        # Streamlit looks for its own root, and finds it, from below a page's address.
        if response.status >= 400 and "/_stcore/" not in response.url:
            errors.append(f"{response.status}: {response.url}")

    def speak(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            errors.append(said.text)

    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", ask)
    page.on("response", answer)
    page.on("console", speak)
    yield page
    context.close()
    assert not errors, "\n".join(errors)
