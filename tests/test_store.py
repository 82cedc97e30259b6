"""The app's own database, as the processes find it that share it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from lib.store import Store

PROCESSES = 4
FULL = 2
"""SQLite's number for: wait for the disk at every commit."""


def open_together(url):
    """Open the same database in several places at the same moment."""
    together = Barrier(PROCESSES)

    def opened(_):
        together.wait()
        Store(url).close()

    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(opened, range(PROCESSES)))


def test_processes_that_start_together_make_the_tables_once(tmp_path):
    for at in range(10):
        open_together(f"sqlite:///{tmp_path / str(at) / 'app.sqlite'}")


def test_what_is_noted_is_on_the_disk_before_anything_is_written_to_odoo(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'app.sqlite'}").begin() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar_one() == FULL
