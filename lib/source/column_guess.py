"""Which column is probably which: proposed to a person in the form, never used unasked."""

import re
from collections import defaultdict

_WORDS = {
    "title": {"title", "name"},
    "reference": {"reference", "ref", "code"},
    "sku": {"sku", "msku"},
    "marketplace": {"marketplace", "site", "country"},
    "fulfilment": {"fulfilment", "fulfillment", "fulfilled", "channel", "fba", "fbm", "afn", "mfn"},
}
_OF_ANY = {"amazon", "odoo", "seller", "merchant", "internal", "product", "item", "listing",
           "number", "no", "by", "or"}  # fmt: skip
"""Words that say nothing about which of the five a header means."""


def propose(headers: list[str], found: dict[str, str]) -> dict[str, str]:
    """``found`` (field -> header), and for each other field the one header that means it.

    A header with any word of another sense means none: "ASIN/SKU" may hold either, and Amazon's
    "sales-channel" is no fulfilment.
    """
    meaning = defaultdict(list)
    for header in headers:
        words = set(re.findall(r"[^\W_]+", header.casefold())) - _OF_ANY
        for field, own in _WORDS.items():
            if words and words <= own and header not in found.values():
                meaning[field].append(header)
    return {field: only[0] for field, only in meaning.items() if len(only) == 1} | found
