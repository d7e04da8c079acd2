"""What can go wrong, and whether trying again may help.

WirewatchError
├── ConfigError            a setting or a word that cannot be used: file, key, problem, nearest valid key          (exit 2)
├── InputError             a named file that is not there or cannot be read                                         (exit 2)
├── StoreError             the database cannot be used: not a database, read-only, of a newer schema, locked        (exit 3)
└── ItemError              costs one item, never the run; carries status and reason
    ├── FetchError
    │   ├── Unreachable        network, DNS, TLS, connection broken                            retry
    │   ├── TimedOut           connect, read or total time                                     retry
    │   ├── Truncated          a body shorter than promised, a coding cut short                retry
    │   ├── Throttled          429, 503, or the host asked to wait                             retry, after what it asked
    │   ├── ServerTrouble      other 5xx                                                       retry
    │   ├── Gone               404; GoneForGood: 410                                           skipped
    │   ├── Refused            401, 402, 451 and other 4xx                                     skipped
    │   ├── Forbidden          403: often a passing block                                      retry
    │   ├── Disallowed         robots.txt says no                                              skipped
    │   ├── AddressRefused     a private or otherwise unsafe address                           failed
    │   ├── RedirectTrouble    too many, a loop, or to something that is not HTTP              failed
    │   ├── TooLarge           more bytes, after decoding, than are taken                      skipped
    │   └── WrongMedia         a PDF, an image, …: not what was asked for                      skipped
    ├── DiscoverError          a source that cannot be read as what it is said to be           failed
    ├── NotAnArticle           wall, soft 404, section page, empty page, …                     skipped
    │                          a check for robots, an error or works with status 200          retry, a few times
    ├── Undelivered            an alert that its target did not take                            retry, for two days
    │   └── Rejected           … and never will                                                failed
    └── Killed                 a process passed its wall, CPU or memory limit, or crashed      failed
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from pipeline.model import Status


class WirewatchError(Exception):
    """The root. ``str()`` is one line for a person: what, where, and what to do."""


class ConfigError(WirewatchError):
    """A setting that cannot be used. ``nearest``: the valid key that was probably meant."""

    def __init__(self, problem: str, *, file: str | None = None, key: str | None = None, nearest: str | None = None) -> None:
        self.problem, self.file, self.key, self.nearest = problem, file, key, nearest
        place = ": ".join(part for part in (file, key) if part)
        hint = f" (did you mean {nearest!r}?)" if nearest else ""
        super().__init__(f"{place}: {problem}{hint}" if place else f"{problem}{hint}")


class InputError(WirewatchError):
    """A file or folder that was named and cannot be read."""


class StoreError(WirewatchError):
    """The database cannot be used. The message names it and says what to do."""


class ItemError(WirewatchError):
    """Costs one item. ``reason``: a short word for counting; ``after``: how long to wait before a retry, when somebody said so."""

    status: Status = Status.FAILED
    reason: str = "failed"
    asked: bool = True  # False: the host rests, and no request was made

    def __init__(self, message: str, *, url: str = "", reason: str | None = None, after: timedelta | None = None) -> None:
        self.message, self.url, self.after = message, url, after
        if reason is not None:
            self.reason = reason
        super().__init__(message)

    def __reduce__(self) -> tuple[object, ...]:  # keyword arguments survive the way out of a process
        return (_rebuild, (type(self), self.message, self.url, self.reason, self.after))


def _rebuild(kind: type[ItemError], message: str, url: str, reason: str, after: timedelta | None) -> ItemError:
    return kind(message, url=url, reason=reason, after=after)


class FetchError(ItemError):
    """A page that could not be had."""


class Unreachable(FetchError):
    status = Status.RETRY
    reason = "unreachable"


class TimedOut(FetchError):
    status = Status.RETRY
    reason = "timeout"


class Truncated(FetchError):
    status = Status.RETRY
    reason = "truncated"


class Throttled(FetchError):
    status = Status.RETRY
    reason = "throttled"


class ServerTrouble(FetchError):
    status = Status.RETRY
    reason = "server"


class Gone(FetchError):
    status = Status.SKIPPED
    reason = "gone"


class GoneForGood(Gone):
    """410: it is not expected to come back."""


class Refused(FetchError):
    status = Status.SKIPPED
    reason = "refused"


class Forbidden(FetchError):
    status = Status.RETRY
    reason = "forbidden"


class Disallowed(FetchError):
    status = Status.SKIPPED
    reason = "disallowed"


class AddressRefused(FetchError):
    reason = "address"


class RedirectTrouble(FetchError):
    reason = "redirect"


class TooLarge(FetchError):
    status = Status.SKIPPED
    reason = "too-large"


class WrongMedia(FetchError):
    status = Status.SKIPPED
    reason = "media"


class DiscoverError(ItemError):
    reason = "unreadable"


class NotAnArticle(ItemError):
    """``reason`` is its kind: consent, paywall, challenge, not-found, section, empty, error-page, … Those of ``PASSING`` may be gone at the
    next look."""

    status = Status.SKIPPED
    reason = "no-article"
    PASSING: ClassVar = frozenset(("challenge", "error-page"))

    def __init__(self, message: str, *, url: str = "", reason: str | None = None, after: timedelta | None = None) -> None:
        super().__init__(message, url=url, reason=reason, after=after)
        if self.reason in self.PASSING:
            self.status = Status.RETRY


class Killed(ItemError):
    reason = "killed"


class Undelivered(ItemError):
    status = Status.RETRY
    reason = "undelivered"


class Rejected(Undelivered):
    status = Status.FAILED
    reason = "rejected"
