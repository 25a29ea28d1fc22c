"""The daemon under the system calls that its unit files allow, and no others."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.daemon.conftest import Place, eventually
from tests.poller.conftest import rss

pytestmark = pytest.mark.slow

SYSTEMD = Path(__file__).parent.parent.parent / "systemd"
UNITS = sorted(SYSTEMD.rglob("feedd.service"))


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


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.relative_to(SYSTEMD)))
def test_feeds_and_articles_are_read_under_the_unit_s_filter(place: Place, unit: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None or shutil.which("systemd-analyze") is None:
        pytest.skip("needs a C compiler and systemd-analyze")
    calls = sorted(allowed_by(unit))
    lines = "".join(f"#ifdef __NR_{call}\n__NR_{call},\n#endif\n" for call in calls)
    (place.folder / "allowed.h").write_text(lines)
    source = Path(__file__).with_name("filter.c")
    filtered = place.folder / "filter"
    subprocess.run([compiler, "-I", place.folder, "-o", filtered, source], check=True)
    place.wrapper = (str(filtered),)
    place.settings = 'articles = "always"\n'
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is read")
    place.loopback.on("/a", rss("one", "two"))
    place.make_due()
    eventually(lambda: len(place.titles()) == 2, "and again")
    assert place.command("mark", "read", "--all").returncode == 0
    assert place.stop(daemon) == 0
    assert not place.lines("not permitted")
    assert not place.lines("does not work")
