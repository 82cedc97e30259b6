"""A served app and a real browser to visit it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.browser.server import App, served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
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
