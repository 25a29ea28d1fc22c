"""What commands say, by functions that need no store: on values put together by chance. What comes
of each stands in a table, as it was approved.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from feedd import configfile
from feedd.cli import (
    completion,
    digest,
    feed_finder,
    feed_table,
    hints,
    item_changes,
    item_page,
    one_pass,
    options,
    why,
)
from feedd.cli.event_log import _line
from feedd.cli.feed_table import ListedFeed
from feedd.cli.item_lines import ItemLines, Matches, Template, age_of, grouped, heading
from feedd.cli.screen import Colours, Screen, osc8_target, pad_left, unpainted
from feedd.errors import FeeddError
from feedd.model import (
    ArticleDetail,
    Enclosure,
    FeedConfig,
    FeedState,
    Item,
    ItemDetail,
    PollRecord,
    Proposal,
    Subscription,
)
from feedd.query import parse
from feedd.store.entry_versions import Version
from feedd.store.events import Cursor, Event
from tests.approval import approved, mark, marked
from tests.chance import Chance

FOLDER = Path(__file__).with_name("tables")
NOW = 1_800_000_000
YEAR_S = 31_557_600
TEXTS = (
    "", "Bridge", "A bridge, decided", "日本語の題名は二倍の幅を取る", "Evil \x1b[31mred\x1b[0m \u202etxt", "👩🏽‍🚀 Cafe\u0301 🇩🇪", "tab\there", "two\nlines", "*bold* _x_ [a](b) <b>", "1. one", "- x",
    "A title so long that it cannot stand on one line of eighty columns, whatever the layout of the list may be", "&amp; | ~", "x" * 30,
)  # fmt: skip
LINKS = (
    None,
    "https://e.org/a",
    "https://e.org/a b(c)",
    "http://é.e/ü",
    "ftp://e.org/",
    "javascript:x",
    "https://e.org/" + "x" * 2_080,
    "mailto:a@b.c",
    "",
)
AGES = (
    -YEAR_S - 1,
    -YEAR_S,
    -3600,
    -1,
    0,
    1,
    59,
    60,
    3599,
    3600,
    86_399,
    86_400,
    864_000,
    40_000_000,
)
CONFIG = configfile.parse(
    '[feeds]\nalpha = "https://a.example/"\n[feeds.beta]\nurl = "https://b.example/"\ntitle = "Beta \'s"\n'
    'tags = ["news", "b"]\n[feeds.gamma]\nurl = "https://c.example/"\ntags = ["news"]\n[feeds."d e"]\nurl = "https://d.example/"\n',
    Path("/config.toml"),
)  # fmt: skip


def a_screen(chance: Chance) -> Screen:
    terminal = chance.holds(0.7)
    colours: Colours = chance.one((0, 16, 256))
    return Screen(
        terminal=terminal, colours=colours if terminal else 0, columns=chance.one((20, 40, 80, 119, 120)) if terminal else None,
        rows=chance.one((None, 5, 24)), links=terminal and chance.holds(0.5), draws=chance.holds(0.8),
    )  # fmt: skip


def an_item(chance: Chance) -> Item:
    at = NOW - chance.one(AGES)
    return Item(
        id=chance.one((1, 7, 42, 12_345)), feed=chance.one(("alpha", "beta", "d e", "a-feed-with-a-long-name-of-its-own", "日本")), title=chance.one(TEXTS), link=chance.one(LINKS),
        author=chance.one((None, "", "Ann Lee", "Bo \x1b[1m")), published=chance.one((None, at)), updated=chance.one((None, at + 60)), first_seen=NOW - 5, sort_at=min(at, NOW - 5), read=chance.holds(0.5), starred=chance.holds(0.3),
        also_in=tuple(chance.some(("gamma", "beta"), 2)), changes=chance.one((0, 1, 3)), summary=chance.one(("", *TEXTS)), enclosures=tuple(chance.some((Enclosure("https://e.org/a.mp3", "audio/mpeg", 12_000_000), Enclosure("https://e.org/b", None, 0, 3723)), 2)),
        comments=chance.one((None, "https://e.org/c")), categories=tuple(chance.some(("x", "y"), 2)), image=chance.one((None, "https://e.org/i.png")), season=chance.one((None, 2)), episode=chance.one((None, 3)), origin=chance.one((None, "Elsewhere")),
        item_tags=tuple(dict.fromkeys(chance.some(("later", "fun", "日本", "a-tag-that-is-rather-long"), 3))), language=chance.one((None, "en")), words=chance.one((None, 0, 1, 300)), snippet=chance.one((None, "", "some \x02bridge\x03 over", "far " * 30 + "\x02bridge\x03 and \x02words\x03 " + "on " * 40, "\x02日本\x03語")),
    )  # fmt: skip


def of_screens(chance: Chance) -> Iterator[object]:
    environ = {
        name: chance.one(values)
        for name, values in {
            "TERM": ("", "dumb", "xterm", "xterm-256color", "xterm-kitty", "foot"), "COLORTERM": ("truecolor",), "NO_COLOR": ("", "1"), "CLICOLOR_FORCE": ("0", "1", ""), "COLUMNS": ("5", "0", "100", "x", "20", "²"), "FORCE_HYPERLINK": ("0", "1", ""),
            "TERM_PROGRAM": ("tmux", "iTerm.app", "Apple_Terminal", "vscode"), "TERM_PROGRAM_VERSION": ("3.3a", "3.4", "next-3.5", ""), "VTE_VERSION": ("4999", "5000", "x"), "WT_SESSION": ("1",),
        }.items()
        if chance.holds(0.35)
    }  # fmt: skip
    terminal = chance.holds(0.7)
    stream: Any = SimpleNamespace(isatty=lambda: terminal, fileno=io.StringIO().fileno)
    screen = Screen.of(stream, environ)
    yield environ, terminal, vars(screen), [screen.fits(n) for n in (0, 24, 25)]
    screen = a_screen(chance)
    url = chance.one(LINKS) or ""
    yield screen.fits(5), screen.fits(6), screen.link("x", url), osc8_target(url), pad_left("日", 4)
    columns = 1 + chance.below(4)
    rows = [[chance.one(TEXTS) for _ in range(columns)] for _ in range(chance.below(4))]
    lines = screen.table(
        rows,
        header=chance.one(((), ("HEAD", "日本", "A long heading", "X")[:columns])),
        right=chance.some(range(columns), 2),
        shrink=chance.one((None, 0)),
    )
    yield lines, [unpainted(line) for line in lines]
    yield (
        screen.paint(chance.one(TEXTS), "bold", "red"),
        screen.paint_feed("name", chance.one(TEXTS)),
    )


def of_lines(chance: Chance) -> Iterator[object]:
    items = [an_item(chance) for _ in range(1 + chance.below(3))]
    screen = a_screen(chance)
    matches = chance.one((None, Matches(parse("bridge or title:words or 日本"), screen)))
    lines = ItemLines(
        items,
        screen=screen,
        now=NOW,
        which=chance.one(("unread", "all", "read", "starred")),
        feeds_shown=chance.holds(0.7),
        matches=matches,
    )
    yield (
        [lines.line(item) for item in items],
        [lines.context(item) for item in items],
        lines.indent,
    )
    yield [age_of(item, NOW) for item in items]
    yield [
        (key, [item.id for item in some])
        for key, some in grouped(items, lambda item: (item.feed, *item.item_tags))
    ]
    yield heading(
        chance.one(TEXTS), chance.one((1, 1200)), screen, feed=chance.one((None, "alpha"))
    )
    written = "".join(
        chance.some(
            (
                "{id}",
                "{title:.5}",
                "{age:>4}",
                "|",
                "\\t",
                "\\n",
                "{{",
                "}",
                "{tags}",
                "{read}",
                "{enclosures}",
                "{date}",
                "{titel}",
                "{link!r}",
                "{author}",
                "{also_in}",
                "{published}",
                "{id:z}",
                "{image}",
                "{",
            ),
            5,
        )
    )
    try:
        yield written, Template(written).line(items[0], CONFIG, NOW)
    except FeeddError as error:
        yield written, str(error)


def of_digests(chance: Chance) -> Iterator[object]:
    items = [an_item(chance) for _ in range(chance.below(6))]
    made = digest.digest(items, CONFIG, now=NOW, left_out=chance.one((0, 1, 1200)))
    made = digest.Digest(
        made.title,
        made.count,
        made.sections,
        made.left_out,
        tuple(chance.some(("gone: x", "<b> & *c*"), 2)),
    )
    yield digest.as_text(made)
    yield digest.as_markdown(made)
    yield digest.as_html(made).partition("</style>")[2]


def of_pages(chance: Chance) -> Iterator[object]:
    item = an_item(chance)
    html = chance.one(
        (
            "",
            "<p>Words, and <a href='https://l.example/1'>a link</a>.</p>",
            "<pre><code>" + "code " * 30 + "</code></pre><p>x</p>",
            "<h2>H</h2><p>" + "word " * 90 + "</p><img src=https://e.org/p.png alt=P>",
        )
    )
    article = ArticleDetail(
        "https://e.org/page",
        chance.one((None, "Other title", item.title)),
        chance.one((None, "Ann Lee", "Cy")),
        chance.one((None, NOW - 99)),
        chance.one((None, "https://e.org/lead.png")),
        None,
        0.5,
        chance.one((None, "Page 2 is missing")),
    )
    of_article = chance.holds(0.5)
    detail = ItemDetail(
        item,
        html,
        "text",
        "article" if of_article else "feed",
        chance.one((None, None, "paywall", "http 404")),
        html,
        article if of_article else None,
    )
    screen = a_screen(chance)
    columns = chance.one((20, 40, 72))
    yield item_page.article_lines(detail, CONFIG, screen, columns)
    yield item_page.link_lines(detail, screen), item_page.links_of(detail)
    yield item_page._attachments(detail, screen), item_page._trouble(detail)


def of_changes(chance: Chance) -> Iterator[object]:
    words = ("bridge", "river", "toll", "ten", "nine", ",", "日本")
    before = [" ".join(chance.some(words, 6)) for _ in range(chance.below(9))]
    after = [
        chance.one((line, line, line, " ".join(chance.some(words, 6)), line + " more"))
        for line in before
        if chance.holds(0.9)
    ]
    after += [" ".join(chance.some(words, 3)) for _ in range(chance.below(3))]
    lines = item_changes.word_diff("\n".join(before), "\n".join(after))
    yield [[(run.kind[0], run.words) for run in line] for line in lines]
    yield item_changes.runs(lines, "removed"), item_changes.runs(lines, "added")
    old = Version(chance.one((1, 4)), NOW - 99, chance.one(TEXTS), "\n".join(before))
    new = Version(5, None, chance.one((old.title, "Other")), "\n".join(after))
    yield (
        list(item_changes.change_lines(old, new, 4, a_screen(chance))),
        item_changes.change_record(7, old, new),
    )


def a_feed(chance: Chance) -> ListedFeed:
    at = chance.one((None, NOW - 5, NOW - 90_000))
    url = "https://e.org/f"
    state = FeedState(
        id=1, name=chance.one(("alpha", "beta", "a-feed-with-a-long-name-of-its-own")), url=url, active_url=chance.one((url, url, "https://moved.example/")), state=chance.one(("new", "ok", "failing", "gone", "disabled", "removed")), title=chance.one((None, *TEXTS)),
        last_poll=at, last_success=chance.one((None, at)), last_error=chance.one((None, "timeout")), failures=chance.below(4), failing_since=chance.one((None, NOW - 864_000)), next_poll=chance.one((None, 0, NOW - 1, NOW, NOW + 1, NOW + 7200)), next_reason=chance.one(("", "as asked")),
        move_to=chance.one((None, "https://to.example/")), suggested_url=chance.one((None, "https://s.example/")), notes=chance.one((None, "answers 200 to conditional requests")), interval_s=chance.one((None, 3600)), hub=chance.one((None, "https://hub.example/")), last_status=chance.one((None, 304)),
    )  # fmt: skip
    entry = FeedConfig(
        state.name,
        url,
        title=chance.one((None, "Own")),
        tags=tuple(chance.some(("a", "b"), 2)),
        enabled=chance.holds(0.8),
    )
    proposal = Proposal("https://found.example/", chance.below(4), 4) if chance.holds(0.3) else None
    return ListedFeed(
        chance.one((None, entry, entry)),
        state,
        chance.one((0, 1, 1200)),
        chance.one((0, 3)),
        chance.below(2),
        proposal,
    )


def of_feeds(chance: Chance) -> Iterator[object]:
    feeds = [a_feed(chance) for _ in range(chance.below(4))]
    causes = {feed.feed.name: feed_table.health(feed, NOW) for feed in feeds if chance.holds(0.8)}
    yield (
        causes,
        [feed.is_unhealthy for feed in feeds],
        [feed_table.next_poll(feed.feed, NOW) for feed in feeds],
    )
    yield (
        list(feed_table.feed_lines(feeds, causes, a_screen(chance), NOW)),
        feed_table.total(feeds, chance.one((None, 0, 1200))),
    )
    for feed in feeds:
        yield dict(feed_table.feed_record(feed)), list(why.feed_facts(feed, NOW))
    subscription = Subscription(
        feed_id=1, feed="alpha", topic="https://e.org/f", hub="https://hub.example/", token="t", secret="s", state=chance.one(("offered", "asked", "verified", "denied", "leaving")), lease_ends=chance.one((None, NOW - 1, NOW, NOW + 864_000)), last_push=chance.one((None, NOW - 60)), error=chance.one((None, "http 500")),
    )  # fmt: skip
    yield list(
        why.hub_facts(
            chance.one((None, subscription, subscription)),
            on=chance.holds(0.8),
            offered=chance.one((None, "https://h.example/")),
            now=NOW,
        )
    )
    poll = PollRecord(
        at=NOW - chance.one((0, 60, 90_000)),
        url="https://e.org/f",
        status=chance.one((None, 200, 304)),
        bytes=chance.one((0, 999, 1_000, 12_345_678)),
        duration_ms=chance.below(3000),
        new=chance.below(3),
        changed=chance.below(3),
        error=chance.one((None, "timeout")),
        next_poll=chance.one((None, NOW - 99_999, NOW + 60)),
        reason=chance.one(("", "as asked")),
    )
    yield why.poll_row(poll, NOW), dict(why.poll_record(poll))
    trouble: Any = SimpleNamespace(
        kind=chance.one(("silent", "gone", "failing")),
        since=NOW - chance.one((-5, 0, 864_000)),
        error=chance.one((None, "x")),
    )
    yield feed_table.trouble_in_words(trouble, NOW)


def of_words(chance: Chance) -> Iterator[object]:
    typed = "".join(chance.some(("a", "'", '"', "\\", " ", "$", "`", "d e"), 5))
    yield (
        typed,
        completion.open_quote(typed),
        [completion.quoted(typed, quote) for quote in ("'", '"', "")],
    )
    words = chance.some(
        (
            "7",
            "alpha",
            "alhpa",
            "https://e.org/f",
            "e.org",
            "e.org/x y",
            "unread",
            "subscribe",
            "serch",
            "zzz",
            "version",
            "man",
            "TAIL",
            "-n",
            "doctor",
            "update",
        ),
        3,
    ) or ["ls"]
    yield (
        words,
        hints.command_meant(words, ("list", "search", "tail", "show"), chance.one((None, CONFIG))),
    )
    title = chance.one(
        (
            "",
            "Planet Python",
            "L'Équipe — Ligue 1",
            "Straße & Co.",
            "日本語 blog",
            "a" * 40,
            "one two three four five six seven",
            "’s",
            *TEXTS,
        )
    )
    url = chance.one(
        (
            "https://news.ycombinator.com/rss",
            "https://www.bbc.co.uk/x",
            "https://127.0.0.1:8/",
            "https://[::1]/",
            "https://localhost/",
            "https://blog.e.org/",
            "https://co.uk/",
            "https://feeds.feed.com/",
            "x",
            "https://[bad",
        )
    )
    yield (
        title,
        url,
        feed_finder.name_for(
            title=title,
            url=url,
            taken=chance.some(("feed", "planet-python", "bbc", "bbc-2", "localhost"), 4),
        ),
    )
    address = "".join(
        chance.some(
            (
                "feed:",
                "feed://",
                "https://",
                "e.org",
                "/x",
                " ",
                "ftp://",
                ":80",
                "FEED:http://",
                "exec:ls",
                "file:/a",
                "e.org:8080",
            ),
            3,
        )
    )
    try:
        yield address, feed_finder.address_of(address)
    except FeeddError as error:
        yield address, str(error)
    names = chance.some(("a", "b", "c", "d", "e", "f", "g\x1b"), 9)
    yield one_pass.waiting_words(names, chance.one((2.9, 3.0, 5.0)))
    yield options.command_text(
        "mark", names[:2], feeds=names[2:4] or None, where=chance.one((None, "a b", "x" * 600))
    )[:120]
    when = chance.one((None, "4h", "today", "2027-01-14", "10:00", "soon"))
    try:
        yield when, options.moment(when, now=NOW, option=chance.one(("--since", "--until")))
    except FeeddError as error:
        yield when, str(error)
    kind: Any
    detail: Any
    kind, detail = chance.one(
        (
            ("new", {}),
            ("updated", {"change": 2}),
            ("updated", {"change": None}),
            ("moved", {"from": "a", "to": "b\x1b"}),
            ("joined", {"story": 3}),
            ("broken", {"error": "x"}),
            ("failed", {"error": None}),
            ("repaired", {}),
        )
    )
    event = Event(
        Cursor("i", 1, 2), NOW, kind, chance.one((None, "alpha")), chance.one((None, 7)), detail
    )
    yield _line(event, chance.one((None, an_item(chance))))
    tried = chance.one(("7", "0", "x", "alpha", "²", "1" * 18, "1" * 19, "-1"))
    try:
        yield tried, options.item_id(tried)
    except FeeddError as error:
        yield tried, str(error)


TABLES: dict[str, tuple[int, int, Callable[[Chance], Iterator[object]]]] = {
    "screens": (40, 500, of_screens),
    "lines": (40, 500, of_lines),
    "digests": (20, 200, of_digests),
    "pages": (30, 400, of_pages),
    "changes": (40, 500, of_changes),
    "feeds": (30, 400, of_feeds),
    "words": (60, 600, of_words),
}
"""How many are shown, and how many there are in all: of the others what comes of them is marked."""


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("name", TABLES)
def test_what_is_said_is_what_was_approved(name: str) -> None:
    shown, count, told = TABLES[name]
    lines = [f"{n}: {one!a:.200} {mark(one)}" for n in range(shown) for one in told(Chance(n))]
    lines += marked(shown, count, lambda n: list(told(Chance(n))))
    approved(FOLDER / f"{name}.txt", "\n".join(lines) + "\n")
