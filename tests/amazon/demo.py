"""The demo seller's listings: sample products of Odoo's own demo data, on two marketplaces.

SKUs are internal references of the sample catalogue where a listing finds its product, and others
where it does not; so each lane of the review has something to show.
"""

from lib.amazon.port import ReportKind
from lib.source.marketplaces import MARKETPLACES
from tests.amazon.amazon import Amazon, Document

US_HEADERS = (
    "item-name item-description listing-id seller-sku price quantity open-date image-url "
    "item-is-marketplace product-id-type zshop-shipping-fee item-note item-condition "
    "zshop-category1 zshop-browse-path zshop-storefront-feature asin1 asin2 asin3 "
    "will-ship-internationally expedited-shipping zshop-boldface product-id bid-for-featured-"
    "placement add-delete pending-quantity fulfillment-channel merchant-shipping-group"
)

JP_HEADERS = (
    "商品名 出品ID 出品者SKU 価格 数量 出品日 商品IDタイプ コンディション説明 コンディション "
    "国外へ配送可 迅速な配送 商品ID 在庫数 フルフィルメント・チャンネル ポイント"
)

US_LISTINGS = [
    ("Office Chair, mesh back", "FURN_7777", "129.90", "", "B0DEMO0001", "AMAZON_NA"),
    ('"The" Office Lamp, 12" arm', "FURN_8888", "49.00", "14", "B0DEMO0002", "DEFAULT"),
    ("Corner Desk Right Sit", "E-COM06", "219.00", "", "B0DEMO0003", "AMAZON_NA"),
    ("Large Cabinet", "E-COM07", "320.00", "3", "B0DEMO0004", "DEFAULT"),
    ("Pedal Bin", "E-COM10", "47.00", "", "B0DEMO0005", "AMAZON_NA"),
    ("Standing Desk Mat", "NA", "39.50", "8", "B0DEMO0006", "DEFAULT"),
    ("Monitor Riser, bamboo", "00269", "25.00", "", "B0DEMO0007", "AMAZON_NA"),
    ("Office Chair, used", "amzn.gr.FURN_7777-x1y2", "84.00", "1", "B0DEMO0001", "DEFAULT"),
]
JP_LISTINGS = [
    ("ペダル式ゴミ箱 ①型", "E-COM10", "5,280", "", "B0DEMO0005", "AMAZON_JP"),
    ("収納ボックス 髙島工房", "E-COM08", "1,980", "12", "B0DEMO0008", "DEFAULT"),
    ("デスクスタンド", "DESK-JP-01", "12,800", "", "B0DEMO0009", "AMAZON_JP"),
]
"""Title, SKU, price, quantity, ASIN, channel."""


def demo() -> Amazon:
    """An Amazon with two marketplaces; the report of any other one is cancelled for want of data,
    as Amazon does it."""
    return Amazon(
        documents={
            (MARKETPLACES["US"].id, kind.value): Document(_us().encode())
            for kind in (ReportKind.ACTIVE, ReportKind.ALL)
        }
        | {
            (MARKETPLACES["JP"].id, kind.value): Document(
                _jp().encode("cp932"), "text/plain; charset=Shift_JIS"
            )
            for kind in (ReportKind.ACTIVE, ReportKind.ALL)
        },
        markets=("US", "JP"),
        cancels_without_data=True,
    )


def _us() -> str:
    rows = []
    for at, (title, sku, price, quantity, asin, channel) in enumerate(US_LISTINGS):
        cells = dict.fromkeys(US_HEADERS.split(), "") | {
            "item-name": title, "listing-id": f"0101DEMO{at:03}", "seller-sku": sku,
            "price": price, "quantity": quantity, "open-date": "2026-03-15 02:26:37 PDT",
            "item-is-marketplace": "y", "product-id-type": "1", "item-condition": "11",
            "asin1": asin, "product-id": asin, "fulfillment-channel": channel,
            "merchant-shipping-group": "Migrated Template",
        }  # fmt: skip
        rows.append([*cells.values()])
    return _text([US_HEADERS.split(), *rows])


def _jp() -> str:
    rows = [
        [title, f"0101DEMOJP{at}", sku, price, quantity, "2026/03/15 15:18:58 JST", "1", "", "11",
         "", "", asin, "0", channel, ""]
        for at, (title, sku, price, quantity, asin, channel) in enumerate(JP_LISTINGS)
    ]  # fmt: skip
    return _text([JP_HEADERS.split(), *rows])


def _text(rows: list[list[str]]) -> str:
    return "".join("\t".join(row) + "\r\n" for row in rows)
