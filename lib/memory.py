"""What is kept between two files: people's decisions and affix rules, in the app's database."""

import pandas as pd
import sqlalchemy as sa

from lib.catalogue import Catalogue, texts_of
from lib.match.decisions import (
    CREATE,
    DECISION_COLUMNS,
    LISTING_KEY,
    Affix,
    AffixKind,
    Memory,
    Verdict,
    no_decisions,
)
from lib.match.earlier import said_of
from lib.model import MapperError
from lib.review import Review
from lib.store import AFFIX, DECISION, Store

_IS_OURS = sa.and_(DECISION.c.place == sa.bindparam("p"), DECISION.c.seller == sa.bindparam("s"))


def stamp(store: Store, place: str, seller: str) -> tuple:
    """Another value whenever what is kept of a seller at a place is another."""
    counted = [sa.func.count(), sa.func.max(DECISION.c.id)]
    affixes = sa.select(sa.func.count(), sa.func.max(AFFIX.c.id)).where(AFFIX.c.seller == seller)
    with store.begin() as connection:
        decisions = connection.execute(sa.select(*counted).where(_IS_OURS), _ours(place, seller))
        return *decisions.one(), *connection.execute(affixes).one()


def recall(store: Store, place: str, seller: str) -> Memory:
    """What is kept of a seller at a place."""
    asked = sa.select(*(DECISION.c[name] for name in DECISION_COLUMNS)).where(_IS_OURS)
    with store.begin() as connection:
        found = connection.execute(asked.order_by(DECISION.c.id), _ours(place, seller)).all()
    kinds = dict.fromkeys(DECISION_COLUMNS, "str") | {"product_id": "int64"}
    decisions = pd.DataFrame(found, columns=DECISION_COLUMNS).astype(kinds)
    # Two people may have decided at the same moment.
    rejects = decisions["verdict"] == Verdict.REJECT.value
    again = decisions.assign(rejects=rejects).duplicated([*LISTING_KEY, "rejects"], keep="last")
    return Memory(decisions[rejects | ~again].reset_index(drop=True), affixes(store, seller))


def decided(done: Review, user: str, now: str) -> pd.DataFrame:
    """The choices that a review was made with, as DECISION_COLUMNS; ``now`` is UTC, ISO 8601."""
    choices = done.decisions
    if not choices:
        return no_decisions()
    keys = pd.Series(list(choices), dtype="str")
    said = said_of(done.keys, done.file.listings["reference"])
    rows = done.file.listings.assign(key=done.keys).drop_duplicates("key").set_index("key")
    choice = pd.DataFrame(
        [(kept.product_id, kept.note, kept.why) for kept in choices.values()],
        columns=["product_id", "note", "why"],
    )
    creates = choice["product_id"] == CREATE
    verdict = choice["product_id"].map({0: Verdict.DISMISS.value, CREATE: Verdict.CREATE.value})
    frame = keys.str.split("\x1f", expand=True).set_axis(LISTING_KEY, axis=1)
    frame["verdict"] = verdict.fillna(Verdict.CHOOSE.value)
    frame["product_id"] = choice["product_id"].clip(lower=0)
    for column, cell in (("reference", "reference"), ("name", "title")):
        new = texts_of(keys, rows[cell].str.strip()).where(creates, "")
        frame[column] = new + texts_of(frame["product_id"], done.catalogue.by_id[column])
    frame["said"] = texts_of(keys, said)
    frame["why"], frame["note"] = choice["why"], choice["note"]
    return frame.assign(user=user, decided=now)[DECISION_COLUMNS]


def rejection(listing: pd.Series, product: int, catalogue: Catalogue, user: str, now: str,
              why: str) -> pd.DataFrame:  # fmt: skip
    """That a product is not the one of a listing (of LISTING_COLUMNS), as DECISION_COLUMNS."""
    about = catalogue.by_id.loc[product]
    row = {"market": listing["market"], "channel": listing["channel"],
           "sku": listing["sku"].strip(), "verdict": Verdict.REJECT.value, "product_id": product,
           "reference": about["reference"], "name": about["name"], "said": "", "why": why,
           "note": "", "user": user, "decided": now}  # fmt: skip
    return pd.DataFrame([row], columns=DECISION_COLUMNS)


def keep(store: Store, place: str, seller: str, decisions: pd.DataFrame) -> None:
    """Keep decisions (DECISION_COLUMNS); each replaces what it contradicts of its listing.

    A rejection replaces the choice of that product, and a choice replaces any other one, and the
    rejection of its product.
    """
    if decisions.empty:
        return
    listing = sa.and_(_IS_OURS, *(DECISION.c[name] == sa.bindparam(f"l_{name}")
                                  for name in LISTING_KEY))  # fmt: skip
    same = sa.and_(
        DECISION.c.product_id == sa.bindparam("l_product_id"),
        DECISION.c.reference == sa.bindparam("l_reference"),
    )
    chooses = DECISION.c.verdict != Verdict.REJECT.value
    instead = {False: sa.or_(chooses, same), True: same}
    rejects = decisions["verdict"] == Verdict.REJECT.value
    with store.begin() as connection:
        for rejecting, condition in instead.items():
            rows = decisions[rejects == rejecting].to_dict("records")
            if not rows:
                continue
            about = [{f"l_{name}": row[name] for name in (*LISTING_KEY, "product_id", "reference")}
                     | _ours(place, seller) for row in rows]  # fmt: skip
            connection.execute(sa.delete(DECISION).where(listing, condition), about)
            of_seller = {"place": place, "seller": seller}
            connection.execute(sa.insert(DECISION), [row | of_seller for row in rows])


def forget(store: Store, place: str, seller: str, decisions: pd.DataFrame) -> None:
    """Forget these decisions (DECISION_COLUMNS)."""
    named = (*LISTING_KEY, "verdict", "product_id", "reference")
    conditions = [DECISION.c[name] == sa.bindparam(f"l_{name}") for name in named]
    rows = [
        {f"l_{name}": row[name] for name in named} | _ours(place, seller)
        for row in decisions.to_dict("records")
    ]
    if rows:
        with store.begin() as connection:
            connection.execute(sa.delete(DECISION).where(_IS_OURS, *conditions), rows)


def affixes(store: Store, seller: str) -> tuple[Affix, ...]:
    """The affix rules of a seller, prefixes first."""
    asked = sa.select(AFFIX.c.kind, AFFIX.c.text).where(AFFIX.c.seller == seller)
    with store.begin() as connection:
        found = connection.execute(asked.order_by(AFFIX.c.kind, AFFIX.c.text)).all()
    return tuple(Affix(AffixKind(kind), text) for kind, text in found)


def add_affix(store: Store, seller: str, affix: Affix) -> None:
    """Keep an affix rule. Raises MapperError for one that is blank or there already."""
    if not affix.text.strip():
        raise MapperError(f"The {affix.kind.value} is empty. Write the text that is to be removed.")
    try:
        with store.begin() as connection:
            values = {"seller": seller, "kind": affix.kind.value, "text": affix.text}
            connection.execute(sa.insert(AFFIX).values(values))
    except sa.exc.IntegrityError:
        raise MapperError(
            f"Seller {seller} has the {affix.kind.value} {affix.text!r} already."
        ) from None


def remove_affix(store: Store, seller: str, affix: Affix) -> None:
    """Remove an affix rule. Raises MapperError if there is none like it."""
    gone = sa.delete(AFFIX).where(
        AFFIX.c.seller == seller, AFFIX.c.kind == affix.kind.value, AFFIX.c.text == affix.text
    )
    with store.begin() as connection:
        if not connection.execute(gone).rowcount:
            raise MapperError(
                f"Seller {seller} has no {affix.kind.value} {affix.text!r}. See `python -m lib "
                f"affix list --seller {seller}`."
            )


def _ours(place: str, seller: str) -> dict[str, str]:
    return {"p": place, "s": seller}
