"""Months of three feeds and their reader, put together by chance, and what the database holds then.

Answers of every kind, documents that change in every way, marks, tags, pruning, another file. The
same for the same number.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from feedd.errors import FeeddError, ParseError
from feedd.model import (
    Article,
    Config,
    FeedConfig,
    FeedState,
    Hop,
    ItemFilter,
    MarkAction,
    Response,
    Retention,
    Rule,
    Settings,
    Which,
)
from feedd.outcome import Failure, answer_failure, request_validators
from feedd.parsing import Document
from feedd.poller.decide import PollContext
from feedd.poller.document import ParseJob, parse_document
from feedd.poller.fetch import FetchResult, parse_failure, with_answer
from feedd.poller.recorder import decide_and_record
from feedd.query import parse as parse_query
from feedd.schedule import headers
from feedd.store import acts, articles, events, feeds, items, marks, polls, recovery, similarity
from feedd.store.stored_values import unpack
from feedd.store.upkeep import integrity, retention
from tests.chance import Chance

START: Final = 1_790_000_000
HOUR_S: Final = 3600
DAY_S: Final = 86_400
_PAUSES_S: Final = (
    *(60, 900, HOUR_S, HOUR_S, HOUR_S, 2 * HOUR_S, 5 * HOUR_S),
    *(DAY_S, DAY_S, 3 * DAY_S, 20 * DAY_S),
)
_WORDS: Final = str.split(
    "bridge river council engineer money spring pillar ferry harbour mayor lock vessel concrete"
    " timber survey budget commission contract committee opposition petition crossing traffic"
)
_MORE_WORDS: Final = [f"{one}{two}" for one in ("ka", "lo", "mi", "ru") for two in _WORDS]
_QUERIES: Final = (
    "bridge", '"the river"', "title:council or harbour", "is:starred", "-bridge",
    "feed:alpha mayor",
    "is:read since:30d", "tag:own", "has:enclosure", "money near/5 spring", "author:ann", "riv*",
)  # fmt: skip
_TABLES: Final = (
    "feeds", "entries", "contents", "marks", "counts", "entry_tags", "articles", "article_queue",
    "archive_reads", "subscriptions", "acts", "act_changes", "events", "polls", "pruned",
)  # fmt: skip
_LISTS: Final[tuple[Which, ...]] = ("unread", "read", "all", "starred")
_ACTIONS: Final[tuple[MarkAction, ...]] = (
    *("read", "read", "unread", "star", "unstar", "later", "unlater"),
)
_DRAWN: Final = frozenset({"token", "secret"})


class Item:
    """One item as its publisher has it now."""

    def __init__(self, number: int, title: str, text: str, at: int | None) -> None:
        self.guid: str | None = f"id-{number}"
        self.link = f"https://site.example/{number}"
        self.title = title
        self.text = text
        self.at = at
        self.more = ""


class Chronicle(Chance):
    """One such history. `told` says what happened, a line each."""

    def __init__(self, number: int, db: sqlite3.Connection, folder: Path) -> None:
        super().__init__(number)
        self._db = db
        self._now = START
        self._made = 0
        self._bodies = 0
        self._rng = random.Random(number)
        self._documents: dict[str, list[Item]] = {"alpha": [], "beta": [], "gamma": []}
        self._settings = Settings(
            database=folder / "feedd.db",
            articles=self.one(("auto", "always", "never")),
            websub_callback=self.one((None, "https://me.example/")),
            one_story=self.holds(0.9),
        )
        self._feeds: dict[str, FeedConfig] = {}
        for name in self._documents:
            self._configure(name)
        self._config_changed()
        self.told: list[str] = []

    def run(self, steps: int) -> None:
        """So many polls and acts."""
        for _ in range(steps):
            self._now += self.one(_PAUSES_S) + self.below(600)
            step = self._poll if self.holds(0.65) else self._act
            step()

    # ------------------------------------------------------------ polls

    def _poll(self) -> None:
        names = [name for name in self._feeds if self.holds(0.6)] or ["alpha"]
        results = []
        for state in feeds.feed_states(self._db, [n for n in names if n in self._feeds]):
            results.append(self._asked(state))
        if not results:
            return
        context = PollContext(self._settings, None, self._rng, self._config)
        said = []
        for one in decide_and_record(self._db, results, context, {}):
            report = one.report
            what = report.error or f"{report.new} new, {report.changed} changed"
            held = f", {one.backoff.host} held" if one.backoff else ""
            said.append(f"{report.feed} {report.status}: {what}{held}")
        self.told.append(f"{self._now - START} poll: {'; '.join(said)}")

    def _asked(self, state: FeedState) -> FetchResult:
        feed = self._feeds[state.name]
        validators = request_validators(state, self._now)
        result = FetchResult(state, feed, self._now, conditional=validators is not None)
        kind = self.below(20)
        if kind == 0:
            failure = self.one(
                (
                    Failure("timeout", "not finished within 30 s"),
                    Failure("no-server", "connection refused"),
                    Failure("dns", "no such name"),
                    Failure("tls", "the certificate has expired"),
                    Failure("not-a-feed", "is an HTML page", 200, ("https://site.example/new",)),
                )
            )
            return replace(result, failure=failure)
        response = self._answer(state, kind)
        failed = answer_failure(response, conditional=result.conditional)
        if failed is not None:
            wait_s = headers.retry_after_s(response.headers, self._now)
            asked_to_wait = response.status in (429, 503)
            return replace(
                result,
                response=replace(response, body=b""),
                failure=failed,
                retry_after_s=wait_s if asked_to_wait else None,
            )
        result = with_answer(result, response)
        same = result.body_hash == state.body_hash and not response.truncated
        if response.status == 304 or same:
            return result
        complete = not response.truncated
        document = Document(response.body, response.url, complete=complete, seen=state.items)
        try:
            return replace(result, document=parse_document(ParseJob(document, state.keys)))
        except ParseError as error:
            failure = parse_failure(error, response.status)
            return replace(result, failure=failure, validators=None, max_age_s=None, body_hash=b"")

    def _answer(self, state: FeedState, kind: int) -> Response:
        said = {"content-type": "application/xml"}
        for name, values in {
            "etag": (f'"{self._bodies}"', 'W/"x"'),
            "last-modified": ("Mon, 21 Sep 2026 10:00:00 GMT",),
            "cache-control": ("max-age=7200", "max-age=60", "no-cache", "max-age=1000000"),
            "retry-after": ("120", "7200", "1000000", "soon"),
        }.items():
            if self.holds(0.3):
                said[name] = self.one(values)
        url = state.active_url
        if kind == 1:
            status = self.one((304, 304, 404, 410, 401, 403, 429, 429, 500, 503, 301))
            return Response(status, url, said, b"<html>sorry", wire_bytes=100, duration_ms=5)
        if kind in (2, 3) and (state.validators is not None or self.holds(0.2)):
            return Response(304, url, said, wire_bytes=90, duration_ms=4)
        self._change(self._documents[state.name])
        body = self._written(state.name).encode()
        moved = f"https://new.example/{state.name}" if kind == 4 else None
        hops = (Hop(301, moved),) if moved else ()
        cut = kind == 5
        return Response(
            200,
            moved or url,
            said,
            body[: len(body) * 2 // 3] if cut else body,
            hops=hops,
            permanent_url=moved,
            truncated=cut,
            wire_bytes=len(body),
            duration_ms=7,
        )

    # ------------------------------------------------------------ documents

    def _change(self, document: list[Item]) -> None:
        self._bodies += 1
        for _ in range(self.below(4)):
            document.insert(0, self._item())
        ways: Sequence[Callable[[Item], None]] = (
            lambda item: setattr(item, "title", f"{item.title} anew"),
            lambda item: setattr(item, "text", self._text(60)),
            lambda item: setattr(item, "text", f"{item.text} 7 comments"),
            lambda item: setattr(item, "guid", None),
            lambda item: setattr(item, "guid", f"{item.guid}-b"),
            lambda item: setattr(item, "link", item.link.replace("https", "http")),
            lambda item: setattr(item, "link", f"{item.link}?utm_source=x"),
            lambda item: setattr(item, "at", self._now),
            lambda item: setattr(item, "more", "<author>Ann Lee</author>"),
        )
        for item in document:
            if self.holds(0.15):
                self.one(ways)(item)
        if self.holds(0.015) and document:
            document.append(document[0])  # the same item twice
        if self.holds(0.1):
            document.reverse()
        if self.holds(0.05):
            document[:] = [self._item(), self._item()]  # a gap
        del document[8:]

    def _item(self) -> Item:
        self._made += 1
        age = self.one((0, 60, HOUR_S, DAY_S, 40 * DAY_S, -DAY_S))
        shared = self.holds(0.3) and self._made > 3
        number = self._made - self.below(3) if shared else self._made
        text = self._text(self.one((3, 40, 120)))
        if shared:
            others = [item for document in self._documents.values() for item in document]
            text = self.one(others).text if others else text
        item = Item(number, self._text(4), text, self._now - age if self.holds(0.9) else None)
        if self.holds(0.2):
            item.more = f'<enclosure url="https://site.example/{number}.mp3" type="audio/mpeg"/>'
        return item

    def _text(self, words: int) -> str:
        return " ".join(self.one(_WORDS if self.holds(0.25) else _MORE_WORDS) for _ in range(words))

    def _written(self, name: str) -> str:
        head = self.one(
            (
                "", "", "<ttl>90</ttl>", '<atom:link rel="hub" href="https://hub.example/"/>',
                '<atom:link rel="prev-archive" href="https://site.example/old"/>',
                "<skipDays><day>Sunday</day></skipDays>", "<language>en</language>",
            )
        )  # fmt: skip
        written = "".join(map(self._item_written, self._documents[name]))
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">'
            f"<channel><title>{name}</title><link>https://{name}.example/</link>{head}{written}"
            "</channel></rss>"
        )

    def _item_written(self, item: Item) -> str:
        guid = f"<guid isPermaLink='false'>{item.guid}</guid>" if item.guid else ""
        day = ""
        if item.at is not None:
            day = f"<pubDate>{formatdate(item.at)}</pubDate>"
        return (
            f"<item>{guid}<title>{item.title}</title><link>{item.link}</link>{day}{item.more}"
            f"<description>&lt;p&gt;{item.text}&lt;/p&gt;</description></item>"
        )

    # ------------------------------------------------------------ the reader

    def _act(self) -> None:
        ways: Sequence[Callable[[], object]] = (
            self._mark, self._mark, self._tag, self._undo, self._prune, self._page, self._page,
            self._other_file, self._split, self._find_stories, self._clock_back, self._lost,
        )  # fmt: skip
        way = self.one(ways)
        try:
            said = way()
        except FeeddError as error:
            said = f"{type(error).__name__}: {error}"
        self.told.append(f"{self._now - START} {way.__name__.strip('_')}: {said}")

    def _ids(self) -> list[int]:
        everything = items.list_items(self._db, ItemFilter(which="all", limit=None)).items
        return self.some([one.id for one in everything], 4) if everything else []

    def _mark(self) -> object:
        action = self.one(_ACTIONS)
        command = f"mark {action}" if self.holds(0.8) else None
        if self.holds(0.4):
            chosen = ItemFilter(feeds=self.one((("alpha",), None)), which="all")
            before = self._now - self.one((0, DAY_S, 10 * DAY_S))
            return marks.mark(self._db, action, filter=chosen, before=before, now=self._now,
                              command=command)  # fmt: skip
        return marks.mark(self._db, action, ids=self._ids(), now=self._now, command=command)

    def _tag(self) -> object:
        add, remove = self.some(("own", "Own", "two"), 2), self.some(("own", "two"), 1)
        return marks.tag(self._db, add=add, remove=remove, ids=self._ids(), now=self._now,
                         command="tag")  # fmt: skip

    def _undo(self) -> object:
        act, count = acts.undo(self._db, self.one((None, None, 1, 2, 99)), self._now)
        return f"{act.command}, {count}"

    def _prune(self) -> object:
        keep = Retention(
            self.one((None, DAY_S, 10 * DAY_S)),
            self.one((None, None, 5 * DAY_S, 30 * DAY_S)),
            self.one((None, None, 2)),
        )
        own = {"alpha": Retention()} if self.holds(0.3) else {}
        done = retention.prune(self._db, self._now, keep, own, removed=self.holds(0.3),
                               dry_run=self.holds(0.2))  # fmt: skip
        return [(one.feed, one.pruned, one.kept) for one in done]

    def _page(self) -> object:
        jobs = articles.page_jobs(self._db, self._now, 2)
        for job in jobs:
            if self.holds(0.3):
                articles.postpone_page(self._db, job, "http 503", self._now)
                continue
            article = self.one(
                (
                    Article(job.url, error="paywall"),
                    Article(job.url, html=f"<p>{self._text(50)}</p>", text=self._text(5),
                            title="A page", byline="Bo", confidence=0.8, language="en"),
                    Article(job.url, html=f"<p>{self._text(9)}</p>", note="Page 2 is missing"),
                )
            )  # fmt: skip
            articles.store_article(self._db, job, article, self._now)
        return f"{[job.entry_id for job in jobs]}, {articles.queue_length(self._db)} wait"

    def _configure(self, name: str) -> None:
        self._feeds[name] = FeedConfig(
            name,
            f"https://{name}.example/feed",
            tags=tuple(self.some(("news", "tech"), 1)),
            mute=("petition",) if self.holds(0.3) else (),
            updates=self.one(("keep", "unread")),
            interval_s=self.one((None, None, HOUR_S, 2 * DAY_S)),
            first_unread=self.one((None, None, 2, 0)),
            one_story=self.holds(0.9),
        )

    def _config_changed(self) -> None:
        rules = (Rule(1, "title:lock", ("star", "tag:luck")), Rule(2, "title:ferry", ("read",)))
        path = Path("/file/config.toml")
        self._config = Config(path, self._settings, dict(self._feeds), rules=rules)
        feeds.sync_feeds(self._db, self._feeds.values(), self._now)

    def _other_file(self) -> object:
        name = self.one(("alpha", "beta", "gamma"))
        if name in self._feeds and self.holds(0.5):
            del self._feeds[name]
        else:
            self._configure(name)
            if self.holds(0.3):
                url = f"https://{name}.example/other"
                self._feeds[name] = self._feeds[name]._replace(url=url)
        self._config_changed()
        return sorted(self._feeds)

    def _split(self) -> object:
        return similarity.split(self._db, self.one(self._ids() or [1]))

    def _find_stories(self) -> object:
        rounds = 1
        while similarity.find_stories(self._db, self._now):
            rounds += 1
        return rounds

    def _clock_back(self) -> object:
        back_s = self.one((HOUR_S, 30 * DAY_S))
        self._now -= back_s
        polls.follow_clock(self._db, self._now, back_s)
        return back_s

    def _lost(self) -> object:
        found = recovery.next_search(self._db, self._now)
        if found is None:
            return "no feed is lost"
        recovery.note_search(self._db, found.id, self._now, again_after_s=DAY_S, at_most=3)
        return found.name

    # ------------------------------------------------------------ what there is then

    def found(self) -> list[str]:
        """What the database says when it is asked, and all that it holds."""
        said = []
        for which in _LISTS:
            for every in (False, True):
                wanted = ItemFilter(which=which, limit=None, every=every)
                ids = [one.id for one in items.list_items(self._db, wanted).items]
                said.append(f"{which}{' every' if every else ''}: {ids}")
        for query in _QUERIES:
            with suppress(FeeddError):
                where = parse_query(query, now=self._now)
                wanted = ItemFilter(which="all", limit=None, where=where)
                page = items.list_items(self._db, wanted)
                said.append(f"{query}: {[one.id for one in page.items]}")
        said += [
            f"due: {[state.name for state in polls.due(self._db, self._now)]},"
            f" {polls.next_due(self._db, self._now)}",
            f"events: {len(events.last_events(self._db, 'x', 1000, self._now))}",
        ]
        return said

    def feeds(self) -> list[str]:
        """What is known of each feed."""
        counts = {one.feed.name: one for one in items.feed_summaries(self._db)}
        return [
            f"{one.name}: {counts[one.name].items} items, {counts[one.name].unread} unread,"
            f" {counts[one.name].updated} updated; {one.state}, {one.failures} failures, next in"
            f" {(one.next_poll or 0) - self._now} s: {one.next_reason}; {one.notes};"
            f" {one.last_error}"
            for one in feeds.feed_states(self._db)
        ]

    def problems(self, path: Path) -> list[str]:
        """What is wrong with the database: nothing, whatever happened."""
        return integrity.check(path)

    def rows(self) -> dict[str, list[str]]:
        """All that is stored, by table, but for what is drawn at random."""
        found = {}
        for table in _TABLES:
            rows = self._db.execute(f"SELECT * FROM {table}")
            kept = [n for n, one in enumerate(rows.description) if one[0] not in _DRAWN]
            found[table] = sorted(repr([_value(row[n]) for n in kept]) for row in rows)
        return found


def _value(value: object) -> object:
    """As it reads: however the library packs it."""
    return unpack(value) if isinstance(value, bytes) and value[:4] == b"\x28\xb5\x2f\xfd" else value
