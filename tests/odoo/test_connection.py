"""Logging in to a real Odoo, and to what is none: in words, and never with the password."""

import http.server
import logging
import socket
import threading
import traceback
from contextlib import contextmanager

import pytest

from lib.target.connection import Connection, OdooSettings
from lib.target.port import Denied, TargetError, Unreachable
from tests.odoo.install import run
from tests.odoo.steps import add_product, add_user

SECRET = "s3cr3t-swordfish"


@pytest.fixture(autouse=True)
def log(caplog):
    """Everything is logged, and no test here may find the secret in it."""
    caplog.set_level(logging.DEBUG)
    yield caplog
    assert SECRET not in "".join(str(vars(record)) for record in caplog.get_records("call"))


@contextmanager
def answering(status: int, body: bytes, **headers: str):
    """A server that gives this answer to everything; its address."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def refusal(url, database="any", user="any", password=SECRET, timeout=10) -> TargetError:
    """The error of a login that fails, which neither shows nor carries the password."""
    with pytest.raises(TargetError) as raised:
        Connection(OdooSettings(url, database, user, password), timeout)
    error: BaseException | None = raised.value
    while error:
        told = [str(error), repr(error), str(vars(error)), *traceback.format_exception(error)]
        assert password not in "".join(told)
        error = error.__cause__ or error.__context__
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"password": SECRET}, "user admin"),
        ({"user": "nobody@example.com"}, "nobody@example.com"),
        ({"database": "no_such_database"}, "no_such_database"),
    ],
    ids=["password", "user", "database"],
)
def test_a_wrong_login_is_denied_and_named(bare, wrong, named):
    given = bare._replace(password=SECRET)._replace(**wrong)
    error = refusal(*given)
    assert type(error) is Denied
    assert named in str(error)
    assert "Correct [connections.odoo]" in str(error)


def test_no_server_at_the_host_or_port_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
    for url in (closed, "https://no-such-host.invalid:443"):
        error = refusal(url)
        assert type(error) is Unreachable
        assert f"{url} cannot be reached" in str(error)
        assert "Check the address" in str(error)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (429, b"<html>Later</html>", "HTTP status 429"),
        (502, b"<html>Bad gateway</html>", "HTTP status 502"),
        (200, b"<html>Welcome</html>", "not Odoo"),
        (200, b"\xff\xfe", "not Odoo"),
        (200, b"", "not Odoo"),
        (200, b"[]", "not Odoo"),
        (200, b"null", "not Odoo"),
        (200, b'{"result": 1}', "not Odoo"),
        (200, b'{"result": {}}', "not Odoo"),
        (200, b'{"result": {"server_version": "x"}}', "not Odoo"),
    ],
)
def test_a_server_that_is_no_odoo_is_unreachable(status, body, words):
    with answering(status, body) as url:
        error = refusal(url)
    assert type(error) is Unreachable
    assert words in str(error)
    assert url in str(error)


@pytest.mark.parametrize("status", [401, 404, 413])
def test_a_refusal_that_no_waiting_mends_is_told_at_once(status):
    with answering(status, b"<html>No</html>") as url:
        error = refusal(url)
    assert type(error) is TargetError
    assert f"{url} refuses the call with HTTP status {status}" in str(error)


def test_an_answer_cut_short_is_unreachable():
    with answering(200, b"{", **{"Content-Length": "99"}) as url:
        assert type(refusal(url, timeout=1)) is Unreachable


def test_a_server_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = refusal(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=1)
    assert type(error) is Unreachable
    assert "did not answer in time" in str(error)


@pytest.mark.parametrize(
    "url",
    ["", "ftp://host", "http://", "http://host:99999", "http://host:eighty", "http://[::1"],
)
def test_what_is_no_address_is_denied_with_what_to_write(url):
    error = refusal(url)
    assert type(error) is Denied
    assert f"{url!r} is no address" in str(error)
    assert "https://" in str(error)


def test_an_address_without_a_scheme_is_tried_encrypted_and_told_so(bare):
    # Else the password would go over the net in clear because of a slip.
    error = refusal(bare.url.removeprefix("http://"))
    assert type(error) is Unreachable
    assert bare.url.replace("http", "https") in str(error)


@pytest.mark.parametrize("path", ["/", "/odoo", "/web/login?db=other#home"])
def test_an_address_copied_from_the_browser_will_do(bare, path):
    given = bare._replace(url=bare.url + path)
    assert Connection(OdooSettings(*given)).user


def test_a_password_in_the_address_is_not_repeated():
    for url in (f"http://me:{SECRET}@127.0.0.1:1", f"ftp://me:{SECRET}@host"):
        refusal(url)


@pytest.fixture(scope="module")
def key(odoo_server, bare) -> str:
    """An API key of the administrator, which only Odoo's own process makes without a screen."""
    making = """
from datetime import datetime, timedelta
keys = env["res.users.apikeys"].with_user(env.ref("base.user_admin"))
key = keys._generate("rpc", "test", datetime.now() + timedelta(days=1))
env.cr.commit()
print("KEY", key)
"""
    shell = [*odoo_server._odoo("shell"), "-d", bare.database, "--no-http"]
    return run(*shell, input=making).split("KEY ")[1].split()[0]


def test_an_api_key_logs_in_reads_and_writes_and_is_never_logged(bare, key, log):
    odoo = Connection(OdooSettings(*bare._replace(password=key)))
    number = add_product(odoo, "BY-KEY")
    read = odoo.call("product.product", "read", [[number], ["default_code"]])
    assert [record["default_code"] for record in read] == ["BY-KEY"]
    assert odoo.major == 19
    with pytest.raises(TargetError) as refused:
        odoo.call("product.product", "no_such_method", [])
    assert key not in str(refused.value) + repr(odoo.settings) + log.text


def test_odoo_s_own_refusal_is_told_in_its_words(bare):
    odoo = Connection(OdooSettings(*bare))
    with pytest.raises(TargetError, match=r"Odoo answered: .*no_such_field"):
        odoo.call("product.product", "search", [[("no_such_field", "=", 1)]])


def test_a_password_that_is_changed_meanwhile_is_denied(bare):
    admin = Connection(OdooSettings(*bare))
    login = add_user(admin, "forgetful")
    odoo = Connection(OdooSettings(*bare._replace(user=login, password=login)))
    user = admin.call("res.users", "search", [[("login", "=", login)]])
    admin.call("res.users", "write", [user, {"password": SECRET}])
    with pytest.raises(Denied, match=f"user {login}"):
        odoo.call("res.users", "context_get", [])


def test_a_session_that_has_ended_is_opened_again(bare):
    odoo = Connection(OdooSettings(*bare))
    odoo._odoo.json("/web/session/destroy", {})
    assert odoo.call("res.users", "context_get", [])["lang"]
