"""Reading a big listing report, against pandas' bare read of the same bytes."""

import io
import re
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from bench.data import MARKETPLACES, catalogue
from bench.measure import Line, alone, interleaved, ratios
from lib.source import report

ROWS = 200_000
RUNS, MEMORY_RUNS = 9, 3
ENCODING = "cp1252"
COLUMNS = 47


def lines() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.txt")
        alone(data_file, path)
        data = path.read_bytes()
        size = len(data)
        taken = interleaved(
            RUNS,
            read=lambda: partial(report.read, data, path.name, "DE"),
            pandas=lambda: partial(_bare_pandas, data),
        )
        peaks = [alone(peak, path) / size for _ in range(MEMORY_RUNS)]
    seconds = ", ".join(f"{name} {median(each):.2f} s" for name, each in taken.items())
    yield Line(
        f"Report: read ÷ bare pandas, time, {COLUMNS} columns, {size / 1e6:.0f} MB",
        ROWS,
        ratios(taken["read"], taken["pandas"]),
        below=3,
        medians=seconds,
    )
    yield Line("Report: peak memory ÷ size of the file", ROWS, peaks, below=6)


def _bare_pandas(data: bytes) -> None:
    """All columns as text. Without quoting, or it would swallow rows."""
    pd.read_csv(io.BytesIO(data), sep="\t", dtype=str, encoding=ENCODING, quoting=3)


def data_file(path: Path) -> None:
    """Writes an all-listings report in the layout of an EU seller with B2B prices: 47 columns,
    1% of the titles beginning with a quotation mark and a tenth of the codes an EAN."""
    rng = np.random.default_rng(31)
    products = catalogue(ROWS // len(MARKETPLACES))
    number = np.arange(ROWS)
    at = number % len(products)
    text = partial(pd.Series, dtype="str")
    name = products["name"].iloc[at].reset_index(drop=True)
    barcode = products["barcode"].iloc[at].reset_index(drop=True)
    asin = text("B0" + text(number.astype("str")).str.zfill(8))
    coded = (rng.random(ROWS) < 0.1) & (barcode != "")
    columns = {
        "item-name": name.mask(rng.random(ROWS) < 0.01, '"' + name),
        "item-description": name + ". Ein Stück für jedes Büro, geprüft und sofort lieferbar. " * 2,
        "listing-id": "0101" + text(number.astype("str")).str.zfill(9),
        "seller-sku": "SKU-" + text(number.astype("str")).str.zfill(7),
        "price": text((rng.integers(100, 99_999, ROWS) / 100).astype("str")),
        "quantity": text(rng.integers(0, 200, ROWS).astype("str")),
        "open-date": "08/07/2016 10:12:40 BST",
        "image-url": "",
        "item-is-marketplace": "y",
        "product-id-type": pd.Series("1", range(ROWS)).mask(coded, "4"),
        "zshop-shipping-fee": "",
        "item-note": "",
        "item-condition": "11",
        "zshop-category1": "",
        "zshop-browse-path": "",
        "zshop-storefront-feature": "",
        "asin1": asin,
        "asin2": "",
        "asin3": "",
        "will-ship-internationally": "1",
        "expedited-shipping": "",
        "zshop-boldface": "",
        "product-id": asin.mask(coded, barcode),
        "bid-for-featured-placement": "",
        "add-delete": "",
        "pending-quantity": "0",
        "fulfillment-channel": np.where(rng.random(ROWS) < 0.6, "AMAZON_EU", "DEFAULT"),
    }
    columns |= {f"Business Price {at}": "" for at in range(COLUMNS - len(columns) - 2)}
    columns["status"] = np.where(rng.random(ROWS) < 0.8, "Active", "Inactive")
    columns["merchant-shipping-group"] = "Standardvorlage"
    frame = pd.DataFrame(columns, index=range(ROWS))
    lines = ["\t".join(frame), *("\t".join(row) for row in frame.itertuples(index=False))]
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(ENCODING))


def peak(path: Path) -> float:
    """How many bytes more this process held at most while it read the file, the file included."""
    before = _most_held()
    report.read_path(path, "DE")
    return _most_held() - before


def _most_held() -> int:
    """What this process held at most so far, in bytes. getrusage would begin with the size of the
    process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024
