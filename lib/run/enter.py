"""Entering runs in the journal: what is to be done, before anything is."""

import uuid

from lib import last_report
from lib.model import MapperError
from lib.plan import first_outcomes
from lib.results import result_rows
from lib.review import Review
from lib.run.batches import batches
from lib.run.journal import Journal, Run
from lib.run.undo import Undo
from lib.source.report import Report
from lib.target.port import Kind, Target


def enter(journal: Journal, review: Review, target: Target, user: str, executor: str) -> Run:
    """Enter the run of a reviewed plan. Raises Denied without the rights it needs, and MapperError
    while another run of the same place and seller is under way."""
    if review.plan.changes:
        kinds: set[Kind] = {"amazon_product"}
        kinds |= {"product"} if len(review.plan.products) else set()
        target.check_rights(kinds | ({"price"} if len(review.plan.prices) else set()))
    rows = result_rows(review, outcomes=first_outcomes(review.plan))
    rows = rows.reset_index(drop=True).rename_axis("row").reset_index()
    run = Run(
        id=uuid.uuid4().hex[:12],
        target=target.name,
        place=target.place,
        seller=review.seller.name,
        user=user,
        file=review.file.name,
        sha256=review.file.sha256,
        counts=review.counts,
        executor=executor,
    )
    journal.add(run, rows, batches(review.plan, target.connections))
    if isinstance(review.file, Report):
        last_report.remember(journal.store, run, review.file)
    return run


def enter_undo(journal: Journal, undo: Undo, target: Target, user: str, executor: str) -> Run:
    """Enter the run that undoes another one. Raises MapperError as ``enter`` does."""
    of, rows = undo.run, undo.rows(journal)
    if journal.run(of.id) != of:
        raise MapperError(f"Run {of.id} has gone on since the preview. Look at it again.")
    run = Run(
        id=uuid.uuid4().hex[:12],
        target=target.name,
        place=target.place,
        seller=of.seller,
        user=user,
        file=f"Undo of {of.file}",
        sha256=of.sha256,
        counts={"rows": len(rows), "operations": undo.counts},
        executor=executor,
        undoes=of.id,
    )
    journal.add(run, rows, undo.batches(target.connections))
    return run
