"""Which hub a feed offers, and what that means for its subscription [WebSub 4; RFC 8288]. Pure."""

from __future__ import annotations

import re
import secrets
from ipaddress import ip_address
from typing import Final
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from feedd.configfile.values import MAX_URL_CHARACTERS
from feedd.model import FeedState, HubChange, Subscription

TOKEN_BYTES: Final = 24
SECRET_BYTES: Final = 32


class Offer(Struct, frozen=True):
    """A hub, and the topic under which it knows the feed; absolute http(s) addresses."""

    hub: str
    topic: str

    def is_of(self, subscription: Subscription) -> bool:
        return (self.hub, self.topic) == (subscription.hub, subscription.topic)


def offered(header: str, hub: str | None, topic: str | None, url: str) -> Offer | None:
    """What a response from `url` offers: by its `Link` header, else by its document.

    Each of the two is looked for in the header first. Without a topic it is `url`; without a hub
    there is no offer, nor where a feed got by https names one that is asked in the clear.
    """
    from feedd.web.discovery import header_links  # most feeds offer none, and do without it

    linked: dict[str, str] = {}
    for target, said in header_links(header):
        for relation in said.get("rel", "").lower().split():
            linked.setdefault(relation, target)
    found_hub = _address(linked.get("hub"), url) or _address(hub, url)
    found_topic = _address(linked.get("self"), url) or _address(topic, url) or url
    if found_hub is None or (is_https(url) and not is_https(found_hub)):
        return None
    return Offer(found_hub, found_topic)


def is_https(url: str) -> bool:
    return url[:6].lower() == "https:"


def may_hold_secret(hub: str) -> bool:
    """May a hub be told the secret that signs its pushes: does nobody on the way read it?

    [WebSub 5.1] By https, or where it never leaves this machine.
    """
    return is_https(hub) or is_loopback(urlsplit(hub).hostname or "")


def is_loopback(host: str) -> bool:
    """Is this a loopback address in digits?"""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def hub_change(
    feed: FeedState, offer: Offer | None, known: Subscription | None
) -> HubChange | None:
    """What an offer changes: another hub or topic is another subscription, not yet asked for.

    `known` is the present subscription. None: it stays as it is.
    """
    if offer is None:
        return None if known is None else HubChange(None)
    if known is not None and offer.is_of(known):
        return None
    token, secret = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_hex(SECRET_BYTES)
    return HubChange(Subscription(feed.id, feed.name, offer.hub, offer.topic, token, secret))


def _address(found: str | None, url: str) -> str | None:
    if not found:
        return None
    try:
        absolute = urljoin(url, found)
    except ValueError:
        return None
    fits = len(absolute) <= MAX_URL_CHARACTERS and absolute.isascii() and absolute.isprintable()
    return absolute if fits and re.match(r"https?://[^/]", absolute) else None
