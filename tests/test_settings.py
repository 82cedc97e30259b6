"""The settings file: sellers, the Odoo connection, and what is wrong with it in words."""

import pytest

from lib import settings
from lib.model import MapperError


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "secrets.toml"
        path.write_text(text, encoding="utf-8")
        return settings.load(path)

    return load


ODOO = '[connections.odoo]\nurl = "https://o"\ndatabase = "d"\nuser = "u"\n'


def test_without_a_file_there_is_a_demo_seller_on_every_marketplace(tmp_path):
    read = settings.load(tmp_path / "none.toml")
    assert list(read.sellers) == ["demo"]
    assert len(read.sellers["demo"].markets) == 23
    assert read.targets == ["embedded"]


def test_marketplaces_are_written_in_any_way(load):
    read = load('[sellers.acme]\nmarketplaces = ["Amazon.co.uk", "de", "amazon.fr", "UK"]')
    assert read.sellers["acme"].markets == ("GB", "DE", "FR")


def test_an_unknown_marketplace_is_named(load):
    with pytest.raises(MapperError, match=r"acme.*Atlantis"):
        load('[sellers.acme]\nmarketplaces = ["Atlantis"]')


def test_pricelists_are_named_by_marketplace(load):
    read = load('[sellers.acme]\npricelists = { "Amazon.de" = "Amazon DE", UK = "Amazon UK" }')
    assert read.sellers["acme"].pricelists == {"DE": "Amazon DE", "GB": "Amazon UK"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('"Amazon DE"', "write a line a marketplace"),
        ("{ DE = 5 }", "write a line a marketplace"),
        ('{ Atlantis = "A" }', "marketplace 'Atlantis' is not known"),
        ('{ DE = "A", "Amazon.de" = "B" }', r"Amazon\.de has two pricelists"),
    ],
)
def test_a_pricelist_that_is_not_named_so_is_told_with_its_place(load, written, told):
    with pytest.raises(MapperError, match=rf"\[sellers.acme.pricelists\]: {told}"):
        load(f"[sellers.acme]\npricelists = {written}")


def test_an_odoo_that_is_configured_is_the_default_target(load):
    assert load(ODOO + 'password = "p"').targets == ["odoo", "embedded"]


@pytest.mark.parametrize("key", ["password", "api_key"])
def test_a_password_or_an_api_key_serves(load, key):
    assert load(ODOO + f'{key} = "p"').odoo.password == "p"


def test_the_password_may_come_from_the_environment(load, monkeypatch):
    monkeypatch.setenv(settings.PASSWORD_VARIABLE, "from outside")
    assert load(ODOO).odoo.password == "from outside"


def test_a_missing_setting_is_named(load, monkeypatch):
    monkeypatch.delenv(settings.PASSWORD_VARIABLE, raising=False)
    with pytest.raises(MapperError, match="password is missing"):
        load(ODOO)


def test_a_broken_file_is_told_without_what_is_in_it(load):
    with pytest.raises(MapperError, match="cannot be read") as broken:
        load(ODOO + 'password = "s3cret\n')
    assert "s3cret" not in str(broken.value)


def test_settings_never_show_the_password(load):
    assert "s3cret" not in repr(load(ODOO + 'password = "s3cret"'))


@pytest.mark.parametrize(
    "text", ["sellers = 3", "[sellers]\nacme = 3", '[sellers.acme]\nmarketplaces = "DE"',
             "connections = 3", '[connections]\nodoo = "x"'],
)  # fmt: skip
def test_a_section_of_another_shape_is_named(load, text):
    with pytest.raises(MapperError, match=r"sellers|connections"):
        load(text)


def test_the_address_of_the_database_shows_no_password(tmp_path):
    path = tmp_path / "secrets.toml"
    path.write_text('[database]\nurl = "postgresql://me:S3cret@localhost/app"')
    assert "S3cret" not in repr(settings.load(path))
    path.write_text('[database]\nurl = "postgresql://me:S3c@ret@localhost/app"')
    with pytest.raises(MapperError, match="%40") as refused:
        settings.load(path)
    assert "ret@" not in str(refused.value)


AMAZON = '[sellers.acme]\nrefresh_token = "r"\nlwa_app_id = "a"\nlwa_client_secret = "c"\n'


def credentials(read, seller="acme"):
    given = read.amazon[seller]
    return given.refresh_token, given.lwa_app_id, given.lwa_client_secret


@pytest.fixture
def amazon_variables(monkeypatch):
    """Sets them as given, and no others."""
    for name in settings.AMAZON_VARIABLES.values():
        monkeypatch.delenv(name, raising=False)
    return lambda **values: [monkeypatch.setenv(name, value) for name, value in values.items()]


def test_a_seller_has_an_amazon_account_by_the_file(load, amazon_variables):
    amazon_variables(SP_API_REFRESH_TOKEN_ACME="other", LWA_APP_ID="other")
    assert credentials(load(AMAZON)) == ("r", "a", "c")


def test_a_seller_has_an_amazon_account_by_the_environment(load, amazon_variables):
    amazon_variables(
        SP_API_REFRESH_TOKEN_ACME_EU="r", LWA_APP_ID="all", LWA_CLIENT_SECRET_ACME_EU=" c\n"
    )
    assert credentials(load('[sellers."acme-eu"]'), "acme-eu") == ("r", "all", "c")


def test_a_refresh_token_is_never_another_sellers(load, amazon_variables):
    amazon_variables(SP_API_REFRESH_TOKEN="whose", SP_API_REFRESH_TOKEN_ACME="r")
    assert load("[sellers.acme]\n[sellers.other]").amazon["other"].refresh_token == ""


def test_sellers_whose_variables_would_be_the_same_are_refused_them(load, amazon_variables):
    amazon_variables(SP_API_REFRESH_TOKEN_ACME_EU="whose")
    with pytest.raises(MapperError, match=r"acme-eu.*acme_eu"):
        load('[sellers."acme-eu"]\n[sellers.acme_eu]')


def test_without_an_amazon_account_all_else_works_and_its_use_says_what_is_missing(
    load, amazon_variables
):
    amazon = load('[sellers.acme]\nlwa_app_id = "a"').open_amazon("acme")
    with pytest.raises(MapperError, match=r"acme has no refresh_token, lwa_client_secret.*secrets"):
        amazon.marketplaces()


def test_a_credential_that_is_no_text_is_named_without_its_value(load):
    with pytest.raises(MapperError, match=r"acme.*lwa_app_id") as told:
        load("[sellers.acme]\nlwa_app_id = 4711")
    assert "4711" not in str(told.value)


def test_settings_never_show_the_credentials(load):
    assert "s3cret" not in repr(load(AMAZON.replace('"r"', '"s3cret"').replace('"c"', '"s3cret"')))


@pytest.mark.parametrize("written", ['"json://a"', '["json://a"]'])
def test_notifications_go_to_one_address_or_to_several(load, monkeypatch, written):
    monkeypatch.delenv(settings.NOTIFY_VARIABLE, raising=False)
    read = load(f"[notify]\nurl = {written}")
    assert read.notify == ("json://a",)
    assert "json://a" not in repr(read)


def test_addresses_in_the_environment_go_before_those_of_the_file(load, monkeypatch):
    monkeypatch.setenv(settings.NOTIFY_VARIABLE, "json://b  json://c")
    assert load('[notify]\nurl = "json://a"').notify == ("json://b", "json://c")


def test_without_an_address_nobody_is_notified(load, monkeypatch):
    monkeypatch.delenv(settings.NOTIFY_VARIABLE, raising=False)
    assert load("").notify == load("[notify]").notify == load('[notify]\nurl = ""').notify == ()


@pytest.mark.parametrize(
    "text", ["[notify]\nurl = 7", "[notify]\nurl = [7]", 'notify = "json://a"']
)
def test_notifications_that_are_no_addresses_are_told(load, text):
    with pytest.raises(MapperError, match="notify"):
        load(text)


@pytest.mark.parametrize("switch", ["create", "prices", "lookup"])
def test_what_a_sync_does_by_itself_is_an_option_of_a_seller(load, switch):
    assert getattr(load(f"[sellers.acme]\n{switch} = true").sellers["acme"], switch)
    assert not getattr(load("[sellers.acme]").sellers["acme"], switch)
    with pytest.raises(MapperError, match=rf"acme.*{switch} is true or false"):
        load(f'[sellers.acme]\n{switch} = "yes"')
