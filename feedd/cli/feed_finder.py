"""From what a person typed to a feed that works, and a name for it.

The address is looked at, then what the page there says is followed; the feed is parsed to prove it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from itertools import islice
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from feedd import configfile, http
from feedd.errors import FeeddError, FetchError, NotAFeedError, ParseError, UsageError
from feedd.model import Response, Settings
from feedd.outcome import answer_failure
from feedd.parsing import PARSE_CPU_S, PARSE_TIMEOUT_S, Document
from feedd.poller.document import ParsedDocument, ParseJob
from feedd.web import discovery
from feedd.web.discovery import FeedLinksJob, PageLinks
from feedd.web.page_items import ItemSelectors
from feedd.workers.dispatcher import Workers

MAX_TRIES_EACH_WAY = 8
"""Requests spent on what a page advertises, on the usual paths, and on links: so many each."""


class FoundFeed(Struct, frozen=True):
    """A feed that works: where it is, what came from there, and what else the page offered."""

    url: str
    response: Response
    document: ParsedDocument
    others: tuple[str, ...] = ()


INTO_THE_FILE = (
    "it asks for a name and a password; write the feed into the file, with username and"
    " password_file"
)


class _NoFeedError(Exception):
    """This address has none; `page` is what is there, when it is a page."""

    def __init__(self, why: str, page: Response | None = None) -> None:
        super().__init__(why)
        self.page = page


def address_of(typed: str) -> str:
    """The URL that a person means: without scheme, with feed:, with spaces around it.

    Raises UsageError.
    """
    url = re.sub(r"^feed:(//)?(?=https?://)", "", typed.strip(), flags=re.IGNORECASE)
    url = re.sub(r"^feed:(//)?", "http://", url, flags=re.IGNORECASE)
    if not re.match(r"[a-z][a-z0-9+.-]*:(//|[^0-9])", url, flags=re.IGNORECASE):
        url = f"https://{url}"
    problem = configfile.url_problem(url)
    if problem is not None:
        raise UsageError(problem)
    return url


async def find_feed(
    url: str,
    settings: Settings,
    *,
    tell: Callable[[str], None],
    selectors: ItemSelectors | None,
) -> FoundFeed:
    """The feed at `url`, or behind the page there; with `selectors` the page itself, whose items
    they find.

    `tell` is called with each address that is tried. Raises FeeddError when there is none, with
    the reason in words.
    """
    async with (
        Workers(
            "feedd.poller.document:parse_document",
            {ParseJob: ParsedDocument},
            loads=("feedd.parsing.reading",),
            timeout_s=PARSE_TIMEOUT_S,
        ) as workers,
        Workers(
            "feedd.web.discovery:feed_links",
            {FeedLinksJob: PageLinks},
            loads=("bs4", "lxml.etree"),
            timeout_s=PARSE_TIMEOUT_S,
            cpu_s=PARSE_CPU_S,
        ) as pages,
        http.open_client(settings) as client,
    ):
        search = _FeedFinder(client, workers, pages, settings, tell, selectors)
        try:
            return await search.at(url)
        except FetchError as error:
            raise FeeddError(_unreachable(url, error)) from None
        except _NoFeedError as none:
            if selectors is not None:
                raise FeeddError(f"{url}: {none}") from None
            if none.page is None:
                found = await search.first_of(discovery.known_forms(url))
                if found is None:
                    raise FeeddError(f"{url}: {none}") from None
            else:
                found = await search.behind(none.page)
        if found is None:
            raise FeeddError(
                f"{url} is a page, and no feed was found behind it; give the feed's own URL"
            )
        return found


class _FeedFinder(Struct, frozen=True):
    client: http.Client
    workers: Workers
    pages: Workers
    settings: Settings
    tell: Callable[[str], None]
    selectors: ItemSelectors | None

    async def at(self, url: str) -> FoundFeed:
        """The feed at this very address. Raises FetchError, _NoFeedError."""
        self.tell(url)
        response = await self.client.get(
            http.Request(
                url=url,
                accept="feed" if self.selectors is None else "page",
                max_bytes=self.settings.max_feed_bytes,
            )
        )
        failure = answer_failure(response, conditional=False)
        if response.status == 401:  # no option takes a password
            raise _NoFeedError("401 Unauthorized: " + INTO_THE_FILE)
        if failure is not None:
            raise _NoFeedError(failure.message)
        content_type = response.headers.get("content-type")
        document = Document(
            body=response.body,
            url=response.url,
            content_type=content_type,
            complete=not response.truncated,
            parser=self.settings.parser,
            selectors=self.selectors,
        )
        try:
            parsed = await self.workers.run(ParseJob(document, keys="guid"))
        except NotAFeedError as error:
            raise _NoFeedError(str(error), response if _is_page(response) else None) from None
        except ParseError as error:
            raise _NoFeedError(str(error)) from None
        assert isinstance(parsed, ParsedDocument)
        # A permanent redirect says which address to remember (RFC 9110 sections 15.4.2, 15.4.9).
        return FoundFeed(response.permanent_url or url, response, parsed)

    async def behind(self, page: Response) -> FoundFeed | None:
        """The feed that a page belongs to: advertised, at a usual path, or linked."""
        job = FeedLinksJob(
            page.body, page.url, page.headers.get("content-type"), page.headers.get("link", "")
        )
        try:
            links = await self.pages.run(job)
        except ParseError:
            links = PageLinks(known_forms=tuple(discovery.known_forms(page.url)))
        assert isinstance(links, PageLinks)
        usual = discovery.usual_paths(page.url)
        tried = {page.url}
        for way in (links.advertised, links.known_forms, usual, links.lookalikes):
            found = await self.first_of(url for url in way if url not in tried)
            if found is not None:
                others = tuple(other for other in links.advertised if other != found.url)
                return replace(found, others=others)
            tried.update(way)
        return None

    async def first_of(self, urls: Iterable[str]) -> FoundFeed | None:
        """The first of these addresses that is a feed; so many of them are tried."""
        for url in islice(urls, MAX_TRIES_EACH_WAY):
            if configfile.url_problem(url) is None:
                with suppress(FetchError, _NoFeedError):
                    return await self.at(url)
        return None


def _is_page(response: Response) -> bool:
    start = response.body[:2000].lower()
    said = response.headers.get("content-type", "").lower()
    return "html" in said or b"<html" in start or b"<!doctype html" in start


def _unreachable(url: str, error: FetchError) -> str:
    said = f"{url}: {error}"
    if error.kind in ("dns", "connect", "no-server", "proxy"):
        said += "; is this computer online?"
    if error.kind in ("connect", "no-server", "tls") and url.startswith("https:"):
        said += f" A site without https is added as http:{url[6:]}"
    return said


# ---------------------------------------------------------------- handles


MAX_SLUG_CHARACTERS = 24

# Labels of host names that say nothing about whose feed it is.
_WITHOUT_MEANING = frozenset(("www", "feeds", "feed", "rss", "blog", "blogs", "news", "m", "api"))
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"))
_SPELT_OUT = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "œ": "oe"})


def name_for(*, title: str | None, url: str, taken: Container[str]) -> str:
    """A name that is not taken, such as "planet-python"."""
    slug = _slug(title or "") or _slug(_host_word(url)) or "feed"
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"


def _slug(text: str) -> str:
    """`text` in lower-case ASCII, words joined by hyphens; "" where nothing legible is left."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_SPELT_OUT))
    letters = [c for c in folded if c.isalpha()]
    foreign = sum(not c.isascii() for c in letters)
    if foreign and foreign * 2 >= len(letters):
        return ""  # a script that has no ASCII form: its few Latin letters would mislead
    words = re.findall(r"[a-z0-9]+", "".join(c for c in folded if not _is_mark_or_quote(c)))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:MAX_SLUG_CHARACTERS]
        if len(longer) > MAX_SLUG_CHARACTERS:
            break
        slug = longer
    return slug


def _is_mark_or_quote(character: str) -> bool:
    return character in "'’ʼ" or unicodedata.category(character) == "Mn"


def _host_word(url: str) -> str:
    """The part of a host's name that people know it by: "ycombinator" of news.ycombinator.com."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    labels = host.split(".")
    if host.replace(".", "").isdigit() or ":" in host or len(labels) == 1:
        return host
    labels.pop()
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    telling = [label for label in labels if label not in _WITHOUT_MEANING]
    return (telling or labels)[-1]
