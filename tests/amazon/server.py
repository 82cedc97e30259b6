"""A demo Amazon on this machine, to press Sync without an Amazon account: `make demo-amazon`.

It answers for Amazon's host names to those who come through its proxy, with two marketplaces of
made-up listings. Nothing leaves the machine.
"""

import contextlib
import signal
import sys
import threading
from pathlib import Path

import certifi

from lib.settings import AMAZON_VARIABLES, DEMO_VARIABLE
from tests.amazon.amazon import HOSTS, LOGIN_DATA
from tests.amazon.demo import demo
from tests.amazon.proxy import Proxy

PORT = 8499
FOLDER = Path(".cache/demo-amazon")

LABEL = 'Made-up listings of seller "demo" on Amazon.com and Amazon.co.jp. Not Amazon.'
WORDS = """\
DEMO AMAZON. {label}

In another terminal:

    . {file} && make run

which sets:

{exports}

Only that terminal is led here. The proxy knows no host but Amazon's: add the host of an Odoo that
is elsewhere to NO_PROXY. Ctrl-C ends it."""


def main(folder: Path = FOLDER, port: int = PORT) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        proxy = Proxy(HOSTS, demo().answer, port)
    except OSError as error:
        sys.exit(f"Port {port} of this machine: {error.strerror}. Is the demo running already?")
    with proxy:
        file = folder / "environment"
        # With the usual authorities, so that connections elsewhere are checked as ever.
        usual = Path(certifi.where()).read_bytes() + b"\n"
        given = proxy.environment(folder.resolve() / "certificates.pem", usual) | _login()
        given[DEMO_VARIABLE] = LABEL
        exports = [f"export {name}='{value}'" for name, value in given.items()]
        file.write_text("\n".join(["unset https_proxy no_proxy", *exports, ""]))
        shown = "\n".join(f"    {line}" for line in exports)
        print(WORDS.format(label=LABEL, file=file, exports=shown), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def _login() -> dict[str, str]:
    """The credentials of the demo seller, by the names of their variables."""
    names = AMAZON_VARIABLES | {"refresh_token": AMAZON_VARIABLES["refresh_token"] + "_DEMO"}
    return {names[credential]: value for credential, value in LOGIN_DATA.items()}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]), *map(int, sys.argv[2:3]))
