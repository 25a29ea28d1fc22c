"""What the file says and how it is edited, on values and texts put together by chance: what comes
of each stands in a table, as it was approved.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from feedd.configfile import editor, feed_changes, file_index, saved_queries, statements, values
from feedd.configfile.keys import FEED, READ, SETTINGS, Key
from feedd.configfile.read_keys import key_bindings
from feedd.errors import FeeddError
from feedd.model import FeedConfig
from tests.approval import approved, mark, marked
from tests.chance import Chance

FOLDER = Path(__file__).with_name("tables")

VALUES: tuple[object, ...] = (
    "", " ", "x", "yes", True, False, 0, 1, -1, 2, 64, 65, 1000, 1001, 3600, 3.5, [], {}, [""], ["a"], ["a", "A", "b"], ["a", 1], datetime.date(2027, 1, 1),
    "0s", "1s", "59s", "1m", "1h", "36h", "1d", "90d", "365d", "366d", "1h30m", "1 hour", "10s", "300s", "301s", "forever", "-1", "5", "all", "none", "0",
    "1B", "1kB", "1MB", "500 MB", "10GB", "1TB", "auto", "Auto", "always", "never", "ask", "fast", "feedparser", "unread", "keep", "ignore", "sixel",
    "mailto:a@b.c", "mailto:", "https://e.org/about", "http://e.org", "https://user:pw@e.org/", "a@b.c", "https://e.org/?q", "https://e.org/#f", "https://localhost/", "https://e.org/x",
    "socks5://h:1", "socks5h://u:p@h:1080", "http://h:8080", "https://h", "h:1", "socks4://h:1", "http://h:0", "http://h:65536", "http:///", "direct", "system",
    "127.0.0.1:9500", "[::1]:9500", ":9500", "9500", "0.0.0.0:65535", "localhost:0", "h:99999", "/run/x.prom", "x.prom", "relative/x.prom", "~/x.prom", "host:port",
    "echo x", "echo 'x", "echo \"a b\" c", "", "  ", "mpv %u", "mpv %t %i", "mpv %x", "a\nb", "a\x00b", "\u202e", "x" * 300, ["mpv", "%u"], ["mpv", ""],
    "utf-8", "latin-1", "no-such", "UTF8", ["/re/", "word"], ["/(/"], ["/"], ["//"], ["/a"], ["ab/"], ["a" * 300], "word, /re/", ["two words"], [" "],
    {"X": "1"}, {"Host": "h"}, {"X-Y": "a\nb"}, {"x y": "1"}, {"X": 1}, {"Authorization": "b"}, {"User-Agent": "z"}, {"": "x"}, {"Cookie": "a=b"}, {"X": ""},
    "file:/a", "file:rel.xml", "file:", "file://host/a", "exec:ls", "exec:", "exec:'", "ftp://x/", "feed:https://e.org", "https://", "https://e.org:x/", "https://e org/", "https://[::1", "//e.org/", "e.org", "HTTPS://E.org/A",
    "main", "[[", "li > a", ".post", "p:has(a)", "me", "me/1.0 (+https://e.org)", "é", "a\tb",
)  # fmt: skip
LINES = (
    "[feeds]\n", "[feedd]\n", "[feeds.a]\n", "[feeds.'b c']\n", '[feeds."d"] # note\n', "[ feeds . e ]\n", "[views]\n", "[[rules]]\n", "[read.keys]\n", "[feeds.a.headers]\n", "\n", "# comment\n", "  # indented\n", "\r\n",
    'a = "https://a.example/"\n', "f = 'https://f.example/' # why\n", '  g = "https://g.example/"\n', 'url = "https://u.example/"\n', "  title = 'T'\n", 'tags = ["x", "y"]\n', "tags = [\n  'x', # one\n  'y',\n]\n", "enabled = false\n",
    'a.url = "https://a.example/"\n', "a.tags = ['z']\n", "feeds.h = 'https://h.example/'\n", "feeds.i.url = 'https://i.example/'\n", "j = { url = 'https://j.example/', title = 'J' }\n", "k = {url='https://k.example/'}\n", 'l = { url = "https://l.example/", headers = { X = "1" } }\n',
    'feeds = { m = "https://m.example/", n = { url = "https://n.example/" } }\n', "mute = ['''a\nb''', \"\"\"c\"\"\"]\n", 'when = "x"\n', 'do = ["read"]\n', 'v = "is:unread"\n', "interval = '2h'\n", "headers = { X = '1' }\n", "X-Y = 'z'\n", '"quoted key" = 1\n', "j = 'dup'\n", "x = [1, [2, {b = 3}]]\n", "broken = \n", "= 3\n", "[x\n", "y = 'open\n", "z = 1 2\n", "t = truee\n", "d = 2027-13-01\n", 'e = "\\q"\n', "\ufeff", "n = 1__0\n",
)  # fmt: skip


def outcome(way: Callable[[], object]) -> object:
    try:
        return way()
    except (FeeddError, ValueError) as error:
        return f"{type(error).__name__}: {error}"


def of_keys(keys: Mapping[str, Key]) -> Iterator[str]:
    """What each key makes of each value; where it takes none but those named, only marked."""
    for name, key in keys.items():
        said = [outcome(lambda value=value: key.read(value)) for value in VALUES]  # type: ignore[misc]  # noqa: B023
        refused = [one for one in said if isinstance(one, str) and one.startswith("ValueError")]
        yield f"{name}: {len(VALUES) - len(refused)} taken, {mark(said)}"
        for value, one in zip(VALUES, said, strict=True):
            if one not in refused:
                yield f"  {value!a:.60} => {one!a:.80}"


def of_typed() -> Iterator[str]:
    for key in (*FEED, "colour", "titel", ""):
        words = [value for value in VALUES if isinstance(value, str)]
        words += [
            "a, b",
            '["a", "b"]',
            "[1",
            "{ X = '1' }",
            "'q'",
            '"q"',
            "true",
            "12",
            "1, 2",
            ",",
            "x,",
        ]
        said = [outcome(lambda word=word: feed_changes.typed_value(key, word)) for word in words]  # type: ignore[misc]  # noqa: B023
        yield f"{key}: {mark(said)} {said[-11:]!a:.300}"


def of_values() -> Iterator[str]:
    for value in VALUES:
        yield f"{value!a:.60}: {values.shown(value)!a:.80} {outcome(lambda v=value: editor.value_text(v))!a:.90}"  # type: ignore[misc]
        if isinstance(value, str):
            told = (
                values.url_problem(value),
                values.name_problem(value),
                values.same_feed_key(value),
            )
            yield f"  {told!a} {outcome(lambda v=value: values.split_words(v))!a:.90} {editor.key_text(value)!a:.60}"  # type: ignore[misc]


def a_text(chance: Chance) -> str:
    return "".join(chance.some(LINES, 9))


def of_texts(chance: Chance) -> Iterator[object]:
    text = a_text(chance)
    found = list(statements.statements(text))
    yield [
        (one.kind[0], statements.dotted(one.path), text[one.value_start : one.end][:12])
        for one in found
    ]
    lines = statements.lines(text, numbered=chance.holds(0.5))
    wanted = chance.one((("rules", "2", "when"), ("feeds", "a", "nothing"), ("views",), ("none",)))
    yield list(lines.values()), statements.nearest_line(lines, wanted)
    yield [text[start:end] for one in found for start, end in statements.key_parts(text, one)]
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        yield statements.not_toml(text, error)[0]  # Python's words change
    else:
        yield file_index._places(text)


def of_edits(chance: Chance) -> Iterator[object]:
    text = a_text(chance)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    names = chance.one(("abc", "ab", "j", "h", "i", "d"))
    new = FeedConfig("new", "https://new.example/", title="N", tags=("t",), article_selector="main")
    plain = FeedConfig("p q", "https://p.example/")
    changes: tuple[dict[str, object], ...] = (
        {"title": "B"}, {"title": None}, {"tags": ["u", "v"]}, {"url": "https://z.example/"},
        {"tags": None, "title": None}, {"headers": {"Y": "2"}}, {"headers": None}, {"enabled": True},
    )  # fmt: skip
    ways: tuple[Callable[[], str], ...] = (
        lambda: editor.add_feeds(text, [new, plain]),
        lambda: editor.add_feeds(text, [plain]),
        lambda: editor.remove_feed(text, names[0]),
        lambda: editor.remove_feed(text, chance.one(("f", "g", "l", "m", "n"))),
        *(
            lambda one=one: feed_changes.set_feed(text, chance.one(("a", "f", "j", "l", "i")), one)
            for one in changes
        ),
        lambda: feed_changes.rename_feed(text, names[0], "new name"),
        lambda: feed_changes.rename_feed(text, chance.one(("a", "i", "l", "m")), "a"),
    )
    for way in ways:
        done = outcome(way)
        if not str(done).startswith("NotFoundError"):
            yield (
                done if str(done)[:10] == "UsageError" else (len(str(done)) - len(text), mark(done))
            )


WORDS = ("x", "is:unread", "@v", "@w", "(", "title:a", "tag:", "", "near/3", "or", '"a b"')


def of_queries(chance: Chance) -> Iterator[object]:
    reported: list[object] = []

    def report(place: tuple[str, ...], what: str) -> None:
        reported.append((place, what))

    names = ("v", "w", "a b", "@x", "x" * 40, "x" * 33, "x" * 32, "", "é")
    table: dict[str, object] = {
        chance.one(names): chance.one((" ".join(chance.some(WORDS, 3)), 1)) for _ in range(3)
    }
    views = saved_queries.views(chance.one((table, table, [])), report)
    rules: list[dict[str, object]] = []
    for _ in range(chance.below(4)):
        rule: dict[str, object] = {
            "name": chance.one(("luck", "one", "", 1, "x" * 60)), "when": " ".join(chance.some(WORDS, 2)), "colour": 1, "until": chance.one((datetime.date(2027, 1, 1), "2027-01-01", "soon", datetime.datetime(2027, 1, 1, 12))),
            "do": chance.some(("read", "star", "later", "hide", "full-text", "tag:x", "tag:", "tag", "notify:echo x", "notify:", "notify", "read:x", "bark", "tag:a b"), 3),
        }  # fmt: skip
        rules.append(
            {key: rule[key] for key in rule if chance.holds(0.7 if key != "colour" else 0.05)}
        )
    yield rules, saved_queries.rules(chance.one((rules, rules, rules, {})), views, report)
    bound = {
        chance.one(("x", "Ctrl-x", "ctrl-C", "Ctrl-", "Ctrl-1", "space", " ", "F1", "f13", "PgDn", "", "xy", "\t", "Esc", "Ctrl-xx")):
        chance.one(("undo", "none", "undoo", "!mpv %u", "!", "!echo '", 3, "! "))
        for _ in range(3)
    }  # fmt: skip
    yield key_bindings(bound, report)
    yield reported


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "settings": lambda: of_keys(SETTINGS),
    "feed": lambda: of_keys(FEED),
    "read": lambda: of_keys(READ),
    "typed": of_typed,
    "values": of_values,
}
CHANCES: dict[str, tuple[int, int, Callable[[Chance], Iterator[object]]]] = {
    "texts": (150, 1500, of_texts),
    "edits": (200, 3000, of_edits),
    "queries": (100, 600, of_queries),
}
"""How many are shown, and how many there are in all: of the others what comes of them is marked."""


@pytest.mark.parametrize("name", TABLES)
def test_what_each_key_takes_is_what_was_approved(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/reader")
    approved(FOLDER / f"{name}.txt", "\n".join(TABLES[name]()) + "\n")


@pytest.mark.parametrize("name", CHANCES)
def test_what_comes_of_texts_is_what_was_approved(name: str) -> None:
    shown, count, told = CHANCES[name]
    lines = [f"{n}: {one!a:.160} {mark(one)}" for n in range(shown) for one in told(Chance(n))]
    lines += marked(shown, count, lambda n: list(told(Chance(n))))
    approved(FOLDER / f"{name}.txt", "\n".join(lines) + "\n")
