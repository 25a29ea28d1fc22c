"""The real program in a real pseudo-terminal: what its user sees, and what keys and signals do."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from feedd.terminal import width
from tests.cli.stocked import Stocked, entry, stock, stock_many, store

ROOT = Path(__file__).parents[2]
SGR = re.compile(r"\x1b\[[0-9;]*m")
DEADLINE_S = 30.0


class Terminal:
    """`feedd ARGS` in a pseudo-terminal of its own."""

    def __init__(
        self,
        *args: str,
        cwd: Path,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "PAGER")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "feedd", *args],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={
                **clean,
                "PYTHONPATH": str(ROOT),
                "TERM": "xterm-256color",
                "TZ": "UTC",
                **(env or {}),
            },
            start_new_session=True,
            close_fds=True,
        )
        os.close(slave)
        self.seen = ""

    def read_until(self, text: str) -> str:
        """Everything shown so far, once `text` has been shown."""
        deadline = time.monotonic() + DEADLINE_S
        while text not in self.seen:
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                pytest.fail(f"{text!r} was never shown; there was {self.seen!r}")
        return self.seen

    def finish(self) -> tuple[int, str]:
        """The exit code and everything that was shown."""
        while self._read(DEADLINE_S):
            pass
        code = self._process.wait(timeout=DEADLINE_S)
        return code, self.seen.replace("\r\n", "\n")

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def hang_up(self) -> int:
        """Take the terminal away; returns how the process ended."""
        os.close(self._master)
        self._master = os.open(os.devnull, os.O_RDONLY)
        return self._process.wait(timeout=DEADLINE_S)

    def wait_until_stopped(self) -> None:
        """Until job control has stopped the process, as the shell waits for it."""
        _, status = os.waitpid(self._process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)

    def go_on(self) -> None:
        """What `fg` does; what was seen so far is forgotten."""
        self.seen = ""
        os.kill(self._process.pid, signal.SIGCONT)

    def interrupt(self) -> None:
        os.kill(self._process.pid, signal.SIGINT)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def _read(self, timeout_s: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], timeout_s)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux says so when the other side has closed
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    return stock(tmp_path)


@pytest.fixture
def started(stocked: Stocked) -> Iterator[list[Terminal]]:
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.close()


def shown(
    stocked: Stocked, *args: str, columns: int = 80, env: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """What `feedd ARGS` shows in a terminal, with these environment variables."""
    terminal = Terminal(*args, cwd=stocked.folder, columns=columns, env=env)
    try:
        return terminal.finish()
    finally:
        terminal.close()


def test_a_list_is_coloured_and_fits_the_terminal(stocked: Stocked) -> None:
    for columns in (80, 160, 40):
        code, text = shown(stocked, "list", columns=columns)
        assert code == 0
        assert "\x1b[33m" in text
        lines = SGR.sub("", text).splitlines()
        assert len(lines) >= 9
        assert all(width(line) <= columns for line in lines)


def test_feed_text_moves_no_cursor_and_sets_no_title(stocked: Stocked) -> None:
    for args in (["list"], ["search", "evil"], ["show", "1"], ["digest", "--since", "9w"]):
        _, text = shown(stocked, *args, env={"PAGER": "cat"})
        bare = SGR.sub("", text)
        assert "\x1b" not in bare
        assert "\x07" not in bare
        assert "\u202e" not in bare


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_refused(stocked: Stocked, env: dict[str, str]) -> None:
    for args in (["list"], ["show", "2", "--keep-unread"], ["search", "wal"]):
        _, text = shown(stocked, *args, env={"PAGER": "cat", **env})
        assert "\x1b" not in text


def test_show_goes_through_the_pager_with_colour(stocked: Stocked) -> None:
    code, text = shown(stocked, "show", "2", env={"PAGER": "sed s/^/PAGED:/"})
    assert code == 0
    assert "PAGED:\x1b[1mThe write-ahead log of SQLite" in text


def test_a_pager_that_does_not_exist_costs_nothing(stocked: Stocked) -> None:
    code, text = shown(stocked, "show", "2", env={"PAGER": "no-such-pager-anywhere"})
    assert code == 0
    assert "The write-ahead log of SQLite" in text


def test_feed_text_reaches_the_pager_by_its_input_alone(stocked: Stocked) -> None:
    """Not as an argument, not in the environment, and past no shell."""
    trap, told = stocked.folder / "trap", stocked.folder / "told"
    title = f"Rise `touch {trap}` $(touch {trap}); touch {trap} | cat"
    html = f"<p>Body of `touch {trap}`</p>"
    made = entry(title, stocked.now, link=f"https://site.example/$(touch {trap})", html=html)
    (number,) = store(stocked.database, "lwn", [made], stocked.now)
    pager = stocked.folder / "pager"
    pager.write_text(f'#!/bin/sh\n{{ printf "%s\\n" "$@"; env; }} >{told}\nexec sed s/^/PAGED:/\n')
    pager.chmod(0o755)
    code, text = shown(stocked, "show", str(number), env={"PAGER": f"{pager} -x 'two words'"})
    assert code == 0
    unwrapped = "".join(SGR.sub("", text).replace("PAGED:", "").split())  # paths may be long
    assert title.replace(" ", "") in unwrapped
    assert "PAGED:" in text
    assert "Body of" in text
    assert told.read_text().startswith("-x\ntwo words\n")
    assert "touch" not in told.read_text()
    assert not trap.exists()


def test_hostile_text_in_less_moves_no_cursor_and_sets_no_title(stocked: Stocked) -> None:
    if shutil.which("less") is None:
        pytest.skip("needs less")
    code, text = shown(stocked, "show", "1", env={"PAGER": "less -FRX", "LESSSECURE": "1"})
    assert code == 0
    assert "txt.exe" in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "\x1b]0" not in text


def test_leaving_the_pager_early_is_no_error(stocked: Stocked) -> None:
    code, text = shown(stocked, "show", "2", env={"PAGER": "head -1"})
    assert code == 0
    assert "Traceback" not in text


def test_show_next_walks_through_what_is_unread(stocked: Stocked) -> None:
    titles = []
    for _ in range(3):
        _, text = shown(stocked, "show", "next", "--feed", "lwn", env={"PAGER": "cat"})
        titles.append(SGR.sub("", text).splitlines()[0])
    assert titles[0] == "Kernel 7.0 released"
    assert len(set(titles)) == 3


def test_watch_prints_what_arrives_until_interrupted(
    stocked: Stocked, started: list[Terminal]
) -> None:
    terminal = Terminal("list", "--watch", cwd=stocked.folder)
    started.append(terminal)
    terminal.read_until("Kernel 7.0 released")
    store(stocked.database, "lwn", [entry("Fresh from the press", stocked.now)], stocked.now)
    terminal.read_until("Fresh from the press")
    terminal.interrupt()
    code, text = terminal.finish()
    assert code == 130
    assert "Traceback" not in text


def test_watch_begins_with_the_newest_oldest_first(
    stocked: Stocked, started: list[Terminal]
) -> None:
    titles = ["Undated entry", "Kernel 7.0 released", "Structural pattern matching"]
    listed = shown(stocked, "list", "-n", "3")[1]
    assert sorted(titles, key=listed.index) == titles
    terminal = Terminal("list", "--watch", "-n", "3", cwd=stocked.folder)
    started.append(terminal)
    terminal.read_until(titles[0])
    store(stocked.database, "lwn", [entry("Fresh from the press", stocked.now)], stocked.now)
    terminal.read_until("Fresh from the press")
    terminal.interrupt()
    _, text = terminal.finish()
    assert sorted(titles, key=text.index) == titles[::-1]
    assert text.index(titles[0]) < text.index("Fresh")


def test_what_watch_tells_scripts_is_whole(stocked: Stocked, started: list[Terminal]) -> None:
    terminal = Terminal("list", "--watch", "--json", "-n", "1", cwd=stocked.folder)
    started.append(terminal)
    terminal.read_until("Undated entry")
    fresh = entry("Fresh from the press", stocked.now, html="<p>All of its words.</p>")
    store(stocked.database, "lwn", [fresh], stocked.now)
    terminal.read_until("Fresh from the press")
    terminal.read_until("\n")
    terminal.interrupt()
    _, text = terminal.finish()
    assert '"summary": "All of its words."' in text


def test_the_full_screen_reads_marks_and_leaves(stocked: Stocked, started: list[Terminal]) -> None:
    terminal = Terminal("read", cwd=stocked.folder)
    started.append(terminal)
    terminal.read_until("Kernel 7.0 released")
    terminal.press("j\r")
    terminal.read_until("It is out.")
    terminal.press("Q")
    code, _ = terminal.finish()
    assert code == 0
    _, listed = shown(stocked, "list")
    assert "Kernel 7.0 released" not in listed


def test_the_full_screen_gives_the_shell_back_for_a_while_and_is_whole_again(
    stocked: Stocked, started: list[Terminal]
) -> None:
    terminal = Terminal("read", cwd=stocked.folder)
    started.append(terminal)
    terminal.read_until("Kernel 7.0 released")
    terminal.press("j\r")
    terminal.read_until("It is out.")
    terminal.press("\x1a")
    terminal.wait_until_stopped()
    terminal.read_until("\x1b[?1049l")  # the shell's screen
    terminal.go_on()
    terminal.read_until("It is out.")
    terminal.press("Q")
    assert terminal.finish()[0] == 0


def test_the_full_screen_does_not_run_on_when_its_terminal_is_closed(
    stocked: Stocked, started: list[Terminal]
) -> None:
    terminal = Terminal("read", cwd=stocked.folder)
    started.append(terminal)
    terminal.read_until("Kernel 7.0 released")
    assert terminal.hang_up() == -signal.SIGHUP


def test_a_long_list_goes_through_the_pager(stocked: Stocked) -> None:
    paged = {"PAGER": "sed s/^/PAGED:/"}
    assert "PAGED:" not in shown(stocked, "list", env=paged)[1]
    stock_many(stocked, 60)
    code, text = shown(stocked, "list", env=paged)
    assert code == 0
    assert text.count("PAGED:") == 50
    assert "PAGED:" not in shown(stocked, "list", "--no-pager", env=paged)[1]
    assert "PAGED:" not in shown(stocked, "list", "--json", env=paged)[1]


def test_a_terminal_that_cannot_move_the_cursor_is_told_what_to_use(stocked: Stocked) -> None:
    code, text = shown(stocked, "read", env={"TERM": "dumb"})
    assert code == 2
    assert "that can move the cursor; feedd list and feedd show" in text


def test_a_view_that_is_not_there_is_told_before_the_screen_opens(stocked: Stocked) -> None:
    code, text = shown(stocked, "read", "@nowhere")
    assert code == 3
    assert "no view 'nowhere'; feedd views lists them" in text
    assert "\x1b]11" not in text, "an answer would be typed into the shell"
    assert "\x1b[?1049h" not in text
    code, text = shown(stocked, "read", "--feed", "@nowhere")
    assert (code, "no feed '@nowhere'" in text) == (3, True)


def test_the_full_screen_asks_for_a_terminal(stocked: Stocked) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "feedd", "read"],
        cwd=stocked.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr


def test_without_its_library_the_full_screen_says_what_to_install(stocked: Stocked) -> None:
    missing = stocked.folder / "without" / "textual"
    missing.mkdir(parents=True)
    (missing / "__init__.py").write_text("raise ImportError('not installed')\n")
    paths = os.pathsep.join([str(missing.parent), str(ROOT)])
    code, text = shown(stocked, "read", env={"PYTHONPATH": paths})
    assert code == 2
    assert "needs the textual library" in text


def test_a_wide_terminal_shows_whole_titles_and_who_wrote_them(stocked: Stocked) -> None:
    narrow, wide = (SGR.sub("", shown(stocked, "list", columns=n)[1]) for n in (80, 160))
    assert "A title so long that it cannot stand on one line of…\n" in narrow
    assert "one line of eighty columns, whatever the layout of the list may be\n" in wide
    assert "Kernel 7.0 released\n" in narrow
    assert "Kernel 7.0 released · corbet\n" in wide


def test_a_screen_reader_hears_lines_in_order_and_nothing_drawn(stocked: Stocked) -> None:
    for args in (["list"], ["show", "2"], ["search", "wal"], ["feeds"], ["status"], ["digest"]):
        _, text = shown(stocked, *args, env={"PAGER": "cat", "TERM": "dumb"})
        assert not set("\x1b\x08\x07\r").intersection(text), args
        assert not any("\u2500" <= character <= "\u259f" for character in text), args
