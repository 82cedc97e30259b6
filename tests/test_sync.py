"""``python -m lib sync``: a report goes the way of a map file, and what is gone from it is told."""

import json

import pytest

from lib.__main__ import main
from lib.source import map_file as reader
from tests.source.reports import LAYOUTS, data

HEADERS = LAYOUTS[47]


@pytest.fixture
def run(folder, capsys):
    def run(*rows, arguments=(), marketplace="Amazon.de"):
        (folder / "report.txt").write_bytes(data(*rows, headers=HEADERS))
        given = ["--seller", "demo", "--marketplace", marketplace, "--file", "report.txt"]
        status = main(["sync", *given, *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


CHAIR = {"seller-sku": "FURN_7777"}
LAMP = {"seller-sku": "FURN_8888", "fulfillment-channel": "AMAZON_EU"}
NEW = {"seller-sku": "NEW-1", "item-name": "A new thing"}


def test_the_listings_of_a_report_are_mapped_by_seller_sku_as_reference(run):
    status, out, err = run(CHAIR, LAMP, arguments=["--json"])
    got = json.loads(out)
    assert status == 0
    assert err == ""
    assert got["lanes"]["matched"] == got["outcomes"]["done"] == got["operations"]["link"] == 2
    assert got["drift"] == 0
    assert got["job"]


def test_the_same_report_again_changes_nothing_and_says_so(run):
    run(CHAIR, LAMP)
    status, out, _ = run(CHAIR, LAMP)
    assert status == 0
    assert "2 mapped" in out
    assert "Nothing changed" in out
    assert "drift" not in out


def test_another_title_in_the_report_updates_the_amazon_product(run):
    run(CHAIR)
    _, out, _ = run(CHAIR | {"item-name": "Chair, new"}, arguments=["--json"])
    assert json.loads(out)["operations"]["update"] == 1


def test_a_seller_may_always_want_products_created_and_prices_set(run, folder):
    (folder / ".streamlit").mkdir(exist_ok=True)
    (folder / ".streamlit" / "secrets.toml").write_text(
        '[sellers.demo]\nmarketplaces = ["DE"]\ncreate = true\nprices = true\n'
        'pricelists = { DE = "Amazon.de" }\n'
    )
    _, out, _ = run(NEW, arguments=["--json"])
    operations = json.loads(out)["operations"]
    assert operations["create_product"] == operations["set_price"] == 1


def test_create_makes_products_only_when_asked(run):
    status, out, _ = run(NEW, arguments=["--json"])
    assert status == 1
    assert json.loads(out)["lanes"]["unmatched"] == 1
    status, out, _ = run(NEW, arguments=["--create", "--json"])
    assert status == 0
    assert json.loads(out)["operations"]["create_product"] == 1


def test_a_dry_run_writes_nothing_and_tells_the_drift(run):
    run(CHAIR, CHAIR | {"seller-sku": "FURN_0269"})
    _, out, _ = run(CHAIR, LAMP, arguments=["--dry-run", "--json"])
    got = json.loads(out)
    assert not {"outcomes", "job"} & set(got)
    assert got["drift"] == 1
    _, out, _ = run(CHAIR, LAMP, arguments=["--json"])
    assert json.loads(out)["operations"]["link"] == 1


def test_listings_gone_from_the_report_are_told_and_not_deleted(run):
    run(CHAIR, CHAIR | {"seller-sku": "FURN_0269"})
    status, out, _ = run(CHAIR)
    assert status == 0
    assert "drift: 1 in Odoo, gone from the report; nothing was deleted" in out
    assert out.endswith("\n  FURN_0269, FBM: FURN_0269\n")
    assert json.loads(run(CHAIR, arguments=["--json"])[1])["drift"] == 1


def test_of_much_drift_the_first_are_told(run):
    run(CHAIR, *({"seller-sku": f"NEW-{at}"} for at in range(12)), arguments=["--create"])
    _, out, _ = run(CHAIR)
    assert out.count(", FBM: NEW-") == 10
    assert out.endswith("  and 2 more: see --out\n")


def test_drift_is_of_this_marketplace_and_of_the_channels_in_the_report(run):
    run(CHAIR, LAMP)
    assert json.loads(run(NEW, arguments=["--json"], marketplace="FR")[1])["drift"] == 0
    assert json.loads(run(LAMP, arguments=["--json"])[1])["drift"] == 0
    assert json.loads(run(NEW, arguments=["--json"])[1])["drift"] == 1


def test_a_listing_that_is_inactive_or_of_unknown_channel_is_not_gone(run):
    run(CHAIR, LAMP)
    there = [CHAIR | {"status": "Inactive"}, LAMP | {"fulfillment-channel": ""}]
    assert json.loads(run(NEW, *there, arguments=["--json"])[1])["drift"] == 0


def test_inactive_listings_are_taken_when_asked(run):
    rows = CHAIR, LAMP | {"status": "Inactive"}
    assert json.loads(run(*rows, arguments=["--json"])[1])["rows"] == 1
    assert json.loads(run(*rows, arguments=["--json", "--inactive"])[1])["rows"] == 2


@pytest.mark.parametrize("name", ["result.csv", "result.xlsx"])
def test_the_result_file_has_the_rows_and_the_drift_and_uploads_again(run, folder, name):
    run(CHAIR, CHAIR | {"seller-sku": "FURN_0269"})
    run(CHAIR, NEW, arguments=["--out", name])
    again = reader.read((folder / name).read_bytes(), name)
    assert again.listings["sku"].tolist() == ["FURN_7777", "NEW-1", "FURN_0269"]
    assert again.listings["channel"].tolist() == ["MFN"] * 3
    assert set(again.listings["market"]) == {"DE"}


def test_prices_are_set_when_asked(run):
    priced = CHAIR | {"price": "79.90"}
    assert json.loads(run(priced, arguments=["--json"])[1])["operations"]["set_price"] == 0
    status, out, _ = run(priced, arguments=["--prices", "--json"])
    got = json.loads(out)
    assert status == 0
    assert got["operations"]["set_price"] == got["outcomes"]["done"] == 1
    assert json.loads(run(priced, arguments=["--prices", "--json"])[1])["operations"] == {
        "link": 0, "relink": 0, "update": 0, "unmap": 0, "create_product": 0,
        "set_price": 0, "unchanged": 1, "skip": 0,
    }  # fmt: skip


def test_prices_without_a_pricelist_end_with_2_before_anything_is_written(run, folder):
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text("[sellers.demo]")
    status, _, err = run(CHAIR, arguments=["--prices"])
    assert status == 2
    assert err.startswith("error: The settings name no pricelist of seller demo for Amazon.de.")
    assert json.loads(run(CHAIR, arguments=["--json"])[1])["lanes"]["matched"] == 1


def test_a_marketplace_that_is_not_the_sellers_ends_with_2(run):
    status, _, err = run(CHAIR, marketplace="Mars")
    assert status == 2
    assert err.startswith("error: 'Mars' is no marketplace of seller demo. Give one of Amazon.com,")


def test_a_file_that_is_no_report_ends_with_2_and_one_line(folder, capsys):
    (folder / "map.csv").write_text("Title,Internal Reference\nA,B\n")
    given = ["--seller", "demo", "--marketplace", "DE", "--file", "map.csv"]
    assert main(["sync", *given]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: map.csv: no column is called seller-sku")
    assert err.count("\n") == 1


def test_a_file_is_of_one_marketplace(folder, capsys):
    (folder / "report.txt").write_bytes(data(CHAIR, headers=HEADERS))
    given = ["sync", "--seller", "demo", "--file", "report.txt"]
    for more in ([], ["--marketplace", "DE", "--marketplace", "FR"]):
        assert main([*given, *more]) == 2
        assert "--file is the report of one marketplace" in capsys.readouterr().err


def test_a_fulfilment_that_the_report_lacks_is_told_by_the_fba_inventory_report(run, folder):
    headers = "sku\tfnsku\tasin\tproduct-name\n"
    (folder / "fba.txt").write_text(headers + "FURN_8888\tX0001\tB012345678\tLamp\n")
    blank = {"fulfillment-channel": ""}
    rows = CHAIR | blank, LAMP | blank, {"seller-sku": "FURN_0269"} | blank
    assert json.loads(run(*rows, arguments=["--json"])[1])["lanes"]["blocked"] == 3
    told = ["--fba-report", "fba.txt", "--out", "out.csv"]
    assert run(*rows, arguments=told)[0] == 0
    again = reader.read((folder / "out.csv").read_bytes(), "out.csv")
    assert again.listings["channel"].tolist() == ["MFN", "AFN", "MFN"]


def test_an_fba_inventory_report_that_is_none_ends_with_2(run, folder):
    (folder / "other.txt").write_bytes(data(CHAIR, headers=HEADERS))
    status, _, err = run(CHAIR, arguments=["--fba-report", "other.txt"])
    assert status == 2
    assert "other.txt is no FBA inventory report" in err
