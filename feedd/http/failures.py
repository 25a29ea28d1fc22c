"""What went wrong, as an error a person can act on: libcurl's codes and OpenSSL's words. Pure."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass

import httpx
import pycurl

from feedd.errors import FetchError, MachineError

_BY_CERTIFICATE = {
    9: "its certificate is not valid yet; is this machine's clock right?",
    10: "its certificate has expired; only the server's owner can renew it",
    18: "its certificate is self-signed, so nobody vouches for it; trust it in the system's store",
    19: "its certificate comes from an authority that the system's store does not trust",
    20: "its certificate's issuer is not in the system's store",
    21: "its certificate's issuer is unknown: the server may have forgotten to send its chain",
    23: "its certificate has been revoked",
}
"""By OpenSSL's verify result (X509_V_ERR_…)."""

_NOT_TLS = "what answers there is not TLS; try http:// in the feed's URL"
_NO_COMMON_CIPHER = "the two sides have no cipher in common"
_BY_TLS_WORDS = {
    "wrong version number": _NOT_TLS,
    "http request": _NOT_TLS,
    "packet length too long": _NOT_TLS,
    "unsupported protocol": "it only speaks versions of TLS that are no longer safe",
    "alert protocol version": "it speaks no version of TLS that is spoken here",
    "alert handshake failure": _NO_COMMON_CIPHER,
    "unrecognized name": "it does not serve this host's name; check the feed's URL",
    "certificate required": "it asks for a client certificate; see client_cert",
    "unsafe legacy renegotiation": "it only offers an unsafe form of TLS",
    "key too small": "its keys are too weak to be safe",
}
"""By a part of what OpenSSL says (`openssl errstr`)."""

_RESET = frozenset({pycurl.E_GOT_NOTHING, pycurl.E_PARTIAL_FILE, pycurl.E_SEND_ERROR, 92})
"""The connection, or the answer over HTTP/2 (92), ended before its time."""

_OUR_CERTIFICATE = frozenset({pycurl.E_SSL_CERTPROBLEM, pycurl.E_SSL_CACERT_BADFILE})

_HTTPX: dict[str, type[httpx.TransportError]] = {
    "connect": httpx.ConnectError,
    "tls": httpx.ConnectError,
    "forbidden-address": httpx.ConnectError,
    "timeout": httpx.ReadTimeout,
    "reset": httpx.ReadError,
    "bad-url": httpx.LocalProtocolError,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """How a transfer of libcurl's failed: its code and words, the system's errno, OpenSSL's
    verify result; and with whom.
    """

    code: int
    words: str
    errno: int
    verify_result: int
    host: str
    port: int
    proxied: bool


def failure_of(fault: Fault) -> FetchError | MachineError:
    """What a failed transfer means, in words."""
    host, said = fault.host, plain(fault.words)
    match fault.code:
        case pycurl.E_COULDNT_CONNECT | pycurl.E_COULDNT_RESOLVE_HOST:
            return _no_connection(fault)
        case pycurl.E_COULDNT_RESOLVE_PROXY | 97:  # 97: said no, by SOCKS
            return FetchError("connect", f"the proxy refused to reach {host}: {said}")
        case pycurl.E_RECV_ERROR if "CONNECT tunnel failed" in said:
            return FetchError("connect", f"the proxy refused to reach {host}: {said}")
        case pycurl.E_OPERATION_TIMEDOUT:
            return FetchError(
                "timeout", f"{host} did not answer in time; the next poll tries again"
            )
        case pycurl.E_SSL_CONNECT_ERROR | pycurl.E_PEER_FAILED_VERIFICATION:
            return FetchError("tls", _tls_words(fault))
        case pycurl.E_RECV_ERROR if "SSL routines" in said and " alert " in said:
            return FetchError("tls", _tls_words(fault))  # in TLS 1.3 it comes after the handshake
        case pycurl.E_RECV_ERROR if fault.errno or "Recv failure" in said or "SSL_read" in said:
            return broken_off(host)
        case code if code in _RESET:
            return broken_off(host)
        case code if code in _OUR_CERTIFICATE:
            return FetchError("tls", f"no TLS with {host}: a certificate can't be used: {said}")
        case pycurl.E_URL_MALFORMAT:
            return FetchError("bad-url", f"{host} can't be asked ({said}); check the feed's URL")
        case pycurl.E_OUT_OF_MEMORY:
            return MachineError(f"no memory or no file left to ask {host}; it is tried again soon")
        case 100:  # E_TOO_LARGE
            said = "its headers are too long"
    return FetchError("protocol", f"{host} does not speak proper HTTP: {said}")


def broken_off(host: str) -> FetchError:
    """The error for a connection that died within the exchange."""
    return FetchError(
        "reset", f"{host} ended the connection without a full answer; the next poll tries again"
    )


def no_socket(error: OSError) -> FetchError | MachineError:
    """The error for a socket that could not be made."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return MachineError(
            "too many open files here: lower `concurrency`, or raise the limit (ulimit -n)"
        )
    return FetchError("connect", f"no connection can be opened here: {error.strerror or error}")


def as_transport_error(failure: FetchError | MachineError) -> httpx.TransportError:
    """The same as httpx says it; `failure` is its cause."""
    kind = failure.kind if isinstance(failure, FetchError) else "connect"
    error = _HTTPX.get(kind, httpx.RemoteProtocolError)(str(failure))
    error.__cause__ = failure
    return error


def _no_connection(fault: Fault) -> FetchError:
    place = "the proxy" if fault.proxied else f"{fault.host} port {fault.port}"
    match fault.errno:
        case errno.ECONNREFUSED:
            words = f"connection refused by {place}: no server is running there"
        case errno.ENETUNREACH | errno.EHOSTUNREACH | errno.ENETDOWN:
            words = f"{place} is unreachable: there is no route to it; is the network up?"
        case errno.ECONNRESET | errno.ECONNABORTED:
            words = f"{place} ended the connection at once"
        case errno.ETIMEDOUT:
            words = f"{place} does not answer"
        case _:
            words = f"no connection to {place}: {plain(fault.words)}"
    return FetchError("connect", words)


def _tls_words(fault: Fault) -> str:
    """Why TLS failed, by sort, and what to do."""
    place = fault.host if fault.port == 443 else f"{fault.host} port {fault.port}"
    said = plain(fault.words)
    low = said.lower()
    if fault.code == pycurl.E_PEER_FAILED_VERIFICATION:
        if "subject name" in low or "does not match" in low:
            why = "its certificate is for another host; check the feed's URL"
        else:
            why = _BY_CERTIFICATE.get(fault.verify_result, said)
        return f"no TLS with {place}: {why}"
    known = next((why for words, why in _BY_TLS_WORDS.items() if words in low), None)
    if known is not None or ("SSL routines" in said and "unexpected eof" not in low):
        return f"no TLS with {place}: {known or said.rpartition(':')[2]}"
    place = f"{fault.host} port {fault.port}"
    return f"{place} ended the connection within the TLS handshake; does it speak TLS?"


def plain(text: str) -> str:
    """A library's words on one line, and not too many of them."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)[:200].strip() or "no reason given"
