"""The app is killed, as kill -9 or a power cut does it, and is started again."""

import time


def test_a_run_ends_once_however_often_the_app_is_killed(chaos, home, size, chance):
    run_id = chaos.enter(home)
    batches = home.journal.progress(home.run(run_id)).batches
    # The last ones are left to the app that is not killed.
    moments = sorted(chance.randrange(batches * 3 // 4) for _ in range(size.kills))
    attempt = home.run(run_id).attempt
    for moment in moments:
        app = home.start()
        home.wait(lambda: home.run(run_id).attempt > attempt and home.done(run_id) >= moment)
        time.sleep(chance.uniform(0, 0.2))
        assert home.run(run_id).active
        attempt = home.run(run_id).attempt
        app.kill()
        chaos.faults += 1
    home.start()
    assert home.wait_for_end(run_id).attempt == attempt + 1
    chaos.check(home, "App killed (`kill -9`) at a random moment and started again")


def test_the_app_goes_on_with_its_runs_when_it_is_started_and_nobody_visits_it(
    chaos, home, size, chance
):
    run_id = chaos.enter(home)
    for _ in range(2):
        app = home.start_screen()
        before = home.done(run_id)
        home.wait(lambda: home.done(run_id) > before)
        time.sleep(chance.uniform(0, 0.2))
        assert home.run(run_id).active
        app.kill()
        chaos.faults += 1
    home.start_screen()
    home.wait_for_end(run_id)
    chaos.check(home, "The app with its screen killed and started again, without a visitor")
