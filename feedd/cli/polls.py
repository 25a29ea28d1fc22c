"""Polls as `feedd why` tells of them. Pure; nothing here reads or prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from feedd.cli.feedlist import ListedFeed, health
from feedd.model import PollRecord, Subscription
from feedd.units import age, format_duration, format_size, local, rfc3339

HEADER = ("WHEN", "STATUS", "SIZE", "TIME", "NEW", "CHANGED", "NEXT", "BECAUSE")
RIGHT = (1, 2, 3, 4, 5)
"""The columns of `row` that hold numbers."""


def record(poll: PollRecord) -> Mapping[str, Any]:
    """A poll as the JSON object that scripts rely on."""
    return {
        "at": rfc3339(poll.at),
        "url": poll.url,
        "status": poll.status,
        "bytes": poll.bytes,
        "duration_ms": poll.duration_ms,
        "new": poll.new,
        "changed": poll.changed,
        "error": poll.error,
        "next_poll": rfc3339(poll.next_poll),
        "reason": poll.reason,
    }


def summary(listed: ListedFeed, now: int) -> Iterator[tuple[str, str]]:
    """How the feed stands, as label and text."""
    feed = listed.feed
    yield f"{feed.name}:", listed.title or "(untitled)"
    yield "address:", feed.url
    if listed.moved_to:
        yield "moved:", f"{listed.moved_to} (feedd feeds --update-moved writes it into the file)"
    elif feed.move_to:
        yield "moving:", f"to {feed.move_to}; remembered when one more poll proves it"
    if listed.proposal is None and feed.suggested_url and feed.state in ("failing", "gone"):
        yield "perhaps:", f"the page there names {feed.suggested_url} as its feed"
    yield "health:", health(listed, now)
    if feed.last_success is not None:
        yield "last success:", f"{local(feed.last_success)} ({age(now - feed.last_success)} ago)"
    yield "next poll:", _next(listed, now)
    if feed.next_reason:
        yield "because:", feed.next_reason


def hub(
    subscription: Subscription | None, *, on: bool, offered: str | None, now: int
) -> Iterator[tuple[str, str]]:
    """The feed's hub and how we stand with it, where it has one; `on`: pushes are configured."""
    if subscription is None:
        if offered:
            yield "hub:", f"{offered} ({_OFF})"
        return
    yield "hub:", f"{subscription.hub} ({_standing(subscription, now) if on else _OFF})"
    if on and subscription.last_push is not None:
        yield "last push:", f"{age(now - subscription.last_push)} ago"


_OFF = "not used; websub_callback switches pushes on"


def _standing(subscription: Subscription, now: int) -> str:
    words = {
        "offered": "not subscribed",
        "asked": "asked, not confirmed yet",
        "verified": "subscribed",
        "denied": "denied",
        "leaving": "being left",
    }[subscription.state]
    if subscription.state == "verified" and subscription.lease_ends is not None:
        words += f" for {format_duration(max(0, subscription.lease_ends - now))}"
    return f"{words}; {subscription.error}" if subscription.error else words


def _next(listed: ListedFeed, now: int) -> str:
    feed = listed.feed
    if feed.next_poll is None:
        return "none, until the file changes or feedd poll asks for it"
    if feed.last_poll is None:
        return "as soon as feedd poll or feedd run looks"
    if feed.next_poll <= now:
        return "due now"
    return f"{local(feed.next_poll)} (in {format_duration(feed.next_poll - now)})"


def row(poll: PollRecord, now: int) -> Sequence[str]:
    """A poll as the cells of one line."""
    wait = "–" if poll.next_poll is None else format_duration(max(0, poll.next_poll - poll.at))
    return (
        f"{age(now - poll.at)} ago",
        str(poll.status) if poll.status is not None else "–",
        format_size(poll.bytes),
        f"{poll.duration_ms} ms",
        str(poll.new),
        str(poll.changed),
        wait,
        f"{poll.error} · {poll.reason}" if poll.error else poll.reason,
    )
