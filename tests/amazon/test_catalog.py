"""UPC and EAN by ASIN from Amazon's catalogue, for the listings that find no product."""

import pandas as pd
import pytest

from lib.amazon.catalog import KNOWN, SEVERAL, _kept, ask, not_asked, with_codes, without_code
from lib.amazon.port import Denied
from lib.model import Options, Rule, Seller
from lib.review import review
from tests.amazon.amazon import CATALOGUE, LOGIN_DATA, throttled
from tests.tables import catalogue, report

EAN, UPC = "4006381333931", "012345678905"
SEARCH = f"GET {CATALOGUE}"
SELLER = Seller("acme", ("US", "DE", "JP"))


@pytest.fixture
def looked(store, seller):
    """The review of a report, after the catalogue was asked."""

    def looked(file, held, options=Options()):
        done = review(file, held, SELLER, options)
        ask(store, seller, without_code(done))
        return review(with_codes(done, store), held, SELLER, options)

    return looked


def asked(store, account, market, asins):
    """ASIN -> its codes, after Amazon was asked for them."""
    ask(store, account, pd.DataFrame({"market": market, "asin": pd.Series(asins, dtype="str")}))
    kept = _kept(store, market)
    return {asin: kept[asin] for asin in asins}


def test_a_listing_without_a_product_is_matched_by_the_code_of_its_asin(amazon, looked):
    amazon.codes["B000000001"] = [("EAN", EAN), ("GTIN", "0" + EAN)]
    done = looked(report({"sku": "X", "asin": "B000000001"}), catalogue({"barcode": EAN}))
    assert done.matches[["product_id", "rule"]].to_numpy().tolist() == [[1, Rule.LOOKED_UP.value]]
    assert Rule.LOOKED_UP.value == "UPC or EAN in Amazon's catalogue"


def test_a_product_that_has_the_code_is_not_created_anew(amazon, looked):
    amazon.codes["B000000001"] = [("UPC", UPC)]
    rows = report({"sku": "X", "title": "A thing", "asin": "B000000001"})
    done = looked(rows, catalogue({"barcode": "0" + UPC}), Options(create=True))
    assert done.matches["product_id"].tolist() == [1]
    assert len(done.plan.products) == 0


def test_only_listings_without_product_and_code_are_asked_for(amazon, looked):
    rows = report(
        {"sku": "S", "asin": "B000000001"},
        {"sku": "X", "asin": "B000000002", "ean": EAN},
        {"sku": "Y"},
    )
    looked(rows, catalogue({"reference": "S"}))
    assert amazon.counted(SEARCH) == 0


def test_an_asin_is_not_asked_for_twice_whether_it_has_a_code_or_not(amazon, store, seller):
    amazon.codes["B000000001"] = [("EAN", EAN)]
    wanted = ["B000000001", "B000000002", "B000000001"]
    for _ in range(2):
        got = asked(store, seller, "US", wanted)
        assert got == {"B000000001": (EAN,), "B000000002": ()}
    assert amazon.counted(SEARCH) == 1


def test_an_asin_without_a_code_is_asked_for_again_after_a_month(
    amazon, store, seller, monkeypatch
):
    asked(store, seller, "US", ["B000000001"])
    amazon.codes["B000000001"] = [("EAN", EAN)]
    monkeypatch.setattr("lib.amazon.catalog.KNOWN", -KNOWN)
    assert asked(store, seller, "US", ["B000000001"]) == {"B000000001": (EAN,)}


def test_twenty_are_asked_for_at_a_time_within_the_limit_of_the_answer(
    amazon, store, seller, pauses
):
    amazon.limit = 4.0
    asked(store, seller, "US", [f"B{number:09}" for number in range(41)])
    assert amazon.counted(SEARCH) == 3
    assert pauses == [0.25] * 3


def test_a_refusal_for_too_many_calls_is_waited_out(amazon, store, seller, pauses):
    amazon.codes["B000000001"] = [("EAN", EAN)]
    amazon.plan(SEARCH, throttled(0.1))
    assert asked(store, seller, "US", ["B000000001"]) == {"B000000001": (EAN,)}
    assert pauses[0] == 10


def test_answers_before_a_failure_are_kept(amazon, store, seller, open_account):
    asins = [f"B{number:09}" for number in range(20)]
    asked(store, seller, "US", asins)
    wrong = LOGIN_DATA | {"refresh_token": "Atzr|wrong"}
    with pytest.raises(Denied):
        asked(store, open_account(**wrong), "US", [*asins, "B000000099"])
    assert set(asked(store, open_account(**wrong), "US", asins)) == set(asins)


@pytest.mark.parametrize("code", ["4006381333932", "", "no code", "000000000000"])
def test_what_is_no_sound_code_is_none(amazon, store, seller, code):
    amazon.codes["B000000001"] = [("EAN", code)]
    assert asked(store, seller, "US", ["B000000001"]) == {"B000000001": ()}


def test_of_several_codes_the_one_that_a_product_has_counts(amazon, looked):
    amazon.codes["B000000001"] = [("EAN", EAN), ("UPC", UPC), ("EAN", "0" + UPC)]
    rows = report({"sku": "X", "asin": "B000000001"})
    assert looked(rows, catalogue({"barcode": UPC})).matches["product_id"].tolist() == [1]


def test_codes_of_several_products_are_left_to_a_person_with_a_warning(amazon, looked):
    amazon.codes["B000000001"] = [("EAN", EAN), ("UPC", UPC)]
    rows = report({"sku": "X", "asin": "B000000001"})
    done = looked(rows, catalogue({"barcode": UPC}, {"barcode": EAN}))
    assert done.matches["product_id"].tolist() == [0]
    assert SEVERAL in done.matches["warning"].iloc[0]


def test_what_is_still_to_be_asked_for_is_each_asin_once(amazon, store, seller):
    asked(store, seller, "US", ["B000000001"])
    asins = ["B000000001", "B000000002", "B000000002"]
    wanted = pd.DataFrame({"market": "US", "asin": asins}, dtype="str")
    assert not_asked(store, wanted)["asin"].tolist() == ["B000000002"]


def test_who_waits_is_told_how_many_were_asked_for(amazon, store, seller, pauses):
    told = []
    asins = [f"B{number:09}" for number in range(25)]
    ask(store, seller, pd.DataFrame({"market": "US", "asin": asins}, dtype="str"), told.append)
    assert told == [20, 25]


def test_a_code_that_is_kept_is_used_without_asking(amazon, looked, store):
    amazon.codes["B000000001"] = [("EAN", EAN)]
    file, held = report({"sku": "X", "asin": "B000000001"}), catalogue({"barcode": EAN})
    looked(file, held)
    again = with_codes(review(file, held, SELLER, Options()), store)
    assert again.looked_up == 1
    assert again.reading != file.reading
