"""The screens, run by Streamlit's AppTest on the embedded demo store in a folder of each test."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from lib.model import Lane
from lib.run.engine import close_engine, engine
from lib.source import map_out
from lib.ui.registry import ROOT, PageSpec

SHELL = ROOT / "lib" / "ui" / "shell.py"
SECONDS = 60


class Visitor:
    """One session in a browser, in the words of the screen."""

    def __init__(self) -> None:
        self.at = AppTest.from_file(SHELL, default_timeout=SECONDS)
        self.at.session_state["decided"] = True  # what is taken back is in a part to be opened
        self.at.run()

    def open(self, page: PageSpec) -> None:
        self.at.query_params.clear()  # as the browser does
        self.at.switch_page(f"../../pages/{page.file}").run()

    def upload(self, data: bytes | None = None, name: str = "sample_map.csv") -> None:
        """Upload a file, the sample file unless told otherwise."""
        if self.at.file_uploader:
            uploader = self.at.file_uploader[0]
        else:
            self.press("Another file")
            uploader = self.at.file_uploader[0]
        uploader.upload(name, map_out.sample_csv() if data is None else data).run()

    def press(self, label: str) -> None:
        """Press the first button whose label begins so."""
        next(button for button in self.at.button if button.label.startswith(label)).click().run()

    def choose(self, product: str) -> None:
        """Find a product for the waiting row by its reference, and choose it."""
        boxes = (box for box in self.at.text_input if box.key.startswith("search_"))
        next(boxes).set_value(product).run()
        self.press("Choose")

    def execute(self) -> None:
        """Press Execute and watch until the result is there."""
        self.press("Execute")
        self.wait_for("Close the result")

    def wait_for(self, label: str) -> None:
        """Wait until no run is under way, and look for the button that is there then."""
        end = time.monotonic() + SECONDS

        def in_time(*_: object) -> None:
            assert time.monotonic() < end, f"no button {label!r} within {SECONDS} seconds"

        while label not in self.buttons:
            in_time()
            for run in engine().journal.runs(active=True):
                engine().wait(run.id, in_time)
            self.at.run()

    @property
    def buttons(self) -> list[str]:
        return [button.label for button in self.at.button]

    @property
    def numbers(self) -> dict[str, int]:
        """The cards: label -> number."""
        return {card.label.split("] ")[-1]: int(card.value) for card in self.at.metric}

    @property
    def lanes(self) -> dict[str, int]:
        """The five cards of the review."""
        return {lane.label: self.numbers[lane.label] for lane in Lane}

    @property
    def errors(self) -> list[str]:
        """What the error boxes say, as the browser shows it: without the escapes of markdown."""
        return [re.sub(r"\\(.)", r"\1", error.value) for error in self.at.error]

    @property
    def text(self) -> str:
        """All that is sent to the browser."""
        return "\n".join(str(element.proto) for element in self.at if hasattr(element, "proto"))


@pytest.fixture(autouse=True, scope="session")
def scanned_once() -> Iterator[None]:
    """AppTest looks through all that is installed for components, for each visitor anew."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with settings and data of its own, and a process that remembers nothing."""
    (tmp_path / ".streamlit").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPPER_DATA", str(tmp_path / "data"))
    st.cache_resource.clear()
    close_engine()
    yield tmp_path
    close_engine()
    st.cache_resource.clear()


@pytest.fixture
def visit() -> Callable[[], Visitor]:
    """Opens the app as one more visitor."""
    return Visitor


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def reviewing(visitor: Visitor) -> Visitor:
    """A visitor who has uploaded the sample file."""
    visitor.upload()
    return visitor


@pytest.fixture
def executed(reviewing: Visitor) -> Visitor:
    """A visitor who has executed the sample file."""
    reviewing.execute()
    return reviewing


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """File name -> what its download button on the screen makes."""
    offered = {}
    place = st.download_button

    def keep(label, data, file_name, *arguments, **options):
        offered[file_name] = data
        return place(label, data, file_name, *arguments, **options)

    monkeypatch.setattr(st, "download_button", keep)
    return offered
