"""Execute and the job log: the numbers of the preview are those of the result and of the log."""

import hashlib
import time

from lib.columns import MAP_FIELDS
from lib.model import CHANGES, Operation, Outcome
from lib.run.engine import engine
from lib.source import map_file, map_out, sample
from lib.ui.registry import AMAZON_PRODUCTS, JOB_LOG, MAP_PRODUCTS

ROWS = len(sample.ROWS)
OUTCOMES = [outcome.value.capitalize() for outcome in Outcome]


def test_the_result_has_the_numbers_of_the_preview(reviewing):
    reviewing.at.toggle(key="create_demo").set_value(True).run()
    shown = [change.label for change in CHANGES if change is not Operation.SET_PRICE]
    preview = {label: reviewing.numbers[label] for label in shown}
    reviewing.execute()
    changes = next(table.value for table in reviewing.at.dataframe if "Planned" in table.value)
    for column in ("Planned", "Done"):
        assert dict(zip(changes["Change"], changes[column], strict=True)) == preview
    (done,) = reviewing.at.success
    assert f"{sum(preview.values())} changes written to Embedded demo store" in done.value
    assert "11 Amazon Products, 1 new product" in done.value
    assert f"{ROWS} rows read; every row has one outcome." in reviewing.text
    assert sum(reviewing.numbers[outcome] for outcome in OUTCOMES) == ROWS
    assert reviewing.numbers["Failed"] == 0
    assert not reviewing.at.exception


def test_after_execute_the_rows_are_mapped(executed):
    executed.press("Close the result")
    assert executed.lanes == {
        "Mapped": 10,
        "Matched": 0,
        "To create": 0,
        "Unmatched": 2,
        "Blocked": 0,
    }


def test_executing_again_says_that_nothing_changed(executed):
    executed.press("Close the result")
    assert "Nothing to change" in executed.at.info[0].value
    executed.execute()
    assert "Nothing changed" in executed.at.info[0].value
    assert executed.numbers["Done"] == 0
    assert executed.numbers["Unchanged"] == 10
    assert not executed.at.success


def test_what_was_executed_is_listed_as_amazon_products(executed):
    executed.open(AMAZON_PRODUCTS)
    table = executed.at.dataframe[0].value
    assert set(table["Seller SKU"]) == set(sample.ROWS["sku"]) - {"MAT-01", "DRAWER-BLK"}
    executed.at.text_input(key="layer_search").set_value("00269").run()
    (row,) = executed.at.dataframe[0].value.to_dict("records")
    assert row["Odoo product"].startswith("[FURN_0269]")
    assert (row["Marketplace"], row["Fulfilment"]) == ("Amazon.co.uk", "FBA")


def test_an_empty_job_log_says_where_to_start(visitor):
    visitor.open(JOB_LOG)
    assert "No job yet" in visitor.at.info[0].value


def test_job_log_has_who_file_hash_counts_and_rows(executed):
    executed.open(JOB_LOG)
    jobs, rows = (table.value for table in executed.at.dataframe)
    (job,) = jobs.to_dict("records")
    assert (job["User"], job["File"], job["Seller"]) == (
        "test@example.com",
        "sample_map.csv",
        "demo",
    )
    assert (job["State"], job["Rows"]) == ("Done", ROWS)
    assert [job[outcome] for outcome in OUTCOMES] == [10, 0, 2, 0]
    assert hashlib.sha256(map_out.sample_csv()).hexdigest() in executed.text
    assert rows["Seller SKU"].tolist() == sample.ROWS["sku"].tolist()
    assert set(rows["Fulfilment"]) == {"FBA", "FBM"}
    assert (rows["Outcome"] == "Done").sum() == 10
    executed.at.button_group(key="outcome").set_value(Outcome.SKIPPED).run()
    assert set(executed.at.dataframe[1].value["Outcome"]) == {"Skipped"}


def shown_job(visitor):
    return next(header.value for header in visitor.at.header if header.value.startswith("Job "))


def test_the_job_that_is_shown_stays_when_a_newer_one_comes(executed, visit):
    executed.open(JOB_LOG)
    shown = shown_job(executed)
    other = visit()
    other.upload(map_out.to_csv(sample.ROWS[:2]), "other.csv")
    other.execute()
    executed.at.run()
    assert len(executed.at.dataframe[0].value) == 2
    assert shown_job(executed) == shown
    executed.open(MAP_PRODUCTS)
    executed.open(JOB_LOG)
    assert shown_job(executed) != shown


def test_an_undo_that_was_started_is_shown(executed):
    executed.open(JOB_LOG)
    executed.press("See what an undo would do")
    executed.press("Undo 10 changes")
    while engine().journal.runs(active=True):
        time.sleep(0.05)
    executed.at.run()
    assert "This run is the undo of run" in executed.text


def test_mismatch_lines_are_a_map_file_again(downloads, executed):
    executed.open(JOB_LOG)
    ((name, make),) = [item for item in downloads.items() if item[0].startswith("mismatch_")]
    again = map_file.read(make(), name).listings
    left = sample.ROWS[sample.ROWS["sku"].isin(["MAT-01", "DRAWER-BLK"])]
    assert again[[*MAP_FIELDS]].to_numpy().tolist() == left.to_numpy().tolist()
    executed.open(MAP_PRODUCTS)
    executed.upload(make(), name)
    assert sum(executed.lanes.values()) == 2


def test_a_decision_that_was_executed_is_kept_and_no_open_one_any_more(reviewing):
    def decisions() -> list[str]:
        return [part.label for part in reviewing.at.expander if part.label.startswith("You took")]

    reviewing.choose("FURN_8900")
    assert decisions() == ["You took 1 decision"]
    assert "Execute also keeps your 1 decision for the next file." in [
        text.value for text in reviewing.at.caption
    ]
    reviewing.execute()
    assert decisions() == []
    assert "1 earlier decision on listings of this file" in reviewing.text
    assert not [label for label in reviewing.buttons if label.startswith("Execute")]


def test_other_options_after_a_run_offer_their_own_execute(executed):
    executed.at.toggle(key="create_demo").set_value(True).run()
    assert executed.lanes["To create"] == 1
    assert "Execute 2 changes" in executed.buttons
