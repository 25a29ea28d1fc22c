"""Functions from texts to values, each on texts put together by chance from what they look for.

What comes of each text stands in a table of its own, as it was approved: a change of a rule shows
as the lines that it changes, and one that nobody meant is seen.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from feedd import identity, sanitise, schedule, terminal, text, units
from feedd.cli import line_breaks
from feedd.cli.screen import Screen
from feedd.cli.typeset import typeset
from feedd.configfile import editor, feed_changes
from feedd.configfile import parse as parse_config
from feedd.errors import ConfigError, FeeddError
from feedd.http import request
from feedd.http.transfer import joined
from feedd.identity import content
from feedd.model import (
    Credentials,
    Enclosure,
    Entry,
    EntryKeys,
    FeedConfig,
    Hints,
    Hop,
    KnownEntry,
)
from feedd.opml import outlines
from feedd.query import QueryNames, wanted_terms
from feedd.query import parse as parse_query
from feedd.query.contradictions import KnownNames, why_nothing
from feedd.sanitise.attributes import image_candidates, link
from feedd.schedule import headers
from feedd.store.search.snippets import pattern_for, snippet
from feedd.web import dates, discovery, encoding, page_items, robot_checks
from tests.approval import approved, mark, marked, short
from tests.article.made import PageMaker
from tests.chance import Chance

FOLDER = Path(__file__).with_name("tables")
URL = "https://site.example/dir/page?x=1"
NOW = 1_800_000_000
HOUR_S = 3600
DAY_S = 86_400

DATE_PARTS = (
    "Mon", "Montag,", "lundi", "2", "02", "31", "13", "Jan", "Januar", "März", "mai", "Февраля",
    "2006", "06", "1999", "15:04", "15:04:05", "3:04", "pm", "a.m.", "GMT", "EST", "MESZ", "+0200",
    "-05:30", "Z", "T", "-", "/", ".", ",", "at", "um", "2026-01-02", "2026-01-02T03:04:05",
    "2026-01-02T03:04:05.678+05:30", "1700000000", "1700000000000", "2026年1月2日", "午後3時4分",
    "3月", "2026년", "02/03/2026", "13/02/2026", "02.03.2026", "yesterday", "24:00", "23:59:60",
    "Europe/Berlin", "(CET)", "posted", "de", "1st", "Sept.", "20260102", "W03",
)  # fmt: skip
CLOCK_PARTS = (
    "5", "05", "1999", "007", "12:00 am", "12 pm", "0:30 am", "13:00 pm", "00:00", "23:59", "9:5", "10h30", "10.30 Uhr",
    "May", "mayo", "Sept", "sat", "Mar", "mar.", "march", "1st", "22nd", "3rd", "of", "de", "the", "the 4th", "um", "at",
    "-0000", "+1", "+01", "+0530", "+14:00", "-12:00", "+15:00", "UTC+2", "GMT-3", "Z", "z", "PST", "CST", "BST", "JST", "X",
    "2024-02-29", "2023-02-29", "2024/1/2", "1/2/2024", "13/1/2024", "1.2.24", "99", "69", "70", "68", "0000", "0001", "9999",
    "2024-W01-1", "20240102T030405Z", "2024-366", "12:34:56.789", "12:34:60", "24:00:00", "24:01", "2024-01-02T24:00",
    "\u200e", "\xa0", "令和", "年", "３月", "오후", "1700000000.5", "-1", "Tue,", "Dienstag", "noon", "+", "-", "(", ")",
)  # fmt: skip
ADDRESS_PARTS = (
    "https://", "http://", "HTTPS://", "//", "www.", "WWW.", "m.", "e.org", "E.Org", "localhost", "münchen.example", "xn--mnchen-3ya.example",
    "1.2.3.4", "[::1]", "user@", "user:pw@", ":80", ":443", ":8080", ":0", ":", ".", "/", "/a", "/A", "/a/", "//", "/../", "/./", "/index.html",
    "/index.php", "/amp", "/feed", "/tag/x", "/2024/05/01/", "?", "?a=1", "&b=2", "&utm_source=x", "?fbclid=1", "&", "&&", "=", "?page=2", "&p=7",
    ";jsessionid=1", "#", "#top", "#!/route", "#/r", "%20", "%7E", "%zz", "~", " ", "é", "日本", "\n", "&amp;", "'", '"', "<", "|", "+", "comments", "?replytocom=3",
)  # fmt: skip
URLS = (
    "https://e.org/a", "HTTP://E.org:80/A/../b", "//cdn.e/x", "/y?utm_source=z&b=1", "z#frag", "?q",
    "javascript:x()", " https://e.org/a b ", "https://user:pw@e.org/", "http://[::1]/", "http://é.e/",
    "data:image/png;base64,xx", "mailto:a@b.c", "https://e.org:99999/", "http:///e.org/1", "",
    "https://www.e.org/index.html?fbclid=1#x", "ftp://e.org/", "https://e.org/%zz%20", "feed:https://e.org",
    "https://e.org/a;jsessionid=1", "https://m.e.org/amp/", "https://e.org/?p=7&page=2", "x\ty",
    "https://e.org/a//b/./c", "tel:+1", "https://e.org./a", "https://e.org/a/?ref=rss#comments",
)  # fmt: skip
MARKUP = (
    "<p>", "</p>", "<b>", "</b>", "<a href='/r'>", "</a>", "<a href=\"javascript:x()\" onclick=y>",
    "<img src=i.png alt='x y' onerror=z>", "<img src='data:x'>", "<script>x()</script>", "<style>",
    "</style>", "<iframe src='https://www.youtube.com/embed/a'></iframe>", "<iframe src=''></iframe>",
    "<pre>a  b\n c</pre>", "<ul><li>one</li><li>two</li></ul>", "<ol start=3><li>x</ol>", "<br>",
    "<table><tr><td>1</td><td>2</td></tr></table>", "<h2 id=n>", "</h2>", "<blockquote>", "<!-- c -->",
    "</blockquote>", "&amp;", "&lt;b&gt;", "&#8217;", "&nbsp;", "&bogus;", "\xad", "words of text",
    "日本語", "a < b > c", "<svg><a xlink:href=x>", "</svg>", "<math>", "<video src=v.mp4 controls>",
    "<font color=red size=1>", "</font>", "<div style='position:fixed' class=language-py>", "</div>",
    "<a href='#n'>n</a>", "<sup><a href='#fn1'>1</a></sup>", "<p id=fn1>note</p>", "\n\n", "\t",
    "<code class='language-python x'>", "</code>", "<details open><summary>s</summary>", "</details>",
    "<img srcset='a.png 1x, b.png 2x'>", "<audio src=a.mp3>", "<form><input></form>", "<object data=x>",
    "<base href=//evil>", "<meta http-equiv=refresh>", "\u202e", "\x1b[31m", "\x00", "<p align=center>",
    "<td>", "<dl><dt>t<dd>d</dl>", "<hr>", "<del>x</del>", "<time datetime=2026>y</time>", "<unknown>",
    "<figure><img src=f.png><figcaption>c</figcaption></figure>", "<picture><source srcset=s.webp>",
)  # fmt: skip
SIGNS = (
    "words", "e\u0301", "日本", "👩🏽‍🚀", "🇩🇪", "☝🏽", "a🏽", "日🏽", "🇩", "©\ufe0f", "1\ufe0f\u20e3", "👍🏽🏽", "\t", "\x1b[31m", "\x1b]0;t\x07", "\x9b", "\u202e",
    "\u2066", "\u200d", "\ufe0f", "\xad", "\r\n", "\n", "\x00", "\ud800", "a-b", "—", " ", "\u3000",
    "longwordwithoutanyend", "abc-def-ghi-jkl", "-", "x\u2010y\u2010z", "/usr/lib/a_b", "(x)", "，", "。", "𝔘", "\u0600", "ｆ", "ก้", "\u2028", "\ue000", "1.5",
)  # fmt: skip
QUERY_PARTS = (
    "bridge", "or", "and", "not", "-", "(", ")", '"two words"', "title:x", "feed:alpha", "tag:news",
    "is:unread", "is:starred", "is:read", "since:2d", "until:2026-01-31", "author:ann", "near/5",
    "has:enclosure", "lang:de", "words:>300", "words:<20", "@view", "site:e.org", "riv*", "title:",
    "is:", '"', "tag:none", "feed:nobody", "|", "+x", "text:y", "nosuch:z", "is:hidden", "~", "*",
    "日本", "age:<3d", "category:c", "OR", "!", "later", "is:later",
)  # fmt: skip
HEAD_PARTS = (
    "<link rel=alternate type=application/rss+xml href=/f.xml title=Feed>",
    "<link rel='alternate' type='application/atom+xml' href='atom'>", "<link rel=feed href=/feed>",
    "<link rel=alternate type=text/html href=/en>", "<base href=https://b.example/x/>", "<!--",
    "-->", "<a href=/rss>RSS</a>", "<a href=https://other.example/feed/>Feed</a>", "<title>T</title>",
    "<a href=/comments/feed>Comments</a>", "<link rel=alternate type=application/json href=/api>",
    "<link rel=alternate type=application/feed+json href=/feed.json>", "<p>", "<template>", "</p>",
    "<meta property=og:url content=https://c.example/>", "<link rel=canonical href=/canon>", "<svg>",
    "<a type=application/rss+xml href=/x><img></a>", "<script>'<link rel=feed href=/no>'</script>",
    "<a href='feed:https://e.org/f'>s</a>", "<meta charset=utf-8>", "<a href=/index.rdf>x</a>",
)  # fmt: skip


def of_parts(parts: Sequence[str], most: int, joint: str = " ") -> Callable[[Chance], str]:
    """What makes texts of so many parts at most."""
    return lambda chance: chance.one((joint, joint, "")).join(chance.some(parts, most))


def _nearly_a_date(chance: Chance) -> str:
    """As publishers write them, with a part of another kind here and there."""
    form = chance.one(
        ("{w}, {d} {m} {y} {t} {z}", "{d} {m} {y} {t} {z}", "{y}-{n}-{d}T{t}{z}", "{y}-{n}-{d}", "{d}.{n}.{y} {t}",
         "{m} {d}, {y} {t} {z}", "{w} {m} {d} {t} {z} {y}", "{d}/{n}/{y} {t}", "{n}/{d}/{y}", "{y}年{n}月{d}日 {t}",
         "Posted on {d} {m} {y} at {t}", "{y}{n}{d}", "{d} de {m} de {y}", "{w} {d} {m} {y}, {t} Uhr {z}")
    )  # fmt: skip
    parts = {
        "w": ("Mon", "Monday", "Montag", "lundi", "Пн", "x"),
        "d": ("1", "02", "12", "13", "28", "29", "30", "31", "32", "0"),
        "m": ("Jan", "January", "Feb", "März", "mai", "Juin", "декабря", "Sept.", "Xyz"),
        "n": ("01", "2", "12", "13", "00"),
        "y": ("2006", "06", "1969", "1999", "2024", "9999", "99"),
        "t": ("15:04:05", "15:04", "3:04 pm", "24:00", "25:00", "12:00 am", "23:59:60", "10.30", ""),
        "z": ("GMT", "Z", "+0200", "-05:30", "EST", "CEST", "MESZ", "Europe/Berlin", "+9999", ""),
    }  # fmt: skip
    return form.format(**{name: chance.one(some) for name, some in parts.items()})


def _dates(written: str) -> object:
    return (
        dates.to_epoch(written),
        dates.to_epoch(written, day_first=True),
        dates.utc_offset(written),
        dates.day_in(f"Updated {written} by Ann"),
        dates.day_order([written, None]),
    )


def discovery_of(written: str) -> object:
    return list(discovery.known_forms(written)), discovery.usual_paths(written)[:2]


def _page(chance: Chance) -> str:
    return PageMaker(chance.below(100_000)).page().body.decode()


def _typeset(html: str) -> object:
    screens = (
        Screen(terminal=False),
        Screen(terminal=True, colours=256, columns=80, links=True),
        Screen(terminal=True, colours=16, columns=40),
    )
    clean = sanitise.clean(html, URL)
    set_ = [typeset(clean, columns=columns, screen=screen, title="Bridge")
            for columns, screen in zip((72, 80, 24), screens, strict=True)]  # fmt: skip
    return [len(set_[0].lines), mark(set_[0].lines), mark(set_[1].lines), mark(set_[2].lines),
            len(set_[0].links)]  # fmt: skip


def _query(written: str) -> object:
    names = QueryNames(
        views={"view": "bridge or tag:news"},
        tags={"news": ["alpha", "beta"]},
        feeds=["alpha", "beta"],
    )
    try:
        query = parse_query(written, names, now=NOW)
    except FeeddError as error:
        return str(error)
    known = KnownNames({"alpha", "beta"}, {"news"}, new=len(written) % 2 == 0, given=("is:read",))
    return f"{query} {why_nothing(query.node, known) or ''}"


def _selectors(html: str) -> object:
    chosen = page_items.ItemSelectors
    ways = (
        chosen("p, li, .post"),
        chosen("div", "a", "b", "time", "p"),
        chosen("article", title="h1"),
    )
    return [_or_error(lambda way=way: page_items.page_items(html, URL, way)) for way in ways]  # type: ignore[misc]


def _edited(chance: Chance) -> str:
    lines = (
        '[feeds]\n', 'a = "https://a.example/"\n', 'b = "https://b.example/"  # b\n', "\n", "# note\n",
        '[feeds.c]\nurl = "https://c.example/"\n', 'title = "C"\n', 'tags = ["x", "y"]\n',
        '[feedd]\ninterval = "1h"\n', "feeds.d.url = 'https://d.example/'\n", "[views]\nv = 'x'\n",
        'feeds.e = { url = "https://e.example/", title = "E" }\n', "tags = [\n  'x', # one\n]\n",
        '[feeds."f g"]\nurl = "https://f.example/"\n', "mute = []\n", "enabled = false\n",
    )  # fmt: skip
    return "".join(chance.some(lines, 7))


def _edits(written: str) -> object:
    feed = FeedConfig("new", "https://new.example/", title="N", tags=("t",))
    ways: tuple[Callable[[], str], ...] = (
        lambda: editor.add_feeds(written, [feed]),
        lambda: editor.remove_feed(written, "a"),
        lambda: editor.remove_feed(written, "c"),
        lambda: feed_changes.set_feed(written, "b", {"title": "B", "tags": ["u"]}),
        lambda: feed_changes.set_feed(written, "c", {"title": "", "interval": "2h"}),
        lambda: feed_changes.set_feed_url(written, "e", "https://e2.example/"),
        lambda: feed_changes.rename_feed(written, "a", "z"),
        lambda: feed_changes.rename_feed(written, "f g", "h i"),
    )
    return [_or_error(way) for way in ways]


def _or_error(way: Callable[[], object]) -> str:
    try:
        return mark(way())
    except (FeeddError, ValueError) as error:
        return str(error)[:60]


def _bytes(chance: Chance) -> bytes:
    words = ("Käse", "日本語", "Привет", "“q”", "plain", "<p>", "é", "ñ", "\xa0", "ﬁ")
    codec = chance.one(
        ("utf-8", "latin-1", "cp1252", "shift_jis", "windows-1251", "utf-16", "euc-jp")
    )
    said = chance.one(("utf-8", "iso-8859-1", "windows-1251", "shift_jis", "nonsense", "ascii"))
    head = chance.one(
        ("", f"<?xml version='1.0' encoding='{said}'?>", f"<meta charset={said}>",
         f"<meta http-equiv=content-type content='text/html; charset={said}'>")
    )  # fmt: skip
    body = (head + " ".join(chance.some(words, 8))).encode(codec, "replace")
    return body + (b"\xff\xfe" if chance.holds(0.1) else b"")


def _decoded(body: bytes) -> object:
    kinds = (None, "text/html; charset=windows-1252", "application/xml; charset=utf-8")
    return [*(encoding.decode_document(body, kind) for kind in kinds), encoding.decode_page(body)]


def _opml(chance: Chance) -> bytes:
    parts = (
        '<outline text="A" xmlUrl="https://a.example/"/>', '<outline title="Folder">', "</outline>",
        '<outline text="B" type="rss" xmlURL="https://b.example/" category="/x/y,z"/>', "&", "<x>",
        '<outline text="C" xmlUrl="ftp://c.example/"/>', '<outline text="D" htmlUrl="https://d/"/>',
        '<outline text="" xmlUrl="https://a.example"/>', "<!-- c -->", '<outline text="E&amp;F">',
        '<outline xmlUrl="feed:https://g.example/"/>', '"exec:ls" tag "~Title"', "# note",
        "https://h.example/ t1 \"two words\"", "!hidden",
    )  # fmt: skip
    inner = "\n".join(chance.some(parts, 9))
    whole = chance.one((f'<opml version="2.0"><body>{inner}</body></opml>', inner,
                        f"<?xml version='1.0'?><opml><head/><body>{inner}</body></opml>"))  # fmt: skip
    return whole.encode()


def _imported(data: bytes) -> object:
    try:
        return outlines.read(data)
    except FeeddError as error:
        return str(error)


def _config(chance: Chance) -> str:
    settings = {
        "interval": ('"1h"', '"0s"', "3600", '"1 hour"'), "min_interval": ('"2h"', '"15m"'),
        "max_interval": ('"1d"', '"5m"'), "adaptive": ("true", '"yes"'), "articles": ('"auto"', '"Auto"'),
        "concurrency": ("8", "0", '"8"'), "per_host": ("1", "1000"), "timeout": ('"10s"', '"0s"'),
        "max_feed_size": ('"1MB"', '"1B"'), "keep": ('"forever"', '"1h"', '"30d"'), "keep_items": ("5", "-1"),
        "first": ('"all"', "3", '"x"'), "proxy": ('"socks5://h:1"', '"h:1"'), "contact": ('"mailto:a@b.c"', '"x"'),
        "user_agent": ('"me"', '""', '"a\\nb"'), "on_new": ('"echo x"', "\"echo 'x\""), "database": ('"x.db"', '""'),
        "metrics": ('"127.0.0.1:9500"', '"9500"', '"/run/x.prom"'), "client_key": ('"k"',), "client_cert": ('"c"',),
        "websub_callback": ('"https://me.example/"', '"x"'), "websub_listen": ('"[::1]:8080"', '"x"'),
        "parser": ('"auto"', '"fast"'), "intervall": ('"1h"',), "xyzzy": ("1",), "one_story": ("true", "1"),
    }  # fmt: skip
    feed = {
        "url": ('"https://e.example/"', '"ftp://x/"', '"file:/a"', '"exec:ls"', "1"), "title": ('"T"', '""', "1"),
        "tags": ('["a", "a"]', '"a"', '[""]'), "mute": ('["x", "/y/"]', '["/(/"]'), "enabled": ("false", "0"),
        "interval": ('"3d"', '"1s"'), "articles": ('"always"', "true"), "updates": ('"unread"', '"x"'),
        "username": ('"u"',), "password_file": ('"p"',), "headers": ('{ X = "1" }', '{ Host = "x" }', "[]"),
        "encoding": ('"utf-8"', '"x"'), "items": ('"li"', '"["'), "item_link": ('"a"',), "repair": ('"auto"', '"x"'),
        "keep": ('"7d"', '"x"'), "first": ("2", "-2"), "tag": ('["x"]',), "article_selector": ('"main"', '"[["'),
    }  # fmt: skip
    lines = ["[feedd]"]
    lines += [
        f"{key} = {chance.one(settings[key])}"
        for key in sorted(set(chance.some(list(settings), 3)))
    ]
    lines += [
        "[feeds]",
        "a = " + chance.one(('"https://a.example/"', '"a"', '"https://A.example"')),
        "[feeds.b]",
    ]
    lines += ['url = "https://b.example/"'] if chance.holds(0.7) else []
    chosen = sorted(set(chance.some([key for key in feed if key != "url" or len(lines) < 3], 4)))
    lines += [
        f"{key} = {chance.one(feed[key])}"
        for key in chosen
        if key != "url" or "url" not in lines[-1]
    ]
    lines += chance.some(("[views]", 'v = "is:unread"', 'w = "@v or ("', "[[rules]]", 'when = "x"', 'do = ["read"]', 'do = ["tag"]', 'do = ["tag:x", "notify:"]', 'do = ["hide:x"]', 'do = []', 'until = 2027-01-01',
                          "[read]", 'pictures = "never"', "[read.keys]", 'x = "quit"', "[feed]"), 4)  # fmt: skip
    return "\n".join(lines)


def _configured(written: str) -> object:
    try:
        return parse_config(written, Path("/config.toml"))
    except ConfigError as error:
        return error.problems


def _headers(chance: Chance) -> str:
    days = ("Mon, 21 Sep 2026 10:00:00 GMT", "Fri, 15 Jan 2027 08:00:00 GMT", "Fri, 15 Jan 2027 10:00:00 GMT",
            "Friday, 15-Jan-27 09:00:00 GMT", "Fri Jan 15 09:30:00 2027", "0", "soon")  # fmt: skip
    lines = {
        "ETag": ('"x"', 'W/"y"', "z", "", "e" * 4096, "e" * 4097), "Last-Modified": days, "Date": days,
        "Expires": days, "Age": ("0", "60", "99999999", "x"), "X-Robots-Tag": ("none", "a: b"),
        "Retry-After": (*days, "120", "1.5", "00", "9999999999", "-1", "604800", "604801"),
        "Cache-Control": ("max-age=3600", "max-age=0", "no-cache", "public, MAX-AGE=\"60\"", "no-store, max-age=9",
                          "max-age=31622400", "max-age=31622401", "max-age=x"),
    }  # fmt: skip
    names = chance.some(list(lines), 6)
    return "\n".join(f"{name}: {chance.one(lines[name])}" for name in names)


def _of_headers(written: str) -> object:
    pairs = [line.split(": ", 1) for line in written.split("\n") if line]
    found = joined([(name.encode(), value.encode()) for name, value in pairs])
    return (headers.validators(found, URL), headers.retry_after_s(found, NOW), headers.max_age_s(found, NOW),
            sorted(found.items()))  # fmt: skip


def _asked(written: str) -> object:
    given = Credentials("u", "p", {"X": "1"})
    here = httpx.URL("https://start.example/a/b?c=1")
    hop = Hop(301, "https://e.org/a")
    return [
        _or_error_value(one, written)
        for one in (
            lambda t: request.request_url(t, None),
            lambda t: request.request_url(t, given),
            request.proxy_url,
            request.shown,
            lambda t: request.checked_hop(
                here, t, [hop], start="https://start.example/", secret=False
            ),
            lambda t: request.checked_hop(here, t, [hop] * 9, start=str(here), secret=True),
            lambda t: request.permanent_url([hop, Hop(302, t), hop]),
        )
    ]


def _schedule(chance: Chance) -> str:
    return f"{chance.below(10**6)}"


def _scheduled(number: str) -> object:
    """A feed of its own habits, polled as decided, thirty times."""
    chance, rng = Chance(int(number)), random.Random(int(number))
    pace = schedule.Pace(chance.one((HOUR_S, 4 * HOUR_S)), chance.one((60, 900)), chance.one((DAY_S, 9 * DAY_S)),
                         chance.holds(0.8))  # fmt: skip
    hints = Hints(
        chance.one((None, 7200, 10**6)), chance.one((None, HOUR_S)), chance.one((None, 2 * DAY_S)),
        chance.one(((), (3, 4), tuple(range(20)))), chance.one(((), (5, 6))), chance.one((None, 3600, -18_000)),
    )  # fmt: skip
    now, last, rhythm, said = NOW, None, "", []
    every_s = chance.one((HOUR_S, 5 * HOUR_S, DAY_S, 7 * DAY_S, 40 * DAY_S))
    for poll in range(30):
        since = last or now - 10 * every_s
        times = [
            at for at in range(since - since % every_s + every_s, now, every_s) if chance.holds(0.7)
        ]
        decided = schedule.after_success(
            rhythm, pace=pace, now=now, previous_poll=last, entry_times=times, first_poll=not poll, hints=hints,
            not_before=now + chance.one((0, 9000)) if chance.holds(0.1) else None, rng=rng,
            poll_cost=chance.one((None, None, 10.0)), gap=chance.holds(0.1),
        )  # fmt: skip
        failed = schedule.after_failure(
            pace=pace, interval_s=decided.interval_s, failures=poll % 4 + 1, failing_since=now - poll * DAY_S * 2,
            kind=chance.one(("timeout", "refused", "gone", "server", "unauthorised")), now=now, rng=rng, hints=hints,
            not_before=now + 600 if chance.holds(0.2) else None,
        )  # fmt: skip
        said.append((decided.next_poll or 0) - now)
        said.append((failed.next_poll or now) - now)
        last, rhythm = now, decided.rhythm
        now = decided.next_poll or now + DAY_S
    return (decided.reason, failed.reason, said)


def _documents(chance: Chance) -> str:
    return f"{chance.below(10**6)}"


def _one_entry(chance: Chance) -> Entry:
    number = chance.below(5)
    words = " ".join(
        chance.one(("bridge", "river", "lock", "spring", "toll", "deck"))
        for _ in range(chance.one((0, 3, 9)))
    )
    return Entry(
        guid=chance.one((None, f"g{number}", f"g{number}", f"https://e.org/{number}", "same")),
        link=chance.one((None, f"https://e.org/{number}", f"http://www.e.org/{number}?utm_source=x", "https://e.org/all",
                         f"https://e.org/{number}#c{number % 2}")),
        title=chance.one(("", f"Title {number}", f"Title {number}", "Daily", f"Title {number} (updated)")),
        published=chance.one((None, NOW - number * DAY_S, NOW - number * DAY_S, NOW - 7, NOW)),
        html=f"<p>{words}</p>",
        text=words,
        enclosures=(Enclosure(f"https://e.org/{number}.mp3"),) if chance.holds(0.2) else (),
    )  # fmt: skip


def _matched(number: str) -> object:
    """What a second document's entries are, the first one's being stored."""
    chance = Chance(int(number))
    before = [_one_entry(chance) for _ in range(1 + chance.below(5))]
    after = [
        chance.one((*before, _one_entry(chance), _one_entry(chance)))
        for _ in range(1 + chance.below(5))
    ]
    after = [replace(one, guid=None) if chance.holds(0.1) else one for one in after]
    keys: EntryKeys = chance.one(("guid", "guid", "link"))
    stored = identity.keyed(before, keys=keys)
    rows = [
        KnownEntry(n, one.key, one.link_key, one.title_key, one.content_hash, content.article_link(one.entry.link),
                   one.entry.published, one.entry.text, frozenset(file.url for file in one.entry.enclosures))
        for n, one in enumerate(stored.entries, 1)
    ]  # fmt: skip
    found = identity.keyed(after, keys=stored.keys)
    verdict = identity.decide(found.entries, rows, keys=found.keys, passed=chance.holds(0.2))
    return ([one.key for one in stored.entries], found.keys, [one.key for one in verdict.new],
            [(n, one.key) for n, one in verdict.changed], verdict.known, verdict.rekeyed, verdict.note)  # fmt: skip


TABLES: dict[str, tuple[int, Callable[[Chance], str | bytes], Callable[..., object]]] = {
    "dates": (
        500,
        of_parts(DATE_PARTS, 6),
        _dates,
    ),
    "links": (
        300,
        of_parts(URLS, 2, ""),
        lambda t: (link(t, URL), content.canonical_link(t), content.article_link(t),
                   content.names_article(t), content.site_of(t), image_candidates(f"{t} 2x, {t}", URL),
                   list(discovery.known_forms(t)), discovery.usual_paths(t)[:2]),
    ),
    "more_links": (
        200,
        of_parts(ADDRESS_PARTS, 7, ""),
        lambda t: (link(t, URL), content.canonical_link(t), content.article_link(t),
                   content.names_article(t), content.site_of(t), _or_error_value(discovery_of, t)),
    ),
    "clocks": (
        200,
        of_parts(CLOCK_PARTS, 7),
        _dates,
    ),
    "markup": (
        500,
        of_parts(MARKUP, 9),
        lambda t: (sanitise.clean(t, URL), sanitise.clean_with_text(t, None)[1]),
    ),
    "plain": (
        300,
        of_parts(MARKUP, 9),
        lambda t: (text.to_text(t), text.one_line(t), text.plain_line(t), text.excerpt(t, 20)),
    ),
    "terminal": (
        400,
        of_parts(SIGNS, 12),
        lambda t: (terminal.gate(t), terminal.gate_lines(t), terminal.width(t), terminal.cut(t, 9),
                   line_breaks.wrap(terminal.gate(t), 12),
            line_breaks.wrap(terminal.gate(t), 5),
            line_breaks.wrap(terminal.gate(t), 2), list(terminal.clusters(terminal.gate(t)))),
    ),
    "typeset": (150, _page, _typeset),
    "typeset_odd": (300, of_parts(MARKUP, 14), _typeset),
    "queries": (500, lambda chance: " ".join(chance.some(QUERY_PARTS, 5)), _query),
    "dates_nearly": (500, _nearly_a_date, _dates),
    "snippets": (
        200,
        of_parts((*QUERY_PARTS[:12], *SIGNS[:4]), 4),
        lambda t: snippet("A bridge, two words; " * 9 + t, pattern_for(wanted_terms(parse_query("bridge or words or 日本").node))),
    ),
    "feeds_of_pages": (
        300,
        of_parts(HEAD_PARTS, 7),
        lambda t: (discovery.page_links(t, URL), robot_checks.robot_check(200, {}, t.encode())),
    ),
    "items_of_pages": (80, _page, _selectors),
    "configs": (400, _config, _configured),
    "headers": (300, _headers, _of_headers),
    "asked": (200, of_parts(URLS, 2, ""), _asked),
    "schedules": (120, _schedule, _scheduled),
    "matches": (600, _documents, _matched),
    "encodings": (200, _bytes, _decoded),
    "edits": (200, _edited, _edits),
    "opml": (200, _opml, _imported),
    "titles": (
        200,
        of_parts((*MARKUP[:6], *SIGNS[:8], "7 comments", "Updated", "12", "!", "A title", "?"), 8),
        lambda t: (content.title_key(t), content.alike(t, "A title words of text"),
                   content.says_the_same("A", t, "A", f"{t} 7 comments"), content.likeness(t, "words")),
    ),
    "units": (
        200,
        of_parts(("1h", "30m", "2d", "1.5", "500", "kB", "MB", "today", "yesterday", "2026-01-31",
                  "10:00", "w", "x", "0s", "GB", "now"), 3, ""),
        lambda t: tuple(_or_error_value(one, t) for one in (
            units.parse_duration, units.parse_size, lambda s: units.parse_when(s, NOW),
            lambda s: units.parse_until(s, NOW), units.tag_problem)),
    ),
}  # fmt: skip


MORE = {
    "dates": 1500, "links": 900, "more_links": 900, "markup": 1500, "plain": 900, "terminal": 900,
    "typeset_odd": 700, "queries": 2000, "dates_nearly": 2000, "snippets": 500, "configs": 1200,
    "feeds_of_pages": 600, "headers": 900, "asked": 800, "matches": 1600, "edits": 1200,
    "encodings": 500, "opml": 800, "titles": 1000, "units": 800, "clocks": 1000,
}  # fmt: skip
"""Of how many texts in all; beyond those that are shown, what comes of them is only marked."""


def _or_error_value(function: Callable[[str], object], written: str) -> object:
    try:
        return function(written)
    except (FeeddError, ValueError) as error:
        return str(error)[:40]


def _lines(name: str) -> Iterator[str]:
    """A line a text; of many, those after the first only with a mark of what comes of each."""
    count, make, function = TABLES[name]
    for number in range(count):
        given = make(Chance(number))
        yield f"{short(given)} => {short(function(given))}"
    yield from marked(count, MORE.get(name, count), lambda n: function(make(Chance(n))))


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("name", TABLES)
def test_what_comes_of_texts_is_what_was_approved(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "STATE_DIRECTORY"):
        monkeypatch.delenv(place, raising=False)
    monkeypatch.setenv("HOME", "/home/reader")
    approved(FOLDER / f"{name}.txt", "\n".join(_lines(name)) + "\n")


@pytest.mark.parametrize("at", [0, 1, 59, 60, 61, 3599, 3600, 86_399, 86_400, 10**6, 10**7, 10**9])
def test_spans_of_time_are_said_in_words(at: int) -> None:
    said = [units.format_duration(at), units.age(at), units.format_size(at), units.rfc3339(at)]
    approved(FOLDER / "spans" / f"{at}.txt", "\n".join(map(str, said)) + "\n")
