"""A web hook on loopback, for those who tell it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hook(ThreadingHTTPServer):
    """A web hook that keeps what it was told and answers with ``status``."""

    def __init__(self):
        self.told: list[dict] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), Answers)

    @property
    def address(self) -> str:
        return f"json://user:s3cret@127.0.0.1:{self.server_port}/s3cret-path"


class Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def listening() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
