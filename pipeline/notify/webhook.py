"""To a program of somebody's: JSON by POST, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.errors import FetchError, Rejected, Undelivered
from pipeline.model import Answer, Target
from pipeline.notify.wording import Message

SIGNATURE, KEY = "Wirewatch-Signature", "Idempotency-Key"


class Posts(Protocol):
    """The way out."""

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, wait: timedelta) -> Answer: ...


def signature(secret: str, body: bytes, now: datetime) -> str:
    """ "t=1772368215,v1=…": the second at which it was sent, and the HMAC-SHA256 of that, a point and the body. The second is signed too,
    so that what somebody recorded cannot be sent again later."""
    sent = str(int(now.timestamp()))
    code = hmac.new(secret.encode(), f"{sent}.".encode() + body, hashlib.sha256)
    return f"t={sent},v1={code.hexdigest()}"


async def send(target: Target, message: Message, posts: Posts, now: datetime) -> None:
    """Raises Undelivered; Rejected when the receiver will never take it."""
    body = json.dumps(message.payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    headers = {"Content-Type": "application/json; charset=utf-8", KEY: message.key}
    if target.secret:
        headers[SIGNATURE] = signature(target.secret, body, now)
    try:
        answer = await posts.post(target.url, headers, body, target.wait)
    except FetchError as error:
        raise Undelivered(error.message) from error
    if 200 <= answer.status < 300:
        return
    said = f"it answered {answer.phrase}" + (f": {answer.said}" if answer.said else "")
    if answer.status in (408, 425, 429) or answer.status >= 500:
        raise Undelivered(said, after=answer.after)
    if 300 <= answer.status < 400:
        raise Rejected(f"{said}; redirects are not followed: name the address it leads to")
    raise Rejected(said)
