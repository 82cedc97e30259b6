"""Every way to name a marketplace or a channel ends in its one code."""

import pandas as pd
import pytest

from lib.source import channels, marketplaces
from lib.source.marketplaces import MARKETPLACES


def market(text: str) -> str:
    return marketplaces.resolve(pd.Series([text], dtype="str"))[0]


def channel(text: str) -> str:
    return channels.resolve(pd.Series([text], dtype="str"))[0]


def test_there_are_23_marketplaces_with_distinct_ids_and_domains():
    places = MARKETPLACES.values()
    assert len(places) == len({p.id for p in places}) == len({p.domain for p in places}) == 23
    assert {p.region for p in places} == {"na", "eu", "fe"}


@pytest.mark.parametrize("code", MARKETPLACES)
def test_each_marketplace_is_known_by_code_id_name_domain_and_country(code):
    place = MARKETPLACES[code]
    for text in (code, place.id, place.name, place.domain, place.country, f"Amazon {code}"):
        assert market(text) == code


def test_no_text_means_two_marketplaces():
    keys = [key for place in MARKETPLACES.values() for key in place.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "text",
    [
        "Amazon.co.uk",
        "AMAZON.CO.UK",
        "www.amazon.co.uk",
        "https://www.amazon.co.uk/",
        "http://amazon.co.uk/dp/B000?tag=1",
        "  Amazon.co.uk\t",
        "Amazon UK",
        "UK",
        "gb",
        "United Kingdom",
        "a1f83g8c2aro7p",
    ],
)
def test_the_united_kingdom_is_gb_however_written(text):
    assert market(text) == "GB"


def test_countries_are_read_in_english_only():
    assert (market("Germany"), market("Deutschland"), market("Allemagne")) == ("DE", "", "")


@pytest.mark.parametrize("text", ["", " ", "Amazon", "amazon.example", "amazon.co", "eBay", "XX"])
def test_an_unknown_marketplace_is_empty(text):
    assert market(text) == ""


def test_a_marketplace_is_called_by_its_domain():
    assert marketplaces.NAMES["GB"] == "Amazon.co.uk"
    assert marketplaces.NAMES["US"] == "Amazon.com"


@pytest.mark.parametrize(
    "text", ["AFN", "fba", " Fba ", "Fulfilled by Amazon", "Fulfillment by AMAZON"]
)
def test_amazon_fulfils(text):
    assert channel(text) == "AFN"


@pytest.mark.parametrize("text", ["MFN", "fbm", "\tFBM", "Fulfilment by merchant"])
def test_the_merchant_fulfils(text):
    assert channel(text) == "MFN"


@pytest.mark.parametrize("text", ["", "FB", "AFN MFN", "DEFAULT", "Amazon"])
def test_an_unknown_channel_is_empty(text):
    assert channel(text) == ""


@pytest.mark.parametrize("resolve", [marketplaces.resolve, channels.resolve])
def test_resolve_keeps_the_index_and_gives_text(resolve):
    values = pd.Series(["DE", "AFN", "DE"], index=[7, 3, 3], dtype="str")
    assert resolve(values).index.equals(values.index)
    assert resolve(values).dtype == "str"
    assert resolve(values[:0]).dtype == "str"
