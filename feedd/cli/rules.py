"""`feedd rules` and `feedd views`: the queries of the file, listed; rules tried and applied."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from feedd.cli.chosen import asked
from feedd.cli.context import Context
from feedd.cli.hints import missing
from feedd.cli.item_lines import UNTITLED
from feedd.cli.options import command_text, json_option, moment
from feedd.model import Rule
from feedd.terminal import gate
from feedd.units import age, number_of, rfc3339

if TYPE_CHECKING:
    from feedd.model import Config


TESTED = "30d"
SHOWN = 5
"""Of what a rule hits, so many items are shown."""


@click.group("rules", invoke_without_command=True)
@json_option
@click.pass_context
def rules_command(click_context: click.Context, as_json: bool) -> None:
    """The rules of the file (and each feed's mute), in the order in which new items meet them, with
    how many items each has hit on arrival.
    """
    if click_context.invoked_subcommand is not None:
        return
    context: Context = click_context.obj
    rows = list(_listed(context))
    if as_json:
        context.emit_json(*({**row, "last_hit": rfc3339(row["last_hit"])} for row in rows))
        return
    if not rows:
        context.say("No rules yet: docs/query.md shows how to write them into the file.")
        return
    now = context.now()
    cells = [
        (gate(row["rule"]), str(row["hits"]),
         "never" if row["last_hit"] is None else age(now - row["last_hit"]),
         row["state"], gate(", ".join(row["do"])), gate(row["when"]))
        for row in rows
    ]  # fmt: skip
    header = ("RULE", "HITS", "LAST", "STATE", "DO", "WHEN")
    context.show(context.screen.table(cells, header=header, right=(1, 2)), pager=False)


@rules_command.command("test", short_help="What rules would have hit; changes nothing.")
@click.argument("names", nargs=-1, metavar="[RULE]...")
@click.option(
    "--since",
    metavar="WHEN",
    default=TESTED,
    show_default=True,
    help="Only items not older than this.",
)
@json_option
@click.pass_obj
def test_command(context: Context, names: Sequence[str], since: str, as_json: bool) -> None:
    """What each rule (all, or those named as feedd rules lists them: jobs, 2, "mute of lwn") hits
    among the stored items, with their marks as they are, each rule for itself. Changes nothing.
    """
    from feedd.store.items import items_of

    now = context.now()
    config = context.config()
    border = moment(since, now=now, option="--since")
    for rule in _named(config, names):
        db = context.reader()
        ids = _hits(db, config, rule, since=border, now=now)
        if as_json:
            context.emit_json({"rule": _name(rule), "hits": len(ids), "ids": ids})
            continue
        count = number_of(len(ids), "item")
        context.out(f"{gate(_name(rule))}: {count} since {gate(since)}")
        for item in items_of(db, ids[:SHOWN], details=False):
            context.out(f"  {item.id}  {gate(item.feed)}  {gate(item.title) or UNTITLED}")
        if len(ids) > SHOWN:
            context.out(f"  … and {len(ids) - SHOWN:,} more")


@rules_command.command("apply", short_help="Do what rules say to stored items.")
@click.argument("names", nargs=-1, required=True, metavar="RULE...")
@click.option("--since", metavar="WHEN", help="Not older than this; else all stored items.")
@json_option
@click.pass_obj
def apply_command(context: Context, names: Sequence[str], since: str | None, as_json: bool) -> None:
    """Do what these rules say to the stored items that they hit; nobody is notified. feedd undo
    takes it back.
    """
    from feedd.store.acts import begin_act, end_act
    from feedd.store.rule_actions import apply_to_stored
    from feedd.store.sqlite import synced

    now = context.now()
    config = context.config()
    border = moment(since, now=now, option="--since")
    rules = _named(config, names)
    context.reader()  # where there is no database, none is made
    db = context.writer()
    with synced(db):
        act = begin_act(db, command_text("rules", "apply", names, since=since), now)
        done = []
        for rule in rules:
            ids = _hits(db, config, rule, since=border, now=now)
            done.append((rule, ids, apply_to_stored(db, rule, ids, now, act)))
        end_act(db, act, sum(changed for _, _, changed in done))
    for rule, ids, changed in done:
        if as_json:
            record = {"rule": _name(rule), "hits": len(ids), "changed": changed, "ids": ids}
            context.emit_json(record)
        else:
            context.say(f"{gate(_name(rule))}: {len(ids):,} hit, {changed:,} changed.")


def rule_warnings(config: Config, db: sqlite3.Connection | None) -> Iterator[str]:
    """Rules and views that can match nothing, and why; `db` None: nothing is stored yet."""
    from feedd.configfile.saved_queries import names_of
    from feedd.query import parse
    from feedd.query.contradictions import KnownNames, why_nothing

    feeds = {name.casefold() for name in config.feeds}
    own: set[str] = set()
    if db is not None:
        from feedd.store.feeds import feed_urls
        from feedd.store.marks import own_tags

        feeds |= {name.casefold() for name in feed_urls(db)}
        own = {tag.casefold() for tag in own_tags(db)}
    tags = {tag.casefold() for feed in config.feeds.values() for tag in feed.tags}
    given = {action[4:].casefold() for rule in config.rules for action in rule.do
             if action.startswith("tag:")}  # fmt: skip
    for name, query in config.views.items():
        node = parse(query, names_of(config), strict=False, view=name).node
        if reason := why_nothing(node, KnownNames(feeds, tags | own | given)):
            yield f"view {name} can match nothing: {reason}"
    before: set[str] = {"read"}
    for rule in config.rules:
        known = KnownNames(feeds, tags, new=True, given=before)
        if reason := why_nothing(parse(rule.when, names_of(config), strict=False).node, known):
            yield f"rule {_name(rule)} can match nothing: {reason}"
        before |= {_DONE.get(action, action.removeprefix("tag:").casefold()) for action in rule.do}


def queries_naming(config: Config, feed: str) -> Iterator[str]:
    """The views and rules whose queries speak of this feed."""
    from feedd.configfile.saved_queries import names_of
    from feedd.query import conditions_of, parse

    queries = [(f"view {name}", query) for name, query in config.views.items()]
    queries += [(f"rule {_name(rule)}", rule.when) for rule in config.rules]
    for what, query in queries:
        node = parse(query, names_of(config), strict=False).node
        named = (one.value for one in conditions_of(node) if one.field == "feed")
        if feed.casefold() in map(str.casefold, named):
            yield what


_DONE = {"star": "starred", "hide": "hidden"}
"""What `is:` calls an entry to which an action was done; the others have one word for both."""


def _listed(context: Context) -> Iterator[dict[str, Any]]:
    """The mutes and the rules as records; `last_hit` in epoch seconds."""
    from feedd.store.rule_actions import RuleHits, holds, key_of, mute_key, rule_hits

    config = context.config()
    there = config.settings.database.exists()
    hits = rule_hits(context.reader()) if there else {}
    mutes = _mutes(config).items()
    known = [(rule, mute_key(config.feeds[feed]), feed) for feed, rule in mutes]
    for rule, key, feed in (*known, *((rule, key_of(rule), None) for rule in config.rules)):
        count, last = hits.get(key, RuleHits(0, None))
        yield {
            "rule": _name(rule), "number": None if feed else rule.number,
            "from": "mute" if feed else "rules", "feed": feed,
            "when": rule.when, "do": list(rule.do),
            "until": rule.until.isoformat() if rule.until else None,
            "state": "active" if holds(rule, context.now()) else "expired",
            "hits": count, "last_hit": last,
        }  # fmt: skip


def _named(config: Config, names: Sequence[str]) -> list[Rule]:
    """The rules with these names or numbers; all, where there are none."""
    rules = [*_mutes(config).values(), *config.rules]
    known = {_name(rule): rule for rule in rules}
    known |= {str(rule.number): rule for rule in config.rules}
    for name in names:
        if name not in known:
            raise missing("rule", name, known)
    return [known[name] for name in dict.fromkeys(names)] if names else rules


def _mutes(config: Config) -> dict[str, Rule]:
    """The `mute` of each feed that has one as a rule, which has no number."""
    return {
        name: Rule(
            number=0,
            when=f"feed:{name}, title matches {' or '.join(feed.mute)}",
            do=("read",),
            name=f"mute of {name}",
        )
        for name, feed in config.feeds.items()
        if feed.mute
    }


def _hits(
    db: sqlite3.Connection, config: Config, rule: Rule, *, since: int | None, now: int
) -> list[int]:
    """The stored entries that a rule of the file or a `mute` hits, the newest first."""
    from feedd.configfile.saved_queries import names_of
    from feedd.store.rule_actions import hits_of

    muting = next((name for name, mute in _mutes(config).items() if mute == rule), None)
    if muting is None:
        return hits_of(db, rule, names_of(config), since=since, now=now)
    from feedd.model import ItemFilter
    from feedd.poller.entry_changes import muted
    from feedd.store.items import list_items

    wanted = ItemFilter(feeds=(muting,), which="all", since=since, limit=None, every=True)
    words = config.feeds[muting].mute
    return [item.id for item in list_items(db, wanted).items if muted(item.title, words)]


def _name(rule: Rule) -> str:
    return rule.name or str(rule.number)


@click.command("views")
@json_option
@click.pass_obj
def views_command(context: Context, as_json: bool) -> None:
    """The views of the file, in its order, with how many items each has and how many are unread.

    feedd list @NAME shows one; so do digest, search, mark and tag take it.
    """
    from feedd.store.search.query_lists import counted

    views = context.config().views
    if not views and not as_json:
        example = 'morning = "tag:news since:1d"'
        context.say(f"No views yet: name a query in the file under [views], as in {example}.")
        return
    cells = []
    for name, query in views.items():
        items, unread = counted(context.reader(), asked(context, f"@{name}", now=context.now()))
        if as_json:
            record = {"name": name, "query": query, "items": items, "unread": unread}
            context.emit_json(record)
        cells.append((gate(name), f"{unread:,}", f"{items:,}", gate(query)))
    if as_json:
        return
    header = ("VIEW", "UNREAD", "ITEMS", "QUERY")
    context.show(context.screen.table(cells, header=header, right=(1, 2)), pager=False)
