"""Amazon as far as the product knows it: the wire format of tokens, reports and documents."""

import gzip
import itertools
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from lib.source.marketplaces import MARKETPLACES
from tests.amazon.proxy import Answer, Call

API = {f"sellingpartnerapi-{region}.amazon.com": region for region in ("na", "eu", "fe")}
LOGIN = "api.amazon.com"
DOCUMENTS = "tortuga-prod.s3.amazonaws.com"
HOSTS = (*API, LOGIN, DOCUMENTS)

LOGIN_DATA = {
    "refresh_token": "Atzr|demo-refresh-token",
    "lwa_app_id": "amzn1.application-oa2-client.demo",
    "lwa_client_secret": "amzn1.oa2-cs.v1.demo-secret",
}

REPORTS = "/reports/2021-06-30/reports"
DOCUMENT = "/reports/2021-06-30/documents"
CATALOGUE = "/catalog/2022-04-01/items"
PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"
TOKEN = "/auth/o2/token"

UNIFIED = {"US": "A2ZV50J4W1RKNI"}  # another programme, which a live account lists too

HTML = Answer(503, b"<html><body>Service Unavailable</body></html>", {"Content-Type": "text/html"})
EXPIRED_XML = Answer(
    403,
    b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message>'
    b"</Error>",
    {"Content-Type": "application/xml"},
)


def refusal(status: int, code: str, message: str, details: str = "", **headers: str) -> Answer:
    """An error as the API writes it."""
    error = {"code": code, "message": message, "details": details}
    return _json({"errors": [error]}, status, headers)


def throttled(limit: float) -> Answer:
    message = "You exceeded your quota for the requested resource."
    return _with(refusal(429, "QuotaExceeded", message), {"x-amzn-RateLimit-Limit": str(limit)})


@dataclass
class Document:
    """What a report's document answers with."""

    data: bytes
    content_type: str = "text/plain; charset=UTF-8"
    zipped: bool = True
    answer: Answer | None = None

    def answered(self) -> Answer:
        body = gzip.compress(self.data) if self.zipped else self.data
        return self.answer or Answer(200, body, {"Content-Type": self.content_type})


@dataclass
class Report:
    id: str
    kind: str
    market: str
    created: str
    states: list[str]
    document: Document | None


@dataclass
class Amazon:
    """``documents`` are by (marketplace id, kind), ``states`` what a new report goes through, one
    a look. ``codes`` is what the catalogue has: ASIN -> kinds and identifiers. ``calls`` has all
    calls. ``plan`` sets what calls get in place of their answers."""

    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    states: tuple[str, ...] = ("IN_QUEUE", "IN_PROGRESS", "DONE")
    login: dict[str, str] = field(default_factory=lambda: dict(LOGIN_DATA))
    markets: tuple[str, ...] = ("US", "DE", "JP")
    codes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    limit: float = 2.0
    cancels_without_data: bool = False
    calls: list[Call] = field(default_factory=list)
    reports: dict[str, Report] = field(default_factory=dict)
    _planned: dict[str, list[Answer]] = field(default_factory=dict)
    _tokens: set[str] = field(default_factory=set)
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))
    _addresses: dict[str, Document] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, call: str, *answers: Answer) -> None:
        """What the next calls get whose "METHOD /path" begins so."""
        self._planned.setdefault(call, []).extend(answers)

    def counted(self, call: str) -> int:
        """How many calls there were whose "METHOD /path" begins so."""
        return sum(str(made).startswith(call) for made in self.calls)

    def expire_tokens(self) -> None:
        self._tokens.clear()

    def answer(self, call: Call) -> Answer:
        with self._lock:
            self.calls.append(call)
            for begin, answers in self._planned.items():
                if str(call).startswith(begin) and answers:
                    return answers.pop(0)
            if call.host == LOGIN:
                return self._token(call)
            if call.host == DOCUMENTS:
                document = self._addresses.get(call.path)
                return document.answered() if document else EXPIRED_XML
            if call.headers.get("x-amz-access-token") not in self._tokens:
                return refusal(403, "Unauthorized", "Access to requested resource is denied.",
                               "The access token you provided has expired.")  # fmt: skip
            return _with(self._api(call), {"x-amzn-RateLimit-Limit": str(self.limit)})

    def _token(self, call: Call) -> Answer:
        given = dict(parse_qsl(call.body.decode()))
        if (given.get("client_id"), given.get("client_secret")) != (
            self.login["lwa_app_id"], self.login["lwa_client_secret"],
        ):  # fmt: skip
            words = "Client authentication failed"
            return _json({"error": "invalid_client", "error_description": words}, 401)
        if given.get("refresh_token") != self.login["refresh_token"]:
            words = "The request has an invalid grant parameter : refresh_token"
            return _json({"error": "invalid_grant", "error_description": words}, 400)
        token = f"Atza|token-{next(self._numbers)}"
        self._tokens.add(token)
        return _json({"access_token": token, "token_type": "bearer", "expires_in": 3600,
                      "refresh_token": given["refresh_token"]})  # fmt: skip

    def _api(self, call: Call) -> Answer:
        if str(call) == f"GET {PARTICIPATIONS}":
            return _json({"payload": self._participations(API[call.host])})
        if str(call) == f"POST {REPORTS}":
            return self._create(call)
        if str(call) == f"GET {REPORTS}":
            return self._listed(call)
        if str(call) == f"GET {CATALOGUE}":
            return self._items(call)
        folder, _, name = call.path.rpartition("/")
        if folder == REPORTS and name in self.reports:
            report = self.reports[name]
            if len(report.states) > 1:
                report.states.pop(0)
            return _json(_written(report))
        if folder == DOCUMENT and name.removeprefix("doc-") in self.reports:
            return self._address(name)
        return refusal(404, "NotFound", "The resource you requested does not exist.")

    def _participations(self, region: str) -> list[dict]:
        found = [code for code in self.markets if MARKETPLACES[code].region == region]
        shops = [(MARKETPLACES[code].id, MARKETPLACES[code].name) for code in found]
        shops += [(UNIFIED[code], "Non-Amazon") for code in found if code in UNIFIED]
        how = {"isParticipating": True, "hasSuspendedListings": False}
        return [{"marketplace": {"id": id_, "name": name}, "participation": how}
                for id_, name in shops]  # fmt: skip

    def _create(self, call: Call) -> Answer:
        asked = json.loads(call.body)
        number = str(50_000 + next(self._numbers))
        market, kind = asked["marketplaceIds"][0], asked["reportType"]
        document = self.documents.get((market, kind))
        empty = document is None and self.cancels_without_data
        states = ["IN_QUEUE", "CANCELLED"] if empty else [*self.states]
        created = datetime.now(UTC).isoformat(timespec="seconds")
        self.reports[number] = Report(number, kind, market, created, states, document)
        return _json({"reportId": number}, 202)

    def _listed(self, call: Call) -> Answer:
        since = datetime.fromisoformat(call.query["createdSince"])
        found = [
            report
            for report in self.reports.values()
            if report.kind in call.query["reportTypes"].split(",")
            and report.market in call.query["marketplaceIds"].split(",")
            and datetime.fromisoformat(report.created) >= since
        ]
        return _json({"reports": [_written(report) for report in reversed(found)]})

    def _items(self, call: Call) -> Answer:
        """The items of the ASINs that were asked for, as far as the catalogue has them."""
        asins = call.query["identifiers"].split(",")
        if call.query["identifiersType"] != "ASIN" or len(asins) > 20:
            return refusal(400, "InvalidInput", "Too many identifiers, or of another type.")
        items = []
        for asin in filter(self.codes.get, asins):
            codes = [
                {"identifierType": kind, "identifier": code} for kind, code in self.codes[asin]
            ]
            of_market = {"marketplaceId": call.query["marketplaceIds"], "identifiers": codes}
            items.append({"asin": asin, "identifiers": [of_market]})
        with_identifiers = "identifiers" in call.query["includedData"]
        items = items if with_identifiers else [{"asin": item["asin"]} for item in items]
        return _json({"numberOfResults": len(items), "items": items[: int(call.query["pageSize"])]})

    def _address(self, name: str) -> Answer:
        document = self.reports[name.removeprefix("doc-")].document
        assert document
        path = f"/{name}-{next(self._numbers)}"
        self._addresses[path] = document
        address = f"https://{DOCUMENTS}{path}?X-Amz-Expires=300&X-Amz-Signature=s1gnature"
        zipped = {"compressionAlgorithm": "GZIP"} if document.zipped else {}
        return _json({"reportDocumentId": name, "url": address} | zipped)


def _written(report: Report) -> dict:
    state = report.states[0]
    has = report.document and state in ("DONE", "FATAL")
    document = {"reportDocumentId": f"doc-{report.id}"} if has else {}
    return {
        "reportId": report.id,
        "reportType": report.kind,
        "marketplaceIds": [report.market],
        "processingStatus": state,
        "createdTime": report.created,
    } | document


def _json(body: dict, status: int = 200, headers: dict | None = None) -> Answer:
    return Answer(status, json.dumps(body).encode(),
                  {"Content-Type": "application/json"} | (headers or {}))  # fmt: skip


def _with(answer: Answer, headers: dict[str, str]) -> Answer:
    return Answer(answer.status, answer.body, headers | answer.headers, answer.hang_up)
