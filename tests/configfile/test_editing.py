"""`feedd add` and `feedd remove` touch nothing of the user's file but the feed they are about."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedd.configfile import (
    add_feed,
    add_feeds,
    remove_feed,
    rename_feed,
    set_feed,
    set_feed_url,
    typed_value,
)
from feedd.errors import NotFoundError, UsageError
from feedd.model import FeedConfig

URL = "https://new.example/feed"

COMMENTED = """\
# my feeds

[feedd]
interval = "2h"   # enough

[feeds]
# news
lwn = "https://lwn.net/headlines/rss"  # the best

# more than a URL
[feeds.planet-python]
url = "https://planetpython.org/rss20.xml"
# grouped
tags = ["python"]

# about the next one
[feeds.other]   # a header's comment
url = "https://other.example/"
[feeds.other.headers]
X-Token = "t"

# the end
"""


def test_a_plain_feed_becomes_a_line_in_the_feeds_table() -> None:
    assert add_feed(COMMENTED, name="new", url=URL) == COMMENTED.replace(
        "# the best\n", f'# the best\nnew = "{URL}"\n'
    )


def test_a_feed_with_tags_or_title_becomes_a_table_at_the_end() -> None:
    changed = add_feed(COMMENTED, name="new feed", url=URL, title='A "B" \\', tags=["x", "y"])
    assert changed == COMMENTED + (
        f'\n[feeds."new feed"]\nurl = "{URL}"\ntitle = "A \\"B\\" \\\\"\ntags = ["x", "y"]\n'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f'[feeds.new]\nurl = "{URL}"\n'),
        ("[feeds]", f'[feeds]\nnew = "{URL}"'),
        ("[feeds]\n", f'[feeds]\nnew = "{URL}"\n'),
        ("[feeds]\r\na = 'https://a/'\r\n", f"[feeds]\r\na = 'https://a/'\r\nnew = \"{URL}\"\r\n"),
        ("# x", f'# x\n\n[feeds.new]\nurl = "{URL}"'),
        ("feeds = {}\n", f'feeds = {{new = "{URL}"}}\n'),
        ("feeds = { a = 'u:/' } # c\n", f"feeds = {{ a = 'u:/', new = \"{URL}\" }} # c\n"),
        ("feeds.a = 'https://a/'\n", f"feeds.a = 'https://a/'\n\n[feeds.new]\nurl = \"{URL}\"\n"),
        ("[feeds]\n\n# b\n[feeds.b]\n", f"[feeds]\nnew = \"{URL}\"\n\n# b\n[feeds.b]\n"),
    ],
)  # fmt: skip
def test_files_of_every_layout_take_another_feed(text: str, expected: str) -> None:
    changed = add_feed(text, name="new", url=URL)
    assert changed == expected
    assert remove_feed(changed, "new") == text


def test_removing_keeps_the_comments_around_a_feed() -> None:
    assert remove_feed(COMMENTED, "lwn") == COMMENTED.replace(
        'lwn = "https://lwn.net/headlines/rss"  # the best\n', ""
    )
    without = remove_feed(COMMENTED, "planet-python")
    assert "# more than a URL\n\n# about the next one\n[feeds.other]" in without
    assert remove_feed(COMMENTED, "other").endswith(
        'tags = ["python"]\n\n# about the next one\n\n# the end\n'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[feeds]\na.url = 'a'\nb = 'b'\na.title = 'A'\n", "[feeds]\nb = 'b'\n"),
        ("feeds.a = 'a'\nfeeds.b = 'b'\n", "feeds.b = 'b'\n"),
        ("feeds = { a = 'a', b = 'b' }\n", "feeds = { b = 'b' }\n"),
        ("feeds = { b = 'b', a = {url='a'} }\n", "feeds = { b = 'b' }\n"),
        ("[feeds.a]\nurl = 'a'\n\n[feeds.b]\nurl = 'b'\n", "\n[feeds.b]\nurl = 'b'\n"),
        ("[feeds]\na = { url = 'a', tags = [\n'x',\n] }\nb = 'b'\n", "[feeds]\nb = 'b'\n"),
    ],
)  # fmt: skip
def test_feeds_of_every_layout_can_be_removed(text: str, expected: str) -> None:
    assert remove_feed(text, "a") == expected


def test_another_url_replaces_only_the_url() -> None:
    assert set_feed_url(COMMENTED, "lwn", URL) == COMMENTED.replace(
        "https://lwn.net/headlines/rss", URL
    )
    assert set_feed_url(COMMENTED, "planet-python", URL) == COMMENTED.replace(
        "https://planetpython.org/rss20.xml", URL
    )
    inline = "[feeds]\na = { tags = ['x'], url = 'https://a/' } # c\n"
    assert set_feed_url(inline, "a", URL) == inline.replace("'https://a/'", f'"{URL}"')


def test_what_cant_be_done_is_said() -> None:
    with pytest.raises(UsageError, match="a feed named lwn already"):
        add_feed(COMMENTED, name="lwn", url=URL)
    with pytest.raises(NotFoundError, match="no feed named nope"):
        remove_feed(COMMENTED, "nope")
    with pytest.raises(NotFoundError, match="no feed named nope"):
        set_feed_url(COMMENTED, "nope", URL)
    with pytest.raises(UsageError, match="mend it first"):
        add_feed("[feeds", name="a", url=URL)


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        # The other URL would not be there afterwards: tables of an array have no path.
        ("[[feeds.a]]\nurl = 'https://a/'\n", lambda text: set_feed_url(text, "a", URL)),
        # A comma would be missing or left over.
        ("feeds = { b.url = 'b' }\n", lambda text: add_feed(text, name="new", url=URL)),
        ("feeds = { a = 'a', b.url = 'b' }\n", lambda text: remove_feed(text, "a")),
        ("feeds = { a.url = 'a', a.title = 'A', b = 'b' }\n", lambda text: remove_feed(text, "a")),
        ("feeds = [ 'a' ]\n", lambda text: add_feed(text, name="new", url=URL)),
    ],
)
def test_a_file_that_an_edit_would_spoil_is_left_to_its_owner(
    text: str, edit: Callable[[str], str]
) -> None:
    with pytest.raises(UsageError, match=r"edit it by hand|mend it first"):
        edit(text)


def test_the_blank_line_before_what_follows_a_removed_feed_stays() -> None:
    table = "[feeds]\na = 'a'\n\n[feeds.b]\nurl = 'b'\n"
    assert remove_feed(f"{table}# c\n[feeds.c]\nurl = 'c'\n", "b") == (
        "[feeds]\na = 'a'\n\n# c\n[feeds.c]\nurl = 'c'\n"
    )
    assert remove_feed(f"{table}\n[feeds.c]\nurl = 'c'\n", "b") == (
        "[feeds]\na = 'a'\n\n[feeds.c]\nurl = 'c'\n"
    )


def test_many_feeds_are_added_in_one_go() -> None:
    feeds = [
        FeedConfig(f"feed{n}", f"https://example{n}.org/", tags=("t",) if n % 2 else ())
        for n in range(500)
    ]
    changed = add_feeds(COMMENTED, feeds)
    assert len(tomllib.loads(changed)["feeds"]) == 503
    for feed in feeds[::50]:
        changed = remove_feed(changed, feed.name)
    assert len(tomllib.loads(changed)["feeds"]) == 493


NAMES = st.sampled_from(["a", "b", "c d", "é", 'q"', "x.y"])
INLINE = "feeds = { i = 'https://i/' }"
LINES = [
    "# comment",
    "",
    "   ",
    "[feedd]",
    'interval = "1h"',
    "[feeds]",
    "feeds.z = 'https://z/'",
    "lwn = 'https://lwn/' # c",
    "[feeds.p]",
    "url = 'https://p/'",
    "[feeds.p.headers]",
    "tags = [\n 'x', # why\n]",
    "[feeds.'q r']",
    "p.url = 'https://p/'",
    INLINE,
]
BLOCKS = st.lists(st.sampled_from(LINES), max_size=14)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A valid file in whatever layout."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = ""
    for line in draw(BLOCKS):
        longer = text + line.replace("\n", newline) + newline
        try:
            tomllib.loads(longer)
        except tomllib.TOMLDecodeError:
            continue
        text = longer
    return text.removesuffix(newline) if draw(st.booleans()) else text


@given(
    files(),
    NAMES,
    st.none() | st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=8),
    st.lists(st.sampled_from(["x", "y z", '"']), max_size=2),
)
@settings(max_examples=400, deadline=None)
def test_adding_a_feed_and_removing_it_gives_the_same_bytes(
    text: str, name: str, title: str | None, tags: list[str]
) -> None:
    added = add_feed(text, name=name, url=URL, title=title, tags=tags)
    assert tomllib.loads(added)["feeds"][name] is not None
    assert remove_feed(added, name) == text


@given(files(), st.integers(min_value=0, max_value=5))
@settings(max_examples=200, deadline=None)
def test_removing_a_feed_leaves_every_other_line_of_meaning(text: str, which: int) -> None:
    feeds = tomllib.loads(text).get("feeds", {})
    if not feeds:
        return
    name = list(feeds)[which % len(feeds)]
    after = remove_feed(text, name)
    del feeds[name]
    assert tomllib.loads(after).get("feeds", {}) == feeds
    if INLINE in text:
        return
    kept = iter(text.splitlines())
    assert all(line in kept for line in after.splitlines()), "lines kept their order"


# ---------------------------------------------------------------- keys and names of feeds


@pytest.mark.parametrize(
    ("text", "with_tags"),
    [
        ("[feeds]\na = 'u:/' # c\n", "[feeds]\na = { url = 'u:/', tags = [\"x\"] } # c\n"),
        ("[feeds]\na = {url='u:/'}\n", "[feeds]\na = {url='u:/', tags = [\"x\"]}\n"),
        (
            "[feeds.a] # c\n  url = 'u:/'\n\n[feeds.a.headers]\nB = 'c'\n",
            "[feeds.a] # c\n  url = 'u:/'\n  tags = [\"x\"]\n\n[feeds.a.headers]\nB = 'c'\n",
        ),
        (
            "[feeds.a]\nurl = 'u:/'\ntags = [\n 'y', # why\n] # c\n",
            "[feeds.a]\nurl = 'u:/'\ntags = [\"x\"] # c\n",
        ),
        ("[feeds.a]\nurl = 'u:/'", "[feeds.a]\nurl = 'u:/'\ntags = [\"x\"]"),
        (
            "[feeds.a]\nurl = 'u:/'\nmute = [\n    'y',\n    ]\n",
            "[feeds.a]\nurl = 'u:/'\nmute = [\n    'y',\n    ]\ntags = [\"x\"]\n",
        ),
        ("feeds.a.url = 'u:/'\n# d\n", "feeds.a.url = 'u:/'\nfeeds.a.tags = [\"x\"]\n# d\n"),
        ("[feeds]\n'a'.url = 'u:/'\r\n", "[feeds]\n'a'.url = 'u:/'\r\n'a'.tags = [\"x\"]\r\n"),
        ("feeds = { a = 'u:/' }\n", "feeds = { a = { url = 'u:/', tags = [\"x\"] } }\n"),
        (
            "feeds = { a = { tags = ['y'], url = 'u:/' }, b = 'v:/' }\n",
            "feeds = { a = { tags = [\"x\"], url = 'u:/' }, b = 'v:/' }\n",
        ),
    ],
)  # fmt: skip
def test_a_key_is_set_in_files_of_every_layout(text: str, with_tags: str) -> None:
    assert set_feed(text, "a", {"tags": ["x"]}) == with_tags
    assert set_feed(with_tags, "a", {"tags": ["x"]}) == with_tags


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("[feeds]\na = { url = 'u:/', title = 't' } # c\n", "[feeds]\na = 'u:/' # c\n"),
        (
            "[feeds]\na = { title = 't', url = 'u:/', tags = [] }\n",
            "[feeds]\na = { url = 'u:/', tags = [] }\n",
        ),
        ("[feeds.a]\nurl = 'u:/'\ntitle = 't' # c\n# d\n", "[feeds.a]\nurl = 'u:/'\n# d\n"),
        ("[feeds]\na.title = 't'\na.url = 'u:/'\n", "[feeds]\na.url = 'u:/'\n"),
    ],
)
def test_a_key_taken_out_leaves_its_default_and_no_trace(text: str, without: str) -> None:
    assert set_feed(text, "a", {"title": None}) == without
    assert set_feed(without, "a", {"title": None}) == without


def test_headers_that_have_a_table_of_their_own_are_replaced_whole() -> None:
    text = "[feeds.a]\nurl = 'u:/'\n\n[feeds.a.headers]\nB = 'c'\n\n[feeds.b]\nurl = 'v:/'\n"
    changed = set_feed(text, "a", {"headers": {"D": "e f"}})
    assert changed == (
        "[feeds.a]\nurl = 'u:/'\nheaders = { D = \"e f\" }\n\n[feeds.b]\nurl = 'v:/'\n"
    )
    assert set_feed(text, "a", {"headers": None}) == (
        "[feeds.a]\nurl = 'u:/'\n\n[feeds.b]\nurl = 'v:/'\n"
    )


def test_a_feed_gets_another_name_wherever_the_old_one_stands() -> None:
    changed = rename_feed(COMMENTED, "other", "the other")
    assert changed == COMMENTED.replace("[feeds.other", '[feeds."the other"')
    assert rename_feed(changed, "the other", "other") == COMMENTED
    assert rename_feed(COMMENTED, "lwn", "news") == COMMENTED.replace("\nlwn =", "\nnews =")
    for text in (
        "feeds.a.url = 'a'\nfeeds . 'a' . title = 'a'\n",
        "feeds = { a = { url = 'a' }, b = 'a' }\n",
        "[feeds]\na.url = 'a'\n\"a\".headers = { a = 'a' }\n",
    ):
        feeds = tomllib.loads(rename_feed(text, "a", "z"))["feeds"]
        assert feeds == {
            "z" if name == "a" else name: feed
            for name, feed in tomllib.loads(text)["feeds"].items()
        }
    with pytest.raises(UsageError, match="lwn already"):
        rename_feed(COMMENTED, "other", "lwn")
    with pytest.raises(NotFoundError, match="no feed named nope"):
        rename_feed(COMMENTED, "nope", "z")


@given(files(), st.integers(min_value=0, max_value=5), st.text(max_size=6), NAMES)
@settings(max_examples=300, deadline=None)
@example("[feeds]\np.url = 'https://p/'\n[feeds.p.headers]\ninterval = \"1h\"\n", 0, "", "a")
def test_setting_a_key_and_taking_it_out_or_renaming_twice_gives_the_same_bytes(
    text: str, which: int, title: str, new: str
) -> None:
    feeds = tomllib.loads(text).get("feeds", {})
    whole = [n for n, feed in feeds.items() if isinstance(feed, str) or "url" in feed]
    if not whole:
        return
    name = whole[which % len(whole)]
    titled = set_feed(text, name, {"title": title})
    assert tomllib.loads(titled)["feeds"][name]["title"] == title
    assert set_feed(titled, name, {"title": None}) == text
    if new in feeds:
        return
    renamed = rename_feed(text, name, new)
    assert list(tomllib.loads(renamed)["feeds"].values()) == list(feeds.values())
    back = rename_feed(renamed, new, name)
    assert tomllib.loads(back) == tomllib.loads(text)
    assert len(back.splitlines()) == len(text.splitlines())


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("title", "2026", "2026"),
        ("title", "true", "true"),
        ("title", '"quoted"', "quoted"),
        ("title", "a, b", "a, b"),
        ("enabled", "false", False),
        ("tags", "a, b c", ["a", "b c"]),
        ("tags", '["a", "b,c"]', ["a", "b,c"]),
        ("tags", "a", ["a"]),
        ("interval", "2h", "2h"),
        ("headers", '{ X = "y" }', {"X": "y"}),
        ("article_selector", "[role=main]", "[role=main]"),
    ],
)
def test_what_is_typed_for_a_key_is_taken_as_it_is_meant(
    key: str, written: str, meant: object
) -> None:
    assert typed_value(key, written) == meant


@pytest.mark.parametrize(
    ("key", "written", "said"),
    [
        ("intervall", "2h", "did you mean interval"),
        ("interval", "2 hours", 'found "2 hours"; allowed: a duration'),
        ("enabled", "maybe", "true or false"),
        ("url", "lwn.net", "url"),
        ("tags", "a\nb", "list of words"),
    ],
)
def test_what_a_key_does_not_take_is_refused_with_what_it_takes(
    key: str, written: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        typed_value(key, written)
