"""A served app and a real browser to visit it with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.browser.server import App, served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium, or a skipped test; in CI it must be there."""
    if reason := chromium.unavailable():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with chromium.launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab that must end without an error."""
    with chromium.tab(browser) as page:
        yield page


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The app on its embedded demo store."""
    with served(tmp_path) as app:
        yield app
        assert "Traceback" not in app.log.read_text(errors="replace")
