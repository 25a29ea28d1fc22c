"""Opening connections: to an address that was checked, the first to answer, then TLS."""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import Sequence
from pathlib import Path

from feedd.errors import FetchError
from feedd.http.failures import tls_words
from feedd.http.resolver import Resolver
from feedd.http.stream import Stream
from feedd.model import TlsFiles

NEXT_ADDRESS_AFTER_S = 0.25
"""So long one address may keep silent before the next is tried beside it [RFC 8305 5]."""

ALPN = ("h2", "http/1.1")


class Connector:
    """Opens streams. The TLS context is made when first needed: the system's store is large."""

    def __init__(self, resolver: Resolver, tls: ssl.SSLContext | None) -> None:
        self._resolver = resolver
        self._given_tls = tls
        self._tls: ssl.SSLContext | None = None

    async def plain(self, host: str, port: int) -> Stream:
        """A TCP connection. Raises FetchError "dns", "forbidden-address" or "connect"."""
        # What is connected to are the very addresses that passed the guard, never the name.
        return await _first_to_answer(host, await self._resolver.addresses(host), port)

    async def secure(self, host: str, port: int) -> tuple[Stream, str | None]:
        """A TLS connection, and the protocol that the server chose.

        Raises FetchError as `plain`, and "tls".
        """
        stream = await self.plain(host, port)
        plain = stream.transport
        assert plain is not None
        try:
            secure = await asyncio.get_running_loop().start_tls(
                plain, stream, self._context(), server_hostname=host.rstrip(".")
            )
        except ssl.SSLError as error:
            plain.abort()
            raise FetchError("tls", tls_words(error, host, port)) from None
        except (OSError, ValueError, UnicodeError) as error:
            plain.abort()
            raise FetchError("tls", _broken_handshake(error, host, port)) from None
        except BaseException:
            plain.abort()
            raise
        if secure is None:
            raise FetchError("tls", _broken_handshake(None, host, port))
        stream.transport = secure
        spoken = secure.get_extra_info("ssl_object")
        return stream, spoken.selected_alpn_protocol()

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = self._given_tls or default_context()
            self._tls.set_alpn_protocols(list(ALPN))
        return self._tls


def default_context(files: TlsFiles | None = None) -> ssl.SSLContext:
    """What a client trusts and shows: the system's store, and the user's own files.

    Raises FetchError "tls" for a file that can't be used.
    """
    context = ssl.create_default_context()
    if files is None:
        return context
    if files.ca_file is not None:
        try:
            context.load_verify_locations(files.ca_file)
        except OSError as error:
            raise _unusable("ca_file", files.ca_file, error) from None
    if files.client_cert is not None:
        try:
            # Without a password of its own, OpenSSL would ask the terminal for that of a key.
            context.load_cert_chain(files.client_cert, files.client_key, password=lambda: "")
        except OSError as error:
            key = "client_key" if files.client_key else "client_cert"
            raise _unusable(key, files.client_key or files.client_cert, error) from None
    return context


def _unusable(key: str, place: Path, error: OSError) -> FetchError:
    if not isinstance(error, ssl.SSLError):
        return FetchError("tls", f"{key}: {place} can't be read: {error.strerror}")
    if error.reason == "KEY_VALUES_MISMATCH":
        return FetchError("tls", f"{key}: {place} is not the key of the certificate in client_cert")
    what = "certificate" if key == "ca_file" else "certificate with an unencrypted key"
    return FetchError("tls", f"{key}: {place} holds no {what} in PEM form")


async def _first_to_answer(host: str, addresses: Sequence[str], port: int) -> Stream:
    """The connection that comes about first, each address given a little start over the next."""
    if len(addresses) == 1:
        try:
            return await _connect(addresses[0], port)
        except OSError as error:
            raise FetchError("connect", connect_words(error, host, port)) from None
    waiting = list(reversed(addresses))
    trying: set[asyncio.Task[Stream]] = set()
    failure: OSError | None = None
    try:
        while waiting or trying:
            if waiting:
                trying.add(asyncio.create_task(_connect(waiting.pop(), port)))
            done, trying = await asyncio.wait(
                trying,
                timeout=NEXT_ADDRESS_AFTER_S if waiting else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                failed = task.exception()
                if failed is None:
                    trying |= done - {task}
                    return task.result()
                if not isinstance(failed, OSError):
                    raise failed
                failure = failure or failed
    finally:
        for task in trying:
            _give_up(task)
    assert failure is not None
    raise FetchError("connect", connect_words(failure, host, port))


def _give_up(task: asyncio.Task[Stream]) -> None:
    """Stop an attempt; close what it may have opened in the same moment."""

    def close(over: asyncio.Task[Stream]) -> None:
        if not over.cancelled() and over.exception() is None:
            over.result().close()

    task.add_done_callback(close)
    task.cancel()


async def _connect(address: str, port: int) -> Stream:
    _, stream = await asyncio.get_running_loop().create_connection(Stream, address, port)
    return stream


def connect_words(error: OSError, host: str, port: int) -> str:
    """Why no connection came about, and what to do."""
    match error.errno:
        case errno.ECONNREFUSED:
            return f"connection refused by {host} port {port}: no server is running there"
        case errno.ENETUNREACH | errno.EHOSTUNREACH | errno.ENETDOWN:
            return f"{host} is unreachable: there is no route to it; is the network up?"
        case errno.ECONNRESET | errno.ECONNABORTED:
            return f"{host} port {port} ended the connection at once"
        case errno.ETIMEDOUT:
            return f"{host} port {port} does not answer"
        case errno.EMFILE | errno.ENFILE:
            return "too many open files here: lower `concurrency`, or raise the limit (ulimit -n)"
        case _:
            return f"no connection to {host} port {port}: {error.strerror or error}"


def _broken_handshake(error: Exception | None, host: str, port: int) -> str:
    if isinstance(error, ValueError):
        return f"TLS with {host} failed: {error}"
    return f"{host} port {port} ended the connection within the TLS handshake; does it speak TLS?"
