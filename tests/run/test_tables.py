"""The app's own database, as the processes find it that share it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from lib.run.tables import Store

PROCESSES = 4


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
