"""`feedd audit`: how polite feedd has been, from its poll history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from feedd.cli.context import Context
from feedd.cli.options import json_option, moment
from feedd.terminal import gate
from feedd.units import DAY_S, format_duration, format_size, local, rfc3339

if TYPE_CHECKING:
    from feedd.audit import Audit, Behaviour, HostUse, Refusal

SHOWN = 5
"""Breaches of one behaviour, and refusals, shown to a person; --json tells all."""

HEADER = ("HOST", "FEEDS", "POLLS", "REQUESTS", "304", "BYTES", "TOO SOON", "429", "503", "FAILED")
RIGHT = tuple(range(1, len(HEADER)))
HOSTS_SHOWN = 20


@click.command("audit")
@click.option(
    "--since",
    metavar="WHEN",
    default="30d",
    show_default=True,
    help="Only polls not older than this.",
)
@json_option
@click.pass_obj
def audit_command(context: Context, since: str, as_json: bool) -> None:
    """What servers have had of feedd, host by host, and whether it kept to what they ask for.

    It speaks of the polls that the history still holds: 200 of each feed, 90 days at most.
    """
    from feedd.audit import Policy, judge
    from feedd.store.polls import histories

    settings = context.config().settings
    start = moment(since, now=context.now(), option="--since") or 0
    polls = histories(context.reader(), start) if settings.database.exists() else {}
    audit = judge(polls, Policy(settings.min_interval_s, settings.per_host))
    if as_json:
        context.emit_json(*records(audit))
    elif not audit.polls:
        context.say("no polls in that time: feedd poll makes some")
    else:
        _show(context, audit)


def records(audit: Audit) -> Iterator[Mapping[str, Any]]:
    """The audit as JSON objects, told apart by `kind`: one `audit`, then `host`, `behaviour`,
    `refusal`."""
    yield {
        "kind": "audit",
        "first": rfc3339(audit.first),
        "last": rfc3339(audit.last),
        "polls": audit.polls,
        "by_hand": audit.by_hand,
        "unrecorded": audit.unrecorded,
        "polls_per_feed_and_day": round(audit.polls_per_feed_and_day, 2),
    }
    for use in audit.hosts:
        yield {
            "kind": "host",
            "host": use.host,
            "feeds": use.feeds,
            "polls": use.polls,
            "requests": use.requests,
            "status_200": use.whole,
            "status_304": use.unmodified,
            "bytes": use.bytes,
            "too_soon": use.sooner,
            "status_429": use.throttled,
            "status_503": use.unavailable,
            "failed": use.failed,
        }
    for behaviour in audit.behaviours:
        yield {
            "kind": "behaviour",
            "name": behaviour.name,
            "occasions": behaviour.occasions,
            "breaches": [
                {"feed": each.feed, "at": rfc3339(each.at), "what": each.words}
                for each in behaviour.breaches
            ],
        }
    for refusal in audit.refusals:
        yield {
            "kind": "refusal",
            "feed": refusal.feed,
            "host": refusal.host,
            "at": rfc3339(refusal.at),
            "status": refusal.status,
            "asked_until": rfc3339(refusal.asked_until),
            "next_at": rfc3339(refusal.next_at),
            "next_status": refusal.next_status,
        }


def _show(context: Context, audit: Audit) -> None:
    out, screen = context.out, context.screen
    for line in _heading(audit):
        for part in context.fold(line):
            out(part)
    out()
    rows = [_row(use) for use in audit.hosts[:HOSTS_SHOWN]]
    for line in screen.table(rows, header=HEADER, right=RIGHT, shrink=0):
        out(line)
    if len(audit.hosts) > HOSTS_SHOWN:
        out(f"and {len(audit.hosts) - HOSTS_SHOWN} more hosts; --json names them all")
    out()
    for behaviour in audit.behaviours:
        style = "red" if behaviour.breaches else "dim" if not behaviour.occasions else "green"
        verdict = _verdict(behaviour).ljust(10)
        first, *rest = context.fold(f"{verdict} {behaviour.name}", indent=11)
        out(screen.paint(verdict, style) + first[len(verdict) :])
        for breach in behaviour.breaches[:SHOWN]:
            rest += context.fold(
                f"           {local(breach.at)} {gate(breach.feed)}: {gate(breach.words)}",
                indent=15,
            )
        for line in rest:
            out(line)
    out()
    unseen = "not in the history, held by tests: no HEAD, no cookies, no referrer, no page probing"
    for text in (*map(_refusal_line, audit.refusals[:SHOWN]), unseen):
        for line in context.fold(text):
            out(line)


def _heading(audit: Audit) -> Iterator[str]:
    assert audit.first is not None
    assert audit.last is not None
    often = ""
    if audit.last - audit.first >= DAY_S:  # of less, the rate would mislead
        often = f", {audit.polls_per_feed_and_day:.1f} a feed and day"
    yield f"{audit.polls:,} polls, {local(audit.first)} to {local(audit.last)}{often}"
    whole = sum(use.whole for use in audit.hosts)
    unmodified = sum(use.unmodified for use in audit.hosts)
    if whole + unmodified:
        share = unmodified / (whole + unmodified)
        size = format_size(sum(use.bytes for use in audit.hosts))
        yield f"{share:.0%} of the answers that worked were 304; {size} in all"
    if audit.by_hand:
        yield f"{audit.by_hand:,} polls by hand, or after a change of the file"
    if audit.unrecorded:
        yield f"{audit.unrecorded:,} polls are from before all that is judged here was recorded"


def _row(use: HostUse) -> Sequence[str]:
    answered = use.whole + use.unmodified
    return (
        gate(use.host) or "–",
        str(use.feeds),
        f"{use.polls:,}",
        f"{use.requests:,}",
        f"{use.unmodified / answered:.0%}" if answered else "–",
        format_size(use.bytes),
        *(str(number) for number in (use.sooner, use.throttled, use.unavailable, use.failed)),
    )


def _verdict(behaviour: Behaviour) -> str:
    if behaviour.breaches:
        return f"{len(behaviour.breaches)} broken"
    return "kept" if behaviour.occasions else "no case"


def _refusal_line(refusal: Refusal) -> str:
    asked = ""
    if refusal.asked_until is not None:
        asked = f", asked for {format_duration(max(0, refusal.asked_until - refusal.at))}"
    if refusal.next_at is None:
        after = "not asked since"
    else:
        wait = format_duration(refusal.next_at - refusal.at)
        after = f"asked again after {wait}: {refusal.next_status or 'no answer'}"
    where = f"{gate(refusal.feed)} at {gate(refusal.host)}"
    return f"{refusal.status} {local(refusal.at)} {where}{asked}; {after}"
