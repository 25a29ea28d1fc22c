"""What the file may say, and what a person is told when it says something else."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedd.configfile import default_database, load, parse
from feedd.configfile.keys import FEED, SETTINGS
from feedd.configfile.values import url_problem
from feedd.errors import ConfigError
from feedd.model import FeedConfig, Settings
from tests.words import programmers_words

FILE = Path("/somewhere/config.toml")

EVERY_KEY = """
[feedd]
database = "own.db"
interval = "2h"
min_interval = "10m"
max_interval = "2d"
adaptive = false
articles = "never"
concurrency = 8
per_host = 1
article_pause = "0s"
timeout = "10s"
max_feed_size = "1MB"
max_article_size = "500kB"
allow_private_hosts = true
keep = "180d"
contact = "mailto:me@example.org"
user_agent = "me@example.org"
proxy = "socks5://localhost:9050"
parser = "feedparser"

[feeds]
lwn = "https://lwn.net/headlines/rss"
[feeds.planet-python]
url = "https://planetpython.org/rss20.xml"
title = "Planet Python"
tags = ["python", "blogs", "python"]
interval = "3h"
articles = "always"
enabled = false
updates = "unread"
mute = ["sponsored", "/(?i)weekly digest/"]
username = "me"
password_file = "planet.pass"
headers = { "X-Token" = "secret" }
user_agent = "other"
proxy = "http://localhost:3128"
article_selector = "article"
article_remove = ".ads"
"""


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as refused:
        parse(text, FILE)
    return refused.value.problems


def only_problem(text: str) -> str:
    (problem,) = problems(text)
    return problem


def test_every_key_arrives_where_it_is_used() -> None:
    config = parse(EVERY_KEY, FILE)
    assert config.settings == Settings(
        database=Path("/somewhere/own.db"),
        interval_s=7200,
        min_interval_s=600,
        max_interval_s=172_800,
        adaptive=False,
        articles="never",
        concurrency=8,
        per_host=1,
        article_pause_s=0,
        timeout_s=10,
        max_feed_bytes=1_000_000,
        max_article_bytes=500_000,
        allow_private_hosts=True,
        keep_s=15_552_000,
        contact="mailto:me@example.org",
        user_agent="me@example.org",
        parser="feedparser",
        proxy="socks5://localhost:9050",
    )
    assert config.feeds["lwn"] == FeedConfig(
        "lwn", "https://lwn.net/headlines/rss", keep_s=15_552_000
    )
    assert config.feeds["planet-python"] == FeedConfig(
        "planet-python",
        "https://planetpython.org/rss20.xml",
        title="Planet Python",
        tags=("python", "blogs"),
        interval_s=10_800,
        articles="always",
        enabled=False,
        updates="unread",
        mute=("sponsored", "/(?i)weekly digest/"),
        username="me",
        password_file="planet.pass",
        headers={"X-Token": "secret"},
        user_agent="other",
        proxy="http://localhost:3128",
        article_selector="article",
        article_remove=".ads",
        keep_s=15_552_000,
    )
    assert config.warnings == ()


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("127.0.0.1:9500", ("127.0.0.1", 9500)),
        ("[::1]:9500", ("::1", 9500)),
        ("localhost:0", ("localhost", 0)),
        ("/var/lib/node exporter/feedd.prom", Path("/var/lib/node exporter/feedd.prom")),
        ("", None),
    ],
)
def test_metrics_go_to_an_address_or_into_a_file(
    written: str, target: tuple[str, int] | Path | None
) -> None:
    assert parse(f'[feedd]\nmetrics = "{written}"', FILE).settings.metrics == target


def test_an_empty_file_means_the_defaults_and_no_feeds() -> None:
    config = parse("", FILE)
    assert config.settings == Settings(database=default_database())
    assert config.feeds == {}


def test_a_byte_order_mark_and_windows_line_ends_are_no_obstacle() -> None:
    config = parse("\ufeff" + EVERY_KEY.replace("\n", "\r\n"), FILE)
    assert list(config.feeds) == ["lwn", "planet-python"]


def test_a_problem_names_file_line_key_what_was_found_and_what_is_allowed() -> None:
    assert only_problem('[feedd]\n# how often\ninterval = "1 hour"\n') == (
        f'{FILE}:3: feedd.interval: found "1 hour"; allowed: a duration such as "30s", "15m", '
        '"2h" or "1d", from 1s to 365d'
    )


def test_a_file_of_another_program_is_one_line_that_says_how_to_name_one_s_own() -> None:
    zola = 'base_url = "https://a.example"\ntitle = "Mine"\n[markdown]\nx = 1\n[extra]\n'
    said = "has nothing of feedd's and seems to be another program's; --config FILE names yours"
    assert only_problem(zola) == f"{FILE}: {said}"
    assert len(problems("[feeds]\n" + zola.replace("base_url", "a"))) > 1
    assert len(problems("title = 'x'")) == 1
    assert "belongs under" in only_problem("lwn = 'https://lwn.net/'")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('[feedd]\nintervall = "1h"', "feedd.intervall", "did you mean interval?"),
        ('[feedd]\nintervall = "1h"', "feedd.intervall", "min_interval, max_interval, adaptive"),
        ("[feedd]\nxyzzy = 1", "feedd.xyzzy", "unknown key; allowed: database,"),
        ("[feed]\n", "feed", "unknown table; did you mean feeds?"),
        ("[feed]\nkeep = '2d'", "feed", "unknown table; did you mean feedd?"),
        ("lwn = 'https://lwn.net/'", "lwn", "belongs under the line [feeds]; move it there"),
        ("interval = '1h'", "interval", "belongs under the line [feedd]"),
        ("xyzzy = '1h'", "xyzzy", "unknown table; allowed: feedd, feeds"),
        (
            "[feeds.a]\nurl = 'https://a.b/'\nlwn = 'https://lwn.net/'",
            "feeds.a.lwn",
            "belongs under the line [feeds]; move it there",
        ),
        (
            "[feeds.a]\nurl = 'https://a.b/'\nfirsts = 'https://a.c/'",
            "feeds.a.firsts",
            "belongs under the line [feeds]",
        ),
        (
            "[feeds.a]\nurl = 'https://a.b/'\nprox = 'http://localhost:3128'",
            "feeds.a.prox",
            "did you mean proxy?",
        ),
        (
            "[feeds.a]\nurl = 'https://a.b/'\nmax_interval = '2d'",
            "feeds.a.max_interval",
            "belongs under the line [feedd]; move it there",
        ),
        ("[feedd]\nlwn = 'https://lwn.net/'", "feedd.lwn", "belongs under the line [feeds]"),
        ("feedd = 1", "feedd", "must be a table: write [feedd]"),
        ("feeds = 1", "feeds", "must be a table: write [feeds]"),
        ("[feedd]\ninterval = 3600", "feedd.interval", "found the number 3600; allowed: a dur"),
        ('[feedd]\ninterval = "0s"', "feedd.interval", 'found "0s"; allowed'),
        ('[feedd]\nconcurrency = "8"', "feedd.concurrency", 'found "8"; allowed: a whole number'),
        ("[feedd]\nconcurrency = -1", "feedd.concurrency", "found the number -1"),
        ("[feedd]\nconcurrency = true", "feedd.concurrency", "found true"),
        ("[feedd]\nper_host = 0", "feedd.per_host", "from 1 to 100"),
        ("[feedd]\nper_host = 1.5", "feedd.per_host", "found the number 1.5"),
        ('[feedd]\nadaptive = "yes"', "feedd.adaptive", "true or false (without quotes)"),
        ('[feedd]\narticles = "Auto"', "feedd.articles", '"auto" or "always" or "never"'),
        ('[feedd]\nmax_feed_size = "16"', "feedd.max_feed_size", '"500kB" or "16MB"'),
        ('[feedd]\nmax_feed_size = "1B"', "feedd.max_feed_size", "from 10kB"),
        ('[feedd]\nkeep = "1h"', "feedd.keep", '"forever" or a duration of a day or more'),
        ('[feedd]\nuser_agent = "a\\nb"', "feedd.user_agent", "on one line"),
        ('[feedd]\ncontact = "me@example.org"', "feedd.contact", '"mailto:me@example.org"'),
        ('[feedd]\ncontact = "https://a.b/) x"', "feedd.contact", '"https://example.org/about"'),
        ('[feedd]\nproxy = "localhost:1"', "feedd.proxy", "http://HOST:PORT"),
        ('[feedd]\ndatabase = ""', "feedd.database", "the name of a file"),
        ('[feedd]\nmetrics = "9500"', "feedd.metrics", 'such as "127.0.0.1:9500"'),
        ('[feedd]\nmetrics = "localhost:70000"', "feedd.metrics", "an address and a port"),
        ('[feedd]\nmetrics = "feedd.prom"', "feedd.metrics", "absolute path"),
        ('[feedd]\nmetrics = "/run/feedd.txt"', "feedd.metrics", "ends in .prom"),
        ('[feedd]\nmetrics = "/run/.prom"', "feedd.metrics", 'found "/run/.prom"'),
        ('[feedd]\nmin_interval = "2d"', "feedd.min_interval", "longer than max_interval (1 day)"),
        ('[feedd]\nmax_interval = "5m"', "feedd.max_interval", "min_interval (15 min) is longer"),
        ('[feedd]\nclient_key = "x"', "feedd.client_key", "needs a client_cert beside it"),
        ('[feedd]\nwebsub_callback = "https://x/?a"', "feedd.websub_callback", "without a query"),
        ('[feedd]\nwebsub_callback = "https://x/#a"', "feedd.websub_callback", "without a query"),
        (f"[feedd]\nper_host = {10**18}", "feedd.per_host", f"the number {10**18}"),
        ('[feeds]\na = "ftp://x/"', "feeds.a", "allowed: an absolute http:// or https:// URL"),
        ('[feeds]\na = "example.org/feed"', "feeds.a", 'found "example.org/feed"'),
        ('[feeds]\na = "https://"', "feeds.a", 'found "https://"'),
        ('[feeds]\na = "https://x y/"', "feeds.a", "allowed: an absolute"),
        ('[feeds]\na = "https://x:99999/"', "feeds.a", "not between 1 and 65535"),
        ('[feeds]\na = "feed://x/"', "feeds.a", "instead of feed:"),
        ('[feeds]\na = "exec: "', "feeds.a", "exec:COMMAND"),
        ('[feeds]\na = "file://"', "feeds.a", "file:PATH"),
        ("[feeds]\na = 'exec:ls \"a'", "feeds.a", "can't be split into words"),
        ("[feeds]\na = 1", "feeds.a", "must be a URL in quotes, or a table"),
        ("[feeds.a]\nurl = 1", "feeds.a.url", "found the number 1"),
        ('[feeds.a]\ntitle = "A"', "feeds.a", 'has no url; add url = "https://…"'),
        ('[feeds.a.b]\nurl = "https://x/"', "feeds.a", 'needs quotes: [feeds."a.b"]'),
        ('[feeds]\n"-a" = "https://x/"', "feeds.-a", "may not start with -"),
        ('[feeds]\n"" = "https://x/"', 'feeds.""', "may not be empty"),
        ('[feeds]\n"a\\u001bb" = "https://x/"', 'feeds."a�b"', "no control or invisible"),
        ('[feeds]\n"a\\u202eb" = "https://x/"', 'feeds."a�b"', "no control or invisible"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_right(text: str, key: str, words: str) -> None:
    problem = only_problem(text)
    assert f": {key}: " in problem
    assert words in problem
    assert problem.startswith(f"{FILE}:"), problem


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tags = 'a'", 'found "a"; allowed: a list of words'),
        ("tags = ['a', 1]", "found the number 1"),
        ("tags = ['']", 'found ""'),
        ('tags = ["a\\u001bb"]', 'found "a�b"'),
        ("mute = ['/(/']", 'found "/(/", which is no regular expression'),
        ("mute = ['']", 'found ""'),
        ("enabled = 'no'", "true or false"),
        ("updates = 'x'", '"keep" or "unread"'),
        ("password_file = 'x'", "needs a username beside it"),
        ("client_key = 'x'", "needs a client_cert beside it"),
        ("headers = ['X']", "a table of headers"),
        ("headers = { 'X Y' = 'v' }", '"X Y" is no header name'),
        ("headers = { Host = 'v' }", "is set by feedd itself"),
        ("if-none-match = 'v'", "unknown key"),
        ("user_agent = ''", "not empty"),
        ("proxy = ''", "http://HOST:PORT"),
        ("tag = ['a']", "did you mean tags?"),
    ],
)
def test_a_feeds_own_keys_are_checked_too(line: str, words: str) -> None:
    problem = only_problem(f"[feeds.a]\nurl = 'https://x/'\n{line}\n")
    assert problem.startswith(f"{FILE}:3: feeds.a.")
    assert words in problem


@pytest.mark.parametrize("key", ["ulr", "URL", "xmlUrl", "link", "address"])
def test_a_misspelt_url_is_named_once_with_what_was_meant(key: str) -> None:
    problem = only_problem(f"[feeds.a]\n{key} = 'https://x.example/'\n")
    assert problem == f"{FILE}:2: feeds.a.{key}: unknown key; did you mean url?"


def test_a_feed_without_a_url_has_its_other_keys_checked_all_the_same() -> None:
    assert problems("[feeds.a]\ntitel = 'A'\nenabled = 1\n")[0].endswith('add url = "https://…"')
    assert len(problems("[feeds.a]\ntitel = 'A'\nenabled = 1\n")) == 3


@pytest.mark.parametrize(
    "url", ["https://x.example/a b", " https://x.example/", "http://x.example/\ta"]
)
def test_a_space_in_a_url_is_named(url: str) -> None:
    assert "with a space; take it out or write %20" in only_problem(f'[feeds]\na = "{url}"\n')


@given(st.lists(st.sampled_from(
    ["[feeds]\n", "[feeds.a]\n", "a = 'x'\n", "url = 'y'\n", "feeds = { a = 'x' }\n", "[[feeds]]\n",
     "feeds.a.url = 'z'\n", "'q r' = [1, {s = 2}]\n", "url = \n", 'b = "\\z"\n', "c = 1h\n",
     "= 3\n"]
), max_size=8).map("".join))  # fmt: skip
@settings(max_examples=300)
def test_what_is_not_toml_is_told_without_a_word_of_python(text: str) -> None:
    try:
        parse(text, FILE)
    except ConfigError as error:
        for problem in error.problems:
            assert not re.search(
                r"(?i)overwrite|namespace|mutate|invalid|\('|',\)|None|Traceback", problem
            )


ODD_VALUES = str.split(
    r"""1 -1 1.5 nan inf true [] [1] {} {a=1} "" "x" "\u0000" "\uffff" 1979-01-01 12:00:00
    1979-01-01T00:00:00Z ["/(/"] ["/a{99999999999999999999}/"] ["/*/"] "http://[::1"
    "http://e:99999/" "http://a\tb/" "9" "'" "exec:'" "exec:\\" "file:" ["a\n"] "latin-99" "div["
    ":nth-child(x)" "::x" "~nobody-at-all/x" "1e999h" "%" "socks9://x" {"X"=1} {"\u0000"="x"}"""
)
NO_TOML = (
    "a = \0",
    "a = 'b\x01'",
    'a = "\x7f"',
    "[feeds]\na b = 1",
    "= 1",
    "[feeds",
    "[[feeds]",
    "a = 1\na = 2",
    "a={b=1,b=2}",
    "a={b=1}\na.c=2",
    "[a]\n[a]",
    "a=1\n[a.b]",
    "[a]\nb=1\n[a.b]",
    f"a = {'9' * 5000}",
    "a = 1979-13-41",
    'a = "\\x"',
    'a = "\\uD800"',
    "a = '''x",
    'a = """x',
    "a = [1",
    "a = {",
    "a.b=1\na.b.c=2",
    "[a.b]\n[a]\nb.c=1",
    "a = 1 2",
    'a = "x',
    "\\",
    "a = tru",
    "a=0x",
    "a=" + "[" * 5000,
    "é=1",
    "a=b'c'",
    "a = {x = 1,}",
    "[a]\nb.c=1\n[a.b]\n",
    "[[a]]\n[a]",
    "a=[1]\n[[a]]",
    "a.b.c=1\n[a.b]\n[a.b.c]",
)


def test_no_broken_file_is_told_about_in_words_of_programmers() -> None:
    texts = [
        *NO_TOML,
        *(f"{table} = {value}" for table in ("feeds", "feedd", "feeds.x") for value in ODD_VALUES),
    ]
    texts += [f"[feedd]\n{key} = {value}" for key in SETTINGS for value in ODD_VALUES]
    for key in FEED:
        url = "" if key == "url" else 'url = "https://e.org/"'
        texts += [f"[feeds.x]\n{url}\n{key} = {value}" for value in ODD_VALUES]
    told: set[str] = set()
    for text in texts:
        with suppress(ConfigError):
            parse(text, FILE)
            continue
        told.update(problems(text))
    assert len(told) > 300
    assert [words for words in told if programmers_words(words)] == []


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    found = problems(
        '[feeds]\na = "nowhere"\n\n[feedd]\nintervall = "1h"\ntimeout = 5\n'
        '[feeds."b c"]\nurl = "https://x/"\ntags = "t"\nnope = 1\n'
    )
    assert [line.split(": ")[:2] for line in found] == [
        [f"{FILE}:2", "feeds.a"],
        [f"{FILE}:5", "feedd.intervall"],
        [f"{FILE}:6", "feedd.timeout"],
        [f"{FILE}:9", 'feeds."b c".tags'],
        [f"{FILE}:10", 'feeds."b c".nope'],
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[feedd]\ninterval = 1h\n", ":2: is not TOML: expected newline or end of document"),
        ('[feedd]\ninterval = "1h\n', ":2: is not TOML: illegal character"),
        ("[feedd\n", ":1: is not TOML: expected"),
        ("[feedd]\n\nx = [1,", ":3: is not TOML: "),
        ("[feedd]\n[feedd]\n", ":2: is not TOML: cannot declare [feedd] twice"),
        (
            "[feeds]\na = 'x'\n\na = 'y'\n",
            ":4: is not TOML: feeds.a is given twice, first on line 2",
        ),
        (
            "[feeds.'b c']\nurl = 'x'\nurl = 'y'\n",
            ':3: is not TOML: feeds."b c".url is given',
        ),
        ("[feeds]\na = 'x'\n[feeds.a]\n", ":3: is not TOML: feeds.a is given twice"),
        ("feeds = { a = 'x', a = 'y' }\n", ":1: is not TOML: a is given twice"),
        ("feeds = []\nfeeds.a = 'x'\n", ":2: is not TOML: feeds is complete already"),
        ("[feedd]\ninterval =\n", ":2: is not TOML: no value that TOML knows; text needs quotes"),
        ('[feedd]\ndatabase = "C:\\q"\n', ":2: is not TOML: a \\ in a text in double"),
        ("a = " + "[" * 5000, ": is not TOML: "),
        ("a = " + "1" * 5000, ": is not TOML: "),
    ],
)
def test_a_syntax_error_names_its_line(text: str, place: str) -> None:
    assert only_problem(text).startswith(f"{FILE}{place}")


@pytest.mark.parametrize(
    "text",
    [
        '[feeds.a]\nurl = "https://me:hunter2@example.org/"\n',
        '[feeds]\na = "https://hunter2@example.org/"\n',
        '[feeds.a]\nurl = "https://x/"\npassword = "hunter2"\n',
        '[feeds.a]\nurl = "https://x/"\nheaders = { "X-Token" = "hunter2\\n" }\n',
        '[feeds.a]\nurl = "https://x/"\nheaders = { "X-Token" = ["hunter2"] }\n',
        '[feedd]\nproxy = "ftp://me:hunter2@example.org"\n',
    ],
)
def test_no_secret_is_repeated_in_a_message(text: str) -> None:
    assert "hunter2" not in only_problem(text)


def test_a_file_that_cant_be_read_says_why(tmp_path: Path) -> None:
    missing = tmp_path / "config.toml"
    with pytest.raises(ConfigError, match=r"config\.toml: there is no such file; `feedd init`"):
        load(missing)
    with pytest.raises(ConfigError, match="can't be read: Is a directory"):
        load(tmp_path)
    missing.write_bytes(b'[feeds]\na = "caf\xe9"\n')
    with pytest.raises(ConfigError, match=r"config\.toml:2: is not UTF-8 text"):
        load(missing)


def test_the_database_is_relative_to_the_file_and_knows_the_home_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    for written, meant in [
        ("x.db", "/somewhere/x.db"),
        ("~/x.db", "/home/me/x.db"),
        ("/x.db", "/x.db"),
    ]:
        config = parse(f"[feedd]\ndatabase = '{written}'", FILE)
        assert config.settings.database == Path(meant)
    monkeypatch.chdir(tmp_path)
    relative = parse("[feedd]\ndatabase = 'x.db'", Path("config.toml"))
    assert relative.settings.database == tmp_path / "x.db"
    assert "feedd.database" in only_problem("[feedd]\ndatabase = '~nobody-of-that-name/x.db'")


def test_warnings_say_what_works_but_was_hardly_meant() -> None:
    config = parse(
        "[feedd]\ninterval = '5m'\n"
        "[feeds]\na = 'http://www.example.org/feed'\nb = 'https://Example.org/feed/'\n"
        "[feeds.c]\nurl = 'https://example.org/Feed'\ninterval = '2d'\n",
        FILE,
    )
    assert config.warnings == (
        f"{FILE}:2: feedd.interval: is outside its bounds: min_interval (15 min) wins",
        f"{FILE}:5: feeds.b: has the same URL as a",
        f"{FILE}:8: feeds.c.interval: is outside its bounds: max_interval (1 day) wins",
    )


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["feedd", "feeds", "url", "tags", "interval", "headers", "mute", "a"])
        | st.text(max_size=3),
        inner,
        max_size=4,
    ),
    max_leaves=12,
))  # fmt: skip
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_file_raises_anything_but_configerror(document: object) -> None:
    text = toml(document) if isinstance(document, dict) else str(document)
    found: tuple[str, ...] = ("",)
    try:
        found = parse(text, FILE).warnings
    except ConfigError as error:
        found = error.problems
    assert all(line.startswith(str(FILE)) and "\n" not in line for line in found)


@given(st.binary(max_size=99) | st.binary(max_size=30).map(lambda raw: b'[feeds]\na = "' + raw))
def test_no_bytes_of_a_file_are_more_than_a_configerror(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "strange.toml"
    file.write_bytes(data)
    with suppress(ConfigError):
        load(file)


def toml(value: object) -> str:
    """Any value as TOML; a dictionary at the top as inline members."""

    def key(name: str) -> str:
        escaped = "".join(f"\\U{ord(c):08X}" for c in name if not "\ud800" <= c <= "\udfff")
        return f'"{escaped}"'

    def inline(inner: object) -> str:
        if isinstance(inner, dict):
            return "{" + ", ".join(f"{key(k)} = {inline(v)}" for k, v in inner.items()) + "}"
        if isinstance(inner, list):
            return "[" + ", ".join(map(inline, inner)) + "]"
        if isinstance(inner, str):
            return key(inner)
        return str(inner).lower()

    assert isinstance(value, dict)
    return "\n".join(f"{key(k)} = {inline(v)}" for k, v in value.items())


def test_reading_imports_no_library_but_the_standard_one() -> None:
    code = (
        "import sys; before = set(sys.modules); from pathlib import Path;"
        "from feedd import configfile;"
        "configfile.parse('[feeds]\\na = \"https://x/\"', Path('c'));"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(ran.stdout.split())
    assert imported - sys.stdlib_module_names == {"feedd"}
    assert not imported & {"difflib", "tempfile"}


@pytest.mark.parametrize(("said", "unread"), [('"all"', None), ('"none"', 0), ("0", 0), ("10", 10)])
def test_a_feed_that_says_nothing_has_what_is_said_for_all(said: str, unread: int | None) -> None:
    config = parse(
        f"[feedd]\nfirst = {said}\none_story = false\n[feeds]\n"
        'plain = "https://a.example/"\n[feeds.own]\nurl = "https://b.example/"\nfirst = 3\n'
        'one_story = true\n[feeds.all]\nurl = "https://c.example/"\nfirst = "all"\n',
        FILE,
    )
    feeds = config.feeds
    assert {name: feed.first_unread for name, feed in feeds.items()} == {
        "plain": unread,
        "own": 3,
        "all": None,
    }
    assert [feed.one_story for feed in feeds.values()] == [False, True, False]


@pytest.mark.parametrize("said", ['"some"', "-1", "true", "1.5", "2000000"])
def test_what_is_no_number_of_first_entries_is_told_with_its_line(said: str) -> None:
    with pytest.raises(ConfigError, match=r":2: feedd\.first: .*\"all\", \"none\" or a number"):
        parse(f"[feedd]\nfirst = {said}\n", FILE)


@pytest.mark.parametrize(("length", "shown"), [(99, 99), (100, 100), (101, 100), (300, 100)])
def test_a_long_address_is_not_shown_whole(length: int, shown: int) -> None:
    url = "ftp://e.example/".ljust(length, "x")
    quoted = (url_problem(url) or "").split('"')[1]
    assert len(quoted) == shown
    assert quoted.endswith("…") == (length > shown)
