"""Big synthetic tables for the benchmarks: a catalogue and the map file that goes with it."""

from pathlib import Path

import numpy as np
import pandas as pd

from lib.columns import MAP_FIELDS, PRODUCT_COLUMNS

BRANDS = ["Oakenford", "Feldmark", "Nordvale", "Voltaro", "Pixelyn", "Kabelux", "Grünhöfer"]
KINDS = ["Desk", "Office Chair", "Shelf", "Lamp", "Monitor", "Keyboard", "USB-C Cable", "Webcam"]
FINISHES = ["Black", "White", "Oak", "Walnut", "Silver", "Graphite", "Navy", "Sand"]
SIZES = ["small", "medium", "large", "120 cm", "160 cm", "2 m", "27 inch", "1 TB"]
MARKETPLACES = ["Amazon.com", "Amazon.co.uk", "Amazon.de", "Amazon.fr"]

FORMS = {"exact": 0.70, "barcode": 0.10, "spelling": 0.05, "unknown": 0.10, "blank": 0.05}
"""How a map file row gives its product, and the share of rows that do so."""


def catalogue(products: int) -> pd.DataFrame:
    """PRODUCT_COLUMNS: all with a reference, 60% with a barcode, 1% sharing another's reference
    and 2% archived."""
    rng = np.random.default_rng(19)
    number = np.arange(products)
    style = number % 3
    padded = _text(number).str.zfill(7)
    reference = _text(np.array(["EL-", "FURN_", "P"])[style]) + padded
    reference += _text(np.array(["", "", "-BLK"])[style])
    twins = rng.permutation(products)[: products // 100 * 2]
    copies, originals = np.split(twins, 2)
    reference.iloc[copies] = reference.iloc[originals].to_numpy()
    barcode = _ean13(952_000_000_000 + number * 37).where(rng.random(products) < 0.6, "")
    frame = {
        "id": number + 1,
        "reference": reference,
        "barcode": barcode,
        "name": _names(number, rng),
        "active": rng.random(products) >= 0.02,
        "xid": _text(np.full(products, "")),
    }
    return pd.DataFrame(frame)[PRODUCT_COLUMNS]


def listings(rows: int, products_frame: pd.DataFrame, path: Path) -> None:
    """Writes a map file in which every SKU is one product, offered on each of MARKETPLACES."""
    rng = np.random.default_rng(23)
    row = rng.permutation(rows)
    sku, market = np.divmod(row, len(MARKETPLACES))
    forms = list(FORMS)[:-1]
    shares = np.array([FORMS[form] for form in forms]) / (1 - FORMS["blank"])
    form = rng.choice(len(forms), size=rows, p=shares)[sku]
    barcoded = np.flatnonzero(products_frame["barcode"] != "")
    at = rng.integers(len(products_frame), size=rows)[sku]
    at = np.where(form == forms.index("barcode"), barcoded[at % len(barcoded)], at)
    exact = products_frame["reference"].iloc[at].reset_index(drop=True)
    barcode = products_frame["barcode"].iloc[at].reset_index(drop=True)
    spelling = (exact.str.lower() + " ").where(row % 2 == 0, " " + exact)
    reference = exact.case_when(
        [
            (rng.random(rows) < FORMS["blank"], ""),
            (form == forms.index("barcode"), barcode),
            (form == forms.index("spelling"), spelling),
            (form == forms.index("unknown"), "UNKNOWN-" + _text(sku)),
        ]
    )
    name = products_frame["name"].iloc[at].reset_index(drop=True)
    columns = {
        "title": name + _text(np.array(["", " - New", ", Pack of 1", " (2026)"])[sku % 4]),
        "reference": reference,
        "sku": "SKU-" + _text(sku).str.zfill(7),
        "marketplace": _text(np.array(MARKETPLACES)[market]),
        "fulfilment": _text(np.where(rng.random(rows) < 0.6, "FBA", "FBM")),
    }
    pd.DataFrame(columns).rename(columns=MAP_FIELDS).to_csv(path, index=False)


def _text(values: np.ndarray) -> pd.Series:
    return pd.Series(values).astype("str")


def _names(number: np.ndarray, rng: np.random.Generator) -> pd.Series:
    name = _text(number)
    for words in (KINDS, BRANDS):
        name = _text(rng.choice(words, size=len(number))) + " " + name
    for words in (FINISHES, SIZES):
        name = name + ", " + _text(rng.choice(words, size=len(number)))
    return name


def _ean13(twelve: np.ndarray) -> pd.Series:
    """These 12 digit numbers with their check digit."""
    weighted = sum(twelve // 10**place % 10 * (3, 1)[place % 2] for place in range(12))
    return _text(twelve * 10 + -weighted % 10)
