"""What holds for every file, whatever is in it."""

import tempfile
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lib.drift import gone
from lib.match.decisions import listing_keys
from lib.match.lookup import is_in
from lib.model import CHANGES, Options, Outcome, Reason
from lib.review import review
from lib.source.report import Report
from lib.target.embedded import EmbeddedTarget
from tests.runs import execute, press
from tests.tables import SELLER, exported, map_file, report

CODES = ["", "A", "a", " A", "B", "N", "n ", "M", "4006381333931", "012345678905", "0012345678905"]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(["", "One", "Two"]),
            "reference": st.sampled_from(CODES),
            "sku": st.sampled_from(["", "S", "T", " S", "s"]),
            "market": st.sampled_from(["", "US", "DE", "BR"]),
            "channel": st.sampled_from(["", "AFN", "MFN"]),
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
            "title": st.sampled_from(["", "One", "Two"]),
            "sku": st.sampled_from([*CODES, "S", "T"]),
            "ean": st.sampled_from(["", "4006381333931", "012345678905"]),
            "channel": st.sampled_from(["", "AFN", "MFN"]),
        }
    ),
    max_size=12,
)
FILES = st.one_of(ROWS.map(lambda rows: map_file(*rows)), OFFERED.map(lambda rows: report(*rows)))
OPTIONS = st.builds(
    Options, channels=st.sampled_from([("AFN",), ("AFN", "MFN")]), create=st.booleans()
)


def told(*reviews) -> str:
    """The rows and their matches, for the message of a failure."""
    return "\n".join(
        one.file.listings[["title", "reference", "sku", "market", "channel"]]
        .join(one.matches.drop(columns="warning")).to_string()
        for one in reviews
    )  # fmt: skip


@given(FILES, FILES, PRODUCTS, OPTIONS)
@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_counts_sum_to_the_rows_and_a_second_execution_changes_nothing(
    before, file, of_products, options
):
    with tempfile.TemporaryDirectory() as folder:
        target = EmbeddedTarget(Path(folder) / "store.sqlite")
        target.take_products(exported(*of_products))
        press(target, before, create=True)
        first = review(file, target.catalogue(), SELLER, options)
        counts = first.counts
        assert sum(counts["lanes"].values()) == len(file.listings)
        apart = ("create_product", "set_price")
        of_rows = {name: n for name, n in counts["operations"].items() if name not in apart}
        assert sum(of_rows.values()) == len(file.listings)

        result = execute(first, target, "me")
        outcomes = result.job.counts["outcomes"]
        assert sum(outcomes.values()) == len(file.listings)
        assert outcomes[Outcome.FAILED] == 0
        assert result.written == {name: counts["operations"][name] for name in result.written}

        again = review(file, target.catalogue(), SELLER, options)
        assert again.plan.changes == 0, told(first, again)
        done = first.matches["product_id"] != 0
        assert (again.matches.loc[done, "lane"] == "mapped").all(), told(first, again)
        # What waits for a person waits for the same reason as before.
        waits = again.matches["reason"] != Reason.NONE
        assert list(first.matches["reason"][waits]) == list(again.matches["reason"][waits])

        held = target.catalogue().amazon_products
        assert not held.duplicated(["seller", "market", "channel", "sku"]).any()
        if isinstance(file, Report):
            drifted = gone(file, target.catalogue(), SELLER)
            assert not is_in(listing_keys(drifted), listing_keys(file.listings)).any()
        assert all(execute(again, target, "me").written[change] == 0 for change in CHANGES)
