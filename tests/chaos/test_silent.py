"""Odoo, or the database behind it, does not answer for a while."""

import time

import pytest

from lib.model import JobState


@pytest.fixture
def odoo(odoo_server):
    """The server, which runs again when the test is over."""
    yield odoo_server
    if odoo_server.process.poll() is not None:
        odoo_server.start()


def test_a_run_waits_for_an_odoo_that_died_and_goes_on_by_itself(chaos, home, size, chance, odoo):
    run_id = chaos.enter(home)
    batches = home.journal.progress(home.run(run_id)).batches
    app = home.start()
    for moment in sorted(chance.sample(range(batches * 3 // 4), size.odoo_kills)):
        home.wait(lambda: home.done(run_id) >= moment and states(home) == [JobState.RUNNING])
        time.sleep(chance.uniform(0, 0.2))
        odoo.kill()
        chaos.faults += 1
        home.wait(lambda: states(home) == [JobState.WAITING])
        odoo.start()
    assert home.wait_for_end(run_id).attempt == 2
    assert app.running
    chaos.check(home, "Odoo killed and started again")


def test_a_run_outlasts_a_database_that_does_not_answer(chaos, home, size, chance, odoo):
    run_id = chaos.enter(home)
    batches = home.journal.progress(home.run(run_id)).batches
    home.start()
    moment = chance.randrange(batches * 3 // 4)
    home.wait(lambda: home.done(run_id) >= moment and states(home) == [JobState.RUNNING])
    time.sleep(chance.uniform(0, 0.2))
    with odoo.silent_database():
        chaos.faults += 1
        time.sleep(1)  # an answer that was on its way may arrive
        before = home.done(run_id)
        time.sleep(size.silence - 1)
        assert home.done(run_id) == before < batches
    assert home.wait_for_end(run_id).attempt == 2
    chaos.check(home, f"Odoo's PostgreSQL silent for {size.silence:.0f} s")


def states(home):
    return [run.state for run in home.journal.runs()]
