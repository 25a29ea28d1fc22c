"""The pictures of docs/reading.md and README.md, and the captures as text: `make pictures`.

A small town's feeds, served on loopback by `feedd demo`'s site, are polled into a temporary folder;
the full-screen reader is played on them, and commands are run, at several sizes of a terminal.
"""

from __future__ import annotations

import asyncio
import os
import pty
import re
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from feedd import configfile
from feedd.cli.screen import unpainted
from feedd.cli.tui.app import FullScreenReader
from feedd.cli.tui.library import Library
from feedd.demo.site import Site
from feedd.store.database import open_reader, open_writer

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
PAGE = HERE / "reading.md"

TAGS = {"observatory": "sky", "lighthouse": "sky", "bakery": "town", "gazette": "town",
        "ferry": "sea", "harbour": "sea"}  # fmt: skip
STORIES: Mapping[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "list": ((80, 24), ("j", "s", "j")),
    "article": ((120, 40), ("j", "j", "enter")),
    "beside": ((160, 40), (*"jjjjjjj", "enter")),
    "wide": ((200, 60), ("j", "j", "enter")),
}
"""The size of each, and the keys that are pressed."""
COMMANDS: Mapping[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "list-80": ((80, 24), ("list", "--all", "-n", "12")),
    "list-120": ((120, 40), ("list", "--all", "-n", "6")),
    "list-200": ((200, 60), ("list", "--all", "-n", "6")),
    "show-80": ((80, 24), ("show", "21")),
}
"""The size of the terminal, and the command that is run on it."""
PICTURED = ("list", "article", "beside")
AS_WRITTEN = "https://saltmere.example"


def _by_itself(picture: str) -> str:
    """The picture without the fonts and addresses of others that it would load or name."""
    picture = re.sub(r"\s*@font-face \{.*?\}\n", "\n", picture, flags=re.DOTALL)
    return re.sub(r"\s*<!-- Generated with Rich[^>]*-->", "", picture)


def main() -> None:
    os.environ.pop("NO_COLOR", None)
    with Site() as site, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text(_config(site), encoding="utf-8")
        poll = [sys.executable, "-m", "feedd", "--quiet", "--config", str(config), "poll"]
        subprocess.run(poll, check=False)  # some of the town's feeds misbehave
        with closing(open_writer(configfile.load(config).settings.database)) as db:
            db.execute("UPDATE entries SET link = replace(link, ?, ?)", (site.base, AS_WRITTEN))
        PICTURES.mkdir(exist_ok=True)
        page = PAGE.read_text(encoding="utf-8")
        for name, (size, keys) in STORIES.items():
            picture, text = asyncio.run(_played(config, size, keys))
            if name in PICTURED:
                (PICTURES / f"{name}.svg").write_text(_by_itself(picture), encoding="utf-8")
            page = with_capture(page, name, text)
        for name, (size, words) in COMMANDS.items():
            page = with_capture(page, name, _printed(config, size, words))
        PAGE.write_text(page, encoding="utf-8")


def with_capture(page: str, name: str, text: str) -> str:
    """The page with the text of a screen between its two marks."""
    begin, end = f"<!-- capture {name}: make pictures -->\n", "<!-- end of capture -->\n"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}```\n{text}\n```\n{end}{after}"


def _config(site: Site) -> str:
    feeds = "".join(
        f'[feeds.{name}]\nurl = "{url}"\ntags = ["{TAGS.get(name, "town")}"]\n'
        for name, url in site.feed_urls().items()
    )
    return (
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticle_pause = "0s"\n'
        f'[views]\ntoday = "since:1d"\n{feeds}'
    )


def _printed(config: Path, size: tuple[int, int], words: tuple[str, ...]) -> str:
    """What a command prints on a terminal of this size, without its colours."""
    columns, rows = size
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (rows, columns))
    command = [sys.executable, "-m", "feedd", "--config", str(config), *words]
    plain = {**os.environ, "TERM": "xterm", "PAGER": "cat"}
    plain.pop("COLUMNS", None)
    process = subprocess.Popen(command, stdout=theirs, env=plain)
    os.close(theirs)
    printed = b""
    while True:
        try:
            printed += os.read(ours, 65_536)
        except OSError:  # so a terminal says that nobody writes to it any more
            break
    process.wait()
    os.close(ours)
    lines = unpainted(printed.decode()).splitlines()
    return "\n".join(line.rstrip() for line in lines)


async def _played(config: Path, size: tuple[int, int], keys: tuple[str, ...]) -> tuple[str, str]:
    """The screen after some keys, as SVG and as text."""
    loaded = configfile.load(config)
    with (
        closing(open_reader(loaded.settings.database)) as reader,
        closing(open_writer(loaded.settings.database)) as writer,
    ):
        library = Library(
            config=loaded, reader=reader, writer=lambda: writer, now=lambda: int(time.time())
        )
        app = FullScreenReader(library)
        async with app.run_test(size=size) as pilot:
            await pilot.pause(2)
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            app.status.clear(act=True)
            await pilot.pause(0.5)
            strips = app.screen._compositor.render_strips()
            text = "\n".join(strip.text.rstrip() for strip in strips)
            return app.export_screenshot(title="feedd read"), text


if __name__ == "__main__":
    main()
