"""The shelves of items of one reading session, read from the store and marked there.

No screen in here. The items in view stay where they are while they are read; what the daemon
stores, and what is marked elsewhere, is merged into them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from msgspec.structs import replace

from feedd.cli.options import which_of
from feedd.cli.tui.shelves import Order, Shelf, ShelfKind, ShelfOrder, in_order, ordered, unread_of
from feedd.cli.tui.unwritten_marks import (
    PATIENCE_S,
    Mark,
    TagEdit,
    UnwrittenMarks,
    marked,
    undoing,
)
from feedd.errors import NotFoundError, UsageError
from feedd.model import Config, Item, ItemDetail, ItemFilter, ItemPage, MarkAction, Which
from feedd.query.query_nodes import Query
from feedd.store.items import item, latest_times, list_items, shared_unread, unread_by_feed
from feedd.store.marks import LATER, own_tags
from feedd.store.search.results import search_items

MAX_ITEMS = 50_000
"""More than a person can read; the rest follows as these are read."""
FIRST_ITEMS = 500
"""More than any screen shows at once: read first, so that there is something to see."""
MAX_FOUND = 500
MAX_UNDO = 100

VIEW_OF_LATER = "later"

_UNFINISHED = re.compile(r"(?:^|[\s(-])(?:(?:title|author):)?\w+$")
"""A query whose last word may go on as it is typed."""


class Library:
    """The store as one reading session sees it; `marks` are those on their way there."""

    def __init__(
        self,
        *,
        config: Config,
        reader: sqlite3.Connection,
        writer: Callable[[], sqlite3.Connection],
        now: Callable[[], int],
        only: tuple[str, ...] | None = None,
    ) -> None:
        self.config = config
        self.reader = reader
        self._open_writer = writer
        self._now = now
        self._only = only
        self._undo: list[Mark] = []
        feed_tags = {name: feed.tags for name, feed in config.feeds.items()}
        self.marks = UnwrittenMarks(writer, now, feed_tags)

    # -------------------------------------------------------------- reading

    def seen_by(self, reader: sqlite3.Connection) -> Library:
        """The same shelves, read through another connection (in another thread)."""
        return Library(
            config=self.config,
            reader=reader,
            writer=self._open_writer,
            now=self._now,
            only=self._only,
        )

    def version(self) -> object:
        """Another one whenever something was committed; costs next to nothing."""
        return self.reader.execute("PRAGMA data_version").fetchone()[0]

    def shelves(self, order: ShelfOrder = "file", *, queries_counted: bool = True) -> list[Shelf]:
        """Everything, then the views, the tags and the feeds, each with its unread items."""
        unread = {
            name: count
            for name, count in unread_by_feed(self.reader).items()
            if self._only is None or name in self._only
        }
        shared = shared_unread(self.reader)
        latest = latest_times(self.reader) if order == "time" else {}
        shelves = [Shelf("All", self._only, unread_of(self._only, unread, shared), "all")]
        own = {tag.casefold(): tag for tag in own_tags(self.reader)}
        for kind, name, query in self._queries(own):
            count = self._unread_found(query) if queries_counted else 0
            shelves.append(Shelf(name, self._only, count, kind, query=query))
        for tag, tagged in self.config.feeds_by_tag.items():
            names = tuple(name for name in tagged if name in unread)
            if names and tag.casefold() not in own:
                newest = max(latest.get(name, 0) for name in names)
                count = unread_of(names, unread, shared)
                shelves.append(Shelf(tag, names, count, "tag", newest))
        listed = [name for name in self.config.feeds if name in unread]
        listed += [name for name in unread if name not in self.config.feeds]
        shelves += (
            Shelf(name, (name,), unread[name], "feed", latest.get(name, 0)) for name in listed
        )
        return in_order(shelves, order)

    def items(
        self, shelf: Shelf, which: Which, order: Order, *, limit: int = MAX_ITEMS
    ) -> ItemPage:
        """The shelf's items, and how many more it has."""
        query = self._parsed(shelf.query) if shelf.query else None
        which = self.which_of(shelf, which)
        wanted = ItemFilter(
            feeds=shelf.feeds, which=which, limit=limit, oldest=order == "oldest", where=query
        )
        page = list_items(self.reader, wanted)
        return page._replace(items=tuple(ordered(self.marks.seen_on(page.items), order)))

    def which_of(self, shelf: Shelf, which: Which) -> Which:
        """What a shelf shows: a view that speaks of marks is shown whole."""
        if which == "unread" and shelf.query:
            return which_of(None, self._parsed(shelf.query))
        return which

    def _queries(self, own: Mapping[str, str]) -> Iterator[tuple[ShelfKind, str, str]]:
        """The shelves that are queries: the views of the file; what is kept for later, where
        anything is; the tags that items have themselves, `own` by their folded names.
        """
        views = {name: f"@{name}" for name in self.config.views}
        if LATER in own and VIEW_OF_LATER not in views:
            views[VIEW_OF_LATER] = f"is:{LATER}"
        for name, query in views.items():
            yield "view", name, query
        for folded, tag in own.items():
            if folded != LATER:
                yield "tag", tag, f'tag:"{tag}"'

    def _unread_found(self, query: str) -> int:
        from feedd.query.query_nodes import Alternatives, Conjunction, QueryCondition
        from feedd.store.search.query_lists import counted

        try:
            parsed = self._parsed(query)
            if self._only is not None:
                feeds = Alternatives(tuple(QueryCondition("feed", name) for name in self._only))
                parsed = replace(parsed, node=Conjunction((feeds, parsed.node)))
            return counted(self.reader, parsed)[1]
        except NotFoundError:  # it names a feed that is not there: it has nothing
            return 0

    def _parsed(self, query: str) -> Query:
        from feedd.configfile.saved_queries import names_of
        from feedd.query import parse

        return parse(query, names_of(self.config), now=self._now())

    def found(self, query: str, shelf: Shelf) -> ItemPage:
        """What a search finds on the shelf, best first; as `feedd search` understands it, with the
        last word going on. Raises UsageError.
        """
        if _UNFINISHED.search(query):
            with suppress(UsageError):
                return self._found(f"{query}*", shelf)
        return self._found(query, shelf)

    def _found(self, query: str, shelf: Shelf) -> ItemPage:
        wanted = ItemFilter(feeds=shelf.feeds, which="all", limit=MAX_FOUND)
        page = search_items(self.reader, self._parsed(query), wanted)
        return page._replace(items=tuple(self.marks.seen_on(page.items)))

    def detail(self, number: int) -> ItemDetail:
        return item(self.reader, number)

    def whole(self, entry: Item) -> Item:
        """The item with its summary."""
        try:
            return item(self.reader, entry.id).item
        except NotFoundError:
            return entry

    # -------------------------------------------------------------- marking

    def mark(self, action: MarkAction, items: Sequence[Item]) -> list[Item]:
        """Mark items, each of which `action` changes; gives them as they now are."""
        if items:
            self._do(Mark(action, tuple(entry.id for entry in items)), items[0])
        return [marked(entry, action) for entry in items]

    def tag(self, entry: Item, edit: TagEdit) -> Item:
        """Give an item tags and take others from it; gives it as it now is. Raises UsageError for
        what can be no tag, FeeddError where one to be taken is the feed's.
        """
        self._do(Mark(edit, (entry.id,)), entry)
        return marked(entry, edit)

    def known_tags(self) -> list[str]:
        """The tags that items and feeds have, by their letters."""
        return sorted({*own_tags(self.reader), *self.config.feeds_by_tag}, key=str.casefold)

    def _do(self, done: Mark, before: Item) -> None:
        self.marks.add(done)
        if marked(before, done.action) != before:
            self._undo = [*self._undo[1 - MAX_UNDO :], undoing(done, before)]

    def undo(self) -> Mark | None:
        """Take back the last mark; says by which one, None where there is none."""
        if not self._undo:
            return None
        self.marks.add(self._undo[-1])
        return self._undo.pop()

    @property
    def now(self) -> int:
        return self._now()

    def writer(self) -> sqlite3.Connection:
        """The database, to write, without waiting long for others."""
        return self.marks.connection(PATIENCE_S)
