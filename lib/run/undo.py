"""Undoing a run: what it wrote is taken back, and what somebody changed since is left alone.

Prices and Amazon Products it made are removed, others get back what they had, and those it unmapped
are mapped again; products it made are deleted where nothing uses them, and archived where something
does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from lib.model import MapperError, Outcome
from lib.plan import free_ids
from lib.run.batches import (
    CREATE,
    DROP,
    MAP_AGAIN,
    PRICE,
    REMOVE,
    REMOVE_PRICE,
    RESTORE,
    RESTORE_PRICE,
    UNMAP,
    WRITE,
    WRITES,
    cut,
)
from lib.run.compare import AS_BEFORE, AS_WANTED, FIELDS, compare
from lib.run.journal import Batch, Journal, Run, results
from lib.run.push import pushed
from lib.run.remove import REMOVED, deleted
from lib.target.port import Kind, Target

LEFT = "Changed or removed since by somebody: left as it is"
LEFT_MAPPED = "Other listings are tied to this product: left as it is"

NOTHING = "Nothing to undo: nothing of this run is left as it wrote it."

_WORDS = {
    REMOVE: "Amazon Products to remove",
    RESTORE: "Amazon Products to restore",
    MAP_AGAIN: "Amazon Products to map again",
    DROP: "Products to delete or archive",
    REMOVE_PRICE: "Prices to remove",
    RESTORE_PRICE: "Prices to restore",
    "left": "Left alone: changed since",
}
_SELDOM = (MAP_AGAIN, REMOVE_PRICE, RESTORE_PRICE)
"""Told only where a run has any of it."""

_PARTS = {PRICE: (REMOVE_PRICE, RESTORE_PRICE), WRITE: (REMOVE, RESTORE)}
"""What undoes the batches of a kind: those that made a record, and those that changed one."""


@dataclass(frozen=True)
class Undo:
    """What an undo of ``run`` would do: kind -> rows of its batches, in the order they are done
    in; and ``left``, kind -> how many of these were changed since and would be left alone."""

    run: Run
    parts: dict[str, pd.DataFrame]
    left: dict[str, int]

    @property
    def changes(self) -> int:
        return sum(map(len, self.parts.values())) - sum(self.left.values())

    @property
    def counts(self) -> dict[str, int]:
        """Kind -> how many would be undone, and ``left`` -> how many not."""
        undone = {kind: len(rows) - self.left[kind] for kind, rows in self.parts.items()}
        return undone | {"left": sum(self.left.values())}

    @property
    def told(self) -> dict[str, int]:
        """The same in words for a person."""
        counts = self.counts
        absent = [kind for kind in _SELDOM if self.parts[kind].empty]
        return {words: counts[kind] for kind, words in _WORDS.items() if kind not in absent}

    def batches(self, connections: int) -> Iterator[tuple[str, pd.DataFrame]]:
        for kind, rows in self.parts.items():
            yield from cut(kind, rows, connections)

    def rows(self, journal: Journal) -> pd.DataFrame:
        """What the job log shows: the listings that the run wrote, and the products it made."""
        listings = journal.rows(self.run.id)
        dropped = self.parts[DROP]
        written = pd.concat([rows["row"] for kind, rows in self.parts.items() if kind != DROP])
        listings = listings[listings["row"].isin(written)]
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
    if run.undoes:
        raise MapperError(
            f"Run {run.id} is an undo itself. To have back what it undid, execute the file of run "
            f"{run.undoes} again."
        )
    if run.active:
        raise MapperError(f"Run {run.id} is under way. Cancel it first, then undo it.")
    if journal.in_doubt(run.id):
        raise MapperError(
            f"Odoo did not answer when run {run.id} wrote last, so what it wrote is not known. "
            f"Resume the run first, then undo it."
        )
    ended: dict[str, list] = {CREATE: [], WRITE: [], UNMAP: [], PRICE: []}
    for kind, rows, done in journal.ended_batches(run.id):
        done = done[done["outcome"] == Outcome.DONE.value].set_index("row")
        both = rows.merge(done[["record", "product_id"]], on="row", suffixes=("", "_done"))
        ended[kind].append(both)
    parts, left = {}, {}
    for kind, (remove, restore) in _PARTS.items():
        rows = pd.concat(ended[kind], ignore_index=True) if ended[kind] else _none()
        new = rows["record_id"] == 0
        turned = _turned(rows, WRITES[kind]) if len(rows) else rows
        for part, of in ((remove, turned[new]), (restore, turned[~new])):
            parts[part], left[part] = of, _changed(target, run, part, of)
    again = parts[MAP_AGAIN] = _unmapped(target, ended[UNMAP])
    left[MAP_AGAIN] = _changed(target, run, MAP_AGAIN, again)
    drop = pd.concat(ended[CREATE]) if ended[CREATE] else _none()
    parts[DROP] = drop.rename(columns={"record": "id"}).reindex(
        columns=["row", "xid", "id", "reference", "name"]
    )
    left[DROP] = _touched(target, parts[DROP])
    return Undo(run, parts, left)


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=["row", "xid", "record_id"]).astype({"row": "int64"})


def _turned(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Written rows, with what was before as what is to be written."""
    turned = rows.assign(record_id=rows["record"], product_id=rows["product_id_done"])
    for field, was in FIELDS[kind].items():
        turned[field], turned[was] = rows[was], turned[field]
    return turned.drop(columns=["record", "product_id_done"])


def _unmapped(target: Target, ended: list[pd.DataFrame]) -> pd.DataFrame:
    """Unmapped rows, to be mapped again. The external id of one that somebody mapped again may be
    in use, by now for another listing."""
    if not ended:
        return _none()
    rows = _turned(pd.concat(ended, ignore_index=True), WRITES[UNMAP])
    return rows.assign(xid=free_ids(rows["xid"], target.catalogue().amazon_products))


def _changed(target: Target, run: Run, kind: str, rows: pd.DataFrame) -> int:
    """How many of the rows somebody has changed since."""
    return sum(
        int((compare(target, run, WRITES[kind], part)["standing"] != AS_BEFORE).sum())
        for _, part in cut(kind, rows, 1)
    )


def _touched(target: Target, drop: pd.DataFrame) -> int:
    """How many of the products somebody has written to since."""
    if drop.empty:
        return 0
    made = target.made(drop[["id", "reference", "name"]])
    return int((~drop["id"].isin(made.loc[made["untouched"], "id"])).sum())


def restore(journal: Journal, run: Run, batch: Batch, target: Target) -> pd.DataFrame:
    """Do a batch of RESTORE, RESTORE_PRICE or MAP_AGAIN."""
    rows, kind = batch.rows, WRITES[batch.kind]
    found = compare(target, run, kind, rows)
    go, there = found["standing"] == AS_BEFORE, found["standing"] == AS_WANTED
    journal.send(run, batch, rows.loc[go, "row"].to_list())
    done = pushed(target, kind, rows[go])
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
            results(rows.loc[gone, "row"], Outcome.DONE.value, REMOVED["product"]),
            results(rows.loc[mapped, "row"], Outcome.SKIPPED.value, LEFT_MAPPED),
            results(rows.loc[~go & ~gone & ~mapped, "row"], Outcome.SKIPPED.value, LEFT),
            deleted(target, "product", records),
        ]
    )
