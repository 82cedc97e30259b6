"""Workers share a PostgreSQL; the one that has the run dies."""

import os
import signal
import time
import uuid

import pytest
import sqlalchemy as sa

from lib.run import executors
from lib.run.engine import WATCH
from lib.store import EXECUTOR
from tests.test_store import open_together


@pytest.fixture
def url(odoo_server):
    """An empty PostgreSQL database, in the cluster that Odoo's is in."""
    name = f"app_{uuid.uuid4().hex[:12]}"
    odoo_server.sql("createdb", name)
    return f"postgresql://odoo@/{name}?host={odoo_server.socket}"


@pytest.fixture
def home(new_home, url):
    return new_home(url=url)


@pytest.fixture
def workers(home):
    """Two workers that have nothing to do yet."""
    started = [home.start(), home.start()]
    home.wait(lambda: len(at_work_as(home)) == 2)
    return started


def test_processes_that_start_together_make_the_tables_once(url):
    open_together(url)


def test_a_worker_takes_over_from_one_that_was_killed(chaos, home, workers, size, chance):
    run_id, attempt, held_by = chaos.enter(home), 1, set()
    most = home.batches(run_id) * 3 // 4
    for moment in sorted(chance.randrange(1, most) for _ in range(size.worker_kills)):
        run = home.reach(run_id, moment, attempt)
        attempt = run.attempt
        held_by.add(run.executor)
        holder = worker_of(home, run.executor)
        holder.kill()
        chaos.faults += 1
        assert home.run(run_id).active
        home.start()
        assert home.wait(lambda: home.run(run_id).executor not in held_by) < 60
    last = home.wait_for_end(run_id)
    assert last.executor not in held_by
    chaos.check(home, "One of two workers killed, on the same machine")


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_a_worker_on_another_machine_counts_as_dead_when_it_is_silent(
    long, chaos, home, workers, chance, fault
):
    run_id = chaos.enter(home)
    run = home.reach(run_id, chance.randrange(1, home.batches(run_id) // 2))
    holder = worker_of(home, run.executor)
    with home.journal.store.begin() as store:
        store.execute(sa.update(EXECUTOR).values(host="another machine"))
    os.kill(holder.pid, fault)
    chaos.faults += 1
    taken_over = home.wait(lambda: home.run(run_id).executor != run.executor)
    # It had given a sign of life up to WATCH before it died.
    least, most = executors.DEAD_AFTER - WATCH, executors.DEAD_AFTER + 2 * WATCH
    assert least - 1 < taken_over < most
    if fault == signal.SIGSTOP:
        os.kill(holder.pid, signal.SIGCONT)
    home.wait_for_end(run_id)
    time.sleep(2)  # what has come back may do its worst
    words = "killed" if fault == signal.SIGKILL else "frozen, and back when it counts as dead"
    chaos.check(home, f"One of two workers {words}, on another machine")


def at_work_as(home):
    """Name of each process that works on the runs -> its number."""
    with home.journal.store.begin() as store:
        return dict(store.execute(sa.select(EXECUTOR.c.id, EXECUTOR.c.pid)).all())


def worker_of(home, executor):
    pid = at_work_as(home)[executor]
    return next(app for app in home.apps if app.pid == pid)
