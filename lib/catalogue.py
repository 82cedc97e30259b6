"""What a target holds: its products and its Amazon Products."""

import uuid
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lib.columns import AMAZON_PRODUCT_COLUMNS, PRODUCT_COLUMNS
from lib.match.lookup import Codes
from lib.match.normalise import arrow, barcode_key, folded


def empty(columns: list[str]) -> pd.DataFrame:
    """A frame with no rows and the dtypes that these columns have."""
    return typed(pd.DataFrame(columns=columns))


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers as int64, ``active`` as bool, everything else as text; None and False become ""."""
    kinds = {"id": "int64", "product_id": "int64", "units": "int64", "active": "bool"}
    return pd.DataFrame(
        {
            name: column.astype(kinds[name])
            if name in kinds
            else column.where(column.astype(bool) & column.notna(), "").astype("str")
            for name, column in frame.items()
        },
        index=frame.index,
    )


def products_frame(rows: list[dict]) -> pd.DataFrame:
    return typed(pd.DataFrame(rows, columns=PRODUCT_COLUMNS))


def amazon_products_frame(rows: list[dict]) -> pd.DataFrame:
    frame = typed(pd.DataFrame(rows, columns=AMAZON_PRODUCT_COLUMNS))
    # Odoo has 0 in a record that a person began and said nothing of.
    return frame.assign(units=frame["units"].clip(lower=1))


def texts_of(ids: pd.Series, texts: pd.Series) -> pd.Series:
    """The text (str) that each id has in ``texts``, a str series indexed by id; "" for none."""
    at = texts.index.get_indexer(pd.Index(ids))
    return pd.Series(texts.array.take(at, allow_fill=True, fill_value=""), ids.index)


@dataclass(frozen=True)
class Catalogue:
    """What a target holds. ``products`` has PRODUCT_COLUMNS, ``amazon_products``
    AMAZON_PRODUCT_COLUMNS. ``company`` is the id of the company that products are created in.
    ``reading`` tells it from every other one, also of the same target."""

    products: pd.DataFrame
    amazon_products: pd.DataFrame = field(default_factory=lambda: empty(AMAZON_PRODUCT_COLUMNS))
    company: int = 1
    reading: str = field(default_factory=lambda: uuid.uuid4().hex)

    @cached_property
    def codes(self) -> tuple[Codes, Codes]:
        """Products by internal reference and by barcode, exactly as written."""
        return self._codes(arrow(self.products["reference"]), arrow(self.products["barcode"]))

    @cached_property
    def folded_codes(self) -> tuple[Codes, Codes]:
        """The same without outer spaces and case, and with references that are GTINs as one."""
        reference, barcode = arrow(self.products["reference"]), arrow(self.products["barcode"])
        return self._codes(barcode_key(folded(reference)), folded(barcode))

    def _codes(self, reference: pa.Array, barcode: pa.Array) -> tuple[Codes, Codes]:
        return Codes(reference, self.products), Codes(barcode_key(barcode), self.products)

    @cached_property
    def archived(self) -> np.ndarray:
        return self.products.loc[~self.products["active"], "id"].to_numpy()

    def carries(self, products: np.ndarray, codes: pd.Series) -> np.ndarray:
        """Whether each product (id) has the code (str) as its reference or barcode; bool."""
        ids, wanted = pd.Series(products), barcode_key(folded(arrow(codes)))
        found = np.zeros(len(ids), bool)
        for column in ("reference", "barcode"):
            held = barcode_key(folded(arrow(texts_of(ids, self.by_id[column]))))
            found |= np.asarray(pc.equal(held, wanted))
        return found

    def created_for(self, references: pd.Series) -> np.ndarray:
        """The product (int64) that we once created for each reference (str), or 0."""
        ours = self.amazon_products[self.amazon_products["created_for"] != ""]
        known = barcode_key(folded(arrow(ours["created_for"])))
        wanted = barcode_key(folded(arrow(references)))
        at = pc.index_in(wanted, value_set=known).fill_null(-1)
        return np.append(ours["product_id"].to_numpy(), 0)[at.to_numpy()]

    @cached_property
    def labels(self) -> pd.Series:
        """Product id -> "[reference] name" (str), as Odoo writes it."""
        products = self.by_id
        coded = "[" + products["reference"] + "] " + products["name"]
        return coded.where(products["reference"] != "", products["name"])

    @cached_property
    def by_id(self) -> pd.DataFrame:
        """The products with their id as index."""
        return self.products.set_index("id")

    @cached_property
    def held(self) -> pd.DataFrame:
        """The Amazon Products with their id as index."""
        return self.amazon_products.set_index("id")

    @cached_property
    def searchable(self) -> pa.Array:
        """Reference, barcode and name of each product in one folded text, with a space before
        and after each word."""
        products = self.products
        words = products["reference"] + " " + products["barcode"] + " " + products["name"]
        # The bars keep the outer spaces, which folding takes away.
        return pc.replace_substring(folded(arrow("| " + words + " |")), ",", " ")
