"""What went wrong on the wire, as one of our errors, in words for a person."""

from __future__ import annotations

import errno
import os
import ssl

from pipeline.errors import AddressRefused, FetchError, ServerTrouble, TimedOut, Truncated, Unreachable
from pipeline.fetch.guard import AddressError, Target
from pipeline.fetch.names import NoSuchHostError
from pipeline.fetch.policy import Policy

_NO_NETWORK = frozenset((errno.ENETUNREACH, errno.ENETDOWN))


class NoNetwork(Unreachable):
    """This machine's own trouble, not the host's: hosts are not left alone for long because of it."""


def explain(error: Exception, target: Target, policy: Policy, *, began: bool) -> FetchError:
    """An exception of the HTTP library → our error. ``began``: the answer had begun, so a broken connection cut the body short."""
    import aiohttp

    where = target.place
    if isinstance(error, TimeoutError):
        return TimedOut(f"{where} {_late(error, policy, began=began)}")
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return NoNetwork(f"the proxy {_proxy(policy)} cannot be reached: {_words(error.os_error)}; check [fetch] proxy")
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return Unreachable(f"the proxy {_proxy(policy)} answered {error.status} when asked for {where}")
    if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError)):
        return _tls(error, where)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _not_connected(error.os_error, where)
    if isinstance(error, aiohttp.ClientPayloadError) or began:
        return Truncated(f"{where} sent less than it promised: the body was cut short")
    if isinstance(error, aiohttp.ClientResponseError):
        return ServerTrouble(f"{where} answered something that is not HTTP")
    if isinstance(error, (aiohttp.InvalidURL, ValueError)):
        return FetchError(f"{where}: the request cannot be sent: {error}", reason="request")
    return Unreachable(f"{where} broke the connection: {error}")


def _late(error: TimeoutError, policy: Policy, *, began: bool) -> str:
    import aiohttp

    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return f"did not accept a connection in {policy.connect_timeout.total_seconds():g} s"
    if isinstance(error, aiohttp.SocketTimeoutError):
        return f"sent nothing for {policy.read_timeout.total_seconds():g} s"
    return f"did not finish {'its body' if began else 'an answer'} in {policy.total_timeout.total_seconds():g} s"


def _not_connected(error: OSError, where: str) -> FetchError:
    if isinstance(error, AddressError):
        advice = 'put its network into [fetch] allow_private, such as ["10.0.0.0/8"], if it is yours'
        return AddressRefused(f"{where} is refused: {error.strerror}; {advice}")
    if isinstance(error, NoSuchHostError):
        if error.passing:
            return NoNetwork(f"the name {error.host} could not be looked up ({error.strerror}): is there a network?")
        return Unreachable(f"no such host: {error.host}; check the spelling or the network")
    if error.errno in _NO_NETWORK:
        return NoNetwork(f"{where} cannot be reached: no network")
    return Unreachable(f"{where} cannot be reached: {_words(error)}")


def _tls(error: Exception, where: str) -> FetchError:
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Unreachable(f"the TLS certificate of {where} is not valid: {cause.verify_message}")
    detail = getattr(cause, "reason", None) or "the handshake failed"
    return Unreachable(f"{where} does not speak TLS as it should: {str(detail).replace('_', ' ').lower()}")


def _words(error: OSError) -> str:
    """The system's own words for an error number: "Connection refused"."""
    return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else str(error.strerror or error)


def _proxy(policy: Policy) -> str:
    """The proxy without the password that may stand in its address."""
    return (policy.proxy or "").rpartition("@")[2].removeprefix("http://").removeprefix("https://")
