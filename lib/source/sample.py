"""The sample map file: Odoo's own demo products as an Amazon seller might list them."""

import pandas as pd

from lib.columns import MAP_FIELDS

ROWS = pd.DataFrame(
    [
        ("Office Chair, mesh back", "FURN_7777", "CHAIR-MESH-01", "Amazon.com", "AFN"),
        ("Office Chair, mesh back", "FURN_7777", "CHAIR-MESH-01", "Amazon.com", "MFN"),
        ("Office Chair Black", "FURN_0269", "00269", "Amazon.co.uk", "AFN"),
        ("Corner Desk Left Sit", "FURN_1118", "DESK-L", "Amazon.co.uk", "MFN"),
        ("Eckschreibtisch, Sitz rechts", "E-COM06", "DESK-R", "Amazon.de", "AFN"),
        ("Großer Schrank", "E-COM07", "CABINET-L 2024", "Amazon.de", "MFN"),
        ("Boîte de rangement", "E-COM08", "BOX_S", "Amazon.fr", "AFN"),
        ("Cabinet with Doors", "E-COM11", "1E5", "Amazon.com", "AFN"),
        ("ペダル式ゴミ箱", "E-COM10", "BIN-JP", "Amazon.co.jp", "AFN"),
        ('Office Lamp, 12" arm', "FURN_8888", "LAMP-12", "Amazon.ca", "MFN"),
        ("Standing Desk Mat", "SAMPLE-MAT-01", "MAT-01", "Amazon.com", "AFN"),
        ("Drawer Black", "", "DRAWER-BLK", "Amazon.com", "MFN"),
    ],
    columns=[*MAP_FIELDS],
    dtype="str",
)
"""MAP_FIELDS columns. References are of Odoo 19's demo products, but for the last two rows: one is
of a product still to be created, one is empty."""

COLUMNS = [
    ("Column", "What it is", "When it is needed", "Example"),
    (
        MAP_FIELDS["title"],
        "The title of the listing, the name of a product that is created",
        "When the row is to create its product",
        "Office Chair, mesh back",
    ),
    (
        MAP_FIELDS["reference"],
        "Internal Reference or barcode of the product in Odoo",
        "Always, unless the SKU is mapped on another marketplace",
        "FURN_7777",
    ),
    (
        MAP_FIELDS["sku"],
        "The SKU as in Seller Central, letter by letter. Keep the column as text",
        "Always",
        "00269",
    ),
    (
        MAP_FIELDS["marketplace"],
        "Name, domain, country in English, country code or id of the marketplace",
        "Always",
        "Amazon.co.uk",
    ),
    (
        MAP_FIELDS["fulfilment"],
        "AFN (or FBA) if Amazon fulfils, MFN (or FBM) if you do",
        "Always",
        "AFN",
    ),
]
"""The explanation of each column: a header and a row per column."""
