"""Which feeds and items are meant: by names, views, tags and queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from feedd.cli.options import quoted
from feedd.errors import NotFoundError

if TYPE_CHECKING:
    from feedd.cli.context import Context
    from feedd.model import Config
    from feedd.query.query_nodes import Query


def asked(context: Context, text: str, *, now: int) -> Query:
    """A query that the user typed. Raises UsageError that names the character."""
    from feedd.query import QueryNames, conditions_of, parse

    config = context.config()
    query = parse(text, QueryNames(config.views), now=now)
    if any(one.field in ("tag", "feed") for one in conditions_of(query.node)):
        from feedd.configfile.saved_queries import names_of

        return parse(text, names_of(config), now=now)
    return query  # it needs to know no feed of the file, of which there may be very many


def chosen(
    context: Context,
    names: Sequence[str],
    feeds: Sequence[str],
    tags: Sequence[str],
    where: str | None,
    *,
    now: int,
) -> tuple[tuple[str, ...] | None, Query | None]:
    """The feeds that are among `names` and `feeds` and have one of `tags` (None: all); and the
    query that has to match as well: `where`, and the views that are among the names, as @NAME.
    """
    views, named = views_among(names)
    if tags and (own := _own_tag_query(context, tags)) is not None:
        feeds_chosen, query = chosen(context, names, feeds, (), where, now=now)
        return feeds_chosen, own if query is None else _both(own, query)
    if not views:
        query = None if where is None else asked(context, where, now=now)
        return chosen_feeds(context, (*names, *feeds), tags), query
    from msgspec.structs import replace

    from feedd.query.query_nodes import Alternatives, QueryCondition

    chosen_feeds(context, named, ())  # says which there is not
    either = [asked(context, name, now=now) for name in views]
    nodes = [query.node for query in either]
    nodes += (QueryCondition("feed", name) for name in named)
    knowing = max(either, key=lambda query: len(query.feeds))
    query = replace(knowing, node=Alternatives(tuple(nodes)) if nodes[1:] else nodes[0])
    if where is not None:
        query = _both(query, asked(context, where, now=now))
    return chosen_feeds(context, feeds, tags), query


def views_among(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The views among names, as @NAME, and the names beside them."""
    every = list(names)
    views = [name for name in every if name.startswith("@")]
    return views, [name for name in every if not name.startswith("@")]


def _both(one: Query, other: Query) -> Query:
    from msgspec.structs import replace

    from feedd.query.query_nodes import Conjunction

    knowing = one if one.feeds else other
    return replace(knowing, node=Conjunction((one.node, other.node)))


def _own_tag_query(context: Context, tags: Sequence[str]) -> Query | None:
    """Items that have one of these tags, their feed's or their own; None where none is an item's
    own: then it is their feeds that are looked for.
    """
    if not context.config().settings.database.exists():
        return None
    from feedd.query.query_nodes import Alternatives, Query, QueryCondition
    from feedd.store.marks import own_tags

    own = {tag.casefold() for tag in own_tags(context.reader())}
    if not any(tag.casefold() in own for tag in tags):
        return None
    config = context.config()
    feeds = {tag.casefold(): tuple(names) for tag, names in config.feeds_by_tag.items()}
    from feedd.cli.hints import missing

    for tag in tags:
        if tag.casefold() not in own | feeds.keys():
            raise missing("tag", tag, own | feeds.keys())
    either = Alternatives(tuple(QueryCondition("tag", tag) for tag in tags))
    return Query("", either, feeds, tuple(config.feeds))


def chosen_feeds(
    context: Context, names: Sequence[str], tags: Sequence[str]
) -> tuple[str, ...] | None:
    """The feeds that are among `names` (if any) and have one of `tags` (if any); None: all.

    Raises NotFoundError for a feed or a tag that does not exist, naming the nearest that does.
    """
    if not names and not tags:
        return None
    config = context.config()
    stored: set[str] = set()
    unknown = [name for name in names if name not in config.feeds]
    if unknown or tags:
        from feedd.cli.hints import missing

        stored = stored_names(context)
        for name in unknown:
            if name not in stored:
                if name.casefold() in map(str.casefold, config.feeds_by_tag):
                    raise NotFoundError(f"no feed '{name}', but a tag: --tag {quoted(name)}")
                raise missing("feed", name, {*config.feeds, *stored})
    if not tags:
        return tuple(dict.fromkeys(names))
    tagged = _tagged(config, tags)
    return tuple(name for name in tagged if name in stored and (not names or name in names))


def stored_names(context: Context) -> set[str]:
    """The feeds that the database knows, those that left the file too."""
    from feedd.store.feeds import feed_urls

    return set(feed_urls(context.reader()))


def _tagged(config: Config, tags: Sequence[str]) -> list[str]:
    from feedd.cli.hints import missing

    by_tag = config.feeds_by_tag
    spelt = {tag.casefold(): tag for tag in by_tag}
    names: list[str] = []
    for tag in tags:
        if tag.casefold() not in spelt:
            if tag in config.feeds:
                raise NotFoundError(f"no tag '{tag}', but a feed: --feed {quoted(tag)}")
            raise missing("tag", tag, by_tag)
        names += by_tag[spelt[tag.casefold()]]
    return list(dict.fromkeys(names))
