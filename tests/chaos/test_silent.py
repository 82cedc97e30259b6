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
    app = home.start()
    for moment in sorted(chance.sample(range(home.batches(run_id) * 3 // 4), size.odoo_kills)):
        home.reach(run_id, moment)
        time.sleep(chance.uniform(0, 0.2))
        odoo.kill()
        chaos.faults += 1
        home.wait(lambda: home.run(run_id).state is JobState.WAITING)
        odoo.start()
    assert home.wait_for_end(run_id).attempt == 2
    assert app.running
    chaos.check(home, "Odoo killed and started again")


def test_a_run_outlasts_a_database_that_does_not_answer(chaos, home, size, chance, odoo):
    run_id = chaos.enter(home)
    home.start()
    home.reach(run_id, chance.randrange(home.batches(run_id) * 3 // 4))
    time.sleep(chance.uniform(0, 0.2))
    with odoo.silent_database():
        chaos.faults += 1
        time.sleep(1)  # an answer that was on its way may arrive
        before = home.done(run_id)
        time.sleep(size.silence - 1)
        assert home.done(run_id) == before < home.batches(run_id)
    assert home.wait_for_end(run_id).attempt == 2
    chaos.check(home, f"Odoo's PostgreSQL silent for {size.silence:.0f} s")
