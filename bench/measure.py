"""Ratios, measured side by side in one run: what two machines, or two days, cannot change."""

import gc
import os
import platform
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import median
from typing import Any

import pandas as pd

Way = Callable[[], Callable[[], object]]
"""One way to do some work: prepares it afresh, untimed, and returns what is to be timed."""

SOFTWARE = {"Python": platform.python_version(), "pandas": pd.__version__}
"""What was measured with: name -> version."""

HEADER = ["Measured", "Rows", "Runs", "Median (min–max)", "Bound", "Holds", "Medians"]


@dataclass(frozen=True)
class Line:
    """One line of the table: a figure of each run, and the bound that their median has to keep."""

    what: str
    rows: int
    figures: list[float]
    least: float | None = None
    below: float | None = None
    unit: str = "×"
    medians: str = ""

    @property
    def holds(self) -> bool:
        figure = median(self.figures)
        return (self.least is None or figure >= self.least) and (
            self.below is None or figure < self.below
        )

    @property
    def cells(self) -> list[str]:
        least, middle, most = (f(self.figures) for f in (min, median, max))
        bounds = [] if self.least is None else [f"≥ {self.least:g} {self.unit}"]
        bounds += [] if self.below is None else [f"< {self.below:g} {self.unit}"]
        return [
            self.what,
            f"{self.rows:,}",
            str(len(self.figures)),
            f"{_short(middle)} {self.unit} ({_short(least)}–{_short(most)})",
            " and ".join(bounds) or "none",
            ("yes" if self.holds else "**no**") if bounds else "",
            self.medians,
        ]


def interleaved(runs: int, **ways: Way) -> dict[str, list[float]]:
    """Seconds of each way, in turns (A B B A…) after one turn each that does not count: what comes
    first in a turn may be the quicker for it."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for _ in range(1 + runs):
        order.reverse()
        for name in order:
            work = ways[name]()
            gc.collect()
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return {name: taken[1:] for name, taken in seconds.items()}


def alone(work: Callable, *arguments: object) -> Any:
    """The result of ``work`` in a process of its own: its memory counts for nobody else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def ratios(upper: list[float], lower: list[float]) -> list[float]:
    """One ratio a turn, so that what slows a whole turn down cancels out."""
    return [above / below for above, below in zip(upper, lower, strict=True)]


def speeds(rows: int, **seconds: list[float]) -> str:
    """The medians as rows a second: ``name 1,234/s, ...``."""
    names = {name.replace("_", " "): taken for name, taken in seconds.items()}
    return ", ".join(f"{name} {rows / median(taken):,.0f}/s" for name, taken in names.items())


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    software = ", ".join(f"{name} {version}" for name, version in SOFTWARE.items())
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory, {software}"


def _short(figure: float) -> str:
    return f"{figure:.3g}"
