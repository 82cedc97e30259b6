"""A proxy on loopback that is, for a few host names, the end of the line: it answers itself.

Production code reaches it unchanged, by HTTPS_PROXY and SSL_CERT_FILE in the environment. Its
certificate authority is made anew for each proxy; the private key never leaves memory.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import trustme


@dataclass(frozen=True)
class Call:
    """A request as it came; ``query`` has the last value of each key."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answer:
    """``hang_up``: not an answer, but the end of the connection."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False


class Proxy:
    """Answers with ``answer`` for ``hosts``, and refuses all others. In a thread of its own."""

    def __init__(self, hosts: Sequence[str], answer: Callable[[Call], Answer], port: int = 0):
        self.answer, self.hosts = answer, hosts
        self._authority = trustme.CA()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*hosts).configure_cert(self.tls)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "Proxy":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self, certificates: Path, others: bytes = b"") -> dict[str, str]:
        """What leads production code here. ``certificates`` is written: this authority, behind
        the others that are to be trusted."""
        certificates.write_bytes(others + self._authority.cert_pem.bytes())
        return {
            "HTTPS_PROXY": f"http://127.0.0.1:{self._server.server_port}",
            "SSL_CERT_FILE": str(certificates),
            "NO_PROXY": "localhost,127.0.0.1",
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: Proxy

    def handle_error(self, *_: object) -> None:
        """A client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_CONNECT(self) -> None:
        if self.path.rpartition(":")[0] not in self.server.proxy.hosts:
            self.close_connection = True
            return self.send_error(403, "This proxy knows a few hosts of Amazon's only")
        self.send_response(200)
        self.end_headers()
        self.request = self.server.proxy.tls.wrap_socket(self.request, server_side=True)
        return self.setup()

    def finish(self) -> None:
        super().finish()
        with contextlib.suppress(OSError):
            self.request.shutdown(socket.SHUT_RDWR)
        self.request.close()

    def _answer(self) -> None:
        address = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        query = {key: values[-1] for key, values in parse_qs(address.query).items()}
        call = Call(self.command, self.headers["Host"], address.path, query,
                    {key.lower(): value for key, value in self.headers.items()},
                    self.rfile.read(length))  # fmt: skip
        answer = self.server.proxy.answer(call)
        if answer.hang_up:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_DELETE = _answer

    def log_message(self, *_: object) -> None:
        """Nothing: what was called is in ``Amazon.calls``."""
