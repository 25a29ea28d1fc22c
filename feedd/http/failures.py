"""What went wrong, as an error a person can act on: libcurl's codes and OpenSSL's words."""

from __future__ import annotations

import errno
import re
from typing import Any

import httpx

from feedd.errors import FeeddError, FetchError, FetchErrorKind, MachineError

OLDEST_LIBCURL = (7, 80, 0)
"""The first that asks before it sends (CURLOPT_PREREQFUNCTION)."""

_INSTALL = (
    "install it anew for this Python (pip install --force-reinstall pycurl). Linux with glibc and"
    " macOS have wheels of it; elsewhere that takes a C compiler, Python's headers and those of"
    " libcurl {oldest} or newer with OpenSSL (docs/dependencies.md)"
).format(oldest=".".join(map(str, OLDEST_LIBCURL)))

try:
    import pycurl
except ImportError as error:
    raise FeeddError(f"pycurl can't be loaded ({error}): {_INSTALL}") from error
_, _found, _number, _, _, _tls, _, _, _protocols, *_ = pycurl.version_info()
_unfit = ""
if (_number >> 16, _number >> 8 & 255, _number & 255) < OLDEST_LIBCURL:
    _unfit = f"its libcurl is {_found}, too old"
elif not hasattr(pycurl, "PREREQFUNCTION"):
    _unfit = "it was made for a libcurl that is too old"
elif not _tls or "https" not in _protocols:
    _unfit = f"its libcurl {_found} knows no https"
if _unfit:
    raise FeeddError(f"pycurl can't be used ({_unfit}): {_INSTALL}")

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

_UNREACHABLE = "{place} is unreachable: there is no route to it; is the network up?"
_BY_ERRNO = {
    errno.ECONNREFUSED: "connection refused by {place}: no server is running there",
    errno.ENETUNREACH: _UNREACHABLE,
    errno.EHOSTUNREACH: _UNREACHABLE,
    errno.ENETDOWN: _UNREACHABLE,
    errno.ECONNRESET: "{place} ended the connection at once",
    errno.ECONNABORTED: "{place} ended the connection at once",
    errno.ETIMEDOUT: "{place} does not answer",
}
"""Why no connection came about."""

Failure = FetchError | MachineError


class TransferError(httpx.TransportError):
    """The transport's error; `failure` is the same in feedd's words."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


def failure_of(
    curl: Any, code: int, words: str, url: httpx.URL, *, proxied: bool, timeout_s: float
) -> Failure:
    """What a failed transfer of a request for `url` means; `words` are libcurl's."""
    host, said, number = url.raw_host.decode("ascii"), plain(words), curl.getinfo(pycurl.OS_ERRNO)
    place = f"{host} port {url.port or (443 if url.scheme == 'https' else 80)}"
    no_tls = f"no TLS with {place.removesuffix(' port 443')}: "
    is_alert = "SSL routines" in said and " alert " in said  # by TLS 1.3 after the handshake
    match code:
        case _ if code == 97 or "CONNECT tunnel failed" in said:  # 97: E_PROXY, for SOCKS
            kind: FetchErrorKind = "proxy" if "407" in said else "no-server"
            return FetchError(kind, f"the proxy refused to reach {host}: {said}")
        case (
            pycurl.E_COULDNT_CONNECT
            | pycurl.E_COULDNT_RESOLVE_HOST
            | pycurl.E_COULDNT_RESOLVE_PROXY
        ):
            why = _BY_ERRNO.get(number, "no connection to {place}: {said}")
            if proxied:
                return FetchError("proxy", why.format(place="the proxy", said=said))
            kind = "no-server" if number == errno.ECONNREFUSED else "connect"
            return FetchError(kind, why.format(place=place, said=said))
        case pycurl.E_OPERATION_TIMEDOUT:
            why = f"no complete answer from {host} within {timeout_s:g} s (`timeout`)"
            return FetchError("timeout", f"{why}; the next poll tries again")
        case pycurl.E_PEER_FAILED_VERIFICATION:
            why = _BY_CERTIFICATE.get(curl.getinfo(pycurl.SSL_VERIFYRESULT), said)
            if "subject name" in said or "does not match" in said:
                why = "its certificate is for another host; check the feed's URL"
            return FetchError("tls", no_tls + why)
        case pycurl.E_SSL_CERTPROBLEM | pycurl.E_SSL_CACERT_BADFILE:
            return FetchError("tls", f"no TLS with {host}: a certificate can't be used: {said}")
        case _ if code == pycurl.E_SSL_CONNECT_ERROR or (code == pycurl.E_RECV_ERROR and is_alert):
            low = said.lower()
            known = next((known for part, known in _BY_TLS_WORDS.items() if part in low), None)
            if known is None and ("ssl routines" not in low or "unexpected eof" in low):
                why = f"{place} ended the connection within the TLS handshake; does it speak TLS?"
                return FetchError("tls", why)
            return FetchError("tls", no_tls + (known or said.rpartition(":")[2]))
        case pycurl.E_RECV_ERROR if number or "Recv failure" in said or "SSL_read" in said:
            return broken_off(host)
        case pycurl.E_GOT_NOTHING | pycurl.E_PARTIAL_FILE | pycurl.E_SEND_ERROR | 92:
            return broken_off(host)  # 92: of an answer over HTTP/2
        case pycurl.E_URL_MALFORMAT:
            return FetchError("bad-url", f"{host} can't be asked ({said}); check the feed's URL")
        case pycurl.E_OUT_OF_MEMORY:
            return MachineError(f"no memory or no file left to ask {host}; it is tried again soon")
        case 100:  # E_TOO_LARGE
            said = "its headers are too long"
    return no_http(host, said)


def no_http(host: str, why: str) -> FetchError:
    """The error for an answer that breaks the protocol."""
    return FetchError("protocol", f"{host} does not speak proper HTTP: {why}")


def broken_off(host: str) -> FetchError:
    """The error for a connection that died within the exchange."""
    return FetchError(
        "reset", f"{host} ended the connection without a full answer; the next poll tries again"
    )


def no_socket(error: OSError) -> Failure:
    """The error for a socket that could not be made."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return MachineError(
            "too many open files here: lower `concurrency`, or raise the limit (ulimit -n)"
        )
    return FetchError("connect", f"no connection can be opened here: {error.strerror or error}")


def plain(text: str) -> str:
    """A library's words on one line, and not too many of them."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)[:200].strip() or "no reason given"
