"""The rows of a review as they are downloaded and logged."""

import pandas as pd

from lib.catalogue import texts_of
from lib.columns import MAP_FIELDS
from lib.model import Action, Lane
from lib.review import Review


def products_of(done: Review, index: pd.Index) -> pd.Series:
    """What the product of these rows is called, also of one to be created; "" for none (str)."""
    products, created = done.matches.loc[index, "product_id"], done.plan.products
    known = texts_of(products, done.catalogue.labels)
    new = texts_of(products, "[" + created["reference"] + "] " + created["name"])
    return known.where(products >= 0, new)


def result_rows(
    done: Review, index: pd.Index | None = None, outcomes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """All rows, or those of ``index``: MAP_FIELDS, ``units`` if any row says them, ``action`` if
    any is not MAP, ``product``, ``lane``, ``rule``, ``reason`` (labels, not codes), and
    ``outcome``, ``message`` after an execution; all str.

    A warning stands in ``reason``, so that the file says all there is to say of a row.
    ``outcomes`` has ``outcome`` and ``message``, same index.
    """
    listings, matches = done.file.listings, done.matches
    if index is not None:
        listings, matches = listings.loc[index], matches.loc[index]
    reason = matches["reason"].astype("str")
    warned = (matches["warning"] != "").to_numpy()
    both = (reason + ". " + matches["warning"]).where(reason != "", matches["warning"])
    asked, said = listings["action"], listings["units"]
    frame = listings[list(MAP_FIELDS)].assign(
        # Most files have no such columns.
        **{} if (said == "").all() else {"units": said},
        **{} if (asked == Action.MAP.value).all() else {"action": asked},
        product=products_of(done, matches.index),
        lane=matches["lane"].map({lane.value: lane.label for lane in Lane}).astype("str"),
        rule=matches["rule"].astype("str"),
        reason=reason.where(~warned, both),
    )
    return frame if outcomes is None else frame.assign(**outcomes[["outcome", "message"]])
