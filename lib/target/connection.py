"""One connection to Odoo through odoorpc; every failure told in words a user can act on."""

import http.client
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import odoorpc

from lib.target.port import Denied, TargetError, Unreachable

PAGE = 10_000
"""Records a read: quick, and far from the time-out."""

TIMEOUT = 120
"""Seconds that one call may take."""

BUSY = re.compile("could not serialize access|deadlock detected|could not obtain lock", re.I)
"""Odoo's words for what goes through when it is tried again."""

_CALL = "/web/dataset/call_kw"

_LATER = (408, 425, 429)
"""What a client is told with that does well to come again."""

_KEY = re.compile("[0-9a-f]{40}")
"""How Odoo writes its API keys."""

# At DEBUG odoorpc logs every request, and the password stands in each.
logging.getLogger("odoorpc").setLevel(logging.INFO)


@dataclass(frozen=True)
class OdooSettings:
    """[connections.odoo] of secrets.toml; ``password`` is a password or an API key."""

    url: str
    database: str
    user: str
    password: str = field(repr=False)
    connections: int = 2
    """How many batches are sent side by side: what an Odoo with several workers gains by."""

    @property
    def place(self) -> str:
        """The database, whoever the user is and however the address is written."""
        secure, host, port = _address(self.url)
        return f"{'https' if secure else 'http'}://{host}:{port} {self.database}"


class _SessionExpired(Denied):
    """The web session has ended, and another one may be opened."""


class Connection:
    """A logged-in user of one Odoo database. Raises Unreachable or Denied."""

    def __init__(self, settings: OdooSettings, timeout: int = TIMEOUT):
        self.settings = settings
        secure, host, port = _address(settings.url)
        self._address = f"{'https' if secure else 'http'}://{host}:{port}"
        try:
            protocol = "jsonrpc+ssl" if secure else "jsonrpc"
            self._odoo = odoorpc.ODOO(host, protocol=protocol, port=port, timeout=timeout)
            self.version: str = self._odoo.version
            # 19 for "19.0" and for "saas~19.1"
            self.major = int(self.version.replace("saas~", "").split(".")[0])
        except Exception as error:
            raise self._unreachable(error) from None
        login = [settings.database, settings.user, settings.password]
        self.user = self._ask("common", "login", login)
        if not self.user:
            raise Denied(
                f"Odoo database {settings.database} does not accept user {settings.user} with "
                f"this password or API key. Correct [connections.odoo] and press again."
            )
        # Odoo forgets which passwords it has checked whenever a product is created, and checking
        # one takes 0.3 s: a web session is checked in no time. API keys open none, and need none.
        self._session, self._one_login = 0, threading.Lock()
        self._in_session = not _KEY.fullmatch(settings.password)
        if self._in_session:
            self._open_session()
        user = self.call("res.users", "read", [[self.user], ["company_id"]])[0]
        self.company: int = user["company_id"][0]
        self._context = self.call("res.users", "context_get", [])

    def call(self, model: str, method: str, args: list, context: dict | None = None) -> Any:
        """Call a method of a model. Raises TargetError with Odoo's own words."""
        keywords = {"context": self._context | (context or {})} if hasattr(self, "_context") else {}
        if not self._in_session:
            login = [self.settings.database, self.user, self.settings.password]
            return self._ask("object", "execute_kw", [*login, model, method, args, keywords])
        wanted = {"model": model, "method": method, "args": args, "kwargs": keywords}
        used = self._session
        try:
            return self._post(_CALL, wanted)
        except _SessionExpired:
            with self._one_login:  # of calls side by side one opens the next session
                if self._session == used:
                    self._open_session()
        try:
            return self._post(_CALL, wanted)
        except _SessionExpired as error:
            raise Unreachable(str(error)) from None

    def read_all(
        self, model: str, fields: list[str], context: dict | None = None, domain: Sequence = ()
    ) -> Iterator[dict]:
        """All records of a model, or those of a domain, page by page in the order of their ids."""
        last = 0
        while page := self.call(
            model,
            "search_read",
            [[("id", ">", last), *domain], fields, 0, PAGE, "id"],
            context=context,
        ):
            yield from page
            if len(page) < PAGE:
                return
            last = page[-1]["id"]

    def may(self, model: str, right: str) -> bool:
        """Whether the user has a right ("read", "create", "write", "unlink") on a model."""
        method = "has_access" if self.major >= 18 else "check_access_rights"
        args = [[], right] if self.major >= 18 else [right, False]
        return bool(self.call(model, method, args))

    def _open_session(self) -> None:
        given = self.settings
        login = {"db": given.database, "login": given.user, "password": given.password}
        self._post("/web/session/authenticate", login)
        self._session += 1

    def _ask(self, service: str, method: str, args: list) -> Any:
        # odoorpc's own login opens a web session, which refuses API keys; the RPC service
        # takes both a password and a key.
        return self._post("/jsonrpc", {"service": service, "method": method, "args": args})

    def _post(self, path: str, request: dict) -> Any:
        try:
            return self._odoo.json(path, request)["result"]
        except odoorpc.error.RPCError as error:
            raise self._refused(error) from None
        except Exception as error:
            # Without a session an Odoo of several databases does not know which is meant.
            if path == _CALL and isinstance(error, HTTPError) and error.code == 404:
                raise _SessionExpired("Odoo has lost the session. Press again.") from None
            raise self._unreachable(error) from None

    def _refused(self, error: odoorpc.error.RPCError) -> TargetError:
        info = error.info.get("data", {}) if isinstance(error.info, dict) else {}
        words = " ".join(str(error).split())
        if "AccessDenied" in info.get("name", "") or "AccessError" in info.get("name", ""):
            return Denied(f"Odoo refused user {self.settings.user}: {words}")
        if "SessionExpired" in info.get("name", ""):
            return _SessionExpired("The session in Odoo has ended. Press again.")
        if BUSY.search(words):
            return Unreachable(f"Odoo is busy and refused the call for now: {words}")
        if "OperationalError" in info.get("name", "") and "does not exist" in words:
            return Denied(
                f"There is no database {self.settings.database} at {self._address}. "
                f"Correct [connections.odoo] and press again."
            )
        return TargetError(f"Odoo answered: {words}")

    def _unreachable(self, error: Exception) -> TargetError:
        if isinstance(error, HTTPError) and 400 <= error.code < 500 and error.code not in _LATER:
            return TargetError(
                f"{self._address} refuses the call with HTTP status {error.code} ({error.reason}). "
                f"Check the address, and what stands before Odoo."
            )
        if isinstance(error, HTTPError):
            what = f"answers with HTTP status {error.code}"
        elif isinstance(error, TimeoutError) or "timed out" in str(error):
            what = "did not answer in time"
        elif isinstance(error, OSError | http.client.HTTPException):
            what = f"cannot be reached ({getattr(error, 'reason', error)})"
        else:  # odoorpc takes an answer apart without a look at what it is
            what = "answers with something that is not Odoo"
        return Unreachable(
            f"{self._address} {what}. Check the address and that Odoo runs, then press "
            f"again: what was written already is recognised."
        )


def _address(url: str) -> tuple[bool, str, int]:
    """Whether an address is encrypted (as it is if it does not say), its host and its port."""
    try:
        address = urlsplit(url if "//" in url else f"https://{url}")
        secure = address.scheme == "https"
        if address.hostname and (secure or address.scheme == "http"):
            return secure, address.hostname, address.port or (443 if secure else 80)
    except ValueError:  # not a port, or half an IPv6 address
        pass
    # A password may stand before the @.
    written = url.rpartition("@")[2]
    raise Denied(f"{written!r} is no address of an Odoo; write https://host.")
