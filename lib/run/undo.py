"""Undoing a run: what it wrote is taken back, and what somebody changed since is left alone.

Amazon Products it made are removed, others get back what they had, and those it removed are made
again; products it made are deleted where nothing uses them, and archived where something does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from lib.model import MapperError, Operation, Outcome
from lib.plan import free_ids
from lib.run.batches import CREATE, cut
from lib.run.compare import AS_BEFORE, AS_WANTED, held, standing
from lib.run.journal import Batch, Journal, Run, no_results, results
from lib.run.push import pushed
from lib.run.remove import deleted
from lib.target.port import Target

REMOVE, RESTORE, DROP = "remove Amazon Products", "restore Amazon Products", "remove products"
"""The kinds of batches of an undo. REMOVE and RESTORE have the columns of WRITE, with what the
run wrote as what was before, and the other way round (``record_id`` 0: it is made again); DROP
has ``row``, ``xid``, ``id`` int64, ``reference``, ``name``."""

LEFT = "Changed or removed since by somebody: left as it is"
LEFT_MAPPED = "Other listings are tied to this product: left as it is"


@dataclass(frozen=True)
class Undo:
    """What an undo of ``run`` would do: kind -> rows of its batches; and ``left`` (``row`` int64),
    which of these rows were changed since and would be left alone."""

    run: Run
    parts: dict[str, pd.DataFrame]
    left: pd.Series

    @property
    def changes(self) -> int:
        return sum(map(len, self.parts.values())) - len(self.left)

    @property
    def counts(self) -> dict[str, int]:
        """Kind -> how many would be undone, and ``left`` -> how many not."""
        undone = {
            kind: int((~rows["row"].isin(self.left)).sum()) for kind, rows in self.parts.items()
        }
        return undone | {"left": len(self.left)}

    def batches(self, connections: int) -> Iterator[tuple[str, pd.DataFrame]]:
        for kind, rows in self.parts.items():
            yield from cut(kind, rows, "product" if kind == DROP else "amazon_product", connections)

    def rows(self, journal: Journal) -> pd.DataFrame:
        """What the job log shows: the listings that the run wrote, and the products it made."""
        listings = journal.rows(self.run.id)
        written = pd.concat([self.parts[REMOVE]["row"], self.parts[RESTORE]["row"]])
        listings = listings[listings["row"].isin(written)]
        dropped = self.parts[DROP]
        products = pd.DataFrame(
            {"row": dropped["row"], "title": dropped["name"], "reference": dropped["reference"]}
        )
        rows = pd.concat([listings, products], ignore_index=True)
        texts = rows.columns.drop("row")
        return rows.fillna(dict.fromkeys(texts, "")).assign(outcome="", message="")


def plan_undo(journal: Journal, run: Run, target: Target) -> Undo:
    """What undoing a run would do now. Raises TargetError, and MapperError for a run that this
    cannot be told of."""
    if run.place != target.place:
        raise MapperError(f"Run {run.id} was made on {run.place}. Choose that target to undo it.")
    if run.active:
        raise MapperError(f"Run {run.id} is under way. Cancel it first, then undo it.")
    if journal.in_doubt(run.id):
        raise MapperError(
            f"Odoo did not answer when run {run.id} wrote last, so what it wrote is not known. "
            f"Resume the run first, then undo it."
        )
    written, made = [], []
    for kind, rows, done in journal.ended_batches(run.id):
        done = done[done["outcome"] == Outcome.DONE.value].set_index("row")
        both = rows.merge(done[["record", "product_id"]], on="row", suffixes=("", "_done"))
        (made if kind == CREATE else written).append(both)
    rows = _turned(pd.concat(written)) if written else _none()
    drop = pd.concat(made) if made else _none()
    drop = drop.rename(columns={"record": "id"}).reindex(
        columns=["row", "xid", "id", "reference", "name"]
    )
    new = rows["operation"] == Operation.LINK.value
    again = rows["operation"] == Operation.UNMAP.value
    if again.any():
        # The id of one that was mapped again may be in use, by now for another listing.
        taken = target.catalogue().amazon_products
        rows["xid"] = rows["xid"].mask(again, free_ids(rows["xid"], taken))
    parts = {REMOVE: rows[new], RESTORE: rows[~new], DROP: drop}
    return Undo(run, parts, pd.concat([_changed(target, run, rows), _touched(target, drop)]))


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=["row", "xid", "operation"]).astype({"row": "int64"})


def _turned(rows: pd.DataFrame) -> pd.DataFrame:
    """Written rows, with what was before as what is to be written."""
    return rows.assign(
        record_id=rows["record"],
        product_id=rows["was_product"],
        title=rows["was_title"],
        created_for=rows["was_created_for"],
        was_product=rows["product_id_done"],
        was_title=rows["title"],
        was_created_for=rows["created_for"],
    ).drop(columns=["record", "product_id_done"])


def _changed(target: Target, run: Run, rows: pd.DataFrame) -> pd.Series:
    changed = [no_results()["row"]]
    for _, part in cut(RESTORE, rows, "amazon_product", 1):
        found = standing(part, held(target, run, part))
        changed.append(part.loc[found["standing"] != AS_BEFORE, "row"])
    return pd.concat(changed)


def _touched(target: Target, drop: pd.DataFrame) -> pd.Series:
    if drop.empty:
        return no_results()["row"]
    made = target.made(drop[["id", "reference", "name"]])
    return drop.loc[~drop["id"].isin(made.loc[made["untouched"], "id"]), "row"]


def restore(journal: Journal, run: Run, batch: Batch, target: Target) -> pd.DataFrame:
    """Do a batch of RESTORE."""
    rows = batch.rows
    found = standing(rows, held(target, run, rows))
    go, there = found["standing"] == AS_BEFORE, found["standing"] == AS_WANTED
    journal.send(run, batch, rows.loc[go, "row"].to_list())
    done = pushed(target, "amazon_product", rows[go])
    good = done["outcome"] == Outcome.DONE.value
    return pd.concat(
        [
            results(rows.loc[there, "row"], Outcome.DONE.value, "Restored"),
            results(rows.loc[~go & ~there, "row"], Outcome.SKIPPED.value, LEFT),
            done.assign(message=done["message"].mask(good, "Restored")),
        ]
    )


def drop(journal: Journal, run: Run, batch: Batch, target: Target) -> pd.DataFrame:
    """Do a batch of DROP."""
    rows = batch.rows
    made = target.made(rows[["id", "reference", "name"]]).set_index("id").reindex(rows["id"])
    there = made["mapped"].notna().to_numpy()
    mapped = made["mapped"].eq(True).to_numpy()
    ours = rows["row"].isin(batch.sent or []).to_numpy()
    go = there & ~mapped & (made["untouched"].eq(True).to_numpy() | ours)
    gone = ~there & ours
    journal.send(run, batch, rows.loc[go | ours, "row"].to_list())
    records = rows.rename(columns={"id": "record_id"}).loc[go, ["row", "record_id"]]
    return pd.concat(
        [
            results(rows.loc[gone, "row"], Outcome.DONE.value, "Product deleted"),
            results(rows.loc[mapped, "row"], Outcome.SKIPPED.value, LEFT_MAPPED),
            results(rows.loc[~go & ~gone & ~mapped, "row"], Outcome.SKIPPED.value, LEFT),
            deleted(target, "product", records),
        ]
    )
