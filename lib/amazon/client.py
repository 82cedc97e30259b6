"""The client library as we use it: no answer counts as success without a look at it.

The library looks at no status code: it takes any JSON without "errors" for success, and any other
body for an empty success. And it keeps tokens by the refresh token alone, until their time is up.
"""

import hashlib
import threading
import time
from collections.abc import Mapping
from types import SimpleNamespace

import httpx
from sp_api.api import CatalogItemsV20220401, Reports, Sellers
from sp_api.auth import AccessTokenClient, AccessTokenResponse
from sp_api.base.credential_provider import FromCodeCredentialProvider

from lib.amazon.port import AmazonError, Credentials, Denied, Gone

TIMEOUT = 30
"""Seconds that Amazon may be silent."""

EARLY = 120
"""Seconds before its end at which a token counts as expired."""

ENDPOINT = "https://sellingpartnerapi-{region}.amazon.com"

CREDENTIAL_ERRORS = {
    "invalid_client": "the application's id or secret is wrong (lwa_app_id, lwa_client_secret)",
    "invalid_grant": "the refresh_token is wrong, was revoked, or is one of another application",
    "unauthorized_client": "the application may not use this refresh_token",
}

_tokens: dict[str, tuple[float, AccessTokenResponse]] = {}
_lock = threading.Lock()


class Passing(Exception):
    """What may be over when it is tried again. ``pause`` is how many seconds Amazon wants to be
    left alone; ``unsure`` whether it may have done what it was asked."""

    def __init__(self, what: str, pause: float = 0.0, unsure: bool = False):
        super().__init__(what)
        self.what, self.pause, self.unsure = what, pause, unsure


class Refused(Exception):
    """401 or 403: the token has expired, or the right is missing."""

    def __init__(self, words: str, token: str):
        super().__init__(words)
        self.token = token


class _Checked:
    """Mixed into a client of the library, it checks the answer before the library takes it."""

    def _check_response(self, answer: httpx.Response, *rest):
        check(answer)
        return super()._check_response(answer, *rest)


class ReportsClient(_Checked, Reports):
    pass


class SellersClient(_Checked, Sellers):
    pass


class CatalogueClient(_Checked, CatalogItemsV20220401):
    pass


class _Tokens(AccessTokenClient):
    """Keeps tokens by all three credentials, and has each asked for once, whoever waits for it."""

    def get_auth(self) -> AccessTokenResponse:
        with _lock:
            key = _key(self.cred.client_id, self.cred.client_secret, self.cred.refresh_token)
            ends, token = _tokens.get(key, (0.0, None))
            if token is None or time.monotonic() > ends:
                given = self._asked()
                token = AccessTokenResponse(**given)
                _tokens[key] = (time.monotonic() + int(given["expires_in"]) - EARLY, token)
            return token

    def _asked(self) -> dict:
        address = f"{self.scheme}{self.host}{self.path}"
        try:
            answer = httpx.post(address, data=self.data, headers=self.headers, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise Passing(silent(error).what) from None  # nothing but a token was asked for
        body = _object(answer)
        if answer.is_success and body.get("access_token") and body.get("expires_in"):
            return body
        error = str(body.get("error", ""))
        if answer.status_code in (400, 401, 403) and error:
            what = CREDENTIAL_ERRORS.get(error) or f"{error}: {body.get('error_description')}"
            raise Denied(f"Amazon does not accept the credentials: {what}")
        raise Passing(_passing(answer).what, spacing(answer.headers))


def open_client(kind: type, region: str, credentials: Credentials):
    """A client of one region. Raises AmazonError if the surroundings do not allow of one."""
    place = SimpleNamespace(
        endpoint=ENDPOINT.format(region=region), marketplace_id="", region=region
    )
    given = {
        "refresh_token": credentials.refresh_token,
        "lwa_app_id": credentials.lwa_app_id,
        "lwa_client_secret": credentials.lwa_client_secret,
    }
    try:
        client = kind(
            marketplace=place,
            credentials=given,
            # Without this it looks for what is missing in places that nobody named.
            credential_providers=[FromCodeCredentialProvider],
            auth_token_client_class=_Tokens,
            timeout=TIMEOUT,
        )
    except (OSError, ValueError, ImportError) as error:
        # Only its type: the address of a proxy may hold a password.
        raise AmazonError(
            f"No connection to Amazon can be set up ({type(error).__name__}). Check HTTPS_PROXY, "
            f"ALL_PROXY and SSL_CERT_FILE in the environment."
        ) from None
    client.endpoint = place.endpoint  # SP_API_DEFAULT_MARKETPLACE goes before what is passed
    return client


def forget_token(refused: str) -> None:
    """Have a new token asked for in place of this one, unless somebody has by now."""
    with _lock:
        for key, (_, token) in list(_tokens.items()):
            if token.access_token == refused:
                del _tokens[key]


def check(answer: httpx.Response) -> None:
    """Raises Passing, Refused, Gone or AmazonError unless it is a success that says something."""
    body = _object(answer)
    if answer.is_success and body and not body.get("errors"):
        return
    status, words = answer.status_code, _words(body)
    if status in (401, 403) and words:
        raise Refused(words, answer.request.headers.get("x-amz-access-token", ""))
    if status == 404 and words:
        raise Gone(f"Amazon does not have it: {words}")
    if not words or status == 429 or status >= 500:
        raise _passing(answer)
    raise AmazonError(f"Amazon answered: {words}")


def silent(error: httpx.HTTPError) -> Passing:
    """What an error of the connection means."""
    if isinstance(error, httpx.TimeoutException):
        sent = not isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
        return Passing("did not answer in time", unsure=sent)
    # The words of other errors may hold an address with what is secret in it.
    why = f": {error}" if isinstance(error, httpx.ConnectError | httpx.ProxyError) else ""
    sent = not isinstance(error, httpx.ConnectError | httpx.ProxyError)
    return Passing(f"cannot be reached ({type(error).__name__}{why})", unsure=sent)


def _passing(answer: httpx.Response) -> Passing:
    if answer.status_code == 429:
        return Passing("wants to be asked less often (HTTP status 429)", spacing(answer.headers))
    what = f"answers with HTTP status {answer.status_code}"
    if not _object(answer):
        what += " and nothing of the API's"
    return Passing(what, unsure=answer.status_code != 503)


def spacing(headers: Mapping[str, str]) -> float:
    """Seconds between two calls by the limit that an answer names (calls a second), or 0."""
    try:
        limit = float(headers.get("x-amzn-RateLimit-Limit", ""))
    except ValueError:
        return 0.0
    return 1 / limit if limit > 0 else 0.0


def _object(answer: httpx.Response) -> dict:
    """The JSON object that an answer is, or {}."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _words(body: dict) -> str:
    errors = body.get("errors")
    if not isinstance(errors, list) or not errors or not isinstance(errors[0], dict):
        return ""
    parts = (str(errors[0].get(name) or "").strip() for name in ("code", "message", "details"))
    return " ".join(": ".join(filter(None, parts)).split())


def _key(*credentials: str) -> str:
    return hashlib.sha256("\0".join(credentials).encode()).hexdigest()
