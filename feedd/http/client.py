"""One polite request: redirects by hand, one deadline, places by host, limits while streaming."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx
from msgspec.structs import replace

from feedd import __version__
from feedd.errors import FetchError, MachineError
from feedd.http.codings import ACCEPTED
from feedd.http.failures import TransferError
from feedd.http.request import (
    KEEP_METHOD,
    LOOP,
    REDIRECTS,
    Limits,
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
from feedd.http.resolver import Resolver, Trust, system_store, with_files
from feedd.http.transport import CurlTransport
from feedd.model import Credentials, Hop, Response, Settings, TlsFiles
from feedd.own_files import within_time

COOKIE_WALL = (
    "the site sets a cookie and wants it back, and feedd keeps none: ask the publisher to let feed"
    " readers in"
)


class Slots:
    """Places for requests: `concurrency` in all, `per_host` under each key.

    A request takes all of its places at once or none, so nobody holds one while waiting for
    another, and a host that hangs keeps nobody else waiting (rule 26).
    """

    def __init__(self, *, concurrency: int, per_host: int) -> None:
        self._free = concurrency
        self._per_host = per_host
        self._taken: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], frozenset[str]] = {}

    @asynccontextmanager
    async def hold(self, keys: Iterable[str]) -> AsyncIterator[None]:
        """A place under each key (a host's name, its addresses), first come first served."""
        wanted = frozenset(keys)
        if self._are_free(wanted):
            self._take(wanted)
        else:
            await self._wait(wanted)
        try:
            yield
        finally:
            self._give_back(wanted)

    async def _wait(self, keys: frozenset[str]) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = keys
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # given in the same moment
                self._give_back(keys)
            self._waiting.pop(turn, None)
            raise

    def _are_free(self, keys: frozenset[str]) -> bool:
        return self._free > 0 and all(self._taken[key] < self._per_host for key in keys)

    def _take(self, keys: frozenset[str]) -> None:
        self._free -= 1
        for key in keys:
            self._taken[key] += 1

    def _give_back(self, keys: frozenset[str]) -> None:
        self._free += 1
        for key in keys:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
        served = []
        for turn, wanted in self._waiting.items():  # not copied: it may be long, and is seldom read
            if not self._free:
                break
            if self._are_free(wanted) and not turn.done():
                self._take(wanted)
                turn.set_result(None)
                served.append(turn)
        for turn in served:
            del self._waiting[turn]


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
        self._store = Trust(str(authorities)) if authorities else system_store()
        self._trusted: dict[TlsFiles | None, Trust] = {None: self._store}

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
        start = text = str(url)
        hops: list[Hop] = []
        used_s = 0.0
        while True:
            sent = credentials if here == home else None
            asked = request if here == home else _without_certificate(request)
            try:
                answer, took_s = await self._hop(asked, url, text, sent, used_s)
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

    async def _hop(
        self,
        request: Request,
        url: httpx.URL,
        text: str,
        credentials: Credentials | None,
        used_s: float,
    ) -> tuple[httpx.Response, float]:
        """One request and its answer, once there is a place for it, and the seconds that took of
        those that the exchange has.
        """
        host = host_of(url)
        route = await self._route(request, host)
        headers = request_headers(
            request,
            credentials,
            url=text,
            host=url.netloc,
            user_agent=self._user_agent,
            accept_encoding=ACCEPTED,
        )
        sent = httpx.Request(
            "GET" if request.form is None else "POST",
            url,
            headers=headers,
            stream=httpx.ByteStream(request.form or b""),
            extensions={
                "route": route,
                "limits": Limits(request.max_bytes, self._timeout_s, used_s),
            },
        )
        if request.admitted is not None:
            await request.admitted()
        places = () if route.proxy is not None else route.addresses
        async with self._slots.hold((host.rstrip("."), *places)):
            began = time.monotonic()
            try:
                answer = await self._transport.handle_async_request(sent)
            except TransferError as error:
                raise error.failure from None
            return answer, time.monotonic() - began

    async def _route(self, request: Request, host: str) -> Route:
        """The way to a host. Looking names up takes no place and none of the deadline's time."""
        trust = self._trusted.get(request.tls)
        if trust is None and request.tls is not None:
            trust = await self._with_files(request.tls)
            self._trusted[request.tls] = trust
        assert trust is not None
        proxy = request.proxy or self._proxy
        if proxy is None:
            return Route(await self._resolver.addresses(host), trust)
        self._resolver.check_by_name(host)
        way = proxy_url(proxy)
        return Route(await self._resolver.proxy_addresses(host_of(way)), trust, way)

    async def _with_files(self, files: TlsFiles) -> Trust:
        name = f"{files.ca_file} {files.client_cert} {files.client_key}"
        try:
            return await within_time(name, partial(with_files, self._store, files))
        except OSError as error:
            raise FetchError("tls", f"its certificates can't be read: {error.strerror}") from None


def _without_certificate(request: Request) -> Request:
    """As asked of another server than the feed's own: it is shown no client certificate."""
    tls = request.tls
    if tls is None or tls.client_cert is None:
        return request
    return replace(request, tls=TlsFiles(tls.ca_file) if tls.ca_file else None)


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
