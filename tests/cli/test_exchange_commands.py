"""Feeds come in from other readers, go out to them, and a first file is one command away."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from feedd import opml
from feedd.cli.command_line import run
from feedd.configfile import STARTER, load
from feedd.opml import OpmlFeed
from tests.cli.conftest import Said

Call = Callable[..., Said]

OPML = """<opml version="2.0"><body>
<outline text="Tech"><outline text="LWN.net" xmlUrl="http://www.lwn.net/headlines/rss/"/>
<outline text="Planet Python" xmlUrl="https://planetpython.org/rss20.xml"/></outline>
<outline text="Planet Python" xmlUrl="https://other.example/feed"/>
<outline text="Новости" xmlUrl="https://news.example.org/rss"/>
<outline text="Secret" xmlUrl="https://me:hunter2@example.net/feed"/>
<outline text="Nowhere" xmlUrl="somewhere"/>
</body></opml>"""


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """Call `feedd ARGS` with everything of the user's below a temporary folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("FEEDD_CONFIG", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)

    def call(*args: str) -> Said:
        capfdbinary.readouterr()
        code = run(args)
        said = capfdbinary.readouterr()
        return Said(code, said.out.decode(), said.err.decode())

    return call


def test_init_writes_the_starter_once_and_never_again(call: Call, tmp_path: Path) -> None:
    own = tmp_path / "home" / ".config" / "feedd" / "config.toml"
    first = call("init")
    assert (first.code, first.out) == (0, "")
    assert f"wrote {own}" in first.err
    assert own.read_text() == STARTER
    _, add, poll = first.err.splitlines()
    assert "feedd add https://lwn.net" in add
    assert "feedd poll" in poll
    own.write_text("# mine\n")
    second = call("init")
    assert second.code == 2
    assert second.err == f"feedd: {own} exists already and was left as it is\n"
    assert own.read_text() == "# mine\n"


def test_with_nothing_configured_it_is_said_how_to_begin_with_an_example_that_works(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ((), ("list",), ("show", "next"), ("search", "x"), ("poll",)):
        said = call(*command)
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
        assert "`feedd init` writes one, then `feedd add https://lwn.net`" in said.err
    call("init")
    # The starter's own feeds must not stand in the example's way.
    assert "lwn.net" not in STARTER
    said = call()
    assert "feedd poll asks its 8 feeds once" in said.err
    Path("config.toml").write_text("[feeds]\n")
    said = call()
    assert "feedd add https://lwn.net finds the feed there" in said.err
    assert said.err.count("\n") == 1


def test_init_says_when_another_file_is_used_here(call: Call, tmp_path: Path) -> None:
    Path("config.toml").write_text("")
    assert "called here, uses config.toml instead" in call("init").err


def test_init_writes_where_it_is_told(call: Call, tmp_path: Path) -> None:
    assert call("--config", "sub/here.toml", "init").code == 0
    assert len(load(tmp_path / "sub" / "here.toml").feeds) >= 8


def test_import_adds_what_is_new_and_says_what_it_skips_and_why(call: Call, tmp_path: Path) -> None:
    before = '# mine\n[feeds]\nlwn = "https://lwn.net/headlines/rss" # kept\n'
    Path("config.toml").write_text(before)
    Path("feeds.opml").write_text(OPML)
    said = call("import", "feeds.opml")
    assert said.code == 0
    assert "http://www.lwn.net/headlines/rss/ is there already: lwn" in said.err
    assert "may not hold a password" in said.err
    assert '"Nowhere" has no http:// or https:// address' in said.err
    assert said.err.endswith("3 feeds added to config.toml, 1 there already, 2 skipped\n")
    assert "hunter2" not in said.err
    assert Path("config.toml").read_text().startswith(before)
    feeds = load(Path("config.toml")).feeds
    assert list(feeds) == ["lwn", "planet-python", "planet-python-2", "example"]
    assert feeds["planet-python"].tags == ("Tech",)
    assert feeds["planet-python"].title == "Planet Python"
    assert feeds["example"].title == "Новости"


def test_importing_twice_changes_nothing(call: Call) -> None:
    Path("config.toml").write_text("")
    Path("feeds.opml").write_text(OPML)
    call("import", "feeds.opml")
    after = Path("config.toml").read_bytes()
    assert call("import", "feeds.opml").err.endswith(
        "0 feeds added to config.toml, 4 there already, 2 skipped\n"
    )
    assert Path("config.toml").read_bytes() == after


def test_import_reads_standard_input(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("config.toml").write_text("")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(OPML.encode())))
    assert call("import", "-").code == 0
    assert len(load(Path("config.toml")).feeds) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "feeds.opml: can't be read: No such file or directory"),
        (b"<rss><channel/></rss>", "feeds.opml: is a feed, not a list of feeds"),
        (b"\x00\x01", "feeds.opml: holds no XML at all"),
    ],
)
def test_a_file_that_cant_be_imported_is_one_clear_line(
    call: Call, content: bytes | None, words: str
) -> None:
    Path("config.toml").write_text("# as it was\n")
    if content is not None:
        Path("feeds.opml").write_bytes(content)
    said = call("import", "feeds.opml")
    assert said.code == 2
    assert said.err.startswith(f"feedd: {words}")
    assert said.err.count("\n") == 1
    assert Path("config.toml").read_text() == "# as it was\n"


def test_a_broken_config_is_told_before_anything_is_done(call: Call) -> None:
    Path("config.toml").write_text("[feedd]\nintervall = 1\nper_host = 0\n")
    said = call("export")
    assert said.code == 2
    assert said.out == ""
    assert [line.split(": ")[:3] for line in said.err.splitlines()] == [
        ["feedd", "config.toml:2", "feedd.intervall"],
        ["feedd", "config.toml:3", "feedd.per_host"],
    ]


def test_export_and_import_again_gives_the_same_feeds(call: Call, tmp_path: Path) -> None:
    Path("config.toml").write_text(
        '[feeds]\nlwn = "https://lwn.net/headlines/rss"\n'
        '[feeds."a b, c"]\nurl = "https://a.example/?x=1&y=2"\ntitle = "A & B"\n'
        'tags = ["news, daily", "b/c"]\n'
        '[feeds.c]\nurl = "https://c.example/"\ntags = ["b/c", "news, daily"]\n'
    )
    said = call("export")
    assert (said.code, said.err) == (0, "")
    assert (
        OpmlFeed("https://lwn.net/headlines/rss", name="lwn") in opml.read(said.out.encode()).feeds
    )
    Path("out.opml").write_text(said.out)
    Path("other.toml").write_text("")
    assert call("--config", "other.toml", "import", "out.opml").code == 0
    again, before = load(Path("other.toml")).feeds, load(Path("config.toml")).feeds
    assert {name: (f.url, f.title, f.tags) for name, f in again.items()} == {
        name: (f.url, f.title, f.tags) for name, f in before.items()
    }


def test_a_large_list_comes_over_in_one_go(call: Call) -> None:
    Path("config.toml").write_text(STARTER)
    Path("feeds.opml").write_text(
        opml.write(
            OpmlFeed(f"https://e{n}.example/feed", f"Feed {n}", None, ("t",)) for n in range(1000)
        )
    )
    assert call("import", "feeds.opml").code == 0
    assert len(load(Path("config.toml")).feeds) > 1000


def test_what_freshrss_keeps_of_a_feed_is_taken_over_or_said_to_be_left_out(call: Call) -> None:
    Path("config.toml").write_text("[feeds]\n")
    Path("in.opml").write_text(
        '<opml xmlns:frss="https://freshrss.org/opml" version="2.0"><body>'
        '<outline text="A" type="rss" xmlUrl="https://a.example/rss"'
        ' frss:cssFullContent="main &gt; .post, article" frss:filtersActionRead="intitle:ad"/>'
        '<outline text="B" type="rss" xmlUrl="https://b.example/rss"'
        ' frss:CURLOPT_USERAGENT="Harbour/1.0" frss:priority=""/></body></opml>'
    )
    said = call("import", "in.opml")
    assert said.code == 0
    assert "2 feeds added" in said.err
    assert "skipped" not in said.err
    feeds = load(Path("config.toml")).feeds
    assert feeds["a"].article_selector == "main > .post, article"
    assert "https://a.example/rss: filtersActionRead (intitle:ad)" in said.err
    assert "https://b.example/rss: CURLOPT_USERAGENT (Harbour/1.0)" in said.err
    assert "priority" not in said.err
