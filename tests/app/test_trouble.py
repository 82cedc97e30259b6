"""What can go wrong is one message in words, and the app goes on."""

import pytest

from bench import data
from lib.model import Lane
from lib.source import sample
from lib.target.embedded import EmbeddedTarget
from lib.ui.registry import AMAZON_PRODUCTS, CONNECTION, JOB_LOG, MAP_PRODUCTS

HEADER = b"Title,Internal Reference,Seller SKU,Marketplace,Fulfilment\n"
BAD_FILES = {
    "empty.csv": b"",
    "header_only.csv": HEADER,
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "quotes.csv": HEADER + b'Desk 12" wide,E-COM09,"D1,Amazon.com,AFN\nLamp,E-COM07,L1,US,MFN\n',
}
PASSWORD = "correct-horse-battery-staple"
DEAD_ODOO = f"""
[connections.odoo]
url = "http://127.0.0.1:9"
database = "shop"
user = "mapper"
password = "{PASSWORD}"
"""


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_message_with_its_name_and_the_next_file_is_read(visitor, name):
    visitor.upload(BAD_FILES[name], name)
    (message,) = visitor.errors
    assert message.startswith(f"{name}: ")
    assert not visitor.at.exception
    assert not visitor.at.metric
    visitor.upload()
    assert not visitor.errors
    assert sum(visitor.lanes.values()) == 12


def test_a_file_whose_encoding_is_not_found_is_read_in_the_one_that_is_chosen(visitor):
    visitor.upload(HEADER + "Źródło,FURN_7777,S-1,DE,FBA\n".encode("cp1250"), "map.csv")
    (message,) = visitor.errors
    assert "line 2 is not text in the encoding cp1252" in message
    encoding = next(box for box in visitor.at.selectbox if box.label == "Read the file as")
    encoding.set_value("cp1250").run()
    assert not visitor.errors
    assert visitor.lanes["Matched"] == 1
    assert visitor.at.dataframe[0].value["Seller SKU"].tolist() == ["S-1"]


@pytest.mark.parametrize("page", [MAP_PRODUCTS, AMAZON_PRODUCTS, JOB_LOG, CONNECTION])
def test_an_unreachable_odoo_is_one_message_without_the_password(project, visit, page):
    (project / ".streamlit" / "secrets.toml").write_text(DEAD_ODOO)
    visitor = visit()
    visitor.open(page)
    if page is MAP_PRODUCTS:
        visitor.upload()
    (message,) = visitor.errors
    assert "http://127.0.0.1:9 cannot be reached" in message
    assert "Check the address" in message
    assert not visitor.at.exception
    assert PASSWORD not in visitor.text


def test_beside_an_unreachable_odoo_the_demo_store_works(project, visit):
    (project / ".streamlit" / "secrets.toml").write_text(DEAD_ODOO)
    visitor = visit()
    visitor.upload()
    visitor.at.selectbox(key="target").set_value("embedded").run()
    assert not visitor.errors
    assert visitor.lanes["Matched"] == 10


def test_settings_that_change_while_the_app_runs_are_minded(project, reviewing):
    secrets = project / ".streamlit" / "secrets.toml"
    assert reviewing.lanes["Blocked"] == 0
    secrets.write_text('[sellers.acme]\nmarketplaces = ["Amazon.com"]\n')
    reviewing.at.run()
    seller = reviewing.at.selectbox(key="seller")
    assert (seller.options, seller.value) == (["acme"], "acme")
    assert reviewing.lanes["Blocked"] == (sample.ROWS["marketplace"] != "Amazon.com").sum()
    secrets.write_text(DEAD_ODOO)
    reviewing.at.run()
    assert "http://127.0.0.1:9 cannot be reached" in reviewing.errors[0]
    secrets.unlink()
    reviewing.at.run()
    assert not reviewing.errors
    assert reviewing.at.selectbox(key="seller").value == "demo"
    assert reviewing.lanes["Matched"] == 10


def test_unreadable_settings_are_one_message(project, visit):
    (project / ".streamlit" / "secrets.toml").write_text(f'password = "{PASSWORD}')
    visitor = visit()
    (message,) = visitor.errors
    assert "secrets.toml cannot be read" in message
    assert PASSWORD not in visitor.text


def test_a_hundred_thousand_rows_are_reviewed(project, visitor):
    products = data.catalogue(20_000)
    EmbeddedTarget(project / "data" / "embedded.sqlite").take_products(
        products.assign(external_id="")
    )
    data.listings(100_000, products, project / "big.csv")
    visitor.upload((project / "big.csv").read_bytes(), "big.csv")
    assert not visitor.errors
    assert not visitor.at.exception
    assert sum(visitor.lanes.values()) == 100_000
    assert visitor.lanes[Lane.MATCHED.label] > 50_000
