"""The columns of the tables: the only spelling of them.

Tables are pandas frames with text kept as text (dtype ``str``).
"""

MAP_FIELDS = {
    "title": "Title",
    "reference": "Internal Reference",
    "sku": "Seller SKU",
    "marketplace": "Marketplace",
    "fulfilment": "Fulfilment",
}
"""The five columns of a map file: our name -> header as written."""

FILE_FIELDS = MAP_FIELDS | {"units": "Units", "action": "Action"}
"""The same, and what a map file may have besides."""

LISTING_COLUMNS = ["row", *MAP_FIELDS, "market", "channel", "units", "action", "warning"]
"""Listing rows: ``row`` int64, the row as a spreadsheet counts it (the header is row 1); the five
map file cells exactly as read (str); ``market`` the marketplace code or "" (str); ``channel``
"AFN", "MFN" or "" (str); ``units`` how many of its product one piece of the listing is, a number
from 1, "" where the file does not say, or what was read instead (str); ``action`` an Action value,
or what was read instead of one (str); ``warning`` what the reader flagged in this row, or ""
(str)."""

OFFER_COLUMNS = ["asin", "ean", "price", "looked_up"]
"""What an Amazon report says of a listing besides, all str: ``asin``; ``ean``, a UPC or EAN; and
``price`` as read; "" where the report does not say. ``looked_up`` is the UPC or EAN that Amazon's
catalogue has for the ASIN, "" if it was not asked."""

PRODUCT_COLUMNS = ["id", "reference", "barcode", "name", "active"]
"""Products of a target: ``id`` int64; ``reference``, ``barcode``, ``name`` str ("" when unset);
``active`` bool."""

AMAZON_PRODUCT_COLUMNS = [
    "id", "seller", "market", "sku", "channel", "product_id", "units", "title", "created_for",
    "xid",
]  # fmt: skip
"""Amazon Products of a target: ``id``, ``product_id`` and ``units`` int64; the others str.
``units``, 1 and more, is how many of its product one piece of the listing is; ``created_for`` is
the reference that we created its product for, or ""; ``xid`` the external id we wrote it under, or
"" for one made by hand."""

PRICELIST_COLUMNS = ["id", "name", "currency"]
"""Pricelists of a target: ``id`` int64; ``name``, ``currency`` (ISO 4217) str."""

PRICE_COLUMNS = ["id", "product_id", "price"]
"""Fixed prices of single products on a pricelist, from the first piece on and at any date: ``id``,
``product_id`` int64; ``price`` str, an amount as ``lib.prices.amount`` writes it."""
