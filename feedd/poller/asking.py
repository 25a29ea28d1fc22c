"""Ask one feed's server and read the answer. Nothing is decided or stored here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from feedd import configfile
from feedd.errors import FetchError, NotAFeedError, ParseError
from feedd.http import Client, Request, headers
from feedd.model import Config, FeedConfig, FeedState, Response, Validators
from feedd.outcome import Failure, request_validators, status_failure
from feedd.parsing import Document
from feedd.poller.document import Reading, ReadingJob
from feedd.poller.local import LocalFeeds, is_local

ReadDocument = Callable[[ReadingJob], Awaitable[Reading]]
"""Reads a document in a worker process; raises ParseError."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking one feed: a failure, or a response, read where there was news.

    `conditional`: validators went out.
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
    reading: Reading | None = None


async def ask(
    client: Client,
    local: LocalFeeds,
    read: ReadDocument,
    config: Config,
    state: FeedState,
    *,
    now: int,
) -> Asked:
    """One request for one feed (rule 16), and its body read unless it is the one of last time."""
    feed = config.feeds[state.name]
    validators = request_validators(state, now)
    conditional = validators is not None
    try:
        if is_local(feed.url):
            response = await local.get(feed, config.settings, validators)
        else:
            response = await client.get(request_for(config, feed, state.active_url, validators))
    except FetchError as error:
        return Asked(state, feed, now, conditional, failure=Failure(error.kind, str(error)))
    failure = status_failure(response.status, conditional=conditional)
    if failure is not None:
        wait_s = headers.retry_after_s(response.headers, now)
        asked_to_wait = response.status in (429, 503)
        return Asked(
            state,
            feed,
            now,
            conditional,
            response,
            failure,
            retry_after_s=wait_s if asked_to_wait else None,
        )
    fresh_validators = headers.validators(response.headers, response.url)
    max_age_s = headers.max_age_s(response.headers, now)
    body_hash = blake2b(response.body, digest_size=16).digest()
    same = response.status == 304 or (body_hash == state.body_hash and not response.truncated)
    if same:
        return Asked(
            state,
            feed,
            now,
            conditional,
            response,
            validators=fresh_validators,
            max_age_s=max_age_s,
            body_hash=body_hash,
        )
    job = ReadingJob(
        document=Document(
            body=response.body,
            url=response.url,
            content_type=response.headers.get("content-type"),
            complete=not response.truncated,
            seen=state.items,
            parser=config.settings.parser,
        ),
        keys=state.keys,
    )
    response = replace(response, body=b"")  # not needed any more, and may be large
    try:
        reading = await read(job)
    except ParseError as error:
        return Asked(state, feed, now, conditional, response, parse_failure(error, response.status))
    return Asked(
        state,
        feed,
        now,
        conditional,
        response,
        validators=fresh_validators,
        max_age_s=max_age_s,
        body_hash=body_hash,
        reading=reading,
    )


def request_for(
    config: Config, feed: FeedConfig, url: str, validators: Validators | None = None
) -> Request:
    """A request on a feed's behalf. Its credentials and certificate go to its configured origin
    only: not where it has moved to, nor where its archive lies. Raises ConfigError.
    """
    return Request(
        url=url,
        accept="feed",
        max_bytes=config.settings.max_feed_bytes,
        validators=validators,
        credentials=configfile.credentials(feed, Path(config.path)),
        user_agent=feed.user_agent,
        proxy=feed.proxy,
        tls=configfile.tls_files(config, feed),
        home=feed.url,
    )


def parse_failure(error: ParseError, status: int) -> Failure:
    """What a body that could not be read as a feed amounts to."""
    if isinstance(error, NotAFeedError):
        return Failure("not-a-feed", str(error), status, error.advertised)
    return Failure("parse", str(error), status)
