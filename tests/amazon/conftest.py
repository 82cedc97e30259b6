"""A fake Amazon on loopback, reached by unchanged production code."""

import pytest

from lib.amazon import account, client
from lib.amazon.account import Amazon as Account
from lib.amazon.port import Credentials
from lib.model import Seller
from lib.store import Store
from tests.amazon.amazon import HOSTS, LOGIN_DATA, Amazon
from tests.amazon.proxy import Proxy

SELLER = Seller("acme", ("US", "DE", "JP"))


@pytest.fixture(scope="session")
def proxy(tmp_path_factory):
    with Proxy(HOSTS, lambda call: None) as running:
        yield running, running.environment(tmp_path_factory.mktemp("ca") / "ca.pem")


@pytest.fixture
def amazon(proxy, monkeypatch) -> Amazon:
    """A fresh Amazon, to which all of this process leads."""
    running, environment = proxy
    fresh = Amazon()
    running.answer = fresh.answer
    for name in ("https_proxy", "all_proxy", "no_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    client._tokens.clear()
    return fresh


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """The pauses that were made, in no time."""
    made: list[float] = []
    monkeypatch.setattr(account.time, "sleep", made.append)
    return made


@pytest.fixture
def open_account(amazon, pauses):
    def opened(**other: str) -> Account:
        return Account(SELLER, Credentials(**LOGIN_DATA | other, source="[sellers.acme]"))

    return opened


@pytest.fixture
def seller(open_account) -> Account:
    return open_account()


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path / 'app.sqlite'}")
    yield opened
    opened.close()
