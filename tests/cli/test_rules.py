"""Rules: met by new entries as a poll stores them, tried and applied to stored ones."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Call, Said
from tests.loopback import Loopback, Reply

LIST = ("list", "--all", "--limit", "0", "--json")


def document(name: str, *titles: str) -> Reply:
    at = datetime.now(UTC) - timedelta(hours=1)
    items = "".join(
        f"<item><guid>{name}-{title}</guid><title>{title}</title>"
        f"<link>http://127.0.0.1:9/{name}/{number}</link><description>About {title}</description>"
        f"<pubDate>{at - timedelta(minutes=number):%a, %d %b %Y %H:%M:%S GMT}</pubDate></item>"
        for number, title in enumerate(titles)
    )
    return Reply(
        body=f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'.encode()
    )


class Site:
    """Two feeds on loopback, and a file with rules."""

    def __init__(self, call: Call, loopback: Loopback) -> None:
        self.call = call
        self.loopback = loopback

    def write(self, rules: str, *, feed: str = "") -> None:
        Path("config.toml").write_text(
            '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
            f'[feeds.hn]\nurl = "{self.loopback.url("/hn")}"\ntags = ["news"]\n{feed}\n'
            f'[feeds.blog]\nurl = "{self.loopback.url("/blog")}"\n{rules}'
        )

    def poll(self, hn: tuple[str, ...], blog: tuple[str, ...] = ()) -> None:
        self.loopback.on("/hn", document("hn", *hn))
        self.loopback.on("/blog", document("blog", *blog))
        said = self.call("poll", "hn", "blog")
        assert said.code == 0, said.err

    def titles(self, where: str) -> list[str]:
        return sorted(one["title"] for one in self.call(*LIST, "--where", where).records)


@pytest.fixture
def site(call: Call, loopback: Loopback) -> Site:
    return Site(call, loopback)


RULES = """
[[rules]]
name = "jobs"
when = 'feed:hn title:"who is hiring"'
do   = ["read", "tag:jobs"]

[[rules]]
when = "tag:jobs title:remote"
do   = ["star", "later"]

[[rules]]
when = "title:noise -is:starred"
do   = ["hide"]

[[rules]]
when = "title:hiring"
do   = ["star"]
until = 2020-12-31
"""


def test_new_entries_meet_the_rules_in_the_order_of_the_file(site: Site) -> None:
    site.write(RULES)
    site.poll(("Who is hiring", "Who is hiring remote noise", "Noise", "Other"), ("Who is hiring",))
    assert site.titles("tag:jobs") == ["Who is hiring", "Who is hiring remote noise"]
    assert site.titles("is:read") == ["Who is hiring", "Who is hiring remote noise"]
    assert site.titles("is:later is:starred") == ["Who is hiring remote noise"]
    assert site.titles("is:hidden") == ["Noise"]
    assert "Noise" not in [one["title"] for one in site.call(*LIST).records]
    feeds = {one["name"]: one for one in site.call("feeds", "--json").records}
    assert (feeds["hn"]["items"], feeds["hn"]["unread"]) == (3, 1)
    assert site.call("check").code == 0


def test_rules_are_listed_with_their_hits_mute_first(site: Site) -> None:
    site.write(RULES, feed='mute = ["other"]')
    site.poll(("Who is hiring", "Other"))
    site.poll(("Who is hiring", "Other", "Who is hiring again"))
    records = site.call("rules", "--json").records
    assert [(one["rule"], one["number"], one["hits"], one["state"]) for one in records] == [
        ("mute of hn", None, 1, "active"), ("jobs", 1, 2, "active"), ("2", 2, 0, "active"),
        ("3", 3, 0, "active"), ("4", 4, 0, "expired"),
    ]  # fmt: skip
    assert (records[0]["from"], records[0]["feed"]) == ("mute", "hn")
    assert records[1]["do"] == ["read", "tag:jobs"]
    assert records[1]["last_hit"]
    assert records[4]["until"] == "2020-12-31"
    assert records[4]["last_hit"] is None
    assert "jobs" in site.call("rules").out


def test_hits_stay_with_a_rule_that_moves_and_those_of_another_query_begin_anew(
    site: Site,
) -> None:
    named = '[[rules]]\nname = "n"\nwhen = "{}"\ndo = ["star"]\n'
    plain = '[[rules]]\nwhen = "{}"\ndo = ["read"]\n'
    site.write(named.format("one") + plain.format("two"))
    site.poll(("one", "two"))
    site.write(plain.format("two") + named.format("other"))
    assert [one["hits"] for one in site.call("rules", "--json").records] == [1, 1]
    site.write(plain.format("three"))
    assert [one["hits"] for one in site.call("rules", "--json").records] == [0]


def test_a_rule_can_be_tried_without_changing_anything(site: Site) -> None:
    site.write("")
    site.poll(("Who is hiring", "Other"), ("Who is hiring",))
    before = site.call(*LIST).out
    site.write(RULES)
    records = site.call("rules", "test", "--json").records
    assert [(one["rule"], one["hits"]) for one in records] == [
        ("jobs", 1), ("2", 0), ("3", 0), ("4", 2)
    ]  # fmt: skip
    assert len(records[0]["ids"]) == 1
    (one,) = site.call("rules", "test", "1", "--json").records
    assert one == records[0]
    assert site.call("rules", "test", "jobs", "--since", "5m", "--json").records[0]["hits"] == 0
    assert "Who is hiring" in site.call("rules", "test", "jobs").out
    assert site.call(*LIST).out == before
    assert site.call("undo").code == 1
    said = site.call("rules", "test", "job")
    assert (said.code, "no rule 'job'" in said.err) == (3, True)


def test_rules_are_applied_to_stored_items_as_one_act(site: Site) -> None:
    site.write("")
    site.poll(("Who is hiring", "Noise", "Other"), ("Who is hiring",))
    before = site.call(*LIST).out
    site.write(RULES)
    records = site.call("rules", "apply", "jobs", "3", "4", "--json").records
    assert [(one["rule"], one["hits"], one["changed"]) for one in records] == [
        ("jobs", 1, 1), ("3", 1, 1), ("4", 2, 2)
    ]  # fmt: skip
    assert site.titles("is:starred") == ["Who is hiring", "Who is hiring"]
    assert site.titles("is:hidden") == ["Noise"]
    (act,) = site.call("undo", "--list", "--json").records
    assert (act["command"], act["items"]) == ("rules apply jobs 3 4", 4)
    site.call("undo")
    assert site.call(*LIST).out == before
    assert site.call("rules", "apply", "nope").code == 3
    again = site.call("rules", "apply", "jobs", "--since", "5m", "--json").records
    assert again == [{"rule": "jobs", "hits": 0, "changed": 0, "ids": []}]


def test_a_command_is_run_for_what_a_rule_hits_but_not_at_a_first_poll(
    site: Site, tmp_path: Path
) -> None:
    program = tmp_path / "note.py"
    program.write_text("import sys; open('told', 'a').write(sys.stdin.read())")
    site.write(
        f"[[rules]]\nwhen = 'title:alarm'\ndo = ['read', 'notify:{sys.executable} {program}']\n"
    )
    site.poll(("alarm",))
    assert not (tmp_path / "told").exists()
    site.poll(("alarm", "alarm again", "quiet"))
    told = [json.loads(line) for line in (tmp_path / "told").read_text().splitlines()]
    assert [(one["title"], one["read"]) for one in told] == [("alarm again", True)]


def test_the_page_of_what_a_rule_hits_is_fetched(site: Site) -> None:
    site.write("[[rules]]\nwhen = 'title:long'\ndo = ['full-text']\n")
    site.loopback.on("/hn/0", Reply(body=b"<p>nothing</p>"))
    site.poll(("long read", "short"))
    articles = [
        one["article_error"]
        for item in site.call(*LIST).records
        for one in site.call("show", str(item["id"]), "--json").records
    ]
    assert [error is not None for error in articles] == [True, False]


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("feed:nope", "no feed 'nope'"),
        ("tag:nope or feed:nope", "no feed has the tag 'nope'"),
        ("feed:hn feed:blog", "no item is of hn and of blog"),
        ("is:read is:unread", "read and unread"),
        ("x -x", "contrary"),
        ("since:1d until:2d", "before since"),
        ("words>5 words<3", "no room"),
        ("words<0", "fewer than 0 words"),
        ("lang:de lang:fr", "no item is in"),
        ("has:article", "no page"),
        ("is:updated", "not been updated"),
        ("is:later", "no rule before it makes an entry later"),
    ],
)
def test_check_names_a_rule_that_can_match_nothing(site: Site, when: str, reason: str) -> None:
    site.write(f'[[rules]]\nwhen = "{when}"\ndo = ["later"]\n')
    said = site.call("check")
    assert said.code == 0
    assert "rule 1 can match nothing" in said.err
    assert reason in said.err


def test_check_says_nothing_of_rules_and_views_that_may_match(site: Site) -> None:
    site.write(
        '[views]\nv = "tag:given or is:later"\n[[rules]]\nwhen = "feed:HN or feed:nope"\n'
        'do = ["tag:given", "later"]\n[[rules]]\nwhen = "tag:given is:later -is:starred lang:de'
        ' lang:de-at words>0 words<=4"\ndo = ["read"]\n'
    )
    said = site.call("check")
    assert (said.code, said.err) == (0, "")


def wrong(site: Site, rule: str) -> Said:
    site.write(f"[[rules]]\n{rule}\n")
    return site.call("check")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('when = "a or"\ndo = ["read"]', "(character 3)"),
        ('when = "a"', "has no do"),
        ('do = ["read"]', "has no when"),
        ('when = "a"\ndo = []', "allowed: a list of read, star, later"),
        ('when = "a"\ndo = ["red"]', "allowed: a list of read"),
        ('when = "a"\ndo = ["tag:a b"]', "one word"),
        ('when = "a"\ndo = ["notify:"]', "allowed: a list of"),
        ('when = "a"\ndo = ["read"]\nuntil = "2026-12-31"', "a date without quotes"),
        ('when = "a"\ndo = ["read"]\nname = "7"', "a number names a rule"),
        ('when = "a"\ndo = ["read"]\nwhat = 1', "unknown key"),
    ],
)
def test_what_is_wrong_with_a_rule_is_one_of_the_files_mistakes(
    site: Site, rule: str, words: str
) -> None:
    said = wrong(site, rule)
    assert said.code == 2
    assert words in said.err
    assert "config.toml:" in said.err
    assert "rules.1" in said.err


def test_a_mute_is_tried_and_applied_as_a_rule_by_the_name_that_it_is_listed_with(
    site: Site,
) -> None:
    site.write("")
    site.poll(("An ad: buy", "News"), ("an AD again",))
    site.write(RULES, feed='mute = ["ad:", "/^Ne.s$/"]')
    tried = site.call("rules", "test", "mute of hn", "--json").records
    assert [(one["rule"], one["hits"]) for one in tried] == [("mute of hn", 2)]
    every = [one["rule"] for one in site.call("rules", "test", "--json").records]
    assert every == [one["rule"] for one in site.call("rules", "--json").records]
    assert site.titles("is:read") == []
    assert "2 hit, 2 changed" in site.call("rules", "apply", "mute of hn").err
    assert site.titles("is:read") == ["An ad: buy", "News"]
    site.call("undo")
    assert site.titles("is:read") == []
    said = site.call("rules", "test", "mute of blog")
    assert (said.code, "did you mean 'mute of hn'?" in said.err) == (3, True)
