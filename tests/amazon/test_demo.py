"""The demo Amazon, as a new user starts it; production code in a process of its own."""

import json
import os
import subprocess
import sys

import pytest

from lib.settings import DEMO_VARIABLE
from lib.ui.registry import ROOT

CODE = """
from lib import settings
from lib.amazon.port import NoReport, ReportKind
from lib.amazon.reports import fetch
from lib.store import Store

configured = settings.load()
amazon, store = configured.open_amazon("demo"), Store(configured.database)
print([place.market for place in amazon.marketplaces()])
for market in ("US", "JP"):
    document = fetch(store, amazon, market, ReportKind.ACTIVE)
    print(document.encoding, document.data.decode(document.encoding).splitlines()[1][:20])
try:
    fetch(store, amazon, "DE", ReportKind.ACTIVE)
except NoReport as told:
    print(told)
"""


@pytest.fixture
def environment(tmp_path):
    """What the printed file sets, while the demo runs."""
    words = [sys.executable, "-m", "tests.amazon.server", str(tmp_path), "0"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            while "Ctrl-C" not in (line := server.stdout.readline()):
                assert line
            sourced = ["sh", "-c", f". {tmp_path}/environment && env -0"]
            shown = subprocess.run(sourced, capture_output=True, text=True, check=True).stdout
            yield dict(entry.split("=", 1) for entry in shown.split("\0") if entry)
        finally:
            server.terminate()


# Variables of the client library that would have it fail or lead it elsewhere.
@pytest.mark.parametrize("foreign", [{}, {"AWS_ENV": "dev", "SP_API_DEFAULT_MARKETPLACE": "XX"}])
def test_the_demo_seller_gets_two_reports_one_of_them_japanese(environment, tmp_path, foreign):
    (tmp_path / "home").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=tmp_path / "home",
        env=os.environ | environment | foreign | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    places, us, jp, other = done.stdout.splitlines()
    assert places == "['US', 'JP']"
    assert us.startswith("utf-8 Office Chair")
    assert jp.startswith("cp932 ペダル式ゴミ箱 ①型")
    assert "nothing to report" in other


def test_the_demo_has_the_app_say_that_it_is_not_amazon(environment):
    assert "Not Amazon" in environment[DEMO_VARIABLE]


def test_a_sync_without_a_file_asks_amazon_for_it(environment, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "lib", "sync", "--seller", "demo", "--marketplace", "JP",
         "--dry-run", "--json"],
        cwd=tmp_path,
        env=os.environ | environment | {"PYTHONPATH": str(ROOT), "MAPPER_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert "Done" in done.stderr.splitlines()[-1]
    counted = json.loads(done.stdout)
    assert counted["rows"] == sum(counted["lanes"].values()) > 0
    assert counted["drift"] == 0
    assert done.returncode == 1  # what the demo sells, the sample catalogue does not have
