"""``python -m lib runs``: what was done, row by row, and taken back, in the words of the screen."""

import json

import pytest

from lib.__main__ import main
from lib.source import map_file as reader
from lib.source import map_out
from lib.target.embedded import EmbeddedTarget
from lib.target.port import TargetError
from tests.source.reports import LAYOUTS, data

CHAIR = {"seller-sku": "FURN_7777", "price": "79.90"}
LOST = {"seller-sku": "LOST-1"}


@pytest.fixture
def lib(folder, capsys):
    def lib(*arguments):
        status = main([*arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return lib


@pytest.fixture
def synced(lib, folder):
    """The id of a run that a sync with prices made."""

    def synced(*rows):
        (folder / "report.txt").write_bytes(data(*rows, headers=LAYOUTS[47]))
        given = ["--seller", "demo", "--marketplace", "DE", "--file", "report.txt", "--prices"]
        return json.loads(lib("sync", *given, "--create", "--json")[1])["job"]

    return synced


def test_an_undo_says_in_words_what_it_takes_back_and_nothing_of_what_it_has_not(lib, synced):
    run = synced(CHAIR)
    status, out, _ = lib("runs", "undo", run, "--dry-run")
    assert status == 0
    assert out.splitlines() == [
        "Undo of report.txt on Embedded demo store",
        "  Amazon Products to remove: 1",
        "  Prices to remove: 1",
    ]
    status, out, _ = lib("runs", "undo", run)
    assert status == 0
    assert out.splitlines()[-1].startswith("Run ")
    assert "1 done" in out.splitlines()[-1]


def test_an_undo_of_a_run_of_which_nothing_is_left_says_so_and_does_nothing(lib, synced):
    run = synced(CHAIR)
    lib("runs", "undo", run)
    status, out, _ = lib("runs", "undo", run)
    assert status == 0
    assert "  Left alone: changed since: 2" in out
    assert out.endswith("  Nothing to undo: nothing of this run is left as it wrote it.\n")
    assert lib("runs")[1].count("Undo of") == 1


def test_the_rows_of_a_run_can_be_had_with_their_outcome_as_a_map_file(lib, folder, synced):
    run = synced(CHAIR, {"seller-sku": "", "item-name": "No SKU"})
    status, out, _ = lib("runs", "show", run, "--out", "rows.csv")
    assert status == 0
    assert out.endswith("  2 rows with their outcome are in rows.csv\n")
    rows = map_out.read_back((folder / "rows.csv").read_bytes())
    assert rows[["sku", "outcome", "reason"]].to_numpy().tolist() == [
        ["FURN_7777", "done", ""],
        ["", "skipped", "Seller SKU is empty"],
    ]
    lib("runs", "show", run, "--out", "rows.xlsx")
    again = reader.read((folder / "rows.xlsx").read_bytes(), "rows.xlsx")
    assert again.listings["sku"].tolist() == ["FURN_7777", ""]


@pytest.mark.parametrize("out", ["rows.txt", "nowhere/rows.csv"])
def test_a_result_file_that_cannot_be_written_is_told(lib, synced, out):
    status, said, err = lib("runs", "show", synced(CHAIR), "--out", out)
    assert (status, said) == (2, "")
    assert err.startswith(f"error: {out} ")


def test_of_much_that_an_undo_leaves_the_first_rows_are_told(lib, synced, monkeypatch):
    run = synced(*({"seller-sku": f"NEW-{at}"} for at in range(12)))

    def refuse(*_):
        raise TargetError("it is in use")

    monkeypatch.setattr(EmbeddedTarget, "delete", refuse)
    status, out, _ = lib("runs", "undo", run)
    assert status == 1
    assert out.count("  left: NEW-") == 10
    # The products too: their listings are still there.
    assert "  left: and 14 more: see `python -m lib runs show " in out


def test_a_run_that_is_not_known_ends_with_2(lib):
    status, _, err = lib("runs", "show", "nobody")
    assert status == 2
    assert "There is no run 'nobody' here" in err
