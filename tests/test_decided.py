"""A review with decisions is the same whether all rows are matched for it, or few."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from lib.catalogue import Catalogue
from lib.decided import decided, touched
from lib.match.decisions import CREATE, Choice, Memory, listing_keys
from lib.model import Lane, Options
from lib.review import review
from tests.tables import SELLER, amazon_products, map_file, products
from tests.test_invariants import CODES, FILES, KEPT, MEMORIES, OPTIONS, PRODUCTS

HELD = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.sampled_from(["S", "T", "s", "AS", "NS", *CODES[1:5]]),
            "market": st.sampled_from(["US", "DE"]),
            "channel": st.sampled_from(["AFN", "MFN"]),
            "product_id": st.integers(0, 4),
            "units": st.sampled_from([1, 1, 6]),
            "created_for": st.sampled_from(["", "", "N", "M"]),
        }
    ),
    max_size=5,
)
CHOICES = st.lists(
    st.tuples(
        st.integers(0, 11), st.sampled_from([0, 1, 2, 3, 9, CREATE]), st.sampled_from(["", "x"])
    ),
    max_size=4,
)


def taken(keys, choices):
    """The decisions that these CHOICES are, by listing key."""
    return {
        keys.iloc[row]: Choice(product, note) for row, product, note in choices if row < len(keys)
    }


@given(FILES, PRODUCTS, HELD, OPTIONS, MEMORIES, KEPT, CHOICES)
@settings(max_examples=600, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_what_few_rows_are_matched_for_is_what_all_would_be(
    file, of_products, held, options, memory, kept, choices
):
    catalogue = Catalogue(products(*of_products), amazon_products(*held))
    keys = listing_keys(file.listings)
    decisions = taken(keys, choices)
    now = Memory(kept, memory.affixes)
    all_rows = review(file, catalogue, SELLER, options, decisions, now)
    few_rows, _ = decided(review(file, catalogue, SELLER, options, memory=memory), decisions, now)
    assert_frame_equal(few_rows.file.listings, all_rows.file.listings)
    assert_frame_equal(few_rows.matches, all_rows.matches)
    assert_frame_equal(few_rows.plan.rows, all_rows.plan.rows)
    assert_frame_equal(few_rows.plan.products, all_rows.plan.products)
    assert few_rows.decisions == all_rows.decisions
    assert few_rows.memory is now


@given(FILES, PRODUCTS, HELD, OPTIONS, MEMORIES, CHOICES, CHOICES)
@settings(max_examples=300, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_rows_that_a_decision_does_not_touch_stay_as_they_are(
    file, of_products, held, options, memory, earlier, later
):
    catalogue = Catalogue(products(*of_products), amazon_products(*held))
    keys = listing_keys(file.listings)
    before, now = taken(keys, earlier), taken(keys, later)
    undecided = review(file, catalogue, SELLER, options, memory=memory)
    was, done = (decided(undecided, at, memory)[0].matches for at in (before, now))
    same = was.index.difference(touched(undecided, before, now))
    told = ["lane", "rule", "reason", "candidate", "warning"]
    assert_frame_equal(was.loc[same, told], done.loc[same, told])


def test_what_a_row_unmaps_is_gone_for_a_row_that_is_decided():
    """Though they share no SKU and no reference: the one leaves what was made for the other."""
    held = amazon_products({"sku": "S", "product_id": 1, "created_for": "N"})
    catalogue = Catalogue(products({"reference": "A"}), held)
    file = map_file({"sku": "S", "action": "UNMAP"}, {"sku": "T", "reference": "N"})
    undecided = review(file, catalogue, SELLER, Options())
    choices = {undecided.keys[1]: Choice(CREATE)}
    done, _ = decided(undecided, choices, undecided.memory)
    assert done.matches["lane"].tolist() == [Lane.MATCHED, Lane.TO_CREATE]


def test_a_decision_has_no_row_matched_again_that_it_cannot_matter_to():
    rows = [{"sku": sku, "reference": code} for sku, code in (("S", "A"), ("S", "B"), ("T", "C"))]
    undecided = review(map_file(*rows), Catalogue(products()), SELLER, Options())
    _, anew = decided(undecided, {undecided.keys[0]: Choice(0)}, undecided.memory)
    assert anew.tolist() == [0, 1]
