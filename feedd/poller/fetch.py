"""What a feed's server, program or file gives, asked for once and parsed.

Nothing is decided or stored.
`fetch_feed` is a feed's poll; `fetch_document` gets any other document on a feed's behalf: one of
its archive, or what may be the feed at another address.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
import stat
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from feedd import configfile
from feedd.errors import (
    ConfigError,
    FetchError,
    MachineError,
    NotAFeedError,
    ParseError,
    is_machine_trouble,
    shortage_of,
)
from feedd.http.client import Client
from feedd.http.request import Request
from feedd.model import Config, EntryKeys, FeedConfig, FeedState, Response, Settings, Validators
from feedd.outcome import Failure, answer_failure, request_validators, unexpected
from feedd.own_files import within_time
from feedd.parsing import Document
from feedd.poller.document import PackedDocument, ParsedDocument, ParseJob
from feedd.poller.programs import run_limited, too_large
from feedd.schedule import headers
from feedd.web.page_items import ItemSelectors

log = logging.getLogger("feedd.fetching")

PROGRAMS_AT_ONCE = 8
"""More programs wait: they share this machine with everything else."""

ParseDocument = Callable[[ParseJob], Awaitable[PackedDocument]]
"""Parses a document in a worker process; raises ParseError and MachineError."""


class FetchResult(Struct, frozen=True):
    """What one request for a feed brought: a failure, or a response, parsed where it is a new one.

    `conditional`: validators were sent. There is no document after a 304, and where the body is
    that of last time; one waits `packed` until it is stored.
    """

    feed: FeedState
    config: FeedConfig
    at: int
    conditional: bool
    response: Response | None = None
    failure: Failure | None = None
    retry_after_s: int | None = None
    validators: Validators | None = None
    max_age_s: int | None = None
    body_hash: bytes = b""
    packed: PackedDocument | None = None
    document: ParsedDocument | None = None

    def unpacked(self) -> FetchResult:
        """With its document."""
        if self.packed is None:
            return self
        try:
            return replace(self, packed=None, document=self.packed.unpacked())
        except ParseError as error:
            return self.unreadable(error)

    def unreadable(self, error: ParseError) -> FetchResult:
        """A body came that could not be parsed. The next request must bring it again (rule 7)."""
        assert self.response is not None
        failure = parse_failure(error, self.response.status)
        return replace(
            self, packed=None, failure=failure, validators=None, max_age_s=None, body_hash=b""
        )


async def fetch_feed(
    client: Client,
    local: LocalFeeds,
    parse: ParseDocument,
    config: Config,
    state: FeedState,
    *,
    now: int,
    admitted: Callable[[], Awaitable[None]],
) -> FetchResult:
    """One request for one feed (rule 16); its body is parsed unless it is that of last time.
    `admitted` is waited for before it is asked.
    """
    feed = config.feeds[state.name]
    validators = request_validators(state, now)
    result = FetchResult(state, feed, now, conditional=validators is not None)
    try:
        if is_local(feed.url):
            await admitted()
            response = await local.get(feed, config.settings, validators)
        else:
            request = await request_for(config, feed, state.active_url, validators, admitted)
            response = await client.get(request)
    except (FetchError, ConfigError) as error:
        return replace(result, failure=Failure(error.kind, str(error)))
    failure = answer_failure(response, conditional=result.conditional)
    if failure is not None:
        asked_to_wait = response.status in (429, 503)
        wait_s = headers.retry_after_s(response.headers, now) if asked_to_wait else None
        bare = replace(response, body=b"")
        return replace(result, response=bare, failure=failure, retry_after_s=wait_s)
    result = with_answer(result, response)
    if response.status == 304 or (result.body_hash == state.body_hash and not response.truncated):
        return result
    selectors = selectors_of(feed)
    document = replace(_body(response, config, feed), seen=state.items, selectors=selectors)
    parsing = parse(ParseJob(document, keys=state.keys))
    del response, document  # a body may be large, and waits encoded for its worker
    try:
        return replace(result, packed=await parsing)
    except ParseError as error:
        return result.unreadable(error)


def selectors_of(feed: FeedConfig) -> ItemSelectors | None:
    """How the items of a page without a feed are found; None for a feed."""
    if feed.items is None:
        return None
    return ItemSelectors(
        feed.items, feed.item_link, feed.item_title, feed.item_date, feed.item_text
    )


def with_answer(result: FetchResult, response: Response) -> FetchResult:
    """The result of a good answer, without its document."""
    return replace(
        result,
        # A body may be large, and is parsed apart.
        response=replace(response, body=b"") if response.body else response,
        validators=headers.validators(response.headers, response.url),
        max_age_s=headers.max_age_s(response.headers, result.at),
        # Processors have instructions for this hash: blake2b takes three times as long.
        body_hash=sha256(response.body).digest()[:16],
    )


async def request_for(
    config: Config,
    feed: FeedConfig,
    url: str,
    validators: Validators | None = None,
    admitted: Callable[[], Awaitable[None]] | None = None,
) -> Request:
    """A request on a feed's behalf. Its credentials and certificate go to its configured origin
    only: not where it has moved to, nor where its archive lies. Raises ConfigError when a file that
    holds them can't be read, or not in time.
    """
    credentials = None
    if feed.password_file is None:
        credentials = configfile.credentials(feed, config.path)
    else:
        try:
            credentials = await within_time(
                feed.password_file, partial(configfile.credentials, feed, config.path)
            )
        except OSError as error:
            key = f"feeds.{feed.name}.password_file"
            raise ConfigError([f"{config.path}: {key}: {error.strerror}"]) from None
    return Request(
        url=url,
        accept="feed" if feed.items is None else "page",
        max_bytes=config.settings.max_feed_bytes,
        validators=validators,
        credentials=credentials,
        user_agent=feed.user_agent,
        proxy=feed.proxy,
        tls=configfile.tls_files(config, feed),
        home=feed.url,
        admitted=admitted,
    )


def _body(response: Response, config: Config, feed: FeedConfig) -> Document:
    return Document(
        body=response.body,
        url=response.url,
        content_type=response.headers.get("content-type"),
        complete=not response.truncated,
        parser=config.settings.parser,
        encoding=feed.encoding,
        link_header=response.headers.get("link", ""),
    )


def parse_failure(error: ParseError, status: int) -> Failure:
    """The failure that a body stands for that could not be parsed as a feed."""
    if isinstance(error, NotAFeedError):
        return Failure("not-a-feed", str(error), status, error.advertised)
    return Failure("parse", str(error), status)


# ---------------------------------------------------------------- other documents


class FetchedDocument(Struct, frozen=True):
    """A parsed document or a failure. `url` is where a permanent redirect leads, else what was
    asked; `bytes` as transferred.
    """

    url: str
    document: ParsedDocument | None = None
    failure: Failure | None = None
    retry_after_s: int | None = None
    bytes: int = 0


async def fetch_document(
    client: Client,
    parse: ParseDocument,
    config: Config,
    feed: FeedConfig,
    url: str,
    *,
    keys: EntryKeys,
    now: int,
) -> FetchedDocument:
    """One unconditional request for `url`, and the document there parsed. Raises MachineError only.

    The feed's credentials go along only to the origin of its configured address.
    """
    try:
        response = await client.get(await request_for(config, feed, url))
        size = response.wire_bytes
        failure = answer_failure(response, conditional=False)
        if failure is not None:
            wait_s = headers.retry_after_s(response.headers, now)
            return FetchedDocument(url, failure=failure, retry_after_s=wait_s, bytes=size)
        parsed = await parse(ParseJob(_body(response, config, feed), keys))
        return FetchedDocument(response.permanent_url or url, parsed.unpacked(), bytes=size)
    except ParseError as error:
        return FetchedDocument(url, failure=parse_failure(error, response.status), bytes=size)
    except (FetchError, ConfigError) as error:
        return FetchedDocument(url, failure=Failure(error.kind, str(error)))
    except MachineError:
        raise
    except Exception as error:  # what waits behind it must not wait for ever (rule 26)
        log.debug("%s: unexpected error", url, exc_info=True)
        return FetchedDocument(url, failure=unexpected(error))


# ---------------------------------------------------------------- files and programs


def is_local(url: str) -> bool:
    """Is this a `file:` or an `exec:` feed?"""
    return url[:5].lower() in ("file:", "exec:")


class LocalFeeds:
    """Asks them. Paths are relative to `folder`, that of the configuration file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._programs = asyncio.Semaphore(PROGRAMS_AT_ONCE)

    async def get(
        self, feed: FeedConfig, settings: Settings, validators: Validators | None
    ) -> Response:
        """What the file holds or the program prints, as a server would have sent it.

        A file that is still the one of `validators` is a 304. Raises FetchError.
        """
        began = time.monotonic()
        kind, _, rest = feed.url.partition(":")
        headers: Mapping[str, str] = {}
        if kind.lower() == "exec":
            async with self._programs:
                body = await run_limited(
                    shlex.split(rest),
                    folder=self._folder,
                    timeout_s=settings.timeout_s,
                    max_bytes=settings.max_feed_bytes,
                    key="url",
                )
        else:
            known = validators.etag if validators and validators.url == feed.url else None
            place = self._folder / _path(rest)
            body, tag = await asyncio.to_thread(_read, place, known, settings.max_feed_bytes)
            headers = {"etag": tag}
            if tag == known:
                return Response(304, feed.url, headers)
        return Response(
            status=200,
            url=feed.url,
            headers=headers,
            body=body,
            wire_bytes=len(body),
            duration_ms=int((time.monotonic() - began) * 1000),
        )


def _path(rest: str) -> Path:
    """The path of a `file:` URL, which RFC 8089 would begin with `//`."""
    path = Path(unquote(rest.removeprefix("//")))
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _read(place: Path, known: str | None, max_bytes: int) -> tuple[bytes, str]:
    """A file's bytes and its tag, made of its time of change and size; no bytes where it is known.

    Raises FetchError.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        with open(os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise FetchError("exec", f"{place} is no ordinary file; name one in `url`")
            tag = f'"{found.st_mtime_ns}-{found.st_size}"'
            body = b"" if tag == known else file.read(max_bytes + 1)
    except OSError as error:
        if is_machine_trouble(error):
            raise shortage_of(error) from error
        raise FetchError("exec", f"{place} can't be read: {error.strerror}") from None
    except ValueError:
        raise FetchError("bad-url", "the file: URL holds no path; check `url`") from None
    if len(body) > max_bytes:
        raise too_large(str(place), max_bytes)
    return body, tag
