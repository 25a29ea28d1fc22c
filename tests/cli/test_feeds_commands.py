"""Feeds are found, added, taken out, looked over and explained."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from feedd.configfile import load
from feedd.model import FeedState, PollOutcome, PollRecord
from feedd.store.daemon_lock import hold_daemon_lock
from feedd.store.database import open_writer
from feedd.store.entries import record
from feedd.store.feeds import feed_states, sync_feeds
from tests.cli.conftest import Call, Feedd
from tests.cli.stocked import Stocked, entry, store
from tests.loopback import Loopback, Reply

HEAD = """\
# the file of a user
[feedd]
database = "feedd.db"   # here
allow_private_hosts = true
timeout = "5s"

[feeds]
first = "https://first.example/feed"   # the first

# the end
"""
RSS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Planet Test</title>'
    b"<link>https://planet.example/</link><item><title>One</title><guid>1</guid></item>"
    b"<item><title>Two</title><guid>2</guid></item></channel></rss>"
)
HOUR_S = 3600


@pytest.fixture(autouse=True)
def written(call: Call) -> None:
    """A file as users write them, in the folder the commands run in."""
    Path("config.toml").write_text(HEAD)


def text() -> str:
    return Path("config.toml").read_text()


def html(body: str = "", head: str = "") -> Reply:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()
    return Reply(headers={"Content-Type": "text/html"}, body=page)


# ---------------------------------------------------------------- add and remove


def test_a_feed_is_added_as_one_line_and_removed_without_a_trace(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/feed.xml", RSS)
    url = loopback.url("/feed.xml")
    said = call("add", url)
    assert said.code == 0
    assert said.out == ""
    assert "added planet-test: Planet Test, 2 items, RSS 2.0" in said.err
    assert url in said.err
    assert text() == HEAD.replace("# the first\n", f'# the first\nplanet-test = "{url}"\n')
    assert call("remove", "planet-test").code == 0
    assert text() == HEAD
    assert len(loopback.seen) == 1


def test_who_adds_a_feed_behind_a_password_is_told_how_that_is_done(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/feed.xml", Reply(401, {"WWW-Authenticate": 'Basic realm="x"'}))
    said = call("add", loopback.url("/feed.xml"))
    assert said.code == 1
    assert "write the feed into the file, with username and password_file" in said.err
    assert text() == HEAD


def test_a_feed_that_is_added_again_with_its_items_says_that_none_is_new(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/feed.xml", RSS)
    call("add", loopback.url("/feed.xml"), "--name", "mine")
    call("remove", "mine")
    said = call("add", loopback.url("/feed.xml"), "--name", "again")
    assert said.err.splitlines()[-1] == "no new items"
    assert {item["feed"] for item in call("list", "--json").records} == {"again"}


def test_a_new_feed_takes_over_no_items_of_one_that_left_and_would_be_called_the_same(
    call: Call, loopback: Loopback
) -> None:
    for path in ("/feed.xml", "/other.xml"):
        loopback.on(path, RSS.replace(b"One", path.encode()))
    call("add", loopback.url("/feed.xml"))
    call("remove", "planet-test")
    call("add", loopback.url("/other.xml"))
    titles = {item["title"] for item in call("list", "planet-test-2", "--json").records}
    assert titles == {"/other.xml", "Two"}
    call("remove", "planet-test-2")
    Path("feeds.opml").write_text(
        f"""<opml version="2.0"><body>
        <outline text="Planet Test" xmlUrl="{loopback.url("/third.xml")}"/>
        <outline text="Planet Test" xmlUrl="{loopback.url("/feed.xml")}"/></body></opml>"""
    )
    assert call("import", "feeds.opml").code == 0
    feeds = load(Path("config.toml")).feeds
    assert feeds["planet-test-3"].url == loopback.url("/third.xml")
    assert feeds["planet-test"].url == loopback.url("/feed.xml")
    said = call("add", loopback.url("/other.xml"), "--name", "planet-test-2")
    assert "note" not in said.err
    call("remove", "planet-test-2")
    loopback.on("/fourth.xml", RSS)
    said = call("add", loopback.url("/fourth.xml"), "--name", "planet-test-2")
    assert "note: items of a feed that was named planet-test-2 before are its own now" in said.err


def test_what_proved_a_feed_is_stored_and_its_server_asked_once(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/feed.xml", Reply(headers={"ETag": '"v1"'}, body=RSS))
    said = call("add", loopback.url("/feed.xml"), "--name", "mine")
    assert "2 new items; feedd shows them" in said.err
    assert len(loopback.seen) == 1
    assert {item["title"] for item in call("list", "--json").records} == {"One", "Two"}
    (poll,) = call("why", "mine", "--json").records
    assert (poll["status"], poll["new"]) == (200, 2)
    call("poll")
    assert len(loopback.seen) == 1, "it is not due"
    assert call("poll", "mine").code == 0
    assert loopback.seen[1].header("If-None-Match") == '"v1"'
    assert len(call("list", "--json").records) == 2


def test_a_feed_added_from_where_it_moved_from_has_not_moved(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/feed.xml", RSS)
    loopback.on("/moved", Reply(301, {"Location": "/feed.xml"}))
    call("add", loopback.url("/moved"), "--name", "mine")
    feeds = {feed["name"]: feed for feed in call("feeds", "--json").records}
    assert (feeds["mine"]["state"], feeds["mine"]["moved_to"]) == ("ok", None)
    assert feeds["mine"]["items"] == 2


def test_a_feed_whose_items_can_not_be_stored_is_added_all_the_same(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/feed.xml", RSS)
    Path("feedd.db").write_bytes(b"no database at all" * 100)
    said = call("add", loopback.url("/feed.xml"), "--name", "mine")
    assert said.code == 1
    assert "added mine" in said.err
    assert "could not be stored yet" in said.err
    assert "mine" in load(Path("config.toml")).feeds


def test_the_feed_that_a_page_names_is_found(call: Call, loopback: Loopback) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/the/feed">'
    other = '<link rel="alternate" type="application/atom+xml" href="/comments/feed">'
    loopback.on("/", html(head=other + link))
    loopback.on("/the/feed", RSS)
    said = call("add", loopback.url("/"), "--name", "mine", "--tag", "x", "--tag", "y z")
    assert said.code == 0
    assert f"also offered there: {loopback.url('/comments/feed')}" in said.err
    feed = load(Path("config.toml")).feeds["mine"]
    assert (feed.url, feed.tags) == (loopback.url("/the/feed"), ("x", "y z"))
    assert [seen.path for seen in loopback.seen] == ["/", "/the/feed"]


def test_a_feed_that_only_the_pages_header_names_is_found(call: Call, loopback: Loopback) -> None:
    link = '</the/feed>; rel="alternate"; type="application/rss+xml"'
    page = b"<!doctype html><html><body>Hello</body></html>"
    loopback.on("/", Reply(headers={"Content-Type": "text/html", "Link": link}, body=page))
    loopback.on("/the/feed", RSS)
    said = call("add", loopback.url("/"), "--name", "mine")
    assert said.code == 0
    assert load(Path("config.toml")).feeds["mine"].url == loopback.url("/the/feed")
    assert [seen.path for seen in loopback.seen] == ["/", "/the/feed"]


def test_what_a_limit_left_out_is_told_by_feeds_and_by_why(call: Call, loopback: Loopback) -> None:
    items = b"".join(b"<item><guid>%d</guid><title>t</title></item>" % n for n in range(10_003))
    loopback.on("/feed", b"<rss version='2.0'><channel>%s</channel></rss>" % items)
    Path("config.toml").write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
        f'[feeds]\nbig = "{loopback.url("/feed")}"\n'
    )
    assert call("poll").code == 0
    assert call("poll", "--all").code == 0  # nothing new, and what was left out stays so
    left_out = "has 3 entries beyond 10000, which were left out"
    assert left_out in call("feeds").out
    assert left_out in call("feeds", "--json").records[0]["notes"]
    assert left_out in call("why", "big").out


def test_a_page_that_names_no_feed_is_asked_at_the_usual_places(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/", html())
    loopback.on("/atom.xml", RSS)
    assert call("add", loopback.url("/")).code == 0
    assert load(Path("config.toml")).feeds["planet-test"].url == loopback.url("/atom.xml")


def test_links_that_look_like_feeds_are_the_last_resort(call: Call, loopback: Loopback) -> None:
    loopback.on("/blog", html('<a href="/about">About</a><a href="/strange/rss2">RSS</a>'))
    loopback.on("/strange/rss2", RSS)
    assert call("add", loopback.url("/blog")).code == 0
    assert load(Path("config.toml")).feeds["planet-test"].url == loopback.url("/strange/rss2")
    assert "/about" not in {seen.path for seen in loopback.seen}


def test_a_permanent_redirect_is_taken_at_its_word_and_a_temporary_one_is_not(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/feed.xml", RSS)
    loopback.on("/moved", Reply(301, {"Location": "/feed.xml"}))
    loopback.on("/elsewhere", Reply(302, {"Location": "/feed.xml"}))
    call("add", loopback.url("/elsewhere"), "--name", "a")
    call("add", loopback.url("/moved"), "--name", "b")
    feeds = load(Path("config.toml")).feeds
    assert feeds["a"].url == loopback.url("/elsewhere")
    assert feeds["b"].url == loopback.url("/feed.xml")


def test_a_feed_that_is_there_already_is_not_added_again(call: Call, loopback: Loopback) -> None:
    said = call("add", "http://www.first.example/feed/")
    assert said.code == 0
    assert "already subscribed: first is https://first.example/feed" in said.err
    loopback.on("/feed.xml", RSS)
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    loopback.on("/", html(head=link))
    call("add", loopback.url("/feed.xml"))
    before = text()
    said = call("add", loopback.url("/"))
    assert said.code == 0
    assert "already subscribed: planet-test" in said.err
    assert text() == before


def test_a_name_that_is_a_feeds_already_is_not_looked_for_on_the_web(call: Call) -> None:
    said = call("add", "first")
    assert (said.code, "already subscribed: first is https://first.example/feed" in said.err) == (
        0,
        True,
    )
    assert text() == HEAD


def test_two_feeds_of_one_title_get_two_names(call: Call, loopback: Loopback) -> None:
    for path in ("/a", "/b"):
        loopback.on(path, RSS)
        call("add", loopback.url(path))
    assert list(load(Path("config.toml")).feeds) == ["first", "planet-test", "planet-test-2"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["/missing"], 1, "404 Not Found"),
        (["/page"], 1, "is a page, and no feed was found behind it; give the feed's own URL"),
        (["/broken"], 1, "/broken: "),
        (["/loop"], 1, "/loop: "),
        (["/planet", "--name", "first"], 2, "a feed named first already"),
        (["/planet", "--name", "-x"], 2, "may not start with -"),
        (["/planet", "--tag", " "], 2, "a tag is a word"),
    ],
)
def test_what_cant_be_added_is_one_line_and_changes_nothing(
    call: Call, loopback: Loopback, arguments: list[str], code: int, words: str
) -> None:
    loopback.on("/planet", RSS)
    loopback.on("/page", html("<p>Welcome</p>"))
    loopback.on("/broken", b"\x00\x01\x02 neither one nor the other")
    loopback.on("/loop", Reply(302, {"Location": "/loop"}))
    said = call("add", loopback.url(arguments[0]), *arguments[1:])
    assert said.code == code
    assert words in said.err
    assert said.err.startswith("feedd: ")
    assert said.err.count("\n") == 1
    assert text() == HEAD


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://example.org/feed", "allowed: an absolute http:// or https:// URL"),
        ("file:///etc/passwd", "file: feeds may only be written into the configuration file"),
        ("exec:ls", "exec: feeds may only be written into the configuration file"),
        ("https://me:hunter2@example.org/", "may not hold a password"),
        ("", "allowed: an absolute"),
        ("a b", "allowed: an absolute"),
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(
    call: Call, address: str, words: str
) -> None:
    said = call("add", address)
    assert said.code == 2
    assert words in said.err
    assert "hunter2" not in said.err
    assert text() == HEAD


def test_without_a_server_there_is_one_clear_line(call: Call) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}/feed"
        said, without_scheme = call("add", f"http://{address}"), call("add", address)
    assert said.code == without_scheme.code == 1
    assert said.err.endswith("is this computer online?\n")
    assert f"A site without https is added as http://{address}\n" in without_scheme.err
    assert said.err.count("\n") == without_scheme.err.count("\n") == 1


def test_private_addresses_stay_guarded(call: Call, loopback: Loopback) -> None:
    Path("config.toml").write_text("[feeds]\n")
    said = call("add", loopback.url("/feed.xml"))
    assert said.code == 1
    assert loopback.seen == []


def test_removing_what_is_not_there_names_the_nearest(call: Call) -> None:
    said = call("remove", "firts")
    assert (said.code, said.err) == (3, "feedd: no feed 'firts'; did you mean 'first'?\n")
    assert text() == HEAD


def test_keys_of_a_feed_are_set_and_go_back_to_their_default(call: Call) -> None:
    said = call("set", "first", "interval=2h", "tags=news, linux", "enabled=false")
    assert said.code == 0, said.err
    assert 'first: tags = ["news", "linux"]' in said.err
    feed = load(Path("config.toml")).feeds["first"]
    assert (feed.interval_s, feed.tags, feed.enabled) == (2 * HOUR_S, ("news", "linux"), False)
    assert "# the first\n\n# the end\n" in text()
    said = call("set", "first", "interval=", "tags=", "enabled=")
    assert "first: interval is the default again" in said.err
    assert text() == HEAD


def test_of_several_changes_all_are_made_or_none(call: Call) -> None:
    for wrong, told in (
        ("interval=soon", 'interval: found "soon"'),
        ("intervall=2h", "did you mean interval"),
        ("interval", "KEY=VALUE"),
        ("url=", "feed needs its url"),
        ("password_file=x", "needs a username"),
    ):
        said = call("set", "first", "title=New", wrong)
        assert (said.code, said.out) == (2, "")
        assert told in said.err
        assert text() == HEAD
    said = call("set", "frist", "title=New")
    assert said.code == 3
    assert "did you mean 'first'" in said.err


def test_a_value_that_has_no_effect_is_told(call: Call) -> None:
    assert "min_interval (15 min) wins" in call("set", "first", "interval=1m").err


def test_a_secret_is_not_shown_back(call: Call) -> None:
    said = call("set", "first", 'headers={ X-Token = "s3cret" }')
    assert said.code == 0
    assert "s3cret" not in said.err
    assert load(Path("config.toml")).feeds["first"].headers == {"X-Token": "s3cret"}


def test_a_renamed_feed_keeps_its_items_and_is_listed_by_its_new_name_at_once(
    feedd: Feedd,
) -> None:
    before = [item["id"] for item in feedd("list", "lwn", "--json").records]
    said = feedd("rename", "lwn", "weekly")
    assert said.code == 0, said.err
    assert before
    assert [item["id"] for item in feedd("list", "weekly", "--json").records] == before
    gone = feedd("list", "lwn")
    assert gone.code == 3
    assert load(Path("config.toml")).feeds["weekly"].url == "https://lwn.example/rss"


def test_a_feed_with_a_new_url_and_then_a_new_name_keeps_its_items(feedd: Feedd) -> None:
    before = [item["id"] for item in feedd("list", "lwn", "--json").records]
    assert feedd("set", "lwn", "url=https://lwn.example/moved").code == 0
    assert feedd("rename", "lwn", "weekly").code == 0
    assert [item["id"] for item in feedd("list", "weekly", "--json").records] == before
    assert "removed" not in {feed["state"] for feed in feedd("feeds", "--json").records}


def test_a_renamed_feed_is_named_with_the_views_and_rules_that_still_say_its_old_name(
    feedd: Feedd,
) -> None:
    queries = """
[views]
kernel = "feed:lwn kernel"
other = "tag:blogs"
[[rules]]
when = "feed:LWN or feed:nihongo"
do = ["star"]
"""
    Path("config.toml").write_text(text() + queries)
    told = feedd("rename", "lwn", "weekly").err.splitlines()[1:]
    assert told == [
        "note: view kernel still says feed:lwn; write weekly there",
        "note: rule 1 still says feed:lwn; write weekly there",
    ]


def test_a_feed_that_was_just_taken_out_can_be_pruned_at_once(feedd: Feedd) -> None:
    feedd("remove", "lwn")
    items = {feed["name"]: feed["items"] for feed in feedd("feeds", "--json").records}
    starred = len(feedd("list", "lwn", "--starred", "--json").records)
    gone = items["lwn"] - starred
    assert gone > 0
    before = feedd("feeds", "--json").records
    said = feedd("prune", "--removed", "--dry-run")
    assert feedd("feeds", "--json").records == before, "a dry run writes nothing"
    assert said.out == f"lwn: {gone} of {items['lwn']} items\n"
    done = feedd("prune", "--removed")
    assert (done.out, done.err) == (said.out, f"pruned {gone} items\n")
    left = {feed["name"]: feed["items"] for feed in feedd("feeds", "--json").records}
    assert left.get("lwn", 0) == starred
    assert {**left, "lwn": items["lwn"]} == items


def test_a_name_that_is_taken_is_refused_even_by_a_feed_that_left_the_file(feedd: Feedd) -> None:
    assert feedd("rename", "lwn", "nihongo").code == 2
    assert feedd("remove", "nihongo").code == 0
    said = feedd("rename", "lwn", "nihongo")
    assert said.code == 2
    assert "prune --removed" in said.err
    assert "lwn" in load(Path("config.toml")).feeds


def test_who_looks_before_the_daemon_has_stored_anything_is_not_told_to_start_one(
    call: Call,
) -> None:
    assert "feedd run keeps at it" in call("list").err
    with hold_daemon_lock(Path("feedd.db").absolute()):
        said = call("list").err
        assert "the running daemon asks its feed; feedd status and feedd feeds tell" in said
        assert "feedd run" not in said


def test_a_running_daemon_is_mentioned(call: Call) -> None:
    with hold_daemon_lock(Path("feedd.db").absolute()):
        assert "the running daemon takes it up within 10 s" in call("remove", "first").err


# ---------------------------------------------------------------- feeds and why


@pytest.fixture
def polled(call: Call) -> Call:
    """A store in which feeds have fared differently."""
    names = ["ok", "failing", "gone", "moved", "late"]
    lines = "".join(f'{name} = "https://{name}.example/feed"\n' for name in names)
    Path("config.toml").write_text(
        HEAD.replace("# the end\n", f'{lines}\n[feeds.off]\nurl = "https://off.example/"\n'
        'enabled = false\ntags = ["t"]\n')
    )  # fmt: skip
    config = load(Path("config.toml"))
    now = int(time.time())
    db = open_writer(config.settings.database)
    sync_feeds(db, [feed for feed in config.feeds.values() if feed.name != "late"], now)
    states = {state.name: state for state in feed_states(db)}

    def outcome(name: str, poll: PollRecord, **changes: object) -> PollOutcome:
        state: FeedState = replace(states[name], last_poll=poll.at, **changes)
        return PollOutcome(replace(state, next_poll=poll.next_poll, next_reason=poll.reason), poll)

    def poll(name: str, status: int, reason: str, **more: object) -> PollRecord:
        url = f"https://{name}.example/feed"
        return PollRecord(now - HOUR_S, url, status, 1500, 42, reason=reason, **more)  # type: ignore[arg-type]

    record(
        db,
        [
            outcome(
                "ok",
                poll("ok", 200, "one item a day", new=3, next_poll=now + 2 * HOUR_S),
                state="ok",
                title="The OK Feed",
                site="https://ok.example/",
                last_success=now - HOUR_S,
                last_status=200,
                interval_s=10_800,
            ),
            outcome(
                "failing",
                poll("failing", 500, "backing off", error="500 \x1b[31mbroken", next_poll=now - 1),
                state="failing",
                last_status=500,
                last_error="500 \x1b[31mbroken",
                failures=3,
                failing_since=now - 2 * HOUR_S,
            ),
            outcome("gone", poll("gone", 410, "gone"), state="gone", last_error="410 Gone"),
            outcome(
                "moved",
                poll("moved", 200, "one item a day", next_poll=now + HOUR_S),
                state="ok",
                active_url="https://new.example/feed",
            ),
        ],
        now,
    )
    db.close()
    return call


def test_feeds_gives_one_line_a_feed_with_its_health(polled: Call) -> None:
    said = polled("feeds")
    assert said.code == 0
    rows = {line.split()[0]: line for line in said.lines}
    assert list(rows) == ["FEED", "first", "ok", "failing", "gone", "moved", "late", "off"]
    assert "1h ago" in rows["ok"]
    assert "in 1h" in rows["ok"] or "in 2h" in rows["ok"]
    assert "failing for 2 h: 500 broken" in rows["failing"]
    assert "due" in rows["failing"]
    assert "gone: 410 Gone" in rows["gone"]
    assert "moved to https://new.example/feed" in rows["moved"]
    assert "never" in rows["late"]
    assert "disabled" in rows["off"]
    assert "\x1b" not in said.out


def test_in_a_narrow_terminal_what_fails_comes_last_with_its_whole_cause(
    polled: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = open_writer(Path("feedd.db").absolute())
    (state,) = feed_states(db, ["failing"])
    cause = "500 Internal Server Error: " + " ".join(f"because{n}" for n in range(20))
    poll = PollRecord(state.last_poll or 0, state.url, 500, 0, 1, reason="backing off")
    record(db, [PollOutcome(replace(state, last_error=cause), poll)], int(time.time()))
    db.close()
    for columns in (80, 64):
        monkeypatch.setenv("COLUMNS", str(columns))
        said = polled("feeds")
        assert all(len(line) <= columns for line in said.lines)
        names = [line.split()[0] for line in said.lines if line[:1].strip()]
        assert names == ["FEED", "first", "ok", "moved", "late", "off", "failing", "failing",
                         "gone"]  # fmt: skip
        heading = said.lines.index("failing (2)")
        assert said.lines[heading - 1] == ""
        assert said.lines[heading + 1].startswith("failing  ")
        told = " ".join(line.strip() for line in said.lines if line.startswith("    "))
        assert "moved to https://new.example/feed" in told.replace("/ feed", "/feed")
        assert f"failing for 2 h: {cause}" in told
        assert "ok;" not in said.out
    assert said.err == "7 feeds, 2 failing, 0 items, 0 unread\n"


def test_a_line_of_feeds_has_the_feeds_tags(polled: Call) -> None:
    rows = {line.split()[0]: line for line in polled("feeds").lines}
    assert rows["off"].endswith("–          t     disabled (in the file)")
    assert rows["FEED"].endswith("TAGS  HEALTH")


def test_feeds_for_scripts_has_every_key(polled: Call) -> None:
    said = polled("feeds", "--json")
    assert said.err == ""
    feeds = {feed["name"]: feed for feed in said.records}
    assert {key: feeds["ok"][key] for key in ("title", "state", "items", "unread", "failures")} == {
        "title": "The OK Feed",
        "state": "ok",
        "items": 0,
        "unread": 0,
        "failures": 0,
    }
    assert feeds["ok"].keys() >= {
        "name", "url", "title", "site", "tags", "enabled", "state", "items", "unread", "last_poll",
        "last_success", "last_status", "last_error", "failures", "next_poll", "interval_s",
        "moved_to",
    }  # fmt: skip
    assert all(feed.keys() == feeds["ok"].keys() for feed in said.records)
    assert feeds["ok"]["last_poll"].endswith("Z")
    assert feeds["moved"]["moved_to"] == "https://new.example/feed"
    assert feeds["late"]["state"] == "new"
    assert feeds["late"]["last_poll"] is None
    assert (feeds["off"]["state"], feeds["off"]["enabled"]) == ("disabled", False)
    assert (feeds["off"]["tags"], feeds["off"]["next_poll"]) == (["t"], None)


def test_the_unhealthy_can_be_singled_out(polled: Call) -> None:
    names = [feed["name"] for feed in polled("feeds", "--unhealthy", "--json").records]
    assert names == ["failing", "gone", "moved"]
    assert polled("feeds", "--unhealthy").err == "3 feeds, 2 failing, 0 items\n"


def test_a_feed_renamed_by_hand_is_listed_with_its_items_and_polls_before_the_next_poll(
    feedd: Feedd,
) -> None:
    before = {feed["url"]: feed for feed in feedd("feeds", "--json").records}
    Path("config.toml").write_text(text().replace("lwn =", "weekly ="))
    after = {feed["url"]: feed for feed in feedd("feeds", "--json").records}
    renamed = after["https://lwn.example/rss"]
    assert renamed == {**before["https://lwn.example/rss"], "name": "weekly"}
    assert after.keys() == before.keys()


def test_a_feed_taken_out_of_the_file_is_listed_as_removed(polled: Call) -> None:
    polled("remove", "ok")
    feeds = {feed["name"]: feed for feed in polled("feeds", "--json").records}
    assert feeds["ok"]["state"] == "removed"
    assert feeds["ok"]["enabled"] is False
    assert list(feeds)[-1] == "ok"


def test_rule_18_a_moved_feed_is_written_into_the_file_only_when_asked(polled: Call) -> None:
    before = text()
    said = polled("feeds", "--update-moved")
    assert said.code == 0
    assert "moved: now https://new.example/feed" in said.err
    assert text() == before.replace("https://moved.example/feed", "https://new.example/feed")
    assert "no feed has moved" in polled("feeds", "--update-moved").err


def test_before_the_first_poll_there_is_a_list_all_the_same(call: Call) -> None:
    said = call("feeds", "--json")
    assert said.code == 0
    assert [feed["state"] for feed in said.records] == ["new"]
    assert not Path("feedd.db").exists()


def test_why_tells_the_polls_and_the_reason_for_the_next(polled: Call) -> None:
    said = polled("why", "ok")
    assert said.code == 0
    assert "ok: The OK Feed" in said.lines
    assert any(line.startswith("next poll: ") and "in 2 h" in line for line in said.lines)
    assert "because: one item a day" in said.lines
    assert "200" in said.lines[-1]
    assert "1.5 kB" in said.lines[-1]


def test_in_a_narrow_terminal_nothing_of_a_cause_is_cut(
    polled: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = open_writer(Path("feedd.db").absolute())
    (state,) = feed_states(db, ["failing"])
    cause = "500 Internal Server Error: " + " ".join(f"because{n}" for n in range(20))
    poll = PollRecord(int(time.time()), state.url, 500, 0, 1, error=cause, reason="backing off")
    record(db, [PollOutcome(replace(state, last_error=cause), poll)], int(time.time()))
    db.close()
    monkeypatch.setenv("COLUMNS", "80")
    for command in (("why", "failing"), ("status",), ("audit",)):
        lines = polled(*command).lines
        assert [line for line in lines if len(line) > 80] == [], command
        if command != ("audit",):
            assert cause in " ".join(line.strip() for line in lines)
    polls = polled("why", "failing").lines
    assert any(line.strip().startswith("500 broken · backing off") for line in polls)


def test_why_for_scripts_has_every_key(polled: Call) -> None:
    (poll,) = polled("why", "failing", "--json").records
    assert list(poll) == [
        "at", "url", "status", "bytes", "duration_ms", "new", "changed", "error", "next_poll",
        "reason",
    ]  # fmt: skip
    assert poll["error"] == "500 \x1b[31mbroken"
    assert (poll["status"], poll["bytes"], poll["duration_ms"]) == (500, 1500, 42)


def test_why_knows_feeds_that_were_never_polled_and_those_that_are_none(polled: Call) -> None:
    assert "next poll: as soon as feedd poll or feedd run looks" in polled("why", "late").lines
    said = polled("why", "gnoe")
    assert (said.code, said.err) == (3, "feedd: no feed 'gnoe'; did you mean 'gone'?\n")


# ---------------------------------------------------------------- audit


def test_audit_tells_what_each_host_has_had_and_which_manners_were_kept(polled: Call) -> None:
    said = polled("audit")
    assert said.code == 0
    assert "4 polls" in said.lines[0]
    assert any(line.split()[:3] == ["failing.example", "1", "1"] for line in said.lines)
    assert "kept       410 and 401 end polling" in said.out
    assert "from before all that is judged here was recorded" in said.out


def test_audit_as_json_tells_its_kinds_apart(polled: Call) -> None:
    records = polled("audit", "--json").records
    assert {record["kind"] for record in records} == {"audit", "host", "behaviour"}
    assert records[0]["polls"] == 4
    assert all(record["breaches"] == [] for record in records if record["kind"] == "behaviour")


def test_audit_of_no_polls_says_so(polled: Call) -> None:
    said = polled("audit", "--since", "1m")
    assert (said.code, said.out) == (0, "")
    assert "feedd poll" in said.err


def test_feeds_in_trouble_for_long_are_listed_and_end_a_digest(
    feedd: Feedd, stocked: Stocked
) -> None:
    db = open_writer(stocked.database)
    day = 86_400
    db.execute(
        "UPDATE feeds SET state = 'failing', failing_since = ?, last_error = '500 <b>'"
        " WHERE name = 'lwn'",
        (stocked.now - 3 * day,),
    )
    for name, ago in (("planet-python", 100), ("nihongo", 0)):
        entries = [entry(f"{name} {n}", stocked.now - (ago + n) * day) for n in range(8)]
        db.execute(
            "DELETE FROM marks WHERE feed_id = (SELECT id FROM feeds WHERE name = ?)", (name,)
        )
        store(stocked.database, name, entries, stocked.now)
    db.close()
    said = feedd("feeds", "--silent")
    assert [line.split()[0] for line in said.lines[1:]] == ["lwn", "planet-python"]
    assert "failing for 3 days: 500 <b>" in said.lines[1]
    assert "silent for " in said.lines[2]
    records = {one["name"]: one for one in feedd("feeds", "--json").records}
    assert records["planet-python"]["silent_since"] is not None
    assert records["nihongo"]["silent_since"] is None
    assert [one["name"] for one in feedd("feeds", "--silent", "--json").records] == [
        "lwn",
        "planet-python",
    ]
    text = feedd("digest", "--all").out
    assert "FEEDS IN TROUBLE" in text
    assert "lwn: failing for 3 days: 500 <b>" in text
    assert (
        "<li>lwn: failing for 3 days: 500 &lt;b&gt;</li>" in feedd("digest", "--all", "--html").out
    )
    assert "- lwn: failing for 3 days: 500 \\<b\\>" in feedd("digest", "--all", "--markdown").out
