"""Every limit of the file: what lies on it is taken; one beyond is refused, and the limit named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feedd.configfile import parse
from feedd.configfile.keys import MAX_CONCURRENCY, MAX_PER_HOST
from feedd.configfile.values import (
    MAX_ITEMS,
    MAX_NAME_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    MAX_URL_CHARACTERS,
    nearest,
    same_feed_key,
    shown,
    url_problem,
)
from feedd.errors import ConfigError
from feedd.model import Config, Retention

FILE = Path("/somewhere/config.toml")
DAY_S = 86_400

URL = "https://e.example/"


def read(text: str) -> Config:
    return parse(text, FILE)


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as error:
        parse(text, FILE)
    (problem,) = error.value.problems
    return problem


def setting(key: str, value: str) -> str:
    return f'[feedd]\nmin_interval = "1s"\nmax_interval = "365d"\n{key} = {value}\n'


@pytest.mark.parametrize(
    ("key", "written", "name", "value"),
    [
        ("interval", '"1s"', "interval_s", 1),
        ("interval", '"365d"', "interval_s", 365 * DAY_S),
        ("concurrency", "1", "concurrency", 1),
        ("concurrency", str(MAX_CONCURRENCY), "concurrency", MAX_CONCURRENCY),
        ("per_host", "1", "per_host", 1),
        ("per_host", str(MAX_PER_HOST), "per_host", MAX_PER_HOST),
        ("article_pause", '"0s"', "article_pause_s", 0),
        ("timeout", '"1s"', "timeout_s", 1),
        ("max_feed_size", '"10kB"', "max_feed_bytes", 10_000),
        ("max_feed_size", '"1GB"', "max_feed_bytes", 10**9),
        ("max_article_size", '"10kB"', "max_article_bytes", 10_000),
        ("keep", '"1d"', "keep_s", DAY_S),
        ("keep", '"forever"', "keep_s", None),
        ("keep_unread", '"1d"', "keep_unread_s", DAY_S),
        ("keep_unread", '"forever"', "keep_unread_s", None),
        ("keep_items", "0", "keep_items", None),
        ("keep_items", "1", "keep_items", 1),
        ("keep_items", str(MAX_ITEMS), "keep_items", MAX_ITEMS),
        ("first", '"all"', "first_unread", None),
        ("first", '"none"', "first_unread", 0),
        ("first", "0", "first_unread", 0),
        ("first", "1", "first_unread", 1),
        ("first", str(MAX_ITEMS), "first_unread", MAX_ITEMS),
        ("adaptive", "true", "adaptive", True),
        ("adaptive", "false", "adaptive", False),
        ("proxy", '""', "proxy", None),
        ("on_new", '""', "on_new", None),
        ("ca_file", '""', "ca_file", None),
        ("ca_file", '"ca.pem"', "ca_file", "ca.pem"),
    ],
)
def test_what_lies_on_a_limit_is_taken(key: str, written: str, name: str, value: object) -> None:
    assert getattr(read(setting(key, written)).settings, name) == value


@pytest.mark.parametrize(
    ("key", "written", "words"),
    [
        ("interval", '"0s"', "from 1s to 365d"),
        ("interval", '"366d"', "from 1s to 365d"),
        ("interval", "true", "found true"),
        ("concurrency", "0", f"from 1 to {MAX_CONCURRENCY}"),
        ("concurrency", str(MAX_CONCURRENCY + 1), f"from 1 to {MAX_CONCURRENCY}"),
        ("concurrency", "true", "found true"),
        ("per_host", str(MAX_PER_HOST + 1), f"from 1 to {MAX_PER_HOST}"),
        ("timeout", '"0s"', "from 1s"),
        ("max_feed_size", '"9999B"', "from 10kB to 1GB"),
        ("max_feed_size", '"1001MB"', "from 10kB to 1GB"),
        ("max_feed_size", "10000", "found the number 10000"),
        ("keep", '"23h"', "a day or more"),
        ("keep", "true", "found true"),
        ("keep_items", "-1", f"up to {MAX_ITEMS}"),
        ("keep_items", str(MAX_ITEMS + 1), f"up to {MAX_ITEMS}"),
        ("keep_items", "true", "found true"),
        ("keep_items", "1.0", "found the number 1.0"),
        ("first", "-1", f"up to {MAX_ITEMS}"),
        ("first", str(MAX_ITEMS + 1), f"up to {MAX_ITEMS}"),
        ("first", "false", "found false"),
        ("first", '"some"', '"all", "none" or'),
        ("adaptive", "1", "true or false"),
        ("ca_file", '" "', "the name of a file"),
        ("ca_file", "1", "the name of a file"),
    ],
)
def test_what_lies_beyond_a_limit_is_refused_and_the_limit_is_named(
    key: str, written: str, words: str
) -> None:
    problem = refused(setting(key, written))
    assert f": feedd.{key}: " in problem
    assert words in problem


def feed(key: str, value: str) -> str:
    return f'[feeds.a]\nurl = "{URL}"\n{key} = {value}\n'


@pytest.mark.parametrize(
    ("key", "written", "name", "value"),
    [
        ("title", f'"{"x" * MAX_TEXT_CHARACTERS}"', "title", "x" * MAX_TEXT_CHARACTERS),
        ("title", '"  A  "', "title", "A"),
        ("tags", '["b", " a ", "b"]', "tags", ("b", "a")),
        ("tags", f'["{"x" * MAX_TEXT_CHARACTERS}"]', "tags", ("x" * MAX_TEXT_CHARACTERS,)),
        ("tags", "[]", "tags", ()),
        ("mute", '["/(/ "]', "mute", ("/(/ ",)),
        ("mute", '["//"]', "mute", ("//",)),
        ("mute", '[" (", "/a/"]', "mute", (" (", "/a/")),
        ("keep", '"forever"', "keep_s", None),
        ("encoding", '"shift_jis"', "encoding", "shift_jis"),
        ("on_new", "\"sh -c 'a b'\"", "on_new", "sh -c 'a b'"),
    ],
)
def test_what_a_feed_may_say_is_taken_as_it_was_meant(
    key: str, written: str, name: str, value: object
) -> None:
    assert getattr(read(feed(key, written)).feeds["a"], name) == value


@pytest.mark.parametrize(
    ("key", "written", "words"),
    [
        ("title", f'"{"x" * (MAX_TEXT_CHARACTERS + 1)}"', f"at most {MAX_TEXT_CHARACTERS}"),
        ("title", '" "', 'found " "'),
        ("title", "1", "found the number 1"),
        ("tags", f'["{"x" * (MAX_TEXT_CHARACTERS + 1)}"]', "each on one line"),
        ("tags", '[" "]', 'found " "'),
        ("mute", '[" "]', 'found " "'),
        ("mute", '"a"', 'found "a"; allowed: a list'),
        ("mute", f'["{"x" * (MAX_TEXT_CHARACTERS + 1)}"]', "allowed: a list of words"),
        ("mute", "['/*/']", 'found "/*/", which is no regular expression'),
        ("mute", "['/a{99999999999999999999}/']", "a number is too large"),
        ("encoding", '"no-such"', "the name of an encoding"),
        ("encoding", '"base64"', "the name of an encoding"),
        ("on_new", '"sh \'a"', "it ends within quotation marks"),
        ("on_new", '"sh \\\\"', "it ends with a lone backslash"),
    ],
)
def test_what_a_feed_may_not_say_is_named(key: str, written: str, words: str) -> None:
    problem = refused(feed(key, written))
    assert f": feeds.a.{key}: " in problem
    assert words in problem


def url_of(characters: int) -> str:
    return URL + "x" * (characters - len(URL))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (url_of(MAX_URL_CHARACTERS), None),
        (url_of(MAX_URL_CHARACTERS + 1), f"longer than {MAX_URL_CHARACTERS} characters"),
        ("https://e.example:65535/", None),
        ("HTTPS://e.example:1/", None),
        ("https://e.example:65536/", "not between 1 and 65535"),
        ("https://e.example:0/", "not between 1 and 65535"),
        ("https://[2001:db8::1]/a?b#c", None),
        ("https://me:secret@e.example/", "may not hold a password"),
        ("exec:ls", "exec: feeds may only be written into the configuration file by hand"),
        ("FILE:/etc/passwd", "file: feeds may only be written"),
        ("feed:https://e.example/", "instead of feed:"),
        ("rss://e.example/", "instead of feed:"),
        ("feeds://e.example/", "allowed: an absolute http:// or https:// URL"),
        ("https://e.example/a b", "with a space; take it out or write %20"),
        ("e.example/a b", "allowed: an absolute"),
        ("https://e.example/\x07", "found"),
        ("https://", "allowed: an absolute"),
        (f"https://{'h' * 255}/", None),
        (f"https://{'h' * 256}/", "allowed: an absolute"),
    ],
)
def test_the_url_of_a_feed_is_one_that_can_be_asked(url: str, words: str | None) -> None:
    problem = url_problem(url)
    if words is None:
        assert problem is None
    else:
        assert problem is not None
        assert words in problem
        assert "secret" not in problem
        assert problem.isprintable()


@pytest.mark.parametrize(
    ("url", "is_feed"),
    [
        ("file:/a", True),
        ("FILE:///a/b.xml", True),
        ("file:" + "x" * (MAX_URL_CHARACTERS - 5), True),
        ("file:" + "x" * (MAX_URL_CHARACTERS - 4), False),
        ("exec:ls 'a b'", True),
        ("file: / ", False),
        ("exec:", False),
        ("exec:ls 'a", False),
    ],
)
def test_a_file_or_a_program_is_a_feed_where_it_is_one(url: str, is_feed: bool) -> None:
    text = f'[feeds]\na = "{url}"\n'
    if is_feed:
        assert read(text).feeds["a"].url == url
    else:
        assert ": feeds.a: " in refused(text)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("x" * MAX_NAME_CHARACTERS, True),
        ("x" * (MAX_NAME_CHARACTERS + 1), False),
        (" a", False),
        ("a ", False),
        ("a-b", True),
        ("-b", False),
        ("日本", True),
    ],
)
def test_the_name_of_a_feed_is_one_that_can_be_typed(name: str, is_one: bool) -> None:
    text = f'[feeds]\n"{name}" = "{URL}"\n'
    if is_one:
        assert list(read(text).feeds) == [name]
    else:
        assert "a feed's name may" in refused(text)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (URL, "http://www.E.example", True),
        ("https://e.example/a/", "https://e.example/a#x", True),
        ("https://e.example/A", "https://e.example/a", False),
        ("https://e.example/a?b", "https://e.example/a?c", False),
        ("https://w.e.example/", URL, False),
        ("exec:ls /", "exec:ls", False),
        ("file:/A/", "file:/A", False),
    ],
)
def test_the_same_feed_is_not_followed_twice_under_two_spellings(
    one: str, other: str, are_same: bool
) -> None:
    assert (same_feed_key(one) == same_feed_key(other)) is are_same


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("x" * 60, f'"{"x" * 60}"'),
        ("x" * 61, f'"{"x" * 59}…"'),
        ("a\x1bb", '"a�b"'),
        (True, "true"),
        (False, "false"),
        (10**19, f"the number {10**19}"),
        (10**20, "a int"),
        ({}, "a table"),
        ([], "a list"),
    ],
)
def test_what_was_found_is_said_short_and_printable(value: object, words: str) -> None:
    assert shown(value) == words


def test_only_what_is_near_is_taken_for_what_was_meant() -> None:
    assert nearest("INTERVALL", ["interval", "keep"]) == "interval"
    assert nearest("xyzzy", ["interval", "keep"]) is None


MONTH = '"30d"'


@pytest.mark.parametrize(
    ("settings", "own", "drops"),
    [
        ({}, {}, False),
        ({"keep": MONTH}, {}, True),
        ({"keep_unread": MONTH}, {}, True),
        ({"keep_items": "100"}, {}, True),
        ({}, {"keep": MONTH}, True),
        ({}, {"keep_items": "100"}, True),
        ({"keep": MONTH}, {"keep": '"forever"'}, True),
    ],
)
def test_items_are_dropped_where_the_file_says_so_once(
    settings: dict[str, str], own: dict[str, str], drops: bool
) -> None:
    said = "".join(f"{key} = {value}\n" for key, value in settings.items())
    keys = "".join(f"{key} = {value}\n" for key, value in own.items())
    config = read(
        f'[feedd]\n{said}[feeds]\nb = "https://b.example/"\n[feeds.a]\nurl = "{URL}"\n{keys}'
    )
    assert config.drops is drops


def test_a_feed_keeps_items_as_the_file_says_unless_it_says_otherwise_itself() -> None:
    config = read(
        f'[feedd]\nkeep = "30d"\nkeep_unread = "60d"\nkeep_items = 100\n'
        f'[feeds]\nb = "https://b.example/"\n'
        f'[feeds.a]\nurl = "{URL}"\nkeep = "forever"\nkeep_items = 5\n'
    )
    expected: dict[str, Any] = {
        "a": Retention(None, 60 * DAY_S, 5),
        "b": Retention(30 * DAY_S, 60 * DAY_S, 100),
    }
    assert config.retentions == expected


def test_two_rules_of_one_name_are_refused_for_their_counts_would_be_one() -> None:
    rule = '[[rules]]\nname = "luck"\nwhen = "x"\ndo = ["read"]\n'
    assert len(read(rule).rules) == 1
    problem = refused(rule + rule)
    assert ': rules.2.name: another rule is called "luck" already' in problem
