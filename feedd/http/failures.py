"""What went wrong, as a `FetchError` a person can act on. Pure."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator

import httpx

from feedd.errors import FetchError

CALLED_OFF = "the server called off its answer"
"""HTTP/2 alone has words for that; it is no different from a connection that breaks off."""

_TLS_BY_CODE = {
    9: "its certificate is not valid yet; is this machine's clock right?",
    10: "its certificate has expired; only the server's owner can renew it",
    18: "its certificate is self-signed, so nobody vouches for it; trust it in the system's store",
    19: "its certificate comes from an authority that the system's store does not trust",
    20: "its certificate's issuer is not in the system's store",
    21: "its certificate's issuer is unknown: the server may have forgotten to send its chain",
    23: "its certificate has been revoked",
    62: "its certificate is for another host; check the feed's URL",
    64: "its certificate is for another address; use the host's name in the feed's URL",
}
_TLS_BY_REASON = {
    "WRONG_VERSION_NUMBER": "what answers there is not TLS; try http:// in the feed's URL",
    "HTTP_REQUEST": "what answers there is not TLS; try http:// in the feed's URL",
    "UNSUPPORTED_PROTOCOL": "it only speaks versions of TLS that are no longer safe",
    "TLSV1_ALERT_PROTOCOL_VERSION": "it speaks no version of TLS that is spoken here",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "the two sides have no cipher in common",
    "TLSV1_UNRECOGNIZED_NAME": "it does not serve this host's name; check the feed's URL",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "it asks for a client certificate; see client_cert",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "it only offers an unsafe form of TLS",
    "DH_KEY_TOO_SMALL": "its keys are too weak to be safe",
    "EE_KEY_TOO_SMALL": "its keys are too weak to be safe",
    "UNEXPECTED_EOF_WHILE_READING": "it ended the connection within the handshake",
}


def failure_of(error: httpx.TransportError, host: str) -> FetchError:
    """What a transport's exception means, in words."""
    for cause in _causes(error):
        if isinstance(cause, FetchError):
            return cause
        if isinstance(cause, ssl.SSLError):
            return FetchError("tls", tls_words(cause, host, None))
    said = _plain(str(error))
    match error:
        case httpx.TimeoutException():
            return FetchError(
                "timeout", f"{host} did not answer in time; the next poll tries again"
            )
        case httpx.ProxyError():
            return FetchError("connect", f"the proxy refused to reach {host}: {said}")
        case httpx.ConnectError():
            return FetchError("connect", f"no connection to {host}: {said}")
        case httpx.LocalProtocolError():
            return FetchError(
                "bad-url", f"the request to {host} can't be sent; check the feed's URL and headers"
            )
        case httpx.RemoteProtocolError() if "disconnected" in said or said == CALLED_OFF:
            return broken_off(host)
        case httpx.RemoteProtocolError():
            return FetchError("protocol", f"{host} does not speak proper HTTP: {said}")
        case httpx.NetworkError():
            return broken_off(host)
        case httpx.UnsupportedProtocol():
            return FetchError("bad-url", f"only http:// and https:// can be asked: {said}")
        case _:
            return FetchError("protocol", f"the exchange with {host} failed: {said}")


def broken_off(host: str) -> FetchError:
    """The error for a connection that died within the exchange."""
    return FetchError(
        "reset", f"{host} ended the connection without a full answer; the next poll tries again"
    )


def tls_words(error: ssl.SSLError, host: str, port: int | None) -> str:
    """Why TLS failed, by sort, and what to do."""
    place = host if port in (None, 443) else f"{host} port {port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        said = _TLS_BY_CODE.get(error.verify_code, error.verify_message)
    else:
        reason = error.reason or "handshake failure"
        said = _TLS_BY_REASON.get(reason, reason.replace("_", " ").lower())
    return f"no TLS with {place}: {said}"


def ended_early(error: httpx.TransportError) -> bool:
    """Did the connection end within a body, rather than break the protocol?"""
    said = str(error)
    return (
        isinstance(error, httpx.NetworkError) or "closed connection" in said or (said == CALLED_OFF)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _plain(text: str) -> str:
    """A library's words on one line, and not too many of them."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)[:200].strip() or "no reason given"
