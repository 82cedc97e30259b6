"""Who is told of a sync, when and what: real web hooks and a real mail server on loopback."""

import json
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from lib import notify
from lib.__main__ import main
from tests.source.reports import LAYOUTS, data

CHAIR = {"seller-sku": "FURN_7777"}
NEW, NEWER = {"seller-sku": "NEW-1"}, {"seller-sku": "NEW-2"}


@pytest.fixture
def sync(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAPPER_DATA", str(tmp_path / "data"))

    def run(*rows, arguments=(), marketplace="DE"):
        (tmp_path / "report.txt").write_bytes(data(*rows, headers=LAYOUTS[47]))
        given = ["--seller", "demo", "--marketplace", marketplace, "--file", "report.txt"]
        status = main(["sync", *given, *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_new_mismatches_are_told_with_seller_marketplace_reasons_and_run(hook, sync):
    _, out, _ = sync(CHAIR, NEW, arguments=["--json"])
    (told,) = hook.told
    assert told["title"] == "Sync of demo: 1 new mismatch"
    assert told["type"] == "warning"
    assert told["message"].startswith("Amazon.de\n")
    assert "  1 × No product has this reference or barcode" in told["message"]
    assert "  NEW-1, Amazon.de, FBM: No product has this reference" in told["message"]
    assert f"python -m lib runs show {json.loads(out)['job']}" in told["message"]


def test_what_waited_at_the_last_sync_is_not_told_again(hook, sync):
    sync(CHAIR, NEW)
    sync(CHAIR, NEW)
    assert len(hook.told) == 1
    sync(CHAIR, NEW, NEWER)
    assert "1 new mismatch" in hook.told[1]["title"]
    assert "  NEW-2, Amazon.de" in hook.told[1]["message"]
    assert "  NEW-1, Amazon.de" not in hook.told[1]["message"]


def test_each_marketplace_has_its_own_last_sync(hook, sync):
    sync(NEW)
    sync(NEW, marketplace="FR")
    sync(NEW)
    assert [told["message"].splitlines()[0] for told in hook.told] == ["Amazon.de", "Amazon.fr"]


def test_what_is_mapped_and_what_a_dry_run_finds_is_not_told(hook, sync):
    sync(CHAIR)
    sync(NEW, arguments=["--dry-run"])
    assert hook.told == []
    sync(NEW)
    assert len(hook.told) == 1


def test_a_sync_that_fails_is_told(hook, sync):
    status, _, err = sync(CHAIR, marketplace="DE", arguments=["--out", "nowhere/out.csv"])
    (told,) = hook.told
    assert status == 2
    assert told["title"] == "Sync of demo failed"
    assert told["type"] == "failure"
    assert "nowhere/out.csv cannot be written there" in told["message"]
    assert err.count("\n") == 1


@pytest.mark.parametrize("wrong", ["refused", "silent", "unknown"])
def test_a_hook_that_fails_is_said_without_its_secrets_and_the_sync_goes_on(
    hook, sync, monkeypatch, wrong
):
    hook.status = 500
    addresses = {"silent": "json://user:s3cret@127.0.0.1:1/s3cret-path", "unknown": "s3cret://x"}
    if wrong in addresses:
        monkeypatch.setenv("MAPPER_NOTIFY", addresses[wrong])
    status, out, err = sync(CHAIR, NEW, arguments=["--json"])
    assert status == 1
    assert json.loads(out)["outcomes"]["done"] == 1
    assert err.startswith("error: notification address 1 of 1 ")
    assert "s3cret" not in err + out


def test_what_could_not_be_told_is_told_the_next_time(hook, sync):
    hook.status = 500
    sync(NEW)
    hook.status = 200
    sync(NEW)
    sync(NEW)
    assert ["1 new mismatch" in told["title"] for told in hook.told] == [True, True]


class Mails:
    """What a mail server was given."""

    def __init__(self):
        self.got: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope):
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def test_a_mail_is_sent_by_a_mail_server():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mails = Mails()
    server = Controller(mails, hostname="127.0.0.1", port=port)
    server.start()
    try:
        people = "from=mapper@example.com&to=seller@example.com"
        address = f"mailto://127.0.0.1:{port}?{people}&mode=insecure"
        assert notify.send([address], "Sync of demo failed", "Amazon.de\nWhy", True) == []
    finally:
        server.stop()
    (mail,) = mails.got
    assert mail["Subject"] == "Sync of demo failed"
    assert "seller@example.com" in mail["To"]
    assert "Why" in mail.as_string()
