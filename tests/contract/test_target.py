"""What every target promises: the same tests on the embedded store and on a real Odoo 19."""

import itertools

import pandas as pd
import pytest

from lib.columns import AMAZON_PRODUCT_COLUMNS, PRICE_COLUMNS, PRICELIST_COLUMNS, PRODUCT_COLUMNS
from lib.external_id import listing_ids, price_ids, product_ids
from lib.target.port import Job, Target, TargetError
from tests.runs import by_hand

FRESH = itertools.count(1)


def amazon_product(product_id: int, **values) -> dict:
    """A row to load, of a listing that no other test has."""
    sku = f"SKU-{next(FRESH)}"
    key = ("acme", "GB", "AFN", sku)
    row = {"record_id": 0, "product_id": product_id, "units": 1, "title": "A title",
           "seller": "acme", "market": "GB", "sku": sku, "channel": "AFN", "created_for": "",
           "xid": listing_ids([key])[0]}  # fmt: skip
    return row | values


def new_product(**values) -> dict:
    reference = f"NEW-{next(FRESH)}"
    return {"xid": product_ids(1, [reference])[0], "reference": reference, "name": "New"} | values


def held(target: Target, **values) -> pd.DataFrame:
    """The Amazon Products that have these values."""
    found = target.catalogue().amazon_products
    for column, value in values.items():
        found = found[found[column] == value]
    return found


def product(target: Target, reference: str) -> pd.DataFrame:
    found = target.catalogue().products
    return found[found["reference"] == reference]


def test_the_catalogue_has_the_columns_and_types_of_the_model(target):
    read = target.catalogue()
    assert list(read.products) == PRODUCT_COLUMNS
    assert list(read.amazon_products) == AMAZON_PRODUCT_COLUMNS
    kinds = read.products.dtypes
    assert (kinds["id"], kinds["active"], kinds["reference"]) == ("int64", "bool", "str")
    assert not read.products.isna().any(axis=None)


def test_archived_products_are_in_the_catalogue(target):
    name = "Archived by a person"
    row = new_product(name=name)
    target.load("product", pd.DataFrame([row]))
    archive(target, row["reference"])
    assert list(product(target, row["reference"])["active"]) == [False]


def archive(target: Target, reference: str) -> None:
    change(target, reference, "active", False)


def change(target: Target, reference: str, field: str, value) -> None:
    """What a person does to a product by hand."""
    number = int(product(target, reference)["id"].iloc[0])
    if hasattr(target, "connection"):
        field = {"reference": "default_code"}.get(field, field)
        target.connection.call("product.product", "write", [[number], {field: value}])
    else:
        by_hand(target, f"update product set {field} = ? where id = ?", value, number)


def test_what_is_loaded_is_read_back_letter_by_letter(target, product_id):
    sku = " 00123 1E5 ÄÖ\"';= 出品"
    row = amazon_product(product_id, sku=sku, title="Title, with = and \t tab", units=6)
    loaded = target.load("amazon_product", pd.DataFrame([row]))
    back = held(target, id=loaded.ids[0]).iloc[0].to_dict()
    for column in ("product_id", "units", "title", "seller", "market", "channel", "sku", "xid"):
        assert back[column] == row[column]


def test_the_ids_come_in_the_order_of_the_rows(target, product_id):
    rows = [amazon_product(product_id) for _ in range(5)]
    loaded = target.load("amazon_product", pd.DataFrame(rows))
    skus = [held(target, id=number)["sku"].item() for number in loaded.ids]
    assert skus == [row["sku"] for row in rows]


def test_the_same_batch_again_changes_nothing(target, product_id):
    rows = pd.DataFrame([amazon_product(product_id), amazon_product(product_id)])
    first = target.load("amazon_product", rows)
    before = target.catalogue().amazon_products
    assert target.load("amazon_product", rows) == first
    pd.testing.assert_frame_equal(target.catalogue().amazon_products, before)


def test_the_same_external_id_with_other_values_updates_the_record(target, product_id):
    row = amazon_product(product_id)
    first = target.load("amazon_product", pd.DataFrame([row]))
    again = target.load("amazon_product", pd.DataFrame([row | {"title": "Better"}]))
    assert again.ids == first.ids
    assert held(target, sku=row["sku"])["title"].tolist() == ["Better"]


def test_a_record_made_by_hand_is_updated_by_its_number(target, product_id):
    row = amazon_product(product_id)
    number = target.load("amazon_product", pd.DataFrame([row])).ids[0]
    by_hand = row | {"xid": "", "record_id": number, "title": "By number", "created_for": "N"}
    by_hand["units"] = 12
    assert target.load("amazon_product", pd.DataFrame([by_hand])).ids == [number]
    back = held(target, sku=row["sku"])
    assert back[["title", "created_for", "units"]].to_numpy().tolist() == [["By number", "N", 12]]


def test_a_bad_row_is_named_and_nothing_of_its_batch_is_written(target, product_id):
    good, bad = amazon_product(product_id), amazon_product(987654321)
    loaded = target.load("amazon_product", pd.DataFrame([good, bad]))
    assert loaded.ids == []
    assert 1 in [message.row for message in loaded.messages]
    assert all(message.text for message in loaded.messages)
    assert held(target, sku=good["sku"]).empty


def test_a_product_without_a_name_is_refused(target):
    loaded = target.load("product", pd.DataFrame([new_product(name="")]))
    assert loaded.messages


def test_a_product_is_created_once(target):
    row = new_product()
    first = target.load("product", pd.DataFrame([row]))
    assert target.load("product", pd.DataFrame([row])) == first
    assert product(target, row["reference"])[["id", "name"]].to_numpy().tolist() == [
        [first.ids[0], "New"]
    ]


def test_a_product_that_a_person_renamed_is_never_overwritten(target):
    row = new_product()
    target.load("product", pd.DataFrame([row]))
    change(target, row["reference"], "reference", row["reference"] + "-RENAMED")
    other = new_product()
    again = target.load("product", pd.DataFrame([row, other]))
    assert [message.row for message in again.messages] == [0]
    assert "-RENAMED" in again.messages[0].text
    assert again.ids == [0, product(target, other["reference"])["id"].item()]
    assert product(target, row["reference"]).empty


def test_nothing_is_missing_and_everything_is_allowed(target):
    assert target.missing() == []
    target.check_rights({"product", "amazon_product", "price"})


def test_a_job_is_kept_with_its_rows_and_saved_again_stays_one(target):
    columns = ["title", "reference", "sku", "marketplace", "fulfilment", "lane", "rule", "reason",
               "outcome", "message"]  # fmt: skip
    cells = [
        ["=1+1", "00123", "-5", "DE", "FBA", "Matched", "Barcode", "", "done", ""],
        ["", "NA", "'=x", "JP", "FBM", "Unmatched", "", "No, 1", "skipped", "a\nb"],
    ]
    job = Job("job1", "me", "acme", "f.csv", "ab" * 32, "2026-01-02T03:04:05Z")
    target.save_job(job)
    assert [known.state for known in target.jobs() if known.id == "job1"] == ["running"]
    with pytest.raises(TargetError, match="job1"):
        target.job_rows("job1")
    job.finished, job.state = "2026-01-02T03:05:06Z", "done"
    job.counts = {"rows": 2, "outcomes": {"done": 1, "unchanged": 0, "skipped": 1, "failed": 0},
                  "reasons": {"No, 1": 1}}  # fmt: skip
    job.rows = pd.DataFrame(cells, columns=columns, dtype="str")
    target.save_job(job)
    kept = [known for known in target.jobs() if known.id == "job1"]
    assert [vars(known) | {"rows": None} for known in kept] == [vars(job) | {"rows": None}]
    pd.testing.assert_frame_equal(target.job_rows("job1"), job.rows)


def test_jobs_are_listed_newest_first(target):
    for at in ("2026-03-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z"):
        target.save_job(Job(f"job{at}", "me", "acme", "f.csv", "", at))
    started = [job.started for job in target.jobs()]
    assert started == sorted(started, reverse=True)
    assert len(started) >= 3


def test_rows_of_a_job_that_is_not_there_are_an_error_in_words(target):
    with pytest.raises(TargetError, match="nojob"):
        target.job_rows("nojob")


def test_the_listings_of_a_seller_are_found_by_their_skus(target, product_id):
    mine, theirs = amazon_product(product_id), amazon_product(product_id, seller="other")
    target.load("amazon_product", pd.DataFrame([mine, theirs]))
    found = target.amazon_products("acme", [mine["sku"], theirs["sku"], "nobody's"], [])
    assert list(found) == AMAZON_PRODUCT_COLUMNS
    assert found["sku"].tolist() == [mine["sku"]]
    again = target.amazon_products("acme", [], found["id"].to_list())
    assert again.equals(found)


def test_products_are_found_by_their_references_and_barcodes(target):
    row = new_product()
    target.load("product", pd.DataFrame([row]))
    change(target, row["reference"], "barcode", "BAR-0001")
    for code in (row["reference"], "BAR-0001"):
        assert target.products_with([code, "nobody's"])["reference"].tolist() == [row["reference"]]
    archive(target, row["reference"])
    assert target.products_with(["BAR-0001"])["active"].tolist() == [False]
    assert target.products_with(["nobody's"]).empty


def test_what_became_of_a_product_that_we_made_is_known(target):
    rows = [new_product() for _ in range(4)]
    ids = target.load("product", pd.DataFrame(rows)).ids
    made = pd.DataFrame(rows).assign(id=ids)[["id", "reference", "name"]]
    change(target, rows[1]["reference"], "barcode", "BAR-0002")
    target.load("amazon_product", pd.DataFrame([amazon_product(ids[2])]))
    target.delete("product", [ids[3]])
    found = target.made(made).set_index("id")
    assert found["untouched"].to_dict() == {ids[0]: True, ids[1]: False, ids[2]: True}
    assert found["mapped"].to_dict() == {ids[0]: False, ids[1]: False, ids[2]: True}


def test_deleting_what_is_gone_already_is_no_error(target, product_id):
    number = target.load("amazon_product", pd.DataFrame([amazon_product(product_id)])).ids[0]
    target.delete("amazon_product", [number])
    target.delete("amazon_product", [number])
    assert held(target, id=number).empty


def test_what_was_deleted_is_made_again_under_the_same_external_id(target, product_id):
    row = amazon_product(product_id, created_for="WAS", title="As it was")
    number = target.load("amazon_product", pd.DataFrame([row])).ids[0]
    was = held(target, id=number).drop(columns="id")
    target.delete("amazon_product", [number])
    again = target.load("amazon_product", pd.DataFrame([row])).ids[0]
    back = held(target, id=again).drop(columns="id")
    assert back.to_dict("records") == was.to_dict("records")
    assert back["xid"].tolist() == [row["xid"]]


def test_a_product_that_a_listing_is_tied_to_is_not_deleted(target):
    row = new_product()
    ids = target.load("product", pd.DataFrame([row])).ids
    target.load("amazon_product", pd.DataFrame([amazon_product(ids[0])]))
    with pytest.raises(TargetError):
        target.delete("product", ids)
    target.archive(ids)
    assert product(target, row["reference"])["active"].tolist() == [False]


# -- prices --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pricelist(target) -> int:
    """A pricelist in euros with no price."""
    if not hasattr(target, "connection"):
        return int(target.pricelists().set_index("name")["id"]["Amazon.de"])
    odoo, every = target.connection, {"active_test": False}
    euro = odoo.call("res.currency", "search", [[("name", "=", "EUR")]], every)
    odoo.call("res.currency", "write", [euro, {"active": True}])
    return odoo.call("product.pricelist", "create", [{"name": "Amazon.de", "currency_id": euro[0]}])


def price_row(pricelist: int, product: int, price: str = "79.9") -> dict:
    return {"record_id": 0, "pricelist_id": pricelist, "product_id": product, "price": price,
            "xid": price_ids(pricelist, [str(product)])[0]}  # fmt: skip


@pytest.fixture
def priced(target) -> int:
    """A product that no other test has."""
    return target.load("product", pd.DataFrame([new_product()])).ids[0]


def of(target: Target, pricelist: int, product: int) -> list[str]:
    return target.prices(pricelist, [product])["price"].tolist()


def test_the_pricelists_are_told_with_their_currencies(target, pricelist):
    read = target.pricelists()
    assert list(read) == PRICELIST_COLUMNS
    assert read.set_index("id").loc[pricelist].to_list() == ["Amazon.de", "EUR"]


@pytest.mark.parametrize("price", ["79.9", "1299", "0.01", "12345.67"])
def test_a_price_is_read_back_as_it_was_written(target, pricelist, priced, price):
    loaded = target.load("price", pd.DataFrame([price_row(pricelist, priced, price)]))
    read = target.prices(pricelist, [priced])
    assert list(read) == PRICE_COLUMNS
    assert read.to_numpy().tolist() == [[loaded.ids[0], priced, price]]
    every = target.prices(pricelist)
    assert every[every["product_id"] == priced]["price"].tolist() == [price]


def test_a_price_is_made_once(target, pricelist, priced):
    rows = pd.DataFrame([price_row(pricelist, priced)])
    first = target.load("price", rows)
    assert target.load("price", rows) == first
    assert of(target, pricelist, priced) == ["79.9"]


def test_a_price_made_by_us_and_changed_since_is_never_overwritten_by_its_external_id(
    target, pricelist, priced
):
    row = price_row(pricelist, priced)
    number = target.load("price", pd.DataFrame([row])).ids[0]
    target.load("price", pd.DataFrame([row | {"xid": "", "record_id": number, "price": "66"}]))
    again = target.load("price", pd.DataFrame([row]))
    assert again.ids == [0]
    assert [message.row for message in again.messages] == [0]
    assert of(target, pricelist, priced) == ["66"]


def test_a_price_is_updated_by_its_number(target, pricelist, priced):
    row = price_row(pricelist, priced)
    number = target.load("price", pd.DataFrame([row])).ids[0]
    changed = row | {"xid": "", "record_id": number, "price": "5.5"}
    assert target.load("price", pd.DataFrame([changed])).ids == [number]
    assert of(target, pricelist, priced) == ["5.5"]


def test_a_price_that_is_deleted_may_be_made_again(target, pricelist, priced):
    row = pd.DataFrame([price_row(pricelist, priced)])
    target.delete("price", target.load("price", row).ids)
    assert of(target, pricelist, priced) == []
    target.load("price", row)
    assert of(target, pricelist, priced) == ["79.9"]


def test_a_price_of_no_product_is_refused_and_nothing_of_its_batch_is_written(
    target, pricelist, priced
):
    rows = [price_row(pricelist, priced), price_row(pricelist, 987654321)]
    loaded = target.load("price", pd.DataFrame(rows))
    assert loaded.ids == []
    assert loaded.messages
    assert of(target, pricelist, priced) == []


def test_a_product_goes_with_its_prices(target, pricelist, priced):
    target.load("price", pd.DataFrame([price_row(pricelist, priced)]))
    target.delete("product", [priced])
    assert of(target, pricelist, priced) == []
