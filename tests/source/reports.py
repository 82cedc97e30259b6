"""Listing reports as Seller Central writes them, with as many columns as it has been seen to."""

import json
from pathlib import Path

from lib.source import report

HEADERS: dict[str, dict[str, str]] = json.loads(
    Path(report.__file__).with_name("report_headers.json").read_text("utf-8")
)
SEEN: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("seen_headers.json").read_text("utf-8")
)
"""Language -> canonical header -> header as reports of that language have been seen to have it, in
the order of the columns."""
NAME = "Active+Listings+Report.txt"
LANGUAGES = ["en", "de", "fr", "es", "it", "pl", "ja", "zh", "tr", "ar"]

BASE = [
    "item-name",
    "item-description",
    "listing-id",
    "seller-sku",
    "price",
    "quantity",
    "open-date",
    "image-url",
    "item-is-marketplace",
    "product-id-type",
    "zshop-shipping-fee",
    "item-note",
    "item-condition",
    "zshop-category1",
    "zshop-browse-path",
    "zshop-storefront-feature",
    "asin1",
    "asin2",
    "asin3",
    "will-ship-internationally",
    "expedited-shipping",
    "zshop-boldface",
    "product-id",
    "bid-for-featured-placement",
    "add-delete",
    "pending-quantity",
    "fulfillment-channel",
    "merchant-shipping-group",
]
B2B = [f"business-{name}-{at}" for name in ("price", "quantity", "discount") for at in range(6)]
LAYOUTS = {
    27: BASE[:-1],
    28: BASE,
    31: [*BASE, "status", "Minimum order quantity", "Sell remainder"],
    44: [*B2B[:16], *reversed(BASE)],
    47: [*BASE[:-1], *B2B, "status", BASE[-1]],
}

ROW = {
    "item-name": "Office Chair",
    "seller-sku": "FURN_7777",
    "price": "79.90",
    "product-id-type": "4",
    "product-id": "4006381333931",
    "asin1": "B012345678",
    "fulfillment-channel": "DEFAULT",
    "status": "Active",
}
"""What a row says unless told otherwise: canonical header -> cell."""


def text(*rows: dict[str, str], headers: list[str] = BASE, width: int | None = None) -> str:
    """A report of these rows, of which each is ``ROW`` but for what it says."""
    lines = [[(ROW | row).get(header, "") for header in headers][:width] for row in rows]
    return "".join("\t".join(cells) + "\r\n" for cells in [headers, *lines])


def data(*rows: dict[str, str], headers: list[str] = BASE) -> bytes:
    return text(*rows, headers=headers).encode()


def of(raw: bytes | str, name: str = NAME, market: str = "DE", **choices) -> report.Report:
    return report.read(raw.encode() if isinstance(raw, str) else raw, name, market, **choices)
