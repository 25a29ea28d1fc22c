"""One polite request: redirects by hand, one deadline, places by host, limits while streaming."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx
from msgspec import Struct
from msgspec.structs import replace

from feedd import __version__
from feedd.errors import FetchError, MachineError
from feedd.http.failures import TransferError
from feedd.http.request import (
    KEEP_METHOD,
    LOOP,
    REDIRECTS,
    Request,
    Route,
    checked_hop,
    host_of,
    origin,
    permanent_url,
    proxy_url,
    request_headers,
    request_url,
    shown,
)
from feedd.http.resolver import Resolver
from feedd.http.transport import CurlTransport, system_store
from feedd.model import Credentials, Hop, Response, Settings, TlsFiles
from feedd.outcome import COOKIE_WALL
from feedd.own_files import Trust, with_files, within_time
from feedd.web.codings import ACCEPTED


class Slots:
    """Places for requests: `concurrency` in all, `per_host` under each key.

    A request takes all of its places at once or none, so nobody holds one while waiting for
    another, and a host that hangs keeps nobody else waiting (rule 26).
    """

    def __init__(self, *, concurrency: int, per_host: int) -> None:
        self._free = concurrency
        self._per_host = per_host
        self._taken: dict[str, int] = {}
        self._waiting: dict[asyncio.Future[None], frozenset[str]] = {}

    def hold(self, keys: Iterable[str]) -> _Places:
        """A place under each key (a host's name, its addresses), first come first served."""
        return _Places(self, frozenset(keys))

    async def wait(self, wanted: frozenset[str]) -> None:
        """Wait until these are free, and take them."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = wanted
        try:
            await turn
        except asyncio.CancelledError:
            if self._waiting.pop(turn, None) is None:  # given in the same moment
                self.give_back(wanted)
            raise

    def take(self, keys: frozenset[str]) -> bool:
        """Take these if all of them are free."""
        taken = self._taken
        if not self._free or any(taken.get(key, 0) >= self._per_host for key in keys):
            return False
        self._free -= 1
        for key in keys:
            taken[key] = taken.get(key, 0) + 1
        return True

    def give_back(self, keys: frozenset[str]) -> None:
        """Others may take them."""
        self._free += 1
        for key in keys:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
        served = []
        for turn, wanted in self._waiting.items():  # not copied: it may be long, and is seldom read
            if not self._free:
                break
            if not turn.done() and self.take(wanted):
                served.append(turn)
        for turn in served:
            del self._waiting[turn]
            turn.set_result(None)


class _Places(Struct):
    """An asynchronous context manager. (Made of a generator it would take twice as long.)"""

    slots: Slots
    wanted: frozenset[str]

    async def __aenter__(self) -> None:
        if not self.slots.take(self.wanted):
            await self.slots.wait(self.wanted)

    async def __aexit__(self, *_: object) -> None:
        self.slots.give_back(self.wanted)


class Client:
    """An asynchronous context manager; `get` raises nothing but FetchError and MachineError."""

    def __init__(
        self,
        *,
        concurrency: int,
        per_host: int,
        timeout_s: float,
        allow_private_hosts: bool,
        user_agent: str,
        proxy: str | None = None,
        authorities: Path | None = None,
    ) -> None:
        """`authorities`: a file of those to trust instead of the system's."""
        self._timeout_s = timeout_s
        self._user_agent = user_agent
        self._proxy = proxy
        self._resolver = Resolver(allow_private_hosts=allow_private_hosts)
        self._slots = Slots(concurrency=concurrency, per_host=per_host)
        self._transport = CurlTransport(self._resolver.allows)
        store = Trust(str(authorities)) if authorities else system_store()
        self._trusted: dict[TlsFiles | None, Trust] = {None: store}

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def get(self, request: Request) -> Response:
        """The final answer to a GET, redirects followed. Raises FetchError."""
        try:
            return await self._get(request)
        except (FetchError, MachineError) as error:
            error.__context__ = None  # what it was made of: a circle that only the collector frees
            raise
        except Exception as error:
            place = shown(request.url)
            words = f"unexpected {type(error).__name__} while asking {place}: please report this"
            raise FetchError("protocol", words) from error

    async def post(self, request: Request, form: Mapping[str, str]) -> Response:
        """The final answer to a POST of a form, without a body unless it is a 200.

        Only redirects that keep the method are followed. Like a GET it may be sent twice, where a
        kept connection died: for what is harmless when repeated. Raises FetchError.
        """
        return await self.get(replace(request, form=urlencode(form).encode("ascii")))

    async def _get(self, request: Request) -> Response:
        url, credentials = request_url(request.url, request.credentials)
        here = home = origin(url)
        if request.home not in (None, request.url):
            home = origin(request_url(request.home, None)[0])
        abroad = request.tls and TlsFiles(request.tls.ca_file)
        start = text = str(url)
        hops: list[Hop] = []
        used_s = 0.0
        while True:
            try:
                if here == home:
                    sent = await self._prepared(request, url, text, credentials, request.tls)
                else:  # which is shown no client certificate
                    sent = await self._prepared(request, url, text, None, abroad)
                answer, took_s = await self._exchanged(sent, request, used_s)
            except FetchError as error:
                if not hops:
                    raise
                place = shown(hops[-1].url)  # rule 20
                words = f"redirect {len(hops)} leads to {place}: {error}"
                raise FetchError(error.kind, words) from None
            used_s += took_s
            headers = answer.extensions["headers"]
            location = headers.get("location")
            followed = REDIRECTS if request.form is None else KEEP_METHOD
            if answer.status_code not in followed or location is None:
                break
            try:
                url = checked_hop(url, location, hops, start=start, secret=credentials is not None)
            except FetchError as error:
                if "set-cookie" in headers and str(error).endswith(LOOP):
                    raise FetchError("robot-check", f"{error}; {COOKIE_WALL}") from None
                raise
            here, text = origin(url), str(url)
            hops.append(Hop(answer.status_code, text))
        return Response(
            answer.status_code,
            text,
            hops=tuple(hops),
            permanent_url=permanent_url(hops),
            duration_ms=int(used_s * 1000),
            **answer.extensions,
        )

    async def _prepared(
        self,
        request: Request,
        url: httpx.URL,
        text: str,
        credentials: Credentials | None,
        tls: TlsFiles | None,
    ) -> httpx.Request:
        """What is sent to one server, and by which way. Looking names up takes no place and none of
        the deadline's time.
        """
        trust = self._trusted.get(tls) or await self._trust(tls)
        host, proxy = host_of(url), request.proxy or self._proxy
        if proxy is None:
            way, addresses = None, await self._resolver.addresses(host)
        else:
            self._resolver.check_by_name(host)
            way = proxy_url(proxy)
            addresses = await self._resolver.proxy_addresses(host_of(way))
        route = Route(text, host, addresses, trust, way, request.max_bytes, self._timeout_s)
        headers = request_headers(
            request,
            credentials,
            url=text,
            host=url.netloc,
            user_agent=self._user_agent,
            accept_encoding=ACCEPTED,
        )
        method, body = "GET" if request.form is None else "POST", request.form or b""
        stream = httpx.ByteStream(body)
        return httpx.Request(
            method, url, headers=headers, stream=stream, extensions={"route": route}
        )

    async def _exchanged(
        self, sent: httpx.Request, request: Request, used_s: float
    ) -> tuple[httpx.Response, float]:
        """The answer, once there was a place for it, and the seconds that took of those that the
        exchange has.
        """
        route: Route = sent.extensions["route"]
        sent.extensions["used_s"] = used_s
        if request.admitted is not None:
            await request.admitted()
        places = () if route.proxy is not None else route.addresses
        async with self._slots.hold((route.host.rstrip("."), *places)):
            began = time.monotonic()
            try:
                answer = await self._transport.handle_async_request(sent)
            except TransferError as error:
                raise error.failure from None
            return answer, time.monotonic() - began

    async def _trust(self, files: TlsFiles | None) -> Trust:
        """Whom to trust with these files; read once."""
        assert files is not None
        name = f"{files.ca_file} {files.client_cert} {files.client_key}"
        try:
            trust = await within_time(name, partial(with_files, self._trusted[None], files))
        except OSError as error:
            raise FetchError("tls", f"its certificates can't be read: {error.strerror}") from None
        return self._trusted.setdefault(files, trust)


def user_agent(suffix: str = "", subscribers: int = 1, *, contact: str = "") -> str:
    """The User-Agent header (rule 14): feedd and its version; how to reach who runs it, where they
    say so, and for how many people; what they append.
    """
    people = f"{subscribers} subscriber{'' if subscribers == 1 else 's'}"
    reach = f"(+{contact}; {people})" if contact else ""
    return " ".join(filter(None, (f"feedd/{__version__}", reach, suffix.strip())))


def open_client(settings: Settings) -> Client:
    """The client that the user's settings ask for: an asynchronous context manager."""
    return Client(
        concurrency=settings.concurrency,
        per_host=settings.per_host,
        timeout_s=settings.timeout_s,
        allow_private_hosts=settings.allow_private_hosts,
        user_agent=user_agent(settings.user_agent, contact=settings.contact),
        proxy=settings.proxy,
    )
