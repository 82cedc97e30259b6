"""The disk that the journal is on is full for a while."""

import time

import pytest

from tests.chaos.disk import small_disk

SAYS = "The app's own database cannot be used"


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        yield disk


def test_a_run_goes_on_by_itself_when_a_full_disk_has_room_again(
    chaos, new_home, disk, tmp_path, chance
):
    home = new_home(tmp_path / "disk")
    run_id = chaos.enter(home)
    app = home.start()
    home.reach(run_id, chance.randrange(home.batches(run_id) // 2))
    disk.fill(app)
    chaos.faults += 1
    home.wait(lambda: SAYS in app.log.read_text())
    time.sleep(chance.uniform(0, 10))
    assert home.run(run_id).active
    disk.free(app)
    home.wait_for_end(run_id)
    assert app.running
    chaos.check(home, f"The app's own database on {disk.name}")
