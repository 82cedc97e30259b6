"""Suggestions: time and memory for big catalogues, and how the time grows with the products."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from bench.measure import Line, alone

LISTINGS, PRODUCTS = 10_000, 100_000
FEED, SHOP = 22_000, 2_500
CURVE = (10_000, 30_000, PRODUCTS)
RUNS, TURNS = 3, 5


def lines() -> Iterator[Line]:
    alone(suggestions, 100, 100)
    yield _time("the command from files to end", FEED, SHOP, command(FEED, SHOP), below=5)
    # In turns, for a machine is quicker at one time than at another.
    turns = [{size: alone(suggestions, LISTINGS, size) for size in CURVE} for _ in range(TURNS)]
    sizes = {size: [turn[size] for turn in turns] for size in CURVE}
    seconds = {size: [taken for taken, _, _ in runs] for size, runs in sizes.items()}
    yield _time("index and ask", LISTINGS, PRODUCTS, seconds[PRODUCTS], below=30)
    peaks = [peak for _, peak, _ in sizes[PRODUCTS]]
    yield Line(f"Suggest: peak memory, {PRODUCTS:,} products", LISTINGS, peaks, below=2, unit="GB")
    asked = {size: [asking for _, _, asking in runs] for size, runs in sizes.items()}
    few = CURVE[0]
    for size in CURVE[1:]:
        figures = [above / below for above, below in zip(asked[size], asked[few], strict=True)]
        medians = f"{median(asked[size]):.1f} s, {median(asked[few]):.1f} s"
        what = f"Suggest: asking {size:,} products ÷ {few:,} products, time"
        yield Line(what, LISTINGS, figures, medians=medians)


def _time(work: str, listings: int, products: int, seconds: list[float], below: float) -> Line:
    what = f"Suggest: {work}, {products:,} products, time"
    return Line(what, listings, seconds, below=below, unit="s")


def command(listings: int, products: int) -> list[float]:
    """Seconds of `python -m lib suggest`, a process from its start to its end, in each run."""
    names = catalogue(products)
    seconds = []
    with TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "lib", "suggest"]
        for kind, column, rows in (
            ("products", "product", names),
            ("listings", "listing", feed(listings, names)),
        ):
            path = Path(folder) / f"{kind}.csv"
            rows.rename_axis(column).to_csv(path)
            words += [f"--{kind}", str(path)]
        for _ in range(RUNS):
            start = time.perf_counter()
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - start)
    return seconds


def suggestions(listings: int, products: int) -> tuple[float, float, float]:
    """Seconds for all, the peak memory of this process in GB, and seconds without the index."""
    names = catalogue(products)
    titles = feed(listings, names)
    start = time.perf_counter()
    from lib.suggest.engine import suggest
    from lib.suggest.index import Index

    index = Index(names)
    built = time.perf_counter()
    suggest(titles, index)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return end - start, peak / 1e9, end - built


def catalogue(count: int) -> pd.DataFrame:
    """Names of 7 words: brand, three words some of which are in every tenth name and most in few,
    as in real catalogues, model number, size, colour."""
    rng = np.random.default_rng(41)
    words = _words(rng, 20_000)
    columns = [_often(rng, words[:2_000], count)]
    columns += [_often(rng, words, count) for _ in range(3)]
    letters = rng.integers(65, 91, size=(count, 3), dtype=np.uint32).view("U3").ravel()
    columns.append(np.char.add(letters, rng.integers(100, 99_999, size=count).astype("U5")))
    sizes = rng.integers(1, 200, size=count).astype("U3")
    columns.append(np.char.add(sizes, rng.choice([" cm", " ml", "GB", " inch"], size=count)))
    columns.append(rng.choice(["black", "white", "red", "blue", "silver"], size=count))
    return pd.DataFrame({"name": [" ".join(row) for row in zip(*columns, strict=True)]})


def feed(count: int, products: pd.DataFrame) -> pd.DataFrame:
    """Titles of such products, each without one word and in another order."""
    rng = np.random.default_rng(43)
    chosen = products["name"].iloc[rng.integers(len(products), size=count)].str.split()
    return pd.DataFrame({"title": [" ".join(rng.permutation(words)[1:]) for words in chosen]})


def _often(rng: np.random.Generator, words: np.ndarray, count: int) -> np.ndarray:
    """Words as often as words are: the second half as often as the first, and so on."""
    share = 1 / np.arange(2, len(words) + 2)
    return rng.choice(words, size=count, p=share / share.sum())


def _words(rng: np.random.Generator, count: int) -> np.ndarray:
    syllables = [first + second for first in "bdfgklmnprstvw" for second in "aeiou"]
    return np.array(["".join(rng.choice(syllables, size=rng.integers(2, 5))) for _ in range(count)])
