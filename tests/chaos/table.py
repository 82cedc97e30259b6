"""A plugin of pytest: the table of what became of the faults, at the end of a session.

``CHAOS_SEED`` repeats the moments of an earlier session; ``CHAOS=long`` (``make chaos``) writes the
table into docs/reliability.md. It is no conftest.py: with pytest-xdist the process that prints the
summary reads none but the first.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reliability.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEADER = ["Fault", "Runs", "Faults", "Rows", "Duplicates", "Losses", "Seconds"]
LONG = os.environ.get("CHAOS") == "long"
# In the environment, where the workers of pytest-xdist find it.
SEED = int(os.environ.get("CHAOS_SEED") or time.time())
os.environ["CHAOS_SEED"] = str(SEED)
TABLE = "chaos"
"""The property under which the report of a test has its line of the table."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ended = [report for reports in terminalreporter.stats.values() for report in reports]
    measured = dict.fromkeys(
        (report.nodeid, *line)
        for report in ended
        for name, line in getattr(report, "user_properties", ())
        if name == TABLE
    )
    if not measured:
        return
    lines = [HEADER, ["---"] * len(HEADER), *(line for _, *line in measured)]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    terminalreporter.write_sep("-", f"chaos, CHAOS_SEED={SEED}")
    terminalreporter.write(table)
    all_of_it = [Path(given).resolve() for given in terminalreporter.config.args] == [HERE]
    gaps = ("failed", "error", "skipped", "deselected")
    if LONG and all_of_it and not any(terminalreporter.stats.get(gap) for gap in gaps):
        from bench.measure import machine  # loads the app, which every session would wait for

        about = f"Measured on {time.strftime('%Y-%m-%d')}: {machine()}, Odoo 19.0.\n\n"
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{about}{table}{END}{after}", "utf-8")
