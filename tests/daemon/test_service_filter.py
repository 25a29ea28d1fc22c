"""The daemon under the system calls that its unit files allow, and no others."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.daemon.conftest import Place, compiled, eventually
from tests.loopback import Reply
from tests.poller.conftest import rss
from tests.test_units_systemd import SYSTEMD, UNITS, needs_analyze

pytestmark = pytest.mark.slow

PAGE = b"<article><h1>Item one</h1>" + b"<p>A walrus sat there, as one would.</p>" * 20


@cache
def group(name: str) -> frozenset[str]:
    """The system calls of one of systemd's groups."""
    command = ["systemd-analyze", "syscall-filter", "--no-pager", name]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = (line.strip() for line in said.stdout.splitlines()[1:])
    return named(line for line in lines if line and not line.startswith("#"))


def named(names: Iterable[str]) -> frozenset[str]:
    """System calls by their names and those of groups."""
    calls: set[str] = set()
    for name in names:
        calls |= group(name) if name.startswith("@") else {name}
    return frozenset(calls)


def allowed_by(unit: Path) -> frozenset[str]:
    """What the unit's SystemCallFilter= lines come to, in their order (systemd.exec(5))."""
    calls = group("@default")
    for line in unit.read_text(encoding="utf-8").splitlines():
        setting, _, value = line.partition("=")
        if setting == "SystemCallFilter":
            these = named(value.lstrip("~").split())
            calls = calls - these if value.startswith("~") else calls | these
    return calls


@needs_analyze
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.relative_to(SYSTEMD)))
def test_feeds_and_articles_are_read_under_the_unit_s_filter(place: Place, unit: Path) -> None:
    calls = sorted(allowed_by(unit))
    lines = "".join(f"#ifdef __NR_{call}\n__NR_{call},\n#endif\n" for call in calls)
    (place.folder / "allowed.h").write_text(lines)
    filtered = compiled("filter.c", place.folder / "filter", "-I", place.folder)
    place.wrapper = (str(filtered),)
    place.settings = 'articles = "always"\n'
    page = place.loopback.url("/page").encode()
    place.loopback.on("/page", Reply(200, {"Content-Type": "text/html"}, PAGE))
    place.feed("a", rss("one").replace(b"https://example.org/one", page))
    daemon = place.start()
    eventually(place.titles, "the feed is read")
    eventually(lambda: "walrus" in place.command("show", "1").stdout, "its article is read")
    place.loopback.on("/a", rss("one", "two"))
    place.make_due()
    eventually(lambda: len(place.titles()) == 2, "and again")
    assert place.command("mark", "read", "--all").returncode == 0
    assert place.stop(daemon) == 0
    assert not place.lines("not permitted")
    assert not place.lines("does not work")
    assert not place.lines("less confined"), "the unit lets workers close themselves in"
