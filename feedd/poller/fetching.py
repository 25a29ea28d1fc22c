"""Ask for one document of a feed that is not its poll: of its archive, or in its stead."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from feedd.errors import ConfigError, FetchError, ParseError
from feedd.http import Client, headers
from feedd.model import Config, EntryKeys, FeedConfig
from feedd.outcome import Failure, status_failure, unexpected
from feedd.parsing import Document
from feedd.poller.asking import ReadDocument, parse_failure, request_for
from feedd.poller.document import Reading, ReadingJob

log = logging.getLogger("feedd.fetching")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A reading or a failure. `url` is where a permanent redirect leads, else what was asked."""

    url: str
    reading: Reading | None = None
    failure: Failure | None = None
    retry_after_s: int | None = None
    bytes: int = 0


async def fetch(
    client: Client,
    read: ReadDocument,
    config: Config,
    feed: FeedConfig,
    url: str,
    *,
    keys: EntryKeys,
    now: int,
) -> Fetched:
    """One unconditional request for `url`, and the document there read. Raises nothing.

    The feed's credentials go along only to the origin of its configured address.
    """
    try:
        return await _fetch(client, read, config, feed, url, keys, now)
    except FetchError as error:
        return Fetched(url, failure=Failure(error.kind, str(error)))
    except ConfigError as error:
        return Fetched(url, failure=Failure("unauthorised", str(error)))
    except Exception as error:  # what waits behind it is not to wait for ever (rule 26)
        log.debug("%s: unexpected error", url, exc_info=True)
        return Fetched(url, failure=unexpected(error))


async def _fetch(
    client: Client,
    read: ReadDocument,
    config: Config,
    feed: FeedConfig,
    url: str,
    keys: EntryKeys,
    now: int,
) -> Fetched:
    response = await client.get(request_for(config, feed, url))
    size = response.wire_bytes
    failure = status_failure(response.status, conditional=False)
    if failure is not None:
        wait_s = headers.retry_after_s(response.headers, now)
        return Fetched(url, failure=failure, retry_after_s=wait_s, bytes=size)
    document = Document(
        body=response.body,
        url=response.url,
        content_type=response.headers.get("content-type"),
        complete=not response.truncated,
        parser=config.settings.parser,
    )
    try:
        reading = await read(ReadingJob(document=document, keys=keys))
    except ParseError as error:
        return Fetched(url, failure=parse_failure(error, response.status), bytes=size)
    return Fetched(response.permanent_url or url, reading, bytes=size)
