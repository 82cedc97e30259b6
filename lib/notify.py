"""Notifications to wherever a person looks: e-mail, chat, a web hook (apprise's addresses)."""

import logging
from collections.abc import Sequence

from apprise import Apprise, NotifyFormat, NotifyType

# Its words repeat addresses, and an address holds passwords and tokens.
logging.getLogger("apprise").disabled = True


def send(addresses: Sequence[str], title: str, body: str, failed: bool) -> list[str]:
    """Send a text to all addresses, as a failure or as a warning. What went wrong, one message an
    address, without what is secret in it; nothing is raised, for what is told of is done."""
    kind = NotifyType.FAILURE if failed else NotifyType.WARNING
    troubles = []
    for number, address in enumerate(addresses, 1):
        hook, where = Apprise(), f"notification address {number} of {len(addresses)}"
        try:
            known = hook.add(address)
            sent = known and hook.notify(body, title, kind, body_format=NotifyFormat.TEXT)
        except Exception as error:  # a service of many, with an address that nobody foresaw
            known, sent = True, False
            where += f" ({type(error).__name__})"
        if not known:
            troubles.append(f"{where} is none that is known. Correct url in [notify].")
        elif not sent:
            troubles.append(f"{where} did not take the message. Check url in [notify].")
    return troubles
