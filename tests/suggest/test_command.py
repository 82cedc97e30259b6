"""``python -m lib suggest``."""

import json
import subprocess
import sys

import pytest

from lib.__main__ import main
from lib.suggest.evidence import PARTS, SAFE

LISTINGS = "listing,title\na,Feldmark Turntable TX350H\nb,Gel pen blue\n"
PRODUCTS = "product,name\n1,Feldmark Turntable TX-350H\n2,Gel pen red\n3,Gel pen blue\n"
TRUTH = "listing,product\na,1\nb,2\n"


@pytest.fixture
def run(tmp_path, capsys):
    def run(*arguments, listings=LISTINGS, products=PRODUCTS, truth=None):
        given = {"listings": listings, "products": products, "truth": truth}
        words = ["suggest", *arguments]
        for name, text in given.items():
            if text is not None:
                path = tmp_path / f"{name}.csv"
                path.write_text(text, encoding="utf-8")
                words += [f"--{name}", str(path)]
        status = main(words)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_json_without_truth_has_the_suggestions_with_their_evidence(run):
    status, out, _ = run("--json")
    got = json.loads(out)
    assert status == 0
    assert got["seconds"] > 0
    first = got["suggestions"]["b"][0]
    assert (first["product"], first["rank"]) == ("3", 1)
    assert list(first["evidence"]) == ["start", *PARTS]
    assert sum(first["evidence"].values()) == pytest.approx(first["score"], abs=1e-2)


def test_json_with_truth_has_recall_and_what_is_safe(run):
    _, out, _ = run("--json", truth=TRUTH)
    got = json.loads(out)
    assert got["recall"] == {"1": 0.5, "3": 1.0, "5": 1.0, "10": 1.0}
    assert got["safe"]["threshold"] == SAFE
    assert set(got["safe"]) == {"threshold", "precision", "coverage"}
    assert set(got) == {"recall", "safe", "seconds"}


def test_a_listing_with_several_products_is_right_with_any_of_them(run):
    _, out, _ = run("--json", truth="listing,product\na,1\nb,2\nb,3\n")
    got = json.loads(out)
    assert got["recall"] == {"1": 1.0, "3": 1.0, "5": 1.0, "10": 1.0}
    assert got["safe"]["coverage"] <= 1


@pytest.mark.parametrize("rows", [{"listings": "listing,title\n"}, {"products": "product,name\n"}])
def test_no_rows_have_no_suggestions(run, rows):
    status, out, _ = run("--json", **rows)
    assert (status, json.loads(out)["suggestions"]) == (0, {})


def test_columns_of_other_programs_a_mark_at_the_front_and_semicolons_are_read(run):
    listings = "\ufeffListing;Title;Warehouse\r\nb;Gel pen blue;x\r\n"
    _, out, _ = run("--json", listings=listings)
    assert json.loads(out)["suggestions"]["b"][0]["product"] == "3"


def test_a_model_number_of_its_own_column_counts(run):
    listings = "listing,title,mpn\na,A turntable,TX-350H\n"
    _, out, _ = run("--json", listings=listings)
    first = json.loads(out)["suggestions"]["a"][0]
    assert (first["product"], first["evidence"]["model number"] > 0) == ("1", True)


def test_output_that_nobody_reads_to_its_end_is_no_error(tmp_path):
    for name, text in {"l": LISTINGS, "p": PRODUCTS}.items():
        (tmp_path / name).write_text(text)
    files = ["--listings", str(tmp_path / "l"), "--products", str(tmp_path / "p")]
    command = [sys.executable, "-m", "lib", "suggest", *files]
    told = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told.stdout.close()
    assert told.stderr.read() == b""
    told.stderr.close()
    told.wait()


def test_without_json_the_best_of_each_listing_is_told_with_its_evidence(run):
    _, out, _ = run()
    assert "2 listings, 3 products" in out
    assert "Gel pen blue" in out
    assert "title words" in out


def test_with_truth_the_table_of_precision_and_coverage_is_printed(run):
    _, out, _ = run(truth=TRUTH)
    assert "R@1 0.500" in out
    assert "precision" in out
    assert "coverage" in out


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"listings": "id,name\n1,x\n"}, "listings.csv: it has no column title"),
        ({"products": "product,name\n1,x\n1,y\n"}, "products.csv: row 3: product 1 is there"),
        ({"listings": "listing,title\na,x\n,y\n"}, "listings.csv: row 3: its listing is empty"),
        ({"listings": ""}, "listings.csv: there is nothing in it"),
        ({"truth": "listing,product\nz,1\n"}, "truth.csv: listing z is in no row"),
        ({"truth": "listing,product\na,9\n"}, "truth.csv: product 9 is in no row"),
    ],
)
def test_a_file_that_does_not_fit_is_named_with_what_is_wrong(run, files, told):
    status, _, err = run(**files)
    assert status == 2
    assert told in err


def test_other_commands_do_not_wait_for_the_libraries_of_suggestions():
    code = "import lib.commands, sys; sys.exit('sparse_dot_topn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_to_suggest_does_not_wait_for_the_libraries_of_other_commands():
    code = (
        "import sys; from lib.__main__ import _parser; _parser(['suggest']); "
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
