"""What ``python -m lib map`` and ``sync`` share: a file is reviewed, executed and told of."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from lib import memory, result_file, settings
from lib.model import CHANGES, MapFile, MapperError, Options, Outcome, Seller
from lib.plan import waits_for_a_person
from lib.prices import open_pricelists
from lib.results import result_rows
from lib.review import Review, review
from lib.run.journal import Run
from lib.runs import ROWS_SHOWN, listed, run_to_end
from lib.store import Store
from lib.target.port import Target


@dataclass(frozen=True)
class Executed:
    """A file after its execution, or after a dry run, which has no ``run``. ``rows`` are those of
    a result file, in the order of the listings; ``write`` puts them where ``--out`` says."""

    review: Review
    run: Run | None
    rows: pd.DataFrame
    write: Callable[[pd.DataFrame], object]

    @property
    def counts(self) -> dict:
        """The numbers of ``--json``."""
        if not self.run:
            return self.review.counts
        names = [*self.review.counts, "outcomes"]
        return {name: self.run.counts[name] for name in names} | {"job": self.run.id}

    @property
    def failed(self) -> pd.DataFrame:
        """The rows that failed."""
        if not self.run:
            return self.rows.iloc[:0]
        return self.rows[(self.rows["outcome"] == Outcome.FAILED.value).to_numpy()]


def prepare(
    given: argparse.Namespace,
    configured: settings.Settings,
    seller: Seller,
    file: MapFile,
    options: Options,
) -> tuple[Target, Review]:
    """The target, and the review of a file against it. Raises MapperError where the plan could not
    be executed."""
    target = configured.open_target(given.target or configured.targets[0])
    if not given.dry_run and target.missing():
        raise MapperError(
            f"{target.label} has no Amazon layer yet. See what would be made and make it with "
            f"`python -m lib provision`, then run this again; nothing was written."
        )
    markets = [] if file.offers is None else file.listings["market"].unique()
    pricelists = open_pricelists(target, seller, markets) if options.prices else None
    known = memory.recall(Store(configured.database), target.place, seller.name)
    done = review(file, target.catalogue(), seller, options, memory=known, pricelists=pricelists)
    return target, done


def execute(
    given: argparse.Namespace, configured: settings.Settings, target: Target, done: Review
) -> Executed:
    """Execute what was prepared, unless ``--dry-run``, or of no row. Raises MapperError before
    anything is written."""
    file = done.file
    write = result_file.writer(given.out, len(file.listings))
    if given.dry_run or file.listings.empty:
        return Executed(done, None, result_rows(done), write)
    run, rows = run_to_end(configured, lambda engine: engine.start(done, target, target.user))
    return Executed(done, run, rows, write)


def tell(
    given: argparse.Namespace,
    executed: Executed,
    drifted: pd.DataFrame | None = None,
    unread: dict[str, dict[str, str]] | None = None,
) -> int:
    """Print what came of it, as ``--json`` says; write ``--out``; the exit status. A sync gives the
    rows of listings gone from the reports (lib.drift), and the marketplaces that are ``not_synced``
    or have ``no_data``, with the reason. Raises MapperError where the run ended with an error."""
    run, rows, unread = executed.run, executed.rows, unread or {}
    if given.json:
        counts = executed.counts
        if drifted is not None:
            counts |= {"drift": len(drifted)} | unread
        print(json.dumps(counts), flush=True)
    else:
        lines = words(executed) + ([] if drifted is None else _drift(drifted))
        if no_data := unread.get("no_data"):
            lines.append(f"no data at Amazon: {', '.join(no_data)}")
        print("\n".join(lines), flush=True)
    executed.write(rows if drifted is None else pd.concat([rows, drifted]).fillna(""))
    if run and run.error:
        raise MapperError(run.error)
    waits = waits_for_a_person(executed.review.plan.skipped)
    return 1 if waits or unread.get("not_synced") or len(executed.failed) else 0


def words(executed: Executed) -> list[str]:
    """The counts, and the first failed rows."""
    counts, run = executed.counts, executed.run
    lines = [f"{counts['rows']:,} rows: {listed(counts['lanes'])}"]
    lines += [f"  {count:,} × {reason}" for reason, count in counts["reasons"].items()]
    planned = {change.value: counts["operations"][change.value] for change in CHANGES}
    changes = {change: many for change, many in planned.items() if many}
    lines.append(f"planned: {listed(changes) or 'no changes'}")
    if run:
        lines.append(f"outcome: {listed(counts['outcomes'])} (job {run.id})")
        lines += _failed(executed)
        if not executed.review.plan.changes and not run.error:
            lines.append("Nothing changed: everything was as in the file already.")
    return lines


def _failed(executed: Executed) -> list[str]:
    """The first failed rows, by the number that a spreadsheet shows beside them."""
    failed = executed.failed
    listings = executed.review.file.listings.iloc[failed.index[:ROWS_SHOWN]]
    told = zip(listings["row"], listings["sku"], failed["message"], strict=False)
    lines = [f"  row {row}, {sku}: {' '.join(why.split())}" for row, sku, why in told]
    if len(failed) > len(lines):
        lines.append(f"  and {len(failed) - len(lines):,} more: see --out or the job log")
    return lines


def _drift(drifted: pd.DataFrame) -> list[str]:
    """How many listings are gone from the report, and the first of them."""
    count = len(drifted)
    if not count:
        return []
    lines = [f"drift: {count:,} in Odoo, gone from the report; nothing was deleted"]
    shown = drifted.head(ROWS_SHOWN)[["sku", "fulfilment", "reference"]]
    lines += [f"  {sku}, {fulfilment}: {reference}" for sku, fulfilment, reference in
              shown.itertuples(index=False)]  # fmt: skip
    if count > ROWS_SHOWN:
        lines.append(f"  and {count - ROWS_SHOWN:,} more: see --out")
    return lines
