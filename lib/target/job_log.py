"""The job log of an Odoo: one record an execution, with its rows as a file."""

import base64
import json
from pathlib import PurePath
from typing import Any

import pandas as pd

from lib.external_id import job_id
from lib.model import JobState
from lib.source import map_out
from lib.target import layer
from lib.target.connection import Connection
from lib.target.port import Job, TargetError


def save(odoo: Connection, job: Job) -> None:
    """Enter a job, or what it has become."""
    outcomes = job.counts.get("outcomes", {})
    values: dict[str, Any] = {
        "x_name": job.file,
        "x_job": job.id,
        "x_user": job.user,
        "x_seller": job.seller,
        "x_sha256": job.sha256,
        "x_state": job.state,
        "x_started": _odoo_time(job.started),
        "x_finished": _odoo_time(job.finished),
        "x_rows": job.counts.get("rows", 0),
        "x_counts": json.dumps(job.counts),
        "x_summary": _summary(job.counts),
    } | {f"x_{outcome}": count for outcome, count in outcomes.items()}
    if job.rows is not None:
        values["x_result_name"] = f"{PurePath(job.file).stem}_{job.id}.csv"
        values["x_result"] = base64.b64encode(map_out.to_csv(job.rows)).decode()
    # Through load(), so that a call repeated after a time-out makes no second job. It reads
    # times as the user's, ours are UTC.
    row = [job_id(job.id), *values.values()]
    loaded = odoo.call(layer.JOB_LOG, "load", [["id", *values], [row]], context={"tz": "UTC"})
    if not loaded["ids"]:
        raise TargetError(
            f"Odoo refused the entry in the job log: {loaded['messages'][0]['message']}"
        )


def read(odoo: Connection) -> list[Job]:
    """All jobs, newest first, without rows."""
    fields = [
        "x_job", "x_user", "x_seller", "x_name", "x_sha256", "x_state", "x_started",
        "x_finished", "x_counts",
    ]  # fmt: skip
    records = odoo.read_all(layer.JOB_LOG, fields)
    jobs = [
        Job(
            id=record["x_job"],
            user=record["x_user"] or "",
            seller=record["x_seller"] or "",
            file=record["x_name"] or "",
            sha256=record["x_sha256"] or "",
            started=_iso_time(record["x_started"]),
            finished=_iso_time(record["x_finished"]),
            state=JobState(record["x_state"]),
            counts=json.loads(record["x_counts"] or "{}"),
        )
        for record in records
    ]
    # Of one second the one entered last is the newest.
    return sorted(jobs, key=lambda job: job.started)[::-1]


def rows(odoo: Connection, job: str, label: str) -> pd.DataFrame:
    """The rows of a job. Raises TargetError, which calls the target by its label."""
    known = odoo.call(layer.JOB_LOG, "search", [[("x_job", "=", job)]])
    result = known and odoo.call(
        layer.JOB_LOG, "read", [known, ["x_result"]], context={"bin_size": False}
    )
    if not result or not result[0]["x_result"]:
        raise TargetError(f"Job {job} has no rows in the job log of {label}.")
    return map_out.read_back(base64.b64decode(result[0]["x_result"]))


def _summary(counts: dict) -> str:
    return "\n".join(f"{count:,} × {reason}" for reason, count in counts.get("reasons", {}).items())


def _odoo_time(iso: str) -> str:
    return iso[:19].replace("T", " ")


def _iso_time(odoo: str | bool) -> str:
    return odoo.replace(" ", "T") + "Z" if isinstance(odoo, str) else ""
