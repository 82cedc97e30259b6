"""The app is killed, as kill -9 does it, and is started again."""

import time


def test_a_run_ends_once_however_often_the_app_is_killed(chaos, home, size, chance):
    run_id = chaos.enter(home)
    attempt = home.run(run_id).attempt
    # The last batches are left to the app that is not killed.
    most = home.batches(run_id) * 3 // 4
    for moment in sorted(chance.randrange(most) for _ in range(size.kills)):
        app = home.start()
        attempt = home.reach(run_id, moment, attempt).attempt
        time.sleep(chance.uniform(0, 0.2))
        app.kill()
        chaos.faults += 1
        assert home.run(run_id).active
    home.start()
    assert home.wait_for_end(run_id).attempt == attempt + 1
    chaos.check(home, "App killed (`kill -9`) at a random moment and started again")


def test_the_app_goes_on_with_its_runs_when_it_is_started_and_nobody_visits_it(
    chaos, home, size, chance
):
    run_id, attempt = chaos.enter(home), 1
    most = home.batches(run_id) * 3 // 4
    for moment in sorted(chance.randrange(most) for _ in range(size.screen_kills)):
        app = home.start_screen()
        attempt = home.reach(run_id, moment, attempt).attempt
        time.sleep(chance.uniform(0, 0.2))
        app.kill()
        chaos.faults += 1
        assert home.run(run_id).active
    home.start_screen()
    assert home.wait_for_end(run_id).attempt == attempt + 1
    chaos.check(home, "The app with its screen killed and started again, without a visitor")
