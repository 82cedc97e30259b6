"""Reading and matching a big map file, against bare pandas, and ten times as many rows."""

import resource
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

import pandas as pd

from bench import data
from bench.measure import Line, alone, interleaved, ratios, speeds
from lib.catalogue import Catalogue
from lib.match.ladder import match
from lib.model import Options, Seller
from lib.source import map_file
from lib.source.marketplaces import MARKETPLACES

PRODUCTS = ROWS = 100_000
MANY_ROWS = 1_000_000
RUNS, MANY_RUNS = 15, 5
SELLER = Seller("bench", tuple(MARKETPLACES))


def lines() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few.csv"), Path(folder, "many.csv")
        for path, rows in ((few, ROWS), (many, MANY_ROWS)):
            alone(data_file, path, rows, PRODUCTS)
        products = data.catalogue(PRODUCTS)
        taken = interleaved(
            RUNS,
            match=lambda: partial(_read_and_match, few, products),
            pandas=lambda: partial(_bare_pandas, few, products),
        )
        turns = [alone(few_and_many, few, many, PRODUCTS) for _ in range(MANY_RUNS)]
    yield Line(
        "Match: read and match ÷ bare pandas, time",
        ROWS,
        ratios(taken["match"], taken["pandas"]),
        below=3,
        medians=speeds(ROWS, match=taken["match"], pandas=taken["pandas"]),
    )
    few_seconds, many_seconds, peaks = (list(column) for column in zip(*turns, strict=True))
    yield Line(
        f"Match: {MANY_ROWS:,} rows ÷ {ROWS:,} rows, time",
        MANY_ROWS,
        ratios(many_seconds, few_seconds),
        below=12,
        medians=f"{median(many_seconds):.1f} s, {median(few_seconds):.2f} s",
    )
    yield Line("Match: peak memory", MANY_ROWS, peaks, below=2, unit="GB")


def _read_and_match(path: Path, products: pd.DataFrame) -> None:
    """On a catalogue that has no index yet, so that what it keeps for later is paid for."""
    file = map_file.read_path(path)
    match(file.listings, Catalogue(products), SELLER, Options())


def _bare_pandas(path: Path, products: pd.DataFrame) -> None:
    """The least that could be called matching. Products without the code are left out, or each
    blank cell would be multiplied by them."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    for code in ("reference", "barcode"):
        coded = products[products[code] != ""]
        rows.merge(coded, how="left", left_on="Internal Reference", right_on=code)


def data_file(path: Path, rows: int, products: int) -> None:
    data.listings(rows, data.catalogue(products), path)


def few_and_many(few: Path, many: Path, products: int) -> tuple[float, float, float]:
    """Seconds for either file, and the peak memory of this process in GB."""
    frame = data.catalogue(products)
    _read_and_match(few, frame)
    seconds = []
    for path in (few, many):
        start = time.perf_counter()
        _read_and_match(path, frame)
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return *seconds, peak / 1e9
