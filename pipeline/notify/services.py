"""Through Apprise, which knows a hundred services: an extra."""

from __future__ import annotations

from importlib.util import find_spec

from pipeline.errors import Undelivered
from pipeline.model import Target
from pipeline.notify.threads import apart
from pipeline.notify.wording import Message

EXTRA = "pip install 'wirewatch[alerts]'"


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("apprise") is not None


async def send(target: Target, message: Message) -> None:
    """Raises Undelivered."""
    if not available():
        raise Undelivered(f"Apprise is not installed: {EXTRA}")
    await apart(lambda: _send(target, message))


def _send(target: Target, message: Message) -> Undelivered | None:
    import apprise

    service = apprise.Apprise()
    if not service.add(target.url):
        return Undelivered("Apprise does not understand its url")
    taken = service.notify(title=message.subject, body=message.text, body_format=apprise.NotifyFormat.TEXT)
    return None if taken else Undelivered("Apprise could not deliver it")
