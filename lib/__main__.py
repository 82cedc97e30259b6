"""The same work without a screen, for schedules and scripts: ``python -m lib --help``.

Exit status: 0 all rows accounted for and none failed; 1 some rows failed or wait for a decision;
2 unusable input or no connection, with one line on stderr.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from lib.model import MapperError
from lib.suggest import command as suggest


def main(arguments: list[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    given = _parser(words).parse_args(words)
    try:
        return given.run(given)
    except KeyboardInterrupt:
        print("Interrupted. `python -m lib runs` lists what was under way.", file=sys.stderr)
        return 2
    except MapperError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output has seen enough. Nothing is left to be written at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}. Check the path.", file=sys.stderr)
        return 2


def _parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser for these words: to suggest takes no time for what the other commands need."""
    parser = argparse.ArgumentParser(prog="python -m lib", description=__doc__.split(":")[0] + ".")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    if not words or words[0] != "suggest":
        from lib.commands import add_commands

        add_commands(commands)
    suggest.add_command(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
