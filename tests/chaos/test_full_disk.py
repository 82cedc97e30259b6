"""The disk that the journal is on is full for a while."""

import time

import pytest

from tests.chaos.disk import Limit, small_disk

SAYS = "The app's own database cannot be used"


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        yield disk


def test_a_run_goes_on_by_itself_when_a_full_disk_has_room_again(
    chaos, new_home, disk, tmp_path, size, chance
):
    home = new_home(tmp_path / "disk")
    run_id, attempt = chaos.enter(home), 1
    app = home.start()

    def complaints():
        return app.log.read_text().count(SAYS)

    for moment in sorted(chance.randrange(home.batches(run_id) // 2) for _ in range(size.fills)):
        attempt = home.reach(run_id, moment, attempt).attempt
        before = complaints()
        # The last bytes may be enough for one write and too few for the next.
        disk.fill(app, room=chance.randrange(0, 3) * 4096)
        # SQLite may still write where it has written before, and a run may end on that alone.
        home.wait(lambda before=before: complaints() > before or not home.run(run_id).active)
        if complaints() > before:
            chaos.faults += 1
            time.sleep(chance.uniform(0, size.silence / 3))
        disk.free(app)
        if not home.run(run_id).active:
            break
    assert chaos.faults
    home.wait_for_end(run_id)
    assert app.running
    chaos.check(home, f"The app's own database on {disk.name}")


def test_a_run_goes_on_when_the_app_died_of_a_full_disk_and_is_started_again(
    long, chaos, new_home, disk, tmp_path, chance
):
    if isinstance(disk, Limit):
        pytest.skip("no disk can be mounted here, and a limit ends with its process")
    home = new_home(tmp_path / "disk")
    run_id = chaos.enter(home)
    app = home.start()
    home.reach(run_id, chance.randrange(home.batches(run_id) // 2))
    disk.fill(app, room=0)
    chaos.faults += 1
    app.kill()
    refused = home.start()
    home.wait(lambda: not refused.running)
    assert refused.log.read_text().count("\n") == 1
    assert SAYS in refused.log.read_text()
    disk.free(app)
    home.start()
    home.wait_for_end(run_id)
    chaos.check(home, f"App killed over {disk.name} and started again")
