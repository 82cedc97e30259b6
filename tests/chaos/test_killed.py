"""The app is killed, as kill -9 does it, and is started again."""

import time

import pytest

from tests.chaos.apps import Home


@pytest.mark.parametrize(
    ("start", "kills", "fault"),
    [
        (Home.start, "kills", "App killed (`kill -9`) at a random moment and started again"),
        (
            Home.start_screen,
            "screen_kills",
            "The app with its screen killed and started again, without a visitor",
        ),
    ],
    ids=["worker", "screen"],
)
def test_a_run_ends_once_however_often_the_app_is_killed(
    chaos, home, size, chance, start, kills, fault
):
    run_id = chaos.enter(home)
    attempt = home.run(run_id).attempt
    # The last batches are left to the app that is not killed.
    most = home.batches(run_id) * 3 // 4
    for moment in sorted(chance.randrange(most) for _ in range(getattr(size, kills))):
        app = start(home)
        attempt = home.reach(run_id, moment, attempt).attempt
        time.sleep(chance.uniform(0, 0.2))
        app.kill()
        chaos.faults += 1
        assert home.run(run_id).active
    start(home)
    assert home.wait_for_end(run_id).attempt == attempt + 1
    chaos.check(home, fault)
