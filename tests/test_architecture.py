"""The walls of the house: who may know Streamlit, how long a file may be, which pages there are."""

import ast
import tomllib
from pathlib import Path

import pytest

from lib.ui.registry import PAGES, ROOT

LONGEST = 300
LIB = sorted((ROOT / "lib").rglob("*.py"))
SCREENS = sorted((ROOT / "pages").glob("*.py"))
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", LIB, ids=named)
def test_only_lib_ui_knows_streamlit(path):
    assert "streamlit" not in imported(path) or path.is_relative_to(ROOT / "lib" / "ui")


@pytest.mark.parametrize("path", LIB, ids=named)
def test_lib_does_not_reach_up_to_pages_tests_or_benchmarks(path):
    assert not imported(path) & {"app", "pages", "tests", "bench"}


@pytest.mark.parametrize("path", [*LIB, *SCREENS, ROOT / "app.py"], ids=named)
def test_no_file_is_too_long_to_read_at_once(path):
    lines = path.read_text().count("\n")
    assert lines <= LONGEST


def test_every_registered_page_is_there_and_every_page_is_registered():
    assert sorted(spec.path for spec in PAGES) == SCREENS
    assert sum(spec.default for spec in PAGES) == 1


def test_the_app_listens_on_this_machine_only_and_guards_against_forged_requests():
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["enableXsrfProtection"] is True
    assert CONFIG["server"].get("enableCORS", True) is True


def test_the_page_shows_no_details_of_errors_and_sends_no_usage_statistics():
    assert CONFIG["client"]["showErrorDetails"] in ("type", "none")
    assert CONFIG["browser"]["gatherUsageStats"] is False


def test_no_setting_for_development_is_left_on():
    assert "enableAgentApi" not in CONFIG["server"]
    assert CONFIG["client"]["toolbarMode"] == "minimal"
