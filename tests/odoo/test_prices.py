"""Prices of a report on the pricelists of a real Odoo: set, seen by Odoo, and taken back."""

import pytest

from lib.model import MapperError, Options, Seller
from lib.prices import open_pricelist, open_pricelists
from lib.review import review
from lib.target.port import Denied
from tests.odoo.steps import add_product, add_user, count, outcomes, target
from tests.runs import execute, undo
from tests.tables import SELLER, report

ITEM = "product.pricelist.item"


@pytest.fixture(scope="module")
def pricelist(odoo) -> int:
    dollar = odoo.call("res.currency", "search", [[("name", "=", "USD")]])
    values = {"name": "Amazon US", "currency_id": dollar[0]}
    return odoo.call("product.pricelist", "create", [values])


def seller(called: str = "Amazon US") -> Seller:
    return Seller(SELLER.name, SELLER.markets, {"US": called})


def press(of, *rows, create=False):
    read = of.catalogue()
    on = open_pricelists(of, seller(), ["US"])
    options = Options(create=create, prices=True)
    return execute(review(report(*rows), read, seller(), options, pricelists=on), of)


def items(odoo, pricelist, product) -> list[dict]:
    domain = [("pricelist_id", "=", pricelist), ("product_id", "=", product)]
    fields = ["applied_on", "compute_price", "fixed_price", "min_quantity", "date_start"]
    return odoo.call(ITEM, "search_read", [domain, fields])


def sold_for(odoo, pricelist, product) -> float:
    """What Odoo itself asks for one piece."""
    wizard = {"name": "x"}
    partner = odoo.call("res.partner", "create", [wizard])
    order = odoo.call("sale.order", "create", [{"partner_id": partner, "pricelist_id": pricelist}])
    line = odoo.call("sale.order.line", "create", [{"order_id": order, "product_id": product}])
    return odoo.call("sale.order.line", "read", [[line], ["price_unit"]])[0]["price_unit"]


def test_odoo_sells_for_the_price_of_the_report_and_for_its_own_after_undo(
    of_odoo, odoo, pricelist
):
    product = add_product(odoo, "PRICED-1", list_price=100.0)
    by_hand = add_product(odoo, "PRICED-2")
    values = {"pricelist_id": pricelist, "product_id": by_hand, "applied_on": "0_product_variant",
              "compute_price": "fixed", "fixed_price": 3.5, "min_quantity": 1}  # fmt: skip
    hand_made = odoo.call(ITEM, "create", [values])
    done = press(
        of_odoo,
        {"sku": "PRICED-1", "price": "79.90"},
        {"sku": "PRICED-2", "price": "4,20"},
        {"sku": "PRICED-NEW", "price": "5"},
        create=True,
    )
    assert outcomes(done) == {"done": 3}
    assert done.written["set_price"] == 3
    assert [
        (item["applied_on"], item["compute_price"], item["fixed_price"], item["date_start"])
        for item in items(odoo, pricelist, product)
    ] == [("0_product_variant", "fixed", 79.9, False)]
    assert sold_for(odoo, pricelist, product) == 79.9
    (changed,) = items(odoo, pricelist, by_hand)
    assert (changed["id"], changed["fixed_price"], changed["min_quantity"]) == (hand_made, 4.2, 1)
    assert count(odoo, ITEM, ("pricelist_id", "=", pricelist)) == 3

    undone = undo(done, of_odoo)
    assert (undone.run.state, outcomes(undone).get("failed", 0)) == ("done", 0)
    assert items(odoo, pricelist, product) == []
    assert [item["fixed_price"] for item in items(odoo, pricelist, by_hand)] == [3.5]
    assert count(odoo, ITEM, ("pricelist_id", "=", pricelist)) == 1
    assert count(odoo, "product.product", ("default_code", "=", "PRICED-NEW")) == 0


def test_our_price_that_a_person_limited_to_dates_is_left_and_reported(of_odoo, odoo, pricelist):
    product = add_product(odoo, "PRICED-3")
    press(of_odoo, {"sku": "PRICED-3", "price": "5"})
    (item,) = items(odoo, pricelist, product)
    odoo.call(ITEM, "write", [[item["id"]], {"date_start": "2026-01-01 00:00:00"}])
    done = press(of_odoo, {"sku": "PRICED-3", "price": "6"})
    assert outcomes(done) == {"failed": 1}
    assert "dates" in done.outcomes["message"][0]
    assert [item["fixed_price"] for item in items(odoo, pricelist, product)] == [5.0]


def test_a_pricelist_in_another_currency_is_refused_by_name(of_odoo, odoo):
    euro = odoo.call("res.currency", "search", [[("name", "=", "EUR")]], {"active_test": False})
    odoo.call("res.currency", "write", [euro, {"active": True}])
    odoo.call("product.pricelist", "create", [{"name": "In euros", "currency_id": euro[0]}])
    with pytest.raises(MapperError, match="'In euros' is in EUR"):
        open_pricelist(of_odoo, seller("In euros"), "US")


def test_who_may_not_write_prices_is_refused_before_anything_is_written(
    of_odoo, layered, odoo, pricelist
):
    add_product(odoo, "PRICED-4")
    user = add_user(odoo, "maps-only", "amazon_mapper.group_manager")
    with pytest.raises(Denied, match=f"no right to create {ITEM}"):
        press(target(layered, user), {"sku": "PRICED-4", "price": "5"})
    assert count(odoo, "x_amazon_product", ("x_sku", "=", "PRICED-4")) == 0
