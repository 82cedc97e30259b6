"""``python -m bench [NAME...]``: measure, print, and exit 1 when a bound does not hold.

With no name all benchmarks run, and their table goes into docs/benchmarks.md as well.
"""

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path

from bench.measure import HEADER, Line, machine

BENCHMARKS = ("push", "create", "runs", "match", "report", "suggest", "screens")
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    names = parser.parse_args().names
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    measured: list[Line] = []
    for name in names or BENCHMARKS:
        start = time.monotonic()
        for line in import_module(f"bench.{name}").lines():
            print(" | ".join(filter(None, line.cells)), flush=True)
            measured.append(line)
        print(f"({name}: {time.monotonic() - start:.0f} s)", flush=True)
    print(_about())
    if not names:
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{_table(measured)}{END}{after}", "utf-8")
    return 0 if all(line.holds for line in measured) else 1


def _about() -> str:
    return f"Measured on {time.strftime('%Y-%m-%d')}: {machine()}."


def _table(measured: list[Line]) -> str:
    rows = [HEADER, ["---"] * len(HEADER), *(line.cells for line in measured)]
    return "\n".join([_about(), "", *(f"| {' | '.join(row)} |" for row in rows), ""])


if __name__ == "__main__":
    sys.exit(main())
