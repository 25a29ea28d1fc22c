"""A large file read by its index says what it says when it is read whole, or is read whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedd.configfile import load
from feedd.configfile.file_index import (
    INDEX_KEY,
    PLACES_KEY,
    SINGLE_LOOKUPS,
    IndexedFeeds,
    index_of,
)
from feedd.configfile.places import LARGE_FILE_BYTES
from feedd.errors import ConfigError
from feedd.model import Config

PADDING = "# a large file\n" * (LARGE_FILE_BYTES // 15 + 1)

Kept = dict[str, str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def write(file: Path, text: str) -> None:
    file.write_text(PADDING + text)


def kept_of(file: Path) -> Kept:
    """What whoever has read the file whole keeps of it."""
    index = index_of(load(file))
    assert index is not None
    return {INDEX_KEY: index.settings, PLACES_KEY: index.places}


def load_by(file: Path, kept: Kept, *, database: Path | None = None) -> Config:
    def noted(asked: Path, key: str) -> str | None:
        return kept.get(key) if database is None or asked == database else None

    return load(file, noted)


def by_index(config: Config) -> bool:
    return isinstance(config.feeds, IndexedFeeds)


def same(config: Config, whole: Config) -> bool:
    rest = config._replace(feeds={}, warnings=()) == whole._replace(feeds={}, warnings=())
    return rest and list(config.feeds.items()) == list(whole.feeds.items())


MIXED = '''
[feedd]
interval = "2h"   # [feeds]
keep = "90d"

[feeds]
lwn = "https://lwn.example/rss"   # a comment
"planet python" = { url = "https://planet.example/rss", tags = ["python"] }
dotted.url = "https://dotted.example/rss"
dotted.title = """
[feeds.not-this]
url = 'x'"""

[views]
kernel = "feed:lwn kernel"

[feeds.tables]
url = "https://tables.example/rss"
title = "[feeds.nor-this]"
tags = ["a", "b#]"]
enabled = false
one_story = true
mute = [
  "sponsored",
]

[feeds.tables.headers]
X-Token = "secret"

[ feeds . "caf\\u00e9" ]
url = "https://cafe.example/rss"
keep = "forever"

[feeds.plain]
url = "https://plain.example/rss"
title = "Plain"
# a comment

[[rules]]
when = "kernel"
do = ["star"]

[read]
pictures = "never"
'''


def test_every_way_to_write_a_feed_is_read_as_without_an_index(file: Path) -> None:
    write(file, MIXED.replace('title = """\n[feeds.not-this]\nurl = \'x\'"""', 'title = "D"'))
    whole = load(file)
    config = load_by(file, kept_of(file))
    assert by_index(config)
    assert same(config, whole)
    assert len(config.feeds) == 6
    for name, feed in whole.feeds.items():
        again = load_by(file, kept_of(file))
        assert name in again.feeds
        assert again.feeds[name] == feed
    assert config.feeds["plain"].keep_s == 90 * 86_400


def test_the_index_keeps_no_secret_of_the_file(file: Path) -> None:
    write(file, '[feeds.a]\nurl = "https://a.example/"\n[feeds.a.headers]\nX-Token = "hidden"\n')
    kept = kept_of(file)
    assert "hidden" not in str(kept)
    assert "X-Token" not in str(kept)
    assert load_by(file, kept).feeds["a"].headers == {"X-Token": "hidden"}


def test_a_small_file_has_no_index_for_it_is_read_as_quickly_whole(file: Path) -> None:
    file.write_text('[feeds]\na = "https://a.example/"\n')
    assert index_of(load(file)) is None


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("one.example", "two.example"),
        lambda text: text + 'b = "https://b.example/"\n',
        lambda text: text.replace("a = ", "x = "),
    ],
    ids=["other address", "another feed", "other name"],
)
def test_an_edited_file_is_seen_at_once_even_where_its_time_does_not_tell(
    file: Path, edit: Callable[[str], str]
) -> None:
    write(file, '[feeds]\na = "https://one.example/"\n')
    kept, found = kept_of(file), file.stat()
    file.write_text(edit(file.read_text()))
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    config = load_by(file, kept)
    assert not by_index(config)
    assert config == load(file)


def test_a_mistake_made_since_is_told_as_without_an_index(file: Path) -> None:
    write(file, '[feeds]\na = "https://a.example/"\n')
    kept = kept_of(file)
    file.write_text(file.read_text() + 'b = "ftp://b.example/"\n')
    with pytest.raises(ConfigError) as without:
        load(file)
    with pytest.raises(ConfigError) as by:
        load_by(file, kept)
    assert by.value.problems == without.value.problems


def test_an_index_of_another_version_is_not_used(file: Path) -> None:
    write(file, '[feeds]\na = "https://a.example/"\n')
    kept = {key: f"0.0.9{text[text.index(' ') :]}" for key, text in kept_of(file).items()}
    assert not by_index(load_by(file, kept))


def test_parts_of_two_indexes_are_never_put_together(file: Path) -> None:
    write(file, '[feeds]\na = "https://a.example/"\n')
    before = kept_of(file)
    write(file, '[feeds]\nnew = "https://new.example/"\n')
    kept = {**kept_of(file), PLACES_KEY: before[PLACES_KEY]}
    config = load_by(file, kept)
    assert len(config.feeds) == 1
    assert "a" not in config.feeds
    assert config.feeds["new"].url == "https://new.example/"
    assert list(load_by(file, {INDEX_KEY: kept[INDEX_KEY]}).feeds) == ["new"]


def test_the_database_is_the_one_that_the_settings_name(file: Path, tmp_path: Path) -> None:
    write(file, '[feeds]\na = "https://a.example/"\n[feedd]\ndatabase = "own.db"\n')
    kept = kept_of(file)
    assert by_index(load_by(file, kept, database=tmp_path / "own.db"))
    assert not by_index(load_by(file, kept, database=tmp_path / "other.db"))


def test_a_text_that_looks_like_settings_leads_to_no_other_database(
    file: Path, tmp_path: Path
) -> None:
    decoy = """[views]\nv = '''a "b\n[feedd]\ndatabase = "decoy.db" # c"'''\n"""
    write(file, decoy + '[feeds]\na = "https://a.example/"\n[feedd]\ndatabase = "own.db"\n')
    kept = kept_of(file)
    config = load_by(file, kept, database=tmp_path / "decoy.db")
    assert not by_index(config)
    assert config.settings.database == tmp_path / "own.db"


@pytest.mark.parametrize("name", ["", "b", "a\t", "a\t0 1\nb", "\na", "a ", "A"])
def test_a_name_that_no_feed_has_is_found_nowhere(file: Path, name: str) -> None:
    write(file, '[feeds]\na = "https://a.example/"\n[feeds.ab]\nurl = "https://ab.example/"\n')
    feeds = load_by(file, kept_of(file)).feeds
    assert name not in feeds
    assert feeds.get(name) is None


def test_whoever_asks_for_many_feeds_gets_each_as_the_first(file: Path) -> None:
    count = SINGLE_LOOKUPS + 20
    write(file, "[feeds]\n" + "".join(f'f{i} = "https://{i}.example/"\n' for i in range(count)))
    feeds = load_by(file, kept_of(file)).feeds
    assert [feeds[f"f{i}"].url for i in range(count)] == [
        f"https://{i}.example/" for i in range(count)
    ]
    assert "none" not in feeds
    assert [feed.url for feed in feeds.values()][-1] == f"https://{count - 1}.example/"


# ---------------------------------------------------------------- any file

NAMES = st.sampled_from(["a", "b", "c-d", '"e f"', "'g.h'", '"caf\\u00e9"', '"[feedd]"'])
URLS = st.sampled_from(
    ['"https://a.example/"', "'https://b.example/?x=#y'", '"https://c.example/\\u00e9"']
)
LINES = st.sampled_from(
    [
        'title = "A title"',
        "title = 'in single \"quotes\"'",
        'title = """[feeds]\\\n  b = 1"""',
        'tags = ["x", "y"]',
        "tags = []",
        'tags = [\n"x", # ]\n]',
        "enabled = false",
        'interval = "2h"',
        "first = 3",
        'keep = "30d"',
        "# [feeds.comment]",
        "",
        'headers = { "X-A" = "1" }',
        'headers.X-B = "2"',
    ]
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Files of some feeds in any of the forms that TOML has, settings before or after."""
    feedd = draw(st.sampled_from(["", '[feedd]\ninterval = "2h"\nkeep = "9d"\n', "[feedd]\n"]))
    names = draw(st.lists(NAMES, unique=True, max_size=5))
    keys, tables = "", ""
    for name in names:
        url, end = draw(URLS), draw(st.sampled_from(["\n", "\r\n", " # end\n"]))
        said = draw(st.lists(LINES, unique_by=lambda line: line[:5], max_size=4))
        form = draw(st.sampled_from(["key", "inline", "dotted", "table", "top"]))
        if form == "key":
            keys += f"{name} = {url}{end}"
        elif form == "inline":
            keys += f"{name} = {{ url = {url}, tags = ['x'] }}{end}"
        elif form == "dotted":
            keys += f"{name}.url = {url}{end}{name} . title = 'T'\n"
        else:
            tables += f"[ feeds.{name} ]{end}url = {url}{end}" + "".join(f"{x}\n" for x in said)
            if form == "top" and not any(line.startswith("head") for line in said):
                tables += f"\n[feeds.{name}.headers]\nX-C = '3'\n"
    views = draw(st.sampled_from(["", '[views]\nnew = "is:unread"\n']))
    parts = [feedd, f"[feeds]\n{keys}", tables, views]
    return "\n".join(draw(st.permutations(parts)) if not tables else parts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(files())
def test_any_file_says_the_same_by_its_index(file: Path, text: str) -> None:
    write(file, text)
    try:
        whole = load(file)
    except ConfigError:
        return
    config = load_by(file, kept_of(file))
    assert by_index(config)
    assert same(config, whole)
    single = load_by(file, kept_of(file)).feeds
    for name, feed in reversed(list(whole.feeds.items())):
        assert single[name] == feed
