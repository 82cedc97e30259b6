"""A shop of any size for the screens: its catalogue and layer in an embedded store, a map file with
rows in every lane, and listing reports."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from bench.data import MARKETPLACES, catalogue
from lib.columns import MAP_FIELDS
from lib.external_id import listing_ids
from lib.source.marketplaces import resolve
from lib.target.embedded import EmbeddedTarget
from lib.ui.registry import ROOT

SELLER = "bench"
SECRETS = f"[sellers.{SELLER}]\ncreate = true\n"
SHARES = {
    "mapped": 0.60, "exact": 0.28, "barcode": 0.03, "spelling": 0.02, "new": 0.01, "blank": 0.01,
    "archived": 0.005, "several": 0.01, "relink": 0.005, "unknown_market": 0.02, "no_sku": 0.01,
}  # fmt: skip
"""What becomes of a SKU of the map file, on each of MARKETPLACES, and the share that do so."""
BATCH = 50_000


def open_shop(folder: Path, rows: int, products: int) -> None:
    """Fill ``folder`` as the app's: its settings, a catalogue of ``products``, a layer of ``rows``
    Amazon Products, the report of one marketplace executed, and map.csv and report.txt of
    ``rows``."""
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(SECRETS)
    target = EmbeddedTarget(folder / "data" / "embedded.sqlite")
    made = catalogue(products).drop(columns=["id", "xid"], errors="ignore")
    target.take_products(made.assign(external_id=""))
    there = target.catalogue().products
    listed = _listings(rows, there)
    layer = _layer(listed, there, rows)
    for first in range(0, len(layer), BATCH):
        target.load("amazon_product", layer.iloc[first : first + BATCH])
    listed[list(MAP_FIELDS)].rename(columns=MAP_FIELDS).to_csv(folder / "map.csv", index=False)
    _write_report(folder / "report.txt", _references(rows, there))
    _write_report(folder / "layer.txt", _skus_of("DE", layer))
    sync = ["sync", "--seller", SELLER, "--marketplace", "DE", "--file", "layer.txt"]
    done = subprocess.run(
        [sys.executable, "-m", "lib", *sync],
        cwd=folder,
        env={**os.environ, "MAPPER_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    # 1: some listings are new.
    assert done.returncode in (0, 1), done.stderr


def _listings(rows: int, products: pd.DataFrame) -> pd.DataFrame:
    """MAP_FIELDS, ``form`` (of SHARES) and ``product``, the place of what a row is about."""
    rng = np.random.default_rng(47)
    sku, market = np.divmod(rng.permutation(rows), len(MARKETPLACES))
    form = rng.choice(list(SHARES), size=rows, p=list(SHARES.values()))[sku]
    shared = products["reference"].duplicated(keep=False)
    usable = np.flatnonzero(products["active"] & ~shared)
    at = usable[rng.integers(len(usable), size=rows)[sku]]
    for name, wanted in (
        ("barcode", products["active"] & ~shared & (products["barcode"] != "")),
        ("archived", ~products["active"] & ~shared),
        ("several", products["active"] & products["reference"][products["active"]]
         .duplicated(keep=False).reindex(products.index, fill_value=False)),
    ):  # fmt: skip
        among = np.flatnonzero(wanted)
        at = np.where(form == name, among[at % len(among)], at)
    taken = products.iloc[at].reset_index(drop=True)
    number = _text(sku).str.zfill(7)
    reference = taken["reference"].case_when(
        [
            (form == "barcode", taken["barcode"]),
            (form == "spelling", taken["reference"].str.lower() + " "),
            (form == "new", "NEW-" + number),
            (form == "blank", ""),
        ]
    )
    name = _text(np.array(MARKETPLACES)[market])
    ending = _text(np.array(["", " - New", ", Pack of 1", " (2026)"])[sku % 4])
    return pd.DataFrame(
        {
            "title": taken["name"] + ending,
            "reference": reference,
            "sku": ("SKU-" + number).mask(form == "no_sku", ""),
            "marketplace": name.mask(form == "unknown_market", "Amazon.example"),
            "fulfilment": _text(np.where(sku % 5 < 3, "FBA", "FBM")),
            "form": form,
            "product": at,
        }
    )  # fmt: skip


def _layer(listed: pd.DataFrame, products: pd.DataFrame, rows: int) -> pd.DataFrame:
    """As many Amazon Products as ``rows``: those of the map file that are mapped, rightly or to
    another product, and others that it does not name, some of them on archived products."""
    named = listed[listed["form"].isin(["mapped", "relink"])].reset_index(drop=True)
    other = np.arange(rows - len(named))
    wrong = (named["form"] == "relink").to_numpy()
    at = np.where(wrong, (named["product"] + 7) % len(products), named["product"])
    at = np.append(at, other * 31 % len(products))
    frame = pd.DataFrame(
        {
            "sku": pd.concat([named["sku"], "OLD-" + _text(other // 4).str.zfill(7)]),
            "marketplace": pd.concat(
                [named["marketplace"], _text(np.array(MARKETPLACES)[other % 4])]
            ),
            "fulfilment": pd.concat([named["fulfilment"], _text(np.full(len(other), "FBA"))]),
        }
    ).reset_index(drop=True)
    taken = products.iloc[at].reset_index(drop=True)
    market = resolve(frame["marketplace"])
    channel = frame["fulfilment"].map({"FBA": "AFN", "FBM": "MFN"}).astype("str")
    keys = zip([SELLER] * rows, market, channel, frame["sku"], strict=True)
    return pd.DataFrame(
        {
            "xid": listing_ids(keys),
            "seller": SELLER,
            "market": market,
            "sku": frame["sku"],
            "units": 1,
            "channel": channel,
            "product_id": taken["id"],
            "title": taken["name"],
            "created_for": "",
        }
    )


def _skus_of(market: str, layer: pd.DataFrame) -> pd.DataFrame:
    """What Amazon lists of a marketplace: most of what the layer has, and some that it has not."""
    held = layer.loc[layer["market"] == market, ["sku", "channel"]].iloc[: -len(layer) // 40]
    new = pd.DataFrame({"sku": "LOST-" + _text(np.arange(len(layer) // 100)), "channel": "AFN"})
    return pd.concat([held, new])


def _references(rows: int, products: pd.DataFrame) -> pd.DataFrame:
    """Listings whose SKU is a reference, but for some whose SKU nobody knows."""
    number = np.arange(rows)
    sku = products["reference"].iloc[number % len(products)].reset_index(drop=True)
    again = _text(number // len(products)).replace("0", "")
    sku = (sku + again).mask(number % 50 == 0, "LOST-" + _text(number))
    return pd.DataFrame({"sku": sku, "channel": np.where(number % 5 < 3, "AFN", "MFN")})


def _write_report(path: Path, listed: pd.DataFrame) -> None:
    number = np.arange(len(listed))
    columns = {
        "item-name": "Desk of listing " + _text(number),
        "seller-sku": listed["sku"].reset_index(drop=True),
        "price": "79.90",
        "quantity": "5",
        "product-id-type": "1",
        "asin1": "B0" + _text(number).str.zfill(8),
        "product-id": "B0" + _text(number).str.zfill(8),
        "fulfillment-channel": np.where(listed["channel"] == "AFN", "AMAZON_EU", "DEFAULT"),
        "status": "Active",
    }
    pd.DataFrame(columns).to_csv(path, sep="\t", index=False)


def _text(values: np.ndarray) -> pd.Series:
    return pd.Series(values).astype("str")
