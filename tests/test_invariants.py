"""What holds for every file, whatever is in it."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lib.drift import gone
from lib.match.decisions import Affix, AffixKind, Memory, Verdict, listing_keys
from lib.match.lookup import is_in
from lib.model import CHANGES, Action, Operation, Options, Outcome, Reason, Rule
from lib.review import review
from lib.source.report import Report
from tests.runs import empty_target, execute, press, undo
from tests.tables import SELLER, decisions, exported, map_file, report

CODES = ["", "A", "a", " A", "B", "N", "n ", "M", "NS", "4006381333931", "012345678905",
         "0012345678905"]  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(["", "One", "Two", "Two, pack of 6"]),
            "units": st.sampled_from(["", "", "1", "3", "six"]),
            "reference": st.sampled_from(CODES),
            "sku": st.sampled_from(["", "S", "T", " S", "s", "AS", "NS", "SN"]),
            "market": st.sampled_from(["", "US", "DE", "BR"]),
            "channel": st.sampled_from(["", "AFN", "MFN"]),
            "action": st.sampled_from([*Action, Action.MAP, "DELETE"]),
        }
    ),
    max_size=12,
)
PRODUCTS = st.lists(
    st.fixed_dictionaries(
        {
            "reference": st.sampled_from(CODES),
            "barcode": st.sampled_from(CODES),
            "active": st.booleans(),
        }
    ),
    max_size=5,
)
OFFERED = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(["", "One", "Two", "Two, pack of 6"]),
            "sku": st.sampled_from([*CODES, "S", "T", "AS", "NS"]),
            "ean": st.sampled_from(["", "4006381333931", "012345678905"]),
            "channel": st.sampled_from(["", "AFN", "MFN"]),
        }
    ),
    max_size=12,
)
FILES = st.one_of(ROWS.map(lambda rows: map_file(*rows)), OFFERED.map(lambda rows: report(*rows)))
KEPT = st.lists(
    st.fixed_dictionaries(
        {
            "market": st.sampled_from(["US", "DE"]),
            "channel": st.sampled_from(["AFN", "MFN"]),
            "sku": st.sampled_from(["S", "T", "s", "AS", *CODES[1:5]]),
            "verdict": st.sampled_from(list(Verdict)),
            "reference": st.sampled_from(CODES),
            "said": st.sampled_from(["", "a", "b", "n", "m", "a\nb"]),
            "why": st.sampled_from(list(Reason)),
        }
    ),
    max_size=6,
    unique_by=lambda kept: (
        kept["market"],
        kept["channel"],
        kept["sku"],
        kept["reference"] if kept["verdict"] == Verdict.REJECT else "",
    ),
).map(lambda rows: decisions(*rows))
AFFIXES = st.lists(
    st.builds(Affix, st.sampled_from(AffixKind), st.sampled_from(["S", "0", "A", " ", "012"])),
    max_size=3,
    unique=True,
).map(tuple)
MEMORIES = st.builds(Memory, KEPT, AFFIXES)
OPTIONS = st.builds(
    Options,
    channels=st.sampled_from([("AFN",), ("AFN", "MFN")]),
    create=st.booleans(),
    packs=st.booleans(),
)


def told(*reviews) -> str:
    """The rows and their matches, for the message of a failure."""
    return "\n".join(
        one.file.listings[["title", "reference", "sku", "market", "channel"]]
        .join(one.matches.drop(columns="warning")).to_string()
        for one in reviews
    )  # fmt: skip


@given(FILES, FILES, PRODUCTS, OPTIONS, MEMORIES)
@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_counts_sum_to_the_rows_and_a_second_execution_changes_nothing(
    before, file, of_products, options, memory
):
    with tempfile.TemporaryDirectory() as folder:
        target = empty_target(Path(folder) / "store.sqlite")
        target.take_products(exported(*of_products))
        press(target, before, create=True)
        # People decide about products that are there.
        there = memory.decisions["reference"].isin(target.catalogue().products["reference"])
        memory = replace(memory, decisions=memory.decisions[there])
        first = review(file, target.catalogue(), SELLER, options, memory=memory)
        counts = first.counts
        assert sum(counts["lanes"].values()) == len(file.listings)
        assert (first.matches["candidate"] >= 0).all(), told(first)
        apart = ("create_product", "set_price")
        of_rows = {name: n for name, n in counts["operations"].items() if name not in apart}
        assert sum(of_rows.values()) == len(file.listings)

        result = execute(first, target, "me")
        outcomes = result.job.counts["outcomes"]
        assert sum(outcomes.values()) == len(file.listings)
        assert outcomes[Outcome.FAILED] == 0
        assert result.written == {name: counts["operations"][name] for name in result.written}

        again = review(file, target.catalogue(), SELLER, options, memory=memory)
        assert again.plan.changes == 0, told(first, again)
        unmaps = first.plan.rows["operation"] == Operation.UNMAP.value
        done = first.matches["product_id"] != 0
        done &= (first.matches["rule"] != Rule.UNMAP.value).to_numpy()
        assert (again.matches.loc[done, "lane"] == "mapped").all(), told(first, again)
        assert (again.matches.loc[unmaps, "reason"] == Reason.NOT_MAPPED).all(), told(first, again)
        # What waits for a person waits for the same reason as before.
        waits = ~again.matches["reason"].isin([Reason.NONE, Reason.NOT_MAPPED])
        assert list(first.matches["reason"][waits]) == list(again.matches["reason"][waits])

        held = target.catalogue().amazon_products
        assert not held.duplicated(["seller", "market", "channel", "sku"]).any()
        if isinstance(file, Report):
            drifted = gone(file, target.catalogue(), SELLER)
            assert not is_in(listing_keys(drifted), listing_keys(file.listings)).any()
        second = execute(again, target, "me")
        assert all(second.written[change] == 0 for change in CHANGES)


@given(ROWS, ROWS, PRODUCTS)
@settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_what_a_run_unmapped_is_as_before_after_its_undo(before, rows, of_products):
    with tempfile.TemporaryDirectory() as folder:
        target = empty_target(Path(folder) / "store.sqlite")
        target.take_products(exported(*of_products))
        create = Options(create=True)
        first = map_file(*(row | {"action": Action.MAP} for row in before))
        execute(review(first, target.catalogue(), SELLER, create), target)
        was = layer(target)
        done = review(map_file(*rows), target.catalogue(), SELLER, create)
        ran = execute(done, target)
        undone = undo(ran, target)
        assert set(undone.outcomes["outcome"]) <= {Outcome.DONE}
        assert layer(target).equals(was), told(done)


def layer(target) -> pd.DataFrame:
    """All Amazon Products, but for their numbers."""
    held = target.catalogue().amazon_products.drop(columns="id")
    return held.sort_values(["seller", "market", "channel", "sku"], ignore_index=True)
