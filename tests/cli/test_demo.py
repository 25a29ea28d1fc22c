"""The quickest way to see the program works, quickly, and leaves nothing behind."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from feedd.demo.site import GONE, Site
from feedd.demo.stories import CHANNELS, STRUCK
from feedd.demo.tour import MAX_TOUR_S

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_demo_shows_everything_in_time_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environ = {
        **{key: value for key, value in os.environ.items() if not key.startswith("XDG_")},
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "tmp"),
        "PYTHONPATH": str(ROOT),
        "FEEDD_CONFIG": str(tmp_path / "not-mine.toml"),
        "http_proxy": "http://127.0.0.1:9",
    }
    (tmp_path / "tmp").mkdir()
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-m", "feedd", "demo"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environ,
        timeout=MAX_TOUR_S + 20,
        check=False,
    )
    took_s = time.monotonic() - began
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert took_s < 30
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "home").exists()
    if "This machine is busy" in ran.stdout:
        pytest.skip("too busy a machine to see the whole tour within its time")
    assert ran.stderr == ""
    assert "Traceback" not in ran.stdout
    assert "unexpected" not in ran.stdout
    for command in ("add", "poll", "list", "show", "search", "mark", "feeds", "why", "run"):
        assert f"\n$ feedd {command}" in ran.stdout
    for sight in (
        "added gazette: The Saltmere Gazette, 3 items",
        "410 Gone",
        "not modified",
        "A clock is a letter to whoever mends it next",
        "observatory: now http://127.0.0.1:",
        STRUCK.title,
    ):
        assert sight in ran.stdout, sight
    assert "value your biscuits" not in ran.stdout, "the page's furniture is left out"


@pytest.mark.slow
def test_a_terminated_demo_cleans_up_as_well(tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    demo = subprocess.Popen(
        [sys.executable, "-m", "feedd", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environ,
    )
    assert demo.stdout is not None
    for line in demo.stdout:
        if line.startswith("$ feedd"):
            break
    assert list(tmp_path.iterdir()) != []
    demo.terminate()
    assert demo.wait(timeout=10) == 143
    demo.stdout.close()
    assert list(tmp_path.iterdir()) == []


def test_the_site_has_a_dozen_feeds_of_all_formats() -> None:
    with Site() as site:
        urls = site.feed_urls()
        assert len(urls) == 12
        assert {channel.format for channel in CHANNELS} == {
            "rss 0.91", "rss 1.0", "rss 2.0", "atom 0.3", "atom 1.0", "json feed"
        }  # fmt: skip
        for name, url in urls.items():
            if name == GONE:
                with pytest.raises(urllib.error.HTTPError, match="410"):
                    urllib.request.urlopen(url)
            else:
                with urllib.request.urlopen(url) as answer:
                    assert answer.status == 200
                    assert answer.read()
        assert len(site.served) == 13, "twelve feeds, one of them behind a redirect"


def test_every_link_of_the_site_leads_to_a_story_of_its_own() -> None:
    with Site() as site:
        for channel in CHANNELS:
            with urllib.request.urlopen(f"{site.base}/{channel.name}/") as home:
                links = re.findall(r'<li><a href="([^"]+)"', home.read().decode())
            assert len(links) >= len(channel.stories)
            for link in links:
                with urllib.request.urlopen(link) as page:
                    text = io.TextIOWrapper(page, "utf-8").read()
                    assert "<article" in text
                    assert "cookie-banner" in text
