"""Prices of a report: read strictly, set where one is meant, and never converted."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.columns import PRICE_COLUMNS
from lib.external_id import price_ids, product_ids
from lib.match.decisions import Affix, AffixKind, Memory
from lib.model import MapperError, Options, Seller
from lib.prices import NO_PRICELIST, Pricelist, amount, open_pricelist, parse, shown
from lib.review import again, review
from lib.target.embedded import EmbeddedTarget
from lib.ui.prices import price_rows
from tests.tables import SELLER, catalogue, report

AMOUNTS = st.decimals(min_value="0.01", max_value="9999999.99", places=2)


@pytest.mark.parametrize(
    ("text", "currency", "said"),
    [
        ("79.90", "EUR", "79.9"),
        (" 79.90 ", "EUR", "79.9"),
        ("79,9", "EUR", "79.9"),
        ("1299", "EUR", "1299"),
        ("0.500", "EUR", "0.5"),
        ("12.3400", "EUR", "12.34"),
        ("1,299.00", "USD", "1299"),
        ("1.299,00", "EUR", "1299"),
        ("1,234,567", "EUR", "1234567"),
        ("1,299", "JPY", "1299"),
        ("1299", "JPY", "1299"),
    ],
)
def test_a_price_that_can_be_read_in_one_way_is_read(text, currency, said):
    assert parse(text, currency) == said


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1,299", "EUR"),
        ("1.299", "EUR"),
        ("1.299", "JPY"),
        ("12.345", "USD"),
        ("1234.567", "USD"),
        ("79.90", "JPY"),
        ("1,29.00", "EUR"),
        ("1,2,3", "EUR"),
        ("€79.90", "EUR"),
        ("79.90 EUR", "EUR"),
        ("1 299.00", "EUR"),
        ("1E3", "EUR"),
        ("７９", "JPY"),
        ("-5", "EUR"),
        ("0.00", "EUR"),
        ("79.", "EUR"),
        ("", "EUR"),
    ],
)
def test_a_price_that_is_not_clear_is_not_read(text, currency):
    assert parse(text, currency) == ""


@given(AMOUNTS, st.sampled_from(["{:f}", "{:,f}"]), st.booleans(), st.sampled_from(["EUR", "JPY"]))
def test_a_price_is_read_as_written_or_not_at_all(value, form, european, currency):
    text = form.format(value)
    text = text.translate(str.maketrans(".,", ",.")) if european else text
    whole = value == value.to_integral_value()
    assert parse(text, currency) == (amount(value) if whole or currency == "EUR" else "")


@given(st.text(alphabet="0123456789.,", max_size=12), st.sampled_from(["EUR", "JPY"]))
def test_what_is_read_has_the_digits_that_are_written(text, currency):
    said = parse(text, currency)
    if said:
        digits = "".join(filter(str.isdigit, text))
        assert digits.strip("0") == said.replace(".", "").strip("0")
        assert Decimal(said) > 0
        assert parse(said, currency) == said


def test_amounts_are_shown_with_the_decimals_of_their_currency():
    amounts = pd.Series(["79.9", "1299", "0.125", ""], dtype="str")
    euro, yen = (pd.Series(currency, amounts.index, dtype="str") for currency in ("EUR", "JPY"))
    assert shown(amounts, euro).tolist() == ["79.90", "1299.00", "0.125", ""]
    assert shown(amounts[[1]], yen[[1]]).tolist() == ["1299"]


# -- the plan ------------------------------------------------------------------------------------


def pricelist(*prices: tuple[int, int, str], currency="USD") -> Pricelist:
    held = pd.DataFrame(prices, columns=PRICE_COLUMNS)
    held = held.astype({"id": "int64", "product_id": "int64", "price": "str"})
    return Pricelist(7, "Amazon US", currency, held)


def reviewed(*rows, on=None, create=False, held=()):
    read = catalogue({"reference": "A"}, {"reference": "B"}, held=held)
    options = Options(create=create, prices=True)
    return review(report(*rows), read, SELLER, options, pricelists={"US": on or pricelist()})


def planned(done) -> list:
    return done.plan.prices[["row", "product_id", "price", "was_price", "record_id"]].to_numpy(
    ).tolist()  # fmt: skip


def test_a_price_is_set_where_there_is_none():
    done = reviewed({"sku": "A", "price": "79.90"})
    assert planned(done) == [[0, 1, "79.9", "", 0]]
    assert done.plan.prices["xid"].tolist() == price_ids(7, ["1"])
    assert done.counts["operations"]["set_price"] == 1
    assert done.plan.changes == 2


def test_a_price_that_differs_is_changed_by_its_record():
    done = reviewed({"sku": "A", "price": "79.90"}, on=pricelist((5, 1, "69.9")))
    assert planned(done) == [[0, 1, "79.9", "69.9", 5]]
    assert done.plan.prices["xid"].tolist() == [""]


def test_a_price_that_is_there_already_is_no_change():
    done = reviewed({"sku": "A", "price": "79,90"}, on=pricelist((5, 1, "79.9")))
    assert planned(done) == []
    assert done.plan.counts["set_price"] == 0


def test_a_price_of_a_pack_is_no_price_of_its_product():
    held = ({"sku": "A", "product_id": 1, "units": 6},)
    done = reviewed(
        {"sku": "A", "price": "60"}, {"sku": "A", "channel": "MFN", "price": "11"}, held=held
    )
    assert planned(done) == [[1, 1, "11", "", 0]]
    assert done.matches["warning"].tolist() == ["Price not set: it is of 6 units", ""]


def test_only_what_is_mapped_gets_a_price():
    done = reviewed({"sku": "A", "price": "1"}, {"sku": "NOBODY", "price": "2"})
    assert planned(done) == [[0, 1, "1", "", 0]]
    assert done.matches["warning"].tolist() == ["", ""]


def test_listings_of_one_product_with_one_price_set_it_once():
    done = reviewed(
        {"sku": "A", "price": "5", "channel": "AFN"}, {"sku": "A", "price": "5.0", "channel": "MFN"}
    )
    assert planned(done) == [[0, 1, "5", "", 0]]


@pytest.mark.parametrize("other", ["6", "1,299"])
def test_listings_of_one_product_with_different_prices_set_none_and_each_says_so(other):
    done = reviewed(
        {"sku": "A", "price": "5", "channel": "AFN"},
        {"sku": "A", "price": other, "channel": "MFN"},
        {"sku": "B", "price": "7"},
    )
    assert planned(done) == [[2, 2, "7", "", 0]]
    notes = done.matches["warning"].tolist()
    assert notes[0] == "Price not set: listings of this product have different prices"
    assert notes[1].startswith("Price not set: ")
    assert notes[2] == ""


def test_a_listing_that_is_twice_in_the_report_with_two_prices_sets_none():
    done = reviewed({"sku": "A", "price": "5"}, {"sku": "A", "price": "6"})
    assert planned(done) == []


@pytest.mark.parametrize(
    ("price", "note"),
    [
        ("1,299", 'Price not set: "1,299" is no clear amount of USD'),
        ("", "Price not set: the report has none"),
    ],
)
def test_a_price_that_is_not_taken_is_noted_in_its_row(price, note):
    done = reviewed({"sku": "A", "price": price}, {"sku": "B", "price": "3"})
    assert done.matches["warning"].tolist() == [note, ""]
    assert planned(done) == [[1, 2, "3", "", 0]]


def test_a_product_that_has_several_prices_on_the_pricelist_is_left_to_a_person():
    done = reviewed({"sku": "A", "price": "5"}, on=pricelist((5, 1, "4"), (6, 1, "3")))
    assert planned(done) == []
    assert "Amazon US has this product more than once" in done.matches["warning"].item()


def test_a_product_that_is_created_gets_its_price():
    done = reviewed({"sku": "NEW", "price": "5"}, create=True)
    assert planned(done) == [[0, -1, "5", "", 0]]
    assert done.plan.prices["xid"].tolist() == price_ids(7, product_ids(1, ["new"]))


def test_without_a_pricelist_nothing_is_said_of_prices():
    done = review(
        report({"sku": "A", "price": "?"}), catalogue({"reference": "A"}), SELLER, Options()
    )
    assert done.plan.prices.empty
    assert done.matches["warning"].tolist() == [""]


# -- the pricelist -------------------------------------------------------------------------------


@pytest.fixture
def target(tmp_path):
    return EmbeddedTarget(tmp_path / "store.sqlite")


def seller(called: str) -> Seller:
    return Seller("acme", ("DE", "FR"), {"DE": called})


def add(target, name, currency):
    with target._store() as store:
        store.execute("insert into pricelist (name, currency) values (?, ?)", (name, currency))


def test_the_pricelist_of_the_settings_is_found_by_its_name(target):
    found = open_pricelist(target, seller("Amazon.de"), "DE")
    assert (found.name, found.currency, len(found.prices)) == ("Amazon.de", "EUR", 0)


def test_a_marketplace_without_a_pricelist_is_named_with_what_to_write(target):
    with pytest.raises(MapperError, match=r'acme.*pricelists\] write "Amazon.fr" = '):
        open_pricelist(target, seller("Amazon.de"), "FR")


def test_a_pricelist_that_is_not_there_is_named_with_those_that_are(target):
    with pytest.raises(MapperError, match=r"no pricelist 'Amzon.de'.*Amazon.de.*nothing was"):
        open_pricelist(target, seller("Amzon.de"), "DE")


def test_a_name_that_two_pricelists_have_is_no_name(target):
    add(target, "Amazon.de", "EUR")
    with pytest.raises(MapperError, match=r"2 pricelists 'Amazon\.de'"):
        open_pricelist(target, seller("Amazon.de"), "DE")


def test_a_pricelist_in_another_currency_is_refused_and_nothing_is_converted(target):
    with pytest.raises(MapperError, match=r"'Amazon.com' is in USD.*Amazon.de are in EUR"):
        open_pricelist(target, seller("Amazon.com"), "DE")


def test_a_marketplace_without_a_pricelist_says_so_and_the_others_get_their_prices():
    rows = {"sku": "A", "price": "5"}, {"sku": "B", "price": "6", "market": "DE"}
    done = reviewed(*rows)
    assert done.plan.prices["price"].tolist() == ["5"]
    assert done.matches["warning"].tolist() == ["", NO_PRICELIST]


def test_marketplaces_that_share_a_pricelist_agree_on_a_price_or_none_is_set():
    rows = {"sku": "A", "price": "5"}, {"sku": "A", "price": "6", "market": "DE"}
    read = catalogue({"reference": "A"})
    shared = {"US": pricelist(), "DE": pricelist()}
    done = review(report(*rows), read, SELLER, Options(prices=True), pricelists=shared)
    assert done.plan.prices.empty
    assert done.matches["warning"].str.contains("different prices").all()


def test_the_preview_names_the_currency_of_each_marketplace():
    rows = {"sku": "A", "price": "5"}, {"sku": "B", "price": "1,299", "market": "JP"}
    read = catalogue({"reference": "A"}, {"reference": "B"})
    yen = replace(pricelist(currency="JPY"), id=8)
    on = {"US": pricelist(), "JP": yen}
    seller = Seller(SELLER.name, ("US", "JP"))
    done = review(report(*rows), read, seller, Options(prices=True), pricelists=on)
    shown_prices = price_rows(done)
    assert shown_prices[["price", "currency"]].to_numpy().tolist() == [
        ["5.00", "USD"], ["1299", "JPY"],
    ]  # fmt: skip


def test_a_review_made_again_with_one_rule_more_keeps_the_prices_and_their_notes():
    done = reviewed({"sku": "A", "price": "79.90"}, {"sku": "B-X", "price": "5"})
    more = again(done, memory=Memory(affixes=(Affix(AffixKind.SUFFIX, "-X"),)))
    assert more.plan.prices["price"].tolist() == ["79.9", "5"]
    assert more.pricelists is done.pricelists
