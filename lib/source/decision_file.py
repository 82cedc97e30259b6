"""Kept decisions as a CSV file, to look at, to change and to read in again."""

import pandas as pd

from lib.match.decisions import DECISION_COLUMNS, Verdict
from lib.model import CHANNEL_LABELS, MapperError
from lib.source import channels, map_out, marketplaces
from lib.source.map_file import check_size, unescape
from lib.source.table import open_table

HEADERS = {
    "verdict": "Decision",
    "sku": "Seller SKU",
    "market": "Marketplace",
    "channel": "Fulfilment",
    "reference": "Internal Reference",
    "name": "Product",
    "product_id": "Product ID",
    "said": "File said",
    "why": "Why it waited",
    "note": "Note",
    "user": "By",
    "decided": "At",
}
"""Our name -> header as written."""

_REQUIRED = ("verdict", "sku", "market", "channel")
_VERDICTS = {verdict.value: verdict.value for verdict in Verdict}


def to_csv(decisions: pd.DataFrame) -> bytes:
    """Decisions (DECISION_COLUMNS) as CSV, escaped as map files are."""
    cells = decisions.assign(
        verdict=decisions["verdict"].map({verdict.value: verdict.label for verdict in Verdict}),
        market=decisions["market"].map(marketplaces.NAMES),
        channel=decisions["channel"].map(CHANNEL_LABELS),
        product_id=decisions["product_id"].astype("str").replace("0", ""),
    )
    return map_out.as_csv(cells[[*HEADERS]].rename(columns=HEADERS).astype("str"))


def read(data: bytes, name: str, user: str, now: str) -> pd.DataFrame:
    """The decisions (DECISION_COLUMNS) of a CSV or XLSX file called ``name``.

    Blank cells of By and At become ``user`` and ``now``. Raises MapperError that names the row.
    """
    check_size(name, len(data))
    try:
        table = open_table(data)
        found = {ours: table.headers.index(theirs) for ours, theirs in HEADERS.items()
                 if theirs in table.headers}  # fmt: skip
        missing = [HEADERS[field] for field in _REQUIRED if field not in found]
        if missing:
            raise MapperError(
                f"no column is called {', '.join(missing)}. Give a file as the export writes it."
            )
        return _decisions(table.read(found, numeric=("product_id",)), user, now)
    except MapperError as error:
        raise MapperError(f"{name}: {error}") from None


def _decisions(rows: pd.DataFrame, user: str, now: str) -> pd.DataFrame:
    cells = {field: unescape(rows[field]) if field in rows else pd.Series("", rows.index)
             for field in HEADERS}  # fmt: skip
    frame = pd.DataFrame(cells, dtype="str")
    frame["verdict"] = frame["verdict"].str.strip().str.casefold().map(_VERDICTS).fillna("")
    frame["market"] = marketplaces.resolve(frame["market"])
    frame["channel"] = channels.resolve(frame["channel"])
    frame["sku"] = frame["sku"].str.strip()
    ids = frame["product_id"].str.strip()
    about = (frame["reference"] + frame["name"]).str.strip() != ""
    needs = frame["verdict"].isin([Verdict.CHOOSE.value, Verdict.REJECT.value])
    key = [*frame.columns[frame.columns.isin(["market", "channel", "sku"])]]
    single = frame["verdict"] != Verdict.REJECT.value
    for wrong, words in (
        (frame["verdict"] == "", "says in Decision none of " + ", ".join(
            verdict.label for verdict in Verdict)),
        (frame["sku"] == "", "has no Seller SKU"),
        (frame["market"] == "", "names no Marketplace that is known"),
        (frame["channel"] == "", "says in Fulfilment neither FBA nor FBM"),
        (~ids.str.fullmatch(r"\d{0,18}"), "has a Product ID that is no number"),
        (needs & ~about, "names no product: give its Internal Reference or Product"),
        (single & frame[single].duplicated(key).reindex(frame.index, fill_value=False),
         "decides on a listing that an earlier row decides on"),
    ):  # fmt: skip
        if wrong.any():
            raise MapperError(
                f"row {rows.loc[wrong, 'row'].iloc[0]} {words}. Correct it; nothing was read in."
            )
    frame["product_id"] = ids.replace("", "0").astype("int64")
    frame["user"] = frame["user"].where(frame["user"] != "", user)
    frame["decided"] = frame["decided"].where(frame["decided"] != "", now)
    return frame[DECISION_COLUMNS]
