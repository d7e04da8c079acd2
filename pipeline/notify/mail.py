"""By e-mail: plain text, to the server that a person named."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipeline.errors import Rejected, Undelivered
from pipeline.model import Target
from pipeline.notify.threads import apart
from pipeline.notify.wording import Message

PORTS = {"starttls": 587, "tls": 465, "none": 25}


def letter(target: Target, message: Message, now: datetime) -> EmailMessage:
    """The letter. Its Message-ID is the same at every attempt, by which mail programs know a second copy."""
    made = EmailMessage(policy=SMTP)
    made["From"] = target.sender
    made["To"] = ", ".join(target.recipients)
    made["Subject"] = message.subject  # one line: the library refuses line breaks, and wording leaves none
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{message.key}@{_domain(target.sender)}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    made.set_content(message.text + "\n")
    return made


async def send(target: Target, message: Message, now: datetime) -> None:
    """Raises Undelivered; Rejected when the server will never take it."""
    made = letter(target, message, now)
    await apart(lambda: _send(target, made))


def _send(target: Target, made: EmailMessage) -> Undelivered | None:
    port, wait = target.port or PORTS[target.tls], target.wait.total_seconds()
    where = f"the mail server {target.host}:{port}"
    try:
        with _connected(target, port, wait) as server:
            if target.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if target.user:
                server.login(target.user, target.password)
            refused = server.send_message(made)
    except smtplib.SMTPAuthenticationError as error:  # a person can mend that; until then it waits
        return Undelivered(f"{where} does not take the user and password ({error.smtp_code})")
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        kind = Undelivered if any(400 <= code < 500 for code in codes) else Rejected
        return kind(f"{where} refuses {', '.join(sorted(error.recipients))} ({', '.join(map(str, sorted(codes)))})")
    except smtplib.SMTPResponseException as error:
        kind = Rejected if 500 <= error.smtp_code < 600 else Undelivered
        return kind(f"{where} answered {error.smtp_code} {_words(error.smtp_error)}")
    except smtplib.SMTPException as error:
        return Undelivered(f"{where}: {error or type(error).__name__}")
    except ssl.SSLError as error:
        return Undelivered(f"{where} does not speak TLS as it should: {error.reason or error}")
    except OSError as error:
        return Undelivered(f"{where} cannot be reached: {error.strerror or error or 'it did not answer in time'}")
    # it was taken for the others: to send it again would give them two
    return Rejected(f"{where} took it, but not for {', '.join(sorted(refused))}") if refused else None


def _connected(target: Target, port: int, wait: float) -> smtplib.SMTP:
    name = _domain(target.sender)
    if target.tls == "tls":
        return smtplib.SMTP_SSL(target.host, port, local_hostname=name, timeout=wait, context=ssl.create_default_context())
    return smtplib.SMTP(target.host, port, local_hostname=name, timeout=wait)


def _domain(sender: str) -> str:
    return Address(addr_spec=sender.rpartition("<")[2].rstrip("> ")).domain or "localhost"


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]
