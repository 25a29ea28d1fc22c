"""Sessions at the command line, as they were approved: what each command says, and where.

A session is told in three places: in a file (no terminal), on a terminal of 80 columns with 256
colours and links, and on one of 40 columns with 16 colours and no links.
"""

from __future__ import annotations

import hashlib
import io
import random
import re
import shutil
import sys
import time
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from msgspec.structs import replace

from feedd import configfile
from feedd.cli.command_line import cli, run
from feedd.model import Article, FeedConfig, FeedState, Hop, Proposal, Response
from feedd.outcome import answer_failure
from feedd.parsing import Document
from feedd.poller.decide import PollContext
from feedd.poller.document import ParseJob, parse_document
from feedd.poller.fetch import FetchResult, with_answer
from feedd.poller.push import lease
from feedd.poller.recorder import decide_and_record
from feedd.store import hubs
from feedd.store.articles import page_job_of, store_article
from feedd.store.database import open_writer
from feedd.store.feeds import feed_states, sync_feeds
from feedd.store.recovery import propose
from tests.approval import approved
from tests.chance import Chance
from tests.cli.conftest import OUTSIDE

APPROVED = Path(__file__).with_name("transcripts")
NOW = 1_800_000_000
DAY_S = 86_400
"""Friday, 15 January 2027, 8:00 GMT."""

PLACES: dict[str, Mapping[str, str] | None] = {
    "file": None,
    "wide": {"TERM": "xterm-256color", "COLUMNS": "80", "FORCE_HYPERLINK": "1"},
    "narrow": {"TERM": "xterm", "COLUMNS": "40"},
}


class Stream(io.TextIOWrapper):
    """Standard output or standard error, which may be a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        self._written = io.BytesIO()
        super().__init__(self._written, encoding="utf-8", write_through=True)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def said(self) -> str:
        return self._written.getvalue().decode()


class Session:
    """Commands in a folder of their own, by a clock that stands still between them."""

    def __init__(self, folder: Path, terminal: bool, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._terminal = terminal
        self._patch = patch
        self.now = NOW
        self.told: list[str] = []

    def __call__(self, *arguments: str) -> str:
        """What `feedd ARGUMENTS` says; it is part of what is told."""
        out, err = Stream(terminal=self._terminal), Stream(terminal=False)
        with self._patch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(time, "time", lambda: float(self.now))
            patch.setattr(random, "Random", seeded)
            code = run(arguments)
        self.told.append("$ feedd " + " ".join(_quoted(one) for one in arguments))
        self.told += _visible(out.said(), self._folder)
        self.told += [f"! {line}" for line in _visible(err.said(), self._folder)]
        if code:
            self.told.append(f"[exit code {code}]")
        self.told.append("")
        return out.said()


_Random = random.Random


def seeded(seed: Any = 1) -> random.Random:
    """What draws jitter, the same each time."""
    return _Random(seed)


def _quoted(argument: str) -> str:
    return argument if re.fullmatch(r"[\w@%+=:,./-]+", argument) else f"'{argument}'"


def _visible(text: str, folder: Path) -> list[str]:
    text = text.replace(str(folder), "FOLDER").replace("\x1b", "␛")
    lines = _VARYING.sub("…", text).split("\n")
    return lines if lines[-1] else lines[:-1]


_VARYING = re.compile(r"(?<= )[\d.]+(?= s\))|(?<=replaced-)[\d-]+|[\da-f]{8}(?=\.\d+\.\d+)")
"""How long something took, when by the machine's clock, and a database's own name."""


@pytest.fixture(params=PLACES)
def session(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, utc: None
) -> Iterator[Session]:
    for name in (*OUTSIDE, "TERM", "TERM_PROGRAM", "VTE_VERSION", "COLORTERM", "PAGER"):
        monkeypatch.delenv(name, raising=False)
    # No browser, whatever this machine has, and whatever ran before in this process.
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    monkeypatch.setattr(webbrowser, "_browsers", {})
    place = PLACES[request.param]
    for name, value in (place or {}).items():
        monkeypatch.setenv(name, value)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    made = Session(tmp_path, place is not None, monkeypatch)
    yield made
    told = "\n".join(made.told) + "\n"
    name = request.node.originalname.removeprefix("test_")
    if "number" in request.node.callspec.params:
        name = f"chance/{name}-{request.node.callspec.params['number']}"
    approved(APPROVED / f"{name}-{request.param}.txt", told)


CONFIG = """\
[feedd]
database = "feedd.db"
articles = "never"
keep = "30d"

[feeds]
gazette = "file:gazette.xml"
herald = "file:herald.xml"

[feeds.blog]
url = "file:blog.xml"
title = "A Blog With a Long Name of its Own"
tags = ["people", "tech"]
mute = ["sponsored"]

[feeds.talks]
url = "file:talks.json"
tags = ["tech"]
updates = "unread"

[feeds.lost]
url = "exec:false"

[feeds.asleep]
url = "https://asleep.example/feed"
enabled = false

[views]
tech = "tag:tech"
long = "@tech bridge or title:wal"

[[rules]]
name = "luck"
when = "title:lottery"
do = ["read", "tag:luck"]

[[rules]]
when = "feed:talks"
do = ["star"]
"""

STORY = (
    "The council decided on Monday to build the bridge over the river after all, nine votes to two."
    " Work begins in spring; the first cars will cross in three years, if the money lasts. The old"
    " bridge was closed in August, when an engineer found cracks in two of its pillars, and ferries"
    " have carried people across ever since, forty minutes for a way that took two."
)


def item(name: str, title: str, hours: float, html: str, more: str = "", link: str = "") -> str:
    at = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(NOW - round(hours * 3600)))
    return (
        f"<item><guid isPermaLink='false'>{name}</guid><title>{title}</title>"
        f"<pubDate>{at}</pubDate><link>{link or f'https://{name}.example/1'}</link>{more}"
        f"<description><![CDATA[{html}]]></description></item>"
    )


def rss(title: str, *items: str) -> str:
    return (
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
        f"<title>{title}</title><link>https://{title.lower()}.example/</link>{''.join(items)}"
        "</channel></rss>"
    )


AUTHOR = "<dc:creator>Ann Lee</dc:creator>"
LONG = "A title so long that no line of eighty columns holds it, whatever the layout of the list"

TYPESET = """<h1>A <em>heading</em></h1><p>Words with <b>weight</b>, <i>slant</i>,
<code>code</code>, a <a href="https://e.example/one">link</a>,
 <a href="https://e.example/two"><b>another</b></a>,
the <a href="https://e.example/one">first again</a>, H<sub>2</sub>O, x<sup>2</sup>,
<del>gone</del> and <mark>marked</mark>.<br>
A line of its own: 日本語の文章は二倍の幅を取る、だから折り返しも違う。</p>
<blockquote><p>Quoted words that go on for so long that they have to be wrapped on any terminal.</p>
<blockquote><p>Quoted within.</p></blockquote></blockquote>
<ul><li>One</li><li>Two<ol><li>Two and a half</li><li value="7">Seven</li></ol></li></ul>
<ol type="a"><li>Letter</li><li><p>Paragraph</p><p>Second paragraph</p></li></ol>
<ol type="I" start="3"><li>Roman</li></ol><ol reversed><li>Last</li><li>First</li></ol>
<dl><dt>Term</dt><dd>What it means, in words enough for a second line on a narrow one.</dd></dl>
<pre><code class="language-python">def f(x):
    return x + 1  # a comment that is longer than forty columns are wide</code></pre>
<table><caption>Figures</caption><tr><th>Name</th><th>Number</th></tr><tr><td>One</td><td>1</td></tr>
<tr><td>Twenty-two</td><td>22</td></tr></table>
<figure><img src="https://e.example/p.png" alt="A picture"><figcaption>What it shows</figcaption>
</figure><details><summary>More</summary><p>Folded.</p></details><hr>
<p>Averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongwordthatfitsnowhere.</p>
<video src="https://e.example/v.mp4"></video><audio src="https://e.example/a.mp3"></audio>"""


def gazette(*more: str) -> str:
    return rss(
        "Gazette",
        *more,
        item("g1", "The bridge is decided", 2, f"<p>{STORY}</p>", AUTHOR),
        item("g2", "Lottery numbers", 3, "<p>4, 8, 15</p>"),
        item("g3", "Evil \x9b31mred &#x202e;txt.exe", 27, "<p>x</p>"),
        item("g4", LONG, 60, "<p>Long.</p>"),
    )


def write_feeds(folder: Path) -> None:
    enclosure = '<enclosure url="https://talks.example/7.mp3" type="audio/mpeg" length="12000000"/>'
    (folder / "config.toml").write_text(CONFIG)
    (folder / "gazette.xml").write_text(gazette())
    (folder / "herald.xml").write_text(
        rss(
            "Herald",
            item("h1", "Council votes for bridge", 1.5, f"<p>Our reporter writes: {STORY}</p>"),
            item("h2", "日本語の題名は二倍の幅を取る", 30, "<p>東京都の天気は晴れ</p>"),
        )
    )
    (folder / "blog.xml").write_text(
        rss(
            "Blog",
            item("b1", "The WAL of SQLite", 5, TYPESET, enclosure),
            item("b2", "A sponsored post", 6, "<p>Buy.</p>"),
            item("b3", "", 400, "<p>A note without a title</p>"),
            item("b4", "Old &amp; good", 24 * 200, "<p>Very old.</p>"),
        )
    )
    (folder / "talks.json").write_text(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Talks", "items": ['
        '{"id": "1", "url": "https://talks.example/1", "title": "On bridges",'
        ' "content_html": "<p>A talk about bridges and <b>pillars</b>.</p>",'
        ' "date_published": "2027-01-14T20:00:00Z", "authors": [{"name": "Bo"}], "attachments":'
        ' [{"url": "https://talks.example/1.mp3", "mime_type": "audio/mpeg",'
        ' "size_in_bytes": 31000000, "duration_in_seconds": 3723}]}]}'
    )


PAGES = {
    4: Article(
        "https://g1.example/1?page=1",
        html=f"<p>{STORY}</p><p>And more, on its page.</p>",
        text=f"{STORY} And more, on its page.",
        title="The bridge, decided",
        byline="Ann Lee and Bo Li",
        published=NOW - 7000,
        lead_image="https://g1.example/p.jpg",
        language="en",
        confidence=0.87,
        note="Page 2 is missing (http 404)",
    ),
    5: Article("https://h2.example/1", error="paywall"),
}
"""What came of the pages of two items."""


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which each feed has been polled, one after the other."""
    folder = tmp_path_factory.mktemp("once")
    write_feeds(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        session = Session(folder, False, patch)
        for name in ("gazette", "herald", "blog", "talks", "lost"):
            session("poll", name)
    with closing(open_writer(folder / "feedd.db")) as db:
        db.execute("UPDATE polls SET duration_ms = 12")
        for number, article in PAGES.items():
            job = page_job_of(db, number)
            assert job is not None
            store_article(db, job, article, NOW)
    return folder


@pytest.fixture
def polled(session: Session, once: Path, tmp_path: Path) -> Session:
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return session


def test_lists(polled: Session) -> None:
    polled("list")
    polled("list", "--all")
    polled("list", "--all", "--every")
    for by in ("feed", "day", "tag"):
        polled("list", "--all", "--by", by)
    polled("list", "--oldest", "-n", "2")
    polled("list", "--since", "4h")
    polled("list", "--since", "today", "--all")
    polled("list", "--until", "2d", "--all", "--format", "{id}|{age}|{feed}|{title}|{link}")
    polled("list", "--read")
    polled("list", "--starred")
    polled("list", "--tag", "people", "--where", "sqlite or old")
    polled("list", "@tech")
    polled("list", "@long", "--json")
    polled("list", "gazette", "--json", "--limit", "1")
    polled("list", "nobody")
    polled("list", "--tag", "nothing")
    polled("list", "--where", "is:read is:unread")


def test_items_shown(polled: Session) -> None:
    for number in ("1", "4", "6", "8", "10", "11"):
        polled("show", number, "--keep-unread")
    polled("show", "10", "--width", "30", "--keep-unread")
    polled("show", "10", "--links")
    polled("show", "10", "--raw-html")
    polled("show", "5", "--keep-unread")
    polled("show", "4", "--json", "--keep-unread")
    polled("show", "next", "--oldest")
    polled("show", "next", "--feed", "talks")
    polled("show", "next", "--feed", "talks")
    polled("show", "99")
    polled("list", "--all")


def test_searches(polled: Session) -> None:
    polled("search", "bridge")
    polled("search", "bridge", "--newest", "-n", "1")
    polled("search", '"two of its pillars"')
    polled("search", "title:bridge", "-feed:herald")
    polled("search", "bridge", "--json", "-n", "1")
    polled("search", "bridge", "--format", "{id} {score} {title}")
    polled("search", "nothingatall")
    polled("search", "is:starred", "since:2d")
    polled("search", "(")
    polled("search", "bridg*", "or", "東京")
    polled("search", "has:enclosure", "--oldest")


def test_marks_and_tags_and_undo(polled: Session) -> None:
    polled("mark", "read", "1", "2")
    polled("mark", "star", "3")
    polled("mark", "later", "4")
    polled("mark", "read", "--feed", "blog", "--before", "2d")
    polled("mark", "read", "--where", "bridge")
    polled("mark", "read")
    polled("mark", "read", "77")
    polled("tag", "1", "3", "+fun", "+two", "-luck")
    polled("tag", "--where", "tag:fun", "-two")
    polled("tag")
    polled("tag", "--json")
    polled("tag", "1", "+tech")
    polled("list", "--all", "--where", "tag:fun or is:starred", "--json")
    polled("undo", "--list")
    polled("undo", "--list", "--json")
    polled("undo")
    polled("undo", "1")
    polled("undo", "99")
    polled("list", "--all", "--format", "{id} {read} {starred} {tags} {title}")


def test_views_and_rules(polled: Session) -> None:
    polled("views")
    polled("views", "--json")
    polled("rules")
    polled("rules", "--json")
    polled("rules", "test")
    polled("rules", "apply")
    polled("undo", "--list")


def test_what_happened_and_what_is_new(polled: Session, tmp_path: Path) -> None:
    polled.now += 3600
    changed = gazette(item("g5", "A fifth", 0.1, "<p>Five.</p>")).replace("nine votes", "ten votes")
    (tmp_path / "gazette.xml").write_text(changed)
    polled("poll", "gazette")
    polled("poll", "gazette", "--json")
    polled("poll")
    polled("diff", "4")
    polled("diff", "4", "--all")
    polled("diff", "4", "--json")
    polled("diff", "2")
    polled("tail", "-n", "4")
    polled("tail", "--json", "-n", "2")
    polled("digest")
    polled("digest", "--markdown", "gazette")
    polled("digest", "--html", "--tag", "tech", "--all", "--since", "30d")
    polled("digest", "--where", "fifth", "--mark-read")
    polled("digest", "--where", "fifth")
    polled("why", "4")
    polled("why", "6", "--json")
    polled("split", "4")
    polled("split", "4")
    polled("why", "6")
    polled("list", "--every")


def test_feeds(polled: Session, tmp_path: Path) -> None:
    polled("feeds")
    polled("feeds", "--json")
    polled("feeds", "--unhealthy")
    polled("feeds", "--silent")
    for name in ("gazette", "lost", "asleep", "nobody"):
        polled("why", name)
    polled("why", "blog", "--json", "-n", "1")
    polled("set", "blog", "title=Short", "tags=people,tech,more")
    polled("set", "blog", "colour=red")
    polled("rename", "blog", "weblog")
    polled("rename", "nobody", "anybody")
    polled("remove", "talks")
    polled("set", "gazette", "url=https://gazette.example/rss", "tags=news,town")
    polled("feeds")
    polled("export")
    (tmp_path / "other.opml").write_text(
        '<opml version="2.0"><body><outline text="news"><outline text="Q" xmlUrl='
        '"https://q.example/rss"/></outline><outline xmlUrl="ftp://no.example/"/></body></opml>'
    )
    polled("import", "other.opml")
    polled("import", "other.opml")
    polled("--verbose", "import", "nothing.opml")
    polled.told.append((tmp_path / "config.toml").read_text())


SERVERS = """\
[feedd]
database = "feedd.db"
websub_callback = "https://me.example/hub"
[feeds]
busy = "https://busy.example/rss"
beside = "https://busy.example/atom"
gone = "https://gone.example/rss"
moved = "https://moved.example/rss"
pushed = "https://pushed.example/rss"
new = "https://new.example/rss"
[feeds.secret]
url = "https://secret.example/rss"
enabled = false
"""


@pytest.fixture
def servers(session: Session, tmp_path: Path) -> Session:
    """Feeds on servers of every temper, and their polls of two months."""
    (tmp_path / "config.toml").write_text(SERVERS)
    config = configfile.load(tmp_path / "config.toml")
    with closing(open_writer(tmp_path / "feedd.db")) as db:
        sync_feeds(db, config.feeds.values(), NOW - 60 * DAY_S)
        rng = random.Random(1)
        context = PollContext(config.settings, None, rng, config)
        for day in range(60, 0, -1):
            at = NOW - day * DAY_S
            results = [
                _answered(state, config.feeds[state.name], at, day)
                for state in feed_states(db)
                if state.name not in ("new", "secret")
            ]
            decide_and_record(db, results, context, {})
        subscription = hubs.of_feed(db, feed_states(db, ["pushed"])[0].id)
        assert subscription is not None
        verified = lease.verified(lease.asked(subscription, NOW - 7200), 10 * DAY_S, NOW - 7000)
        hubs.save(db, lease.pushed(verified, NOW - 600), NOW - 600)
        propose(db, feed_states(db, ["gone"])[0].id, Proposal("https://found.example/rss", 3, 5))
        db.execute("UPDATE polls SET duration_ms = 1234")
    return session


def _answered(state: FeedState, feed: FeedConfig, at: int, day: int) -> FetchResult:
    said = {"etag": '"x"', "cache-control": "max-age=7200"}
    result = FetchResult(state, feed, at, conditional=state.validators is not None)
    status = 200
    if state.name == "busy" and day % 9 == 0:
        status, said = 429, {"retry-after": "86400"}
    elif state.name == "beside" and day % 7 == 0:
        status, said = 503, {}
    elif state.name == "gone":
        status = 404 if day > 2 else 410
    if status != 200:
        response = Response(status, feed.url, said, wire_bytes=200)
        failure = answer_failure(response, conditional=result.conditional)
        return replace(result, response=response, failure=failure,
                       retry_after_s=86_400 if status == 429 else None)  # fmt: skip
    moved = "https://there.example/rss" if state.name == "moved" else None
    hub = '<atom:link rel="hub" href="https://hub.example/"/>' if state.name == "pushed" else ""
    items = "".join(item(f"{state.name}{n}", f"Item {n}", n * 24, "<p>x</p>") for n in
                    range(day, day + 5))  # fmt: skip
    body = (
        "<?xml version='1.0'?><rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'>"
        f"<channel><title>{state.name}</title>{hub}{items}</channel></rss>"
    ).encode()
    response = Response(200, moved or feed.url, said, body, (Hop(301, moved),) if moved else (),
                        moved, wire_bytes=len(body))  # fmt: skip
    parsed = parse_document(ParseJob(Document(body, response.url, seen=state.items), state.keys))
    return replace(with_answer(result, response), document=parsed)


def test_servers_of_every_temper(servers: Session) -> None:
    servers("feeds")
    servers("feeds", "--json")
    servers("feeds", "--unhealthy")
    servers("feeds", "--silent")
    for name in ("busy", "beside", "gone", "moved", "pushed", "new", "secret"):
        servers("why", name, "-n", "5")
    servers("audit")
    servers("audit", "--json")
    servers("audit", "--since", "10d")
    servers("status", "--json")
    servers("feeds", "--update-moved")
    servers("set", "busy", "username=me", "mute=ads")
    servers("set", "busy", "mute=", "interval=3h")
    servers("set", "busy", "interval=soon")
    servers("rename", "beside", "busy")
    servers("remove", "nobody")
    servers("mark", "later", "--feed", "busy", "--before", "50d")
    servers("list", "--where", "is:later", "-n", "3")
    servers("search", "item", "-n", "2", "--newest")
    servers("search", "title:item", "--until", "40d", "-n", "2", "--oldest")
    servers("tag", "--where", "feed:busy since:3d", "+new")
    servers("undo", "--list")
    servers("tail", "-n", "5")
    servers("prune", "--removed")
    servers("list", "-n", "3", "--by", "feed")
    servers("digest", "--since", "3d", "busy")
    servers("completion", "bash")
    servers("show", "1")
    servers("open", "999")
    servers("diff", "1")
    servers("why", "1")
    servers("list", "--by", "day", "--since", "4d", "--oldest")
    servers("list", "--format", "{nosuch}")
    servers("list", "--since", "whenever")
    servers("list", "-n", "-1")


def test_the_machine(polled: Session, tmp_path: Path) -> None:
    polled("check")
    polled("prune", "--dry-run")
    polled.now += 40 * 86_400
    polled("mark", "read", "--all")
    polled.now += 40 * 86_400
    polled("prune", "--dry-run")
    polled("prune", "--json")
    polled("prune")
    polled("list", "--all")
    polled("backup", "copy.db")
    polled("restore", "copy.db")
    polled("repair")
    polled("--quiet", "repair")


def test_before_there_is_anything(session: Session, tmp_path: Path) -> None:
    session("list")
    session("init")
    session("list")
    session("check")
    session("feeds")
    session("status", "--json")
    session("views")
    session("rules")
    session("tag")
    session("nonsense")
    session("list", "--lmit", "3")
    session("show")
    (tmp_path / "config.toml").write_text('[feeds]\na = "x"\n[feedd]\nkepp = 1\n')
    session("list")
    session("check")


COMMANDS = str.split(
    "list list list list list show show show mark mark mark diff search search search search tag tag"
    " undo rules views tail tail digest digest digest feeds why why why why set set rename prune"
    " add open split"
)
FEEDS = ("gazette", "herald", "blog", "talks", "lost", "asleep")
SERVED = ("busy", "beside", "gone", "moved", "pushed", "new", "secret")
TIMES = ("4h", "2d", "today", "yesterday", "30d", "2027-01-14", "10:00", "3d", "whenever")
COUNTS = ("1", "2", "3", "5", "50", "0", "-1", "x")
IDS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "99", "x")
VALUES: dict[str, tuple[str, ...]] = {
    "tags": ("people", "tech", "tech", "luck", "nothing"), "since": TIMES, "until": TIMES, "before": TIMES,
    "limit": COUNTS, "n": COUNTS, "act": ("1", "2", "3", "9"), "link": ("1", "2", "99"),
    "width": ("10", "24", "40", "72", "500"), "after": ("1", "3", "x"), "ids": IDS, "item": IDS, "items": IDS,
    "where": ("bridge", "is:starred", "title:bridge or talk", "tag:tech is:unread", "since:2d", "@long",
              "has:enclosure", "(", "is:read is:unread", "words:>20", "is:later", "tag:fun"),
    "format_": ("{id} {title}", "{feed}|{age}|{link}", "{nosuch}", "{id} {tags} {read}", "{"),
    "which": (*IDS, "next", "next", "next"), "new": ("fresh", "blog", "a b"),
    "tag words": (*IDS, "+fun", "+two", "-fun", "-luck", "+tech", "-", "+a b"),
    "words": ("bridge", "title:wal", '"two of its"', "-bridge", "or", "bridg*", "東京", "(", "is:unread",
              "since:2d", "author:ann", "councl", "item", "talk"),
    "changes": ("title=Short", "title=", "tags=x,y", "tags=", "interval=2h", "interval=soon", "mute=ads",
                "first=2", "colour=red", "enabled=no", "articles=never", "username=me"),
    "url": ("file:blog.xml", "gazette.xml", "file:nothing.xml", "ftp://no.example/"),
}  # fmt: skip
_LEFT_OUT = {"watch", "follow", "explain", "no_pager", "enclosure"}
"""What waits, or asks somebody else."""


def _by_chance(chance: Chance, feeds: Sequence[str]) -> list[str]:
    """A command with some of its options and arguments."""
    name = chance.one(COMMANDS)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    words = [name]
    named = chance.holds(0.5)
    for one in command.params:
        known = f"{name} {one.name}" if name == "tag" else one.name or ""
        values = VALUES.get(known, VALUES.get(one.name or "", ("1",)))
        if one.name in ("feeds", "names", "name", "old"):
            values = (*feeds, *feeds, "nobody")
            values += ("@tech", "@long") if one.name == "names" else IDS if name == "why" else ()
        if isinstance(one.type, click.Choice):
            values = tuple(one.type.choices)
        if isinstance(one, click.Option):
            share = 0.3 if name in ("mark", "tag") and not named else 0.16
            if one.name in _LEFT_OUT or not chance.holds(share):
                continue
            words += [one.opts[-1]] if one.is_flag else [one.opts[-1], chance.one(values)]
        elif one.nargs == 1:
            words += [chance.one(values)] if one.required or chance.holds(0.3) else []
        elif named or one.required:
            words += [chance.one(values) for _ in range(1 + chance.below(2))]
    return words


def _told_by_chance(session: Session, number: int, feeds: Sequence[str]) -> None:
    """A line a command: how much it said, a mark of that, and how it begins."""
    chance = Chance(number)
    lines = []
    for _ in range(60):
        session.now += chance.one((0, 0, 0, 60, 3600, 20_000))
        before = len(session.told)
        session(*_by_chance(chance, feeds))
        asked, *said = session.told[before:]
        shown = "\n".join(said)
        marked = hashlib.sha256(shown.encode()).hexdigest()[:6]
        lines.append(f"{asked} => {len(said)} {marked} {shown[:40]!a}")
    session.told = lines


@pytest.mark.parametrize("number", range(10))
def test_any_commands_say_what_was_approved(polled: Session, number: int) -> None:
    _told_by_chance(polled, number, FEEDS)


@pytest.mark.parametrize("number", range(4))
def test_any_commands_on_servers_of_every_temper(servers: Session, number: int) -> None:
    _told_by_chance(servers, 100 + number, SERVED)
