"""One seller account at Amazon; every failure told in words a user can act on."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import httpx

from lib.amazon.client import (
    CatalogueClient,
    Passing,
    Refused,
    ReportsClient,
    SellersClient,
    forget_token,
    open_client,
    silent,
    spacing,
)
from lib.amazon.download import Expired, download
from lib.amazon.port import (
    AmazonError,
    Credentials,
    Denied,
    Document,
    NoRight,
    Participation,
    Report,
    ReportKind,
    ReportState,
    Unreachable,
)
from lib.model import Seller
from lib.source.marketplaces import MARKETPLACES

PAUSES = (1, 2, 4, 8, 15)
"""Seconds before the second try, the third and so on, unless Amazon names a longer time."""

PATIENCE = 90
"""Seconds of pauses in one call, after which Amazon counts as unreachable."""

CODES_AT_ONCE = 20
"""ASINs in one call of the catalogue: Amazon takes no more."""

_STATES = {
    "IN_QUEUE": ReportState.QUEUED,
    "IN_PROGRESS": ReportState.RUNNING,
    "DONE": ReportState.READY,
    "CANCELLED": ReportState.CANCELLED,
    "FATAL": ReportState.FATAL,
}
_CODES = {place.id: code for code, place in MARKETPLACES.items()}

CANCELLED = (
    "Amazon cancelled the report: it does so when there is nothing to report, and when the same "
    "report is asked for too often. Try again in an hour."
)
NO_DATA = "Amazon has no data for this report."
FATAL = "Amazon could not make the report and does not say why. Try again later."


class Amazon:
    """What a seller can ask of Amazon. All methods raise Unreachable, Denied, or AmazonError with
    Amazon's own words; and all take marketplace codes."""

    def __init__(self, seller: Seller, credentials: Credentials):
        self.seller = seller
        self._credentials = credentials

    def marketplaces(self) -> list[Participation]:
        """The marketplaces of the account, in all regions that the seller has marketplaces in. A
        region that refuses it is not its own; raises NoRight if all do."""
        found: list[Participation] = []
        regions = dict.fromkeys(MARKETPLACES[market].region for market in self.seller.markets)
        refusals: list[NoRight] = []
        for region in regions:
            try:
                # Of a list with nothing in it the library makes {}.
                answer = self._ask(
                    SellersClient,
                    region,
                    lambda api: _listed(api.get_marketplace_participation().payload or []),
                )
            except NoRight as refusal:
                refusals.append(refusal)
            else:
                found += [_participation(entry) for entry in answer if _market(entry)]
        if len(refusals) == len(regions):
            raise refusals[0]
        return found

    def request_report(self, market: str, kind: ReportKind) -> str:
        """Have Amazon make a report; returns its id. After Unreachable look in ``recent_reports``
        before it is asked for again: Amazon may have taken the request."""
        place = MARKETPLACES[market]
        return self._ask(
            ReportsClient,
            place.region,
            lambda api: _text(
                api.create_report(reportType=kind.value, marketplaceIds=[place.id]), "reportId"
            ),
            safe=False,
        )

    def report(self, market: str, report_id: str) -> Report:
        """How a report stands. Raises Gone if Amazon does not have it."""
        report = self._ask(
            ReportsClient,
            MARKETPLACES[market].region,
            lambda api: _report(market, api.get_report(report_id).payload),
        )
        if report.state is ReportState.FATAL and report.document_id:
            why = self._explained(report)
            report = Report(**vars(report) | {"explanation": why or FATAL})
        return report

    def recent_reports(self, market: str, kind: ReportKind, since: float) -> list[Report]:
        """Reports of this kind that were asked for since then (seconds since 1970), newest first,
        by whomever."""
        place = MARKETPLACES[market]
        asked = {
            "reportTypes": [kind.value],
            "marketplaceIds": [place.id],
            "createdSince": datetime.fromtimestamp(since, UTC).isoformat(timespec="seconds"),
            "pageSize": 100,
        }
        answer = self._ask(
            ReportsClient,
            place.region,
            lambda api: _listed(api.get_reports(**asked).payload.get("reports")),
        )
        reports = [_report(market, entry) for entry in answer]
        return sorted(reports, key=lambda report: report.created, reverse=True)

    def document(self, report: Report) -> Document:
        """The document of a report that is READY. Amazon lets few be downloaded: keep it. Raises
        Gone if Amazon does not have it."""
        region = MARKETPLACES[report.market].region

        def fetched(api: ReportsClient) -> Document:
            return download(_text(api.get_report_document(report.document_id), "url"))

        try:
            return self._ask(ReportsClient, region, fetched)
        except Expired:  # maybe it took long to get here: once more, with a new address
            pass
        try:
            return self._ask(ReportsClient, region, fetched)
        except Expired:
            raise AmazonError(
                f"Amazon's address for the document of report {report.id} does not work. Check "
                f"the clock of this machine and who stands between (a proxy), then try again."
            ) from None

    def codes(self, market: str, asins: Sequence[str]) -> dict[str, list[str]]:
        """ASIN -> the UPCs and EANs that Amazon's catalogue has for it, for those of at most
        CODES_AT_ONCE that it knows. Takes as long as Amazon's limit wants between two calls."""
        place = MARKETPLACES[market]
        asked = {
            "identifiers": ",".join(asins),
            "identifiersType": "ASIN",
            "marketplaceIds": place.id,
            "includedData": "identifiers",
            "pageSize": CODES_AT_ONCE,
        }

        def found(api: CatalogueClient) -> dict[str, list[str]]:
            answer = api.search_catalog_items(**asked)
            codes = _codes(_listed(answer.payload.get("items")))
            time.sleep(spacing(answer.headers or {}))
            return codes

        return self._ask(CatalogueClient, place.region, found)

    def _explained(self, report: Report) -> str:
        """What the document of a fatal report says."""
        try:
            text = self.document(report).data.decode("utf-8", "replace")
        except AmazonError:
            return ""
        try:
            said = json.loads(text)
            text = str(said.get("errorDetails") or text) if isinstance(said, dict) else text
        except ValueError:
            pass
        text = self._credentials.hide(" ".join(text.split()))[:500]
        return f"Amazon could not make the report: {text}" if text else ""

    def _ask(self, kind: type, region: str, call: Callable, safe: bool = True):
        """What ``call`` makes of a client; ``safe`` means that nothing comes of calling twice."""
        self.check_credentials()
        pauses, waited, renewed = list(PAUSES), 0.0, False
        with open_client(kind, region, self._credentials) as api:
            while True:
                try:
                    return call(api)
                except Refused as refused:
                    if renewed:
                        raise self._denied(region, str(refused)) from None
                    forget_token(refused.token)
                    renewed = True
                    continue
                except Denied as denied:
                    raise Denied(
                        f"Seller {self.seller.name}: {self._credentials.hide(str(denied))}. "
                        f"Correct {self._credentials.source}."
                    ) from None
                except AmazonError as error:
                    words = self._credentials.hide(str(error))
                    raise type(error)(f"Seller {self.seller.name}: {words}") from None
                except Passing as passing:
                    trouble = passing
                except httpx.HTTPError as error:
                    trouble = silent(error)
                pause = max(trouble.pause, pauses[0])
                if waited + pause > PATIENCE or (trouble.unsure and not safe):
                    raise self._unreachable(region, trouble)
                time.sleep(pause)
                waited += pause
                pauses = pauses[1:] or pauses

    def check_credentials(self) -> None:
        """Raises Denied where the settings lack one, before anything is asked of Amazon."""
        missing = self._credentials.missing
        if missing:
            raise Denied(
                f"Seller {self.seller.name} has no {', '.join(missing)}. Write all of them into "
                f"{self._credentials.source}, or use a report file from Seller Central."
            )

    def _denied(self, region: str, words: str) -> NoRight:
        return NoRight(
            f"Amazon refused seller {self.seller.name} in region {region}: "
            f"{self._credentials.hide(words)}. Check in Seller Central that the application is "
            f"authorised for this account and region, and has the roles for listings and inventory."
        )

    def _unreachable(self, region: str, trouble: Passing) -> Unreachable:
        words = self._credentials.hide(trouble.what)
        return Unreachable(
            f"Amazon (region {region}) {words}. Try again later: a report that was asked "
            f"for is found again.",
            trouble.pause,
        )


def _report(market: str, answer: dict) -> Report:
    try:
        state, kind = _STATES[answer["processingStatus"]], ReportKind(answer["reportType"])
        report_id, created = (
            str(answer["reportId"]),
            datetime.fromisoformat(answer["createdTime"]).timestamp(),
        )
    except (KeyError, ValueError):
        raise Passing("says of a report what is not known") from None
    document = str(answer.get("reportDocumentId") or "")
    explanation = {ReportState.CANCELLED: CANCELLED, ReportState.FATAL: FATAL}.get(state, "")
    if state is ReportState.READY and not document:
        state, explanation = ReportState.NO_DATA, NO_DATA
    return Report(report_id, market, kind, state, created, document, explanation)


def _text(answer, name: str) -> str:
    value = answer.payload.get(name)
    if not isinstance(value, str) or not value:
        raise Passing(f"gives no {name}", unsure=True)
    return value


def _listed(found) -> list[dict]:
    if not isinstance(found, list):
        raise Passing("gives no list")
    return found


def _codes(items: list[dict]) -> dict[str, list[str]]:
    """ASIN -> UPCs and EANs, of the catalogue's items with their identifiers by marketplace."""
    found: dict[str, list[str]] = {}
    for item in items:
        codes = found.setdefault(str(item.get("asin", "")), [])
        for of_market in item.get("identifiers") or []:
            codes += [
                str(code.get("identifier", ""))
                for code in of_market.get("identifiers") or []
                if code.get("identifierType") in ("UPC", "EAN")
            ]
    return found


def _market(entry: dict) -> str:
    """Its code, or "" for what is no Amazon shop: the account lists other programmes too."""
    return _CODES.get(entry.get("marketplace", {}).get("id", ""), "")


def _participation(entry: dict) -> Participation:
    how = entry.get("participation", {})
    return Participation(
        _market(entry), bool(how.get("isParticipating")), bool(how.get("hasSuspendedListings"))
    )
