"""External ids: the key the target's database guards, so that a repeated batch changes nothing.

They are derived from what the record is for, never from its content, as in design decision 3.
"""

import hashlib
from collections.abc import Iterable

MODULE = "amazon_mapper"


def listing_ids(keys: Iterable[tuple[str, str, str, str]]) -> list[str]:
    """External ids of Amazon Products, from their (seller, market, channel, sku) keys."""
    return [_hashed("listing", key) for key in keys]


def product_ids(company: int, references: Iterable[str]) -> list[str]:
    """External ids of products created by us, from the company and the normalised reference."""
    return [_hashed("product", (str(company), reference)) for reference in references]


def price_ids(pricelist: int, products: Iterable[str]) -> list[str]:
    """External ids of fixed prices made by us, from the pricelist and the product: its id, or the
    external id of one that is still to be created."""
    return [_hashed("price", (str(pricelist), product)) for product in products]


def job_id(job: str) -> str:
    return _hashed("job", (job,))


def _hashed(kind: str, parts: tuple[str, ...]) -> str:
    # The unit separator keeps ("a", "bc") and ("ab", "c") apart.
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{MODULE}.{kind}_{digest[:32]}"
