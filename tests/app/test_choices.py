"""What only a person may do: chosen on screen, executed, and then so in the store."""

import pytest

from lib.columns import MAP_FIELDS
from lib.model import Operation
from lib.target.embedded import EmbeddedTarget
from lib.ui.registry import AMAZON_PRODUCTS
from tests.tables import exported


@pytest.fixture(autouse=True)
def products(project):
    """Three products of the store, one of them archived."""
    EmbeddedTarget(project / "data" / "embedded.sqlite").take_products(
        exported({"reference": "A"}, {"reference": "B"}, {"reference": "OLD", "active": False})
    )


def file_of(reference: str) -> bytes:
    return f"{','.join(MAP_FIELDS.values())}\nLamp,{reference},S-1,DE,FBA\n".encode()


def mapped(visitor) -> dict[str, str]:
    """Seller SKU -> product, as the page Amazon Products has them."""
    visitor.open(AMAZON_PRODUCTS)
    table = visitor.at.dataframe[0].value
    return dict(zip(table["Seller SKU"], table["Odoo product"], strict=True))


def test_a_relink_that_is_chosen_is_executed(visitor):
    visitor.upload(file_of("A"), "first.csv")
    visitor.execute()
    visitor.upload(file_of("B"), "second.csv")
    assert visitor.lanes["Blocked"] == 1
    assert "Mapped now to \\[A\\] Product 1" in [text.value for text in visitor.at.caption]
    visitor.press("Choose")
    assert visitor.lanes["Matched"] == 1
    assert visitor.numbers[Operation.RELINK.label] == 1
    visitor.execute()
    assert visitor.lanes["Mapped"] == 1
    assert mapped(visitor) == {"S-1": "[B] Product 2"}


def test_an_archived_product_that_is_chosen_is_executed_and_noted(visitor):
    visitor.upload(file_of("OLD"), "old.csv")
    assert visitor.lanes["Unmatched"] == 1
    assert "Execute 0 changes" in visitor.buttons
    visitor.press("Choose")
    assert visitor.lanes["Matched"] == 1
    visitor.execute()
    assert visitor.lanes["Mapped"] == 1
    notes = [table.value["Note"].item() for table in visitor.at.dataframe if "Note" in table.value]
    assert notes == ["The mapped product is archived"]
    assert mapped(visitor) == {"S-1": "[OLD] Product 3"}
