"""``python -m lib``: what it prints, and with which status it ends."""

import json

import pytest

from lib import settings
from lib.__main__ import main
from lib.source import map_file as reader
from lib.source.column_choices import remember
from lib.store import Store
from lib.target.embedded import EmbeddedTarget
from lib.target.port import Loaded, Message

pytestmark = pytest.mark.usefixtures("folder")

HEADER = "Title,Internal Reference,Seller SKU,Marketplace,Fulfilment\n"
GOOD = HEADER + "Office Chair,FURN_7777,S-1,Amazon.com,FBA\nOffice Lamp,FURN_8888,S-2,DE,FBM\n"
NEW = HEADER + "A new thing,NEW-1,S-3,UK,AFN\n"
LOST = GOOD + "Lost,,S-4,FR,MFN\n"


@pytest.fixture
def run(folder, capsys):
    def run(text, *arguments):
        (folder / "map.csv").write_text(text, encoding="utf-8")
        status = main(["map", "map.csv", "--seller", "demo", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_a_file_that_is_all_mapped_ends_with_0(run):
    status, out, err = run(GOOD)
    assert status == 0
    assert "2 matched" in out
    assert err == ""


def test_json_is_one_object_with_all_lanes_and_outcomes(run):
    status, out, _ = run(LOST, "--json")
    got = json.loads(out)
    assert status == 1
    assert got["rows"] == 3
    assert got["lanes"] == {
        "mapped": 0, "matched": 2, "to_create": 0, "unmatched": 1, "blocked": 0,
    }  # fmt: skip
    assert list(got["reasons"].values()) == [1]
    assert got["operations"]["link"] == 2
    assert got["outcomes"] == {"done": 2, "unchanged": 0, "skipped": 1, "failed": 0}
    assert got["job"]


def test_the_same_file_again_changes_nothing_and_says_so(run):
    run(GOOD)
    status, out, _ = run(GOOD)
    assert status == 0
    assert "Nothing changed" in out


def test_a_dry_run_writes_nothing_and_has_no_outcomes(run):
    _, out, _ = run(GOOD, "--dry-run", "--json")
    assert not {"outcomes", "job"} & set(json.loads(out))
    _, out, _ = run(GOOD, "--json")
    assert json.loads(out)["operations"]["link"] == 2


def test_create_makes_products_only_when_asked(run):
    assert run(NEW)[0] == 1
    status, out, _ = run(NEW, "--create", "--json")
    assert status == 0
    assert json.loads(out)["operations"]["create_product"] == 1


@pytest.fixture
def picky(monkeypatch):
    """A store that refuses every Amazon Product whose SKU begins with BAD."""
    load = EmbeddedTarget.load

    def refuse(self, kind, rows):
        bad = [Message(at, "It is bad.") for at, sku in enumerate(rows["sku"]) if sku[:3] == "BAD"]
        return Loaded([], bad) if bad else load(self, kind, rows)

    monkeypatch.setattr(EmbeddedTarget, "load", refuse)


def test_failed_rows_are_told_by_their_number_in_the_file(run, picky):
    status, out, _ = run(GOOD + "\nOffice Chair,FURN_7777,BAD-1,Amazon.com,FBA\n")
    assert status == 1
    assert "outcome: 2 done, 0 unchanged, 0 skipped, 1 failed" in out
    assert "\n  row 5, BAD-1: It is bad.\n" in out


def test_of_many_failed_rows_the_first_are_told(run, picky):
    rows = "".join(f"Office Chair,FURN_7777,BAD-{at},Amazon.com,FBA\n" for at in range(12))
    _, out, _ = run(HEADER + rows)
    assert out.count("It is bad.") == 10
    assert out.endswith("  row 11, BAD-9: It is bad.\n  and 2 more: see --out or the job log\n")


@pytest.mark.parametrize("name", ["result.csv", "result.xlsx"])
def test_the_result_file_uploads_again(run, folder, name):
    run(LOST, "--out", name)
    again = reader.read((folder / name).read_bytes(), name)
    assert again.listings["sku"].tolist() == ["S-1", "S-2", "S-4"]
    assert set(again.ignored) == {"Odoo product", "Lane", "Rule", "Reason", "Outcome", "Message"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["map", "nothing.csv", "--seller", "demo"], "nothing.csv"),
        (["map", "map.csv", "--seller", "nobody"], "nobody"),
        (["map", "map.csv", "--seller", "demo", "--target", "odoo"], "connections.odoo"),
        (["map", "map.csv", "--seller", "demo", "--odoo-url", "http://127.0.0.1:9"], "together"),
        (["map", "empty.csv", "--seller", "demo"], "empty.csv"),
        (["map", ".", "--seller", "demo"], "."),
        (["map", "map.csv", "--seller", "demo", "--out", "no/such/folder.csv"], "no/such"),
        (["catalogue", "load", "nothing.csv"], "nothing.csv"),
        (["provision"], "connections.odoo"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_one_line(folder, capsys, arguments, words):
    (folder / "map.csv").write_text(GOOD)
    (folder / "empty.csv").write_text("")
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert words in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1


def test_an_odoo_that_is_down_ends_with_2_and_no_password(folder, capsys, monkeypatch):
    (folder / "map.csv").write_text(GOOD)
    monkeypatch.setenv("ODOO_PASSWORD", "s3cret")
    odoo = ["--odoo-url", "http://127.0.0.1:9", "--odoo-database", "d", "--odoo-user", "u"]
    assert main(["map", "map.csv", "--seller", "demo", *odoo]) == 2
    captured = capsys.readouterr()
    assert "127.0.0.1:9" in captured.err
    assert "s3cret" not in captured.err + captured.out


def test_catalogue_load_replaces_the_embedded_products(folder, run, capsys):
    (folder / "products.csv").write_text(
        "External ID,Internal Reference,Barcode,Name,Active\n"
        "x.a,00042,,Chair,True\nx.b,OLD,,Desk,False\n"
    )
    assert main(["catalogue", "load", "products.csv"]) == 0
    assert "2 products" in capsys.readouterr().out
    _, out, _ = run(HEADER + "C,00042,S-1,US,FBA\nD,OLD,S-2,US,FBA\nE,42,S-3,US,FBA\n", "--json")
    assert json.loads(out)["lanes"] == {
        "mapped": 0, "matched": 1, "to_create": 0, "unmatched": 2, "blocked": 0,
    }  # fmt: skip
    assert "The product is archived" in json.loads(out)["reasons"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Barcode\n1\n", "Internal Reference and Name"),
        ("Internal Reference,Name\nA,\n", "row 2"),
        ("", "nothing in it"),
    ],
)
def test_an_unusable_catalogue_file_is_told_in_words(folder, capsys, text, words):
    (folder / "products.csv").write_text(text)
    assert main(["catalogue", "load", "products.csv"]) == 2
    assert words in capsys.readouterr().err


def test_columns_chosen_on_screen_serve_scripts_too(folder, run):
    headers = ["Nom", "Code", "Référence vendeur", "Site", "Mode"]
    chosen = dict(zip(["title", "reference", "sku", "marketplace", "fulfilment"], headers))  # noqa: B905
    remember(headers, chosen, Store(settings.load().database))
    status, _, _ = run(",".join(headers) + "\nChaise,FURN_7777,S-1,FR,FBA\n")
    assert status == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            b"Item,Code,SKU\n",
            "say on the page Map products which column is which: it is remembered",
        ),
        (HEADER.encode() + b"\x81\xff,\n", "choose its encoding on the page Map products"),
    ],
)
def test_a_file_that_needs_a_choice_names_the_page_where_it_is_made(folder, capsys, data, words):
    (folder / "map.csv").write_bytes(data)
    assert main(["map", "map.csv", "--seller", "demo"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: map.csv: ")
    assert words in err


@pytest.mark.parametrize("out", ["no/such/folder.csv", "result.txt", "."])
def test_a_result_file_that_cannot_be_written_is_refused_before_anything_is_done(run, out):
    status, _, err = run(GOOD, "--out", out)
    assert status == 2
    assert "nothing was done" in err
    _, printed, _ = run(GOOD, "--json")
    assert json.loads(printed)["operations"]["link"] == 2


def test_a_remembered_choice_stands_above_the_names_of_the_columns(run, folder):
    headers = ["Title", "Internal Reference", "Ref B", "Seller SKU", "Marketplace", "Fulfilment"]
    chosen = {"reference": "Ref B", "sku": "Seller SKU", "marketplace": "Marketplace",
              "fulfilment": "Fulfilment"}  # fmt: skip
    remember(headers, chosen, Store(settings.load().database))
    text = ",".join(headers) + "\nChair,nothing,FURN_7777,S-1,US,FBA\n"
    assert json.loads(run(text, "--json")[1])["lanes"]["matched"] == 1


CHOICE = (
    "Decision,Seller SKU,Marketplace,Fulfilment,Internal Reference\n"
    "Choose,S-4,FR,FBM,FURN_8900\nDismiss,S-9,US,FBA,\n"
)


def decide(text, folder):
    (folder / "decisions.csv").write_text(text)
    return main(["decisions", "import", "decisions.csv", "--seller", "demo"])


def test_imported_decisions_settle_the_next_map_file(run, folder, capsys):
    assert decide(CHOICE, folder) == 0
    assert "2 decisions are kept" in capsys.readouterr().out
    status, _, _ = run(LOST, "--out", "result.csv")
    assert status == 0
    result = (folder / "result.csv").read_text(encoding="utf-8-sig")
    assert result.count("Your earlier choice") == 1


def test_imported_decisions_settle_the_next_report(folder, capsys):
    decide(CHOICE, folder)
    (folder / "report.txt").write_text(
        "item-name\tseller-sku\tfulfillment-channel\nLost\tS-4\tDEFAULT\n"
    )
    sync = ["sync", "--seller", "demo", "--marketplace", "FR", "--file", "report.txt"]
    assert main([*sync, "--dry-run"]) == 0
    assert "1 matched" in capsys.readouterr().out


def test_decisions_are_exported_as_they_are_imported(folder, capsys):
    decide(CHOICE, folder)
    assert main(["decisions", "export", "out.csv", "--seller", "demo"]) == 0
    lines = (folder / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[:5] for line in lines[1:]] == [
        ["Choose", "S-4", "Amazon.fr", "FBM", "FURN_8900"],
        ["Dismiss", "S-9", "Amazon.com", "FBA", ""],
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [("Decision\nChoose\n", "Seller SKU, Marketplace, Fulfilment"),
     (CHOICE.replace("Choose", "Perhaps"), "row 2 says in Decision none of")],
)  # fmt: skip
def test_decisions_that_cannot_be_used_are_told_and_not_kept(folder, capsys, text, words):
    assert decide(text, folder) == 2
    assert words in capsys.readouterr().err


def test_affix_rules_are_added_listed_used_and_removed(run, capsys):
    rule = ["suffix", "--seller", "demo", "--", "-FBA"]
    text = HEADER + "Chair,,FURN_7777-FBA,US,FBA\n"
    assert run(text, "--dry-run")[0] == 1
    assert main(["affix", "add", *rule]) == 0
    assert main(["affix", "list", "--seller", "demo"]) == 0
    assert "suffix -FBA" in capsys.readouterr().out
    assert run(text, "--dry-run")[0] == 0
    assert main(["affix", "remove", *rule]) == 0
    assert main(["affix", "remove", *rule]) == 2
    assert run(text, "--dry-run")[0] == 1


def test_affix_rules_are_proposed_from_what_is_mapped(run, capsys):
    rows = "".join(f"T,{code},{code}.1,US,FBA\n" for code in ("FURN_7777", "FURN_8888", "E-COM07"))
    run(HEADER + rows)
    assert main(["affix", "propose", "--seller", "demo"]) == 0
    assert "suffix .1  3 mapped SKUs are the reference and this" in capsys.readouterr().out
    assert main(["affix", "add", "suffix", "--seller", "demo", "--", ".1"]) == 0
    capsys.readouterr()
    assert main(["affix", "propose", "--seller", "demo"]) == 0
    assert capsys.readouterr().out == "The mapped SKUs show no rule that is not kept already.\n"
