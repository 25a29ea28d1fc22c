"""The world outside: the browser, what opens enclosures, commands that keys are bound to.

What a feed says is a single argument of a command, never an option and never for a shell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from msgspec import Struct
from textual.app import SuspendNotSupported

from feedd.cli.item_lines import shown_title
from feedd.errors import FeeddError
from feedd.model import Item, ItemDetail
from feedd.records import item_record, json_line
from feedd.terminal import gate
from feedd.units import number_of

if TYPE_CHECKING:
    import subprocess

    from feedd.cli.tui.window import Window

MAX_RUNNING = 8
"""Commands that run at the same time."""
LOOK_AFTER_S = 0.25
SAID_BYTES = 2_000
"""How much of the end of what a command complained is looked at."""
ONE_DIGIT = 9
"""With so many links, one digit says which."""


class _Running(Struct, frozen=True):
    name: str
    process: subprocess.Popen[bytes]
    complaints: IO[bytes]


class Outside:
    """What keys do with the item that is read, or the one under the cursor."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._running: list[_Running] = []

    # -------------------------------------------------------------- links

    def open_link(self) -> None:
        item = self._window.current
        self._browse(item.link if item is not None else None, "This item has no link.")

    def press_digit(self, digit: str) -> None:
        """A link of the article by its number, which is typed to its end where one digit is not
        enough.
        """
        links = self._window.page.links
        if not links:
            self._window.status.note("This article has no links.")
        elif len(links) <= ONE_DIGIT:
            self._open_numbered(int(digit))
        else:
            self._ask_number(digit)

    def _ask_number(self, typed: str) -> None:
        links = self._window.page.links
        number = int(typed or 0)
        place = gate(links[number - 1]) if 0 < number <= len(links) else f"1 to {len(links)}"
        self._window.ask(
            f"Link {typed}: {place} (Enter opens it, Esc: none)",
            lambda key: self._take_number(typed, key),
        )

    def _take_number(self, typed: str, key: str) -> None:
        if key == "Enter":
            self._open_numbered(int(typed or 0))
        elif key == "Backspace" and len(typed) > 1:
            self._ask_number(typed[:-1])
        elif len(key) == 1 and "0" <= key <= "9":
            self._ask_number((typed + key)[-len(str(len(self._window.page.links))) :])

    def _open_numbered(self, number: int) -> None:
        links = self._window.page.links
        if 1 <= number <= len(links):
            self._browse(links[number - 1], "")
        else:
            many = number_of(len(links), "link")
            self._window.status.note(f"This article has {many}; there is no {number}.")

    def copy_link(self) -> None:
        item = self._window.current
        if item is None or not item.link:
            self._window.status.note("This item has no link.")
            return
        self._window.copy_to_clipboard(gate(item.link))
        self._window.status.note(f"Copied: {item.link}")

    def open_picture(self) -> None:
        detail = self._detail()
        if detail is not None:
            self._browse(picture_of(detail), "This item has no picture.")

    def _browse(self, url: str | None, otherwise: str) -> None:
        note = self._window.status.note
        if not url:
            note(otherwise)
        elif not is_web_address(url):
            note(f"Not opened: {url} is no address of the web.")
        elif self._open(url):
            note(f"Opened: {url}")
        else:
            note("No browser found: set $BROWSER, or copy the link with y.")

    def _open(self, url: str) -> bool:
        """A browser that needs the terminal gets it meanwhile. False: there is none."""
        import webbrowser  # here and below: what a reader seldom needs

        try:
            browser = webbrowser.get()
        except webbrowser.Error:
            return False
        foreground = isinstance(browser, webbrowser.GenericBrowser) and not isinstance(
            browser, webbrowser.BackgroundBrowser
        )
        if foreground:
            try:
                with self._window.suspend():
                    return browser.open(url)
            except SuspendNotSupported:
                pass
        return browser.open(url)

    # -------------------------------------------------------------- enclosures

    def open_enclosure(self) -> None:
        """What is attached; of several, those that are chosen."""
        detail = self._detail()
        if detail is None:
            return
        urls = [file.url for file in detail.item.enclosures if is_web_address(file.url)]
        if len(urls) <= 1:
            self._play(urls)
            return
        names = ", ".join(
            f"{number} {gate(url.rstrip('/').rpartition('/')[2])}"
            for number, url in enumerate(urls[:ONE_DIGIT], start=1)
        )
        self._window.ask(
            f"{len(urls)} enclosures: e all, or one by its number ({names}), Esc: none",
            lambda key: self._choose(urls, key),
        )

    def _choose(self, urls: list[str], key: str) -> None:
        if key in ("e", "Enter"):
            self._play(urls)
        elif key.isascii() and key.isdigit() and 1 <= int(key) <= len(urls):
            self._play([urls[int(key) - 1]])

    def _play(self, urls: list[str]) -> None:
        command = self._window.library.config.read.enclosure
        if not urls:
            self._window.status.note("Nothing is attached to this item.")
        elif command:
            self._start(with_urls(command, urls), None)
        else:
            for url in urls:
                self._browse(url, "")

    # -------------------------------------------------------------- commands

    def run(self, command: Sequence[str]) -> None:
        """Run a command that a key is bound to, for the current item."""
        detail = self._detail()
        if detail is None:
            return
        item = detail.item
        if any("%u" in word.replace("%%", "") for word in command) and not (
            item.link and is_web_address(item.link)
        ):
            self._window.status.note("This item has no link.")
            return
        record = json_line(item_record(item, self._window.library.config))
        self._start(filled_in(command, item), record)

    def _start(self, words: list[str], given: str | None) -> None:
        import shlex
        import subprocess
        import tempfile

        note = self._window.status.note
        if len(self._running) >= MAX_RUNNING:
            note(f"{MAX_RUNNING} commands still run; wait until one has ended.")
            return
        # Files, not pipes: a command may outlive the reader, and no one waits for the other.
        complaints = tempfile.TemporaryFile()  # noqa: SIM115  open until the command has ended
        with tempfile.TemporaryFile() as standard_input:
            standard_input.write(f"{given}\n".encode() if given is not None else b"")
            standard_input.seek(0)
            try:
                process = subprocess.Popen(
                    words,
                    stdin=standard_input,
                    stdout=subprocess.DEVNULL,
                    stderr=complaints,
                    cwd=self._window.library.config.path.absolute().parent,
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                complaints.close()
                why = getattr(error, "strerror", None) or str(error)
                note(f"{words[0]} can't be run: {why}")
                return
        self._running.append(_Running(words[0], process, complaints))
        note(f"Running: {shlex.join(words)}")
        self._window.set_timer(LOOK_AFTER_S, self._look_after)

    def _look_after(self) -> None:
        """Tell of commands that have ended."""
        for running in list(self._running):
            code = running.process.poll()
            if code is None:
                continue
            self._running.remove(running)
            said = _last_line(running.complaints)
            if code:
                why = f": {said}" if said else ""
                self._window.status.note(f"{running.name} failed ({code}){why}", stays=True)
            else:
                self._window.status.note(f"{running.name}: done")
        if self._running:
            self._window.set_timer(LOOK_AFTER_S, self._look_after)

    def _detail(self) -> ItemDetail | None:
        item = self._window.current
        if item is None:
            self._window.status.note("No item is chosen.")
            return None
        try:
            return self._window.library.detail(item.id)
        except FeeddError as error:
            self._window.status.note(str(error))
            return None


def is_web_address(url: str) -> bool:
    """Whether it may be handed to programs: http or https, nothing invisible in it."""
    return url.startswith(("http://", "https://")) and gate(url) == url


def picture_of(detail: ItemDetail) -> str | None:
    """The address of the item's picture: its article's, its own, or the first within its text."""
    article = detail.article
    if article is not None and article.lead_image:
        return article.lead_image
    if detail.item.image:
        return detail.item.image
    from feedd.cli.typeset.nodes import parse

    images = (node for node in parse(detail.content_html).descendants() if node.tag == "img")
    return next((src for image in images if (src := image.attributes.get("src"))), None)


def with_urls(command: Sequence[str], urls: Sequence[str]) -> list[str]:
    """The words of `command` with these addresses: where `%u` stands, else at the end."""
    if "%u" not in command:
        return [*(word.replace("%%", "%") for word in command), *urls]
    words: list[str] = []
    for word in command:
        words += urls if word == "%u" else [word.replace("%%", "%")]
    return words


def filled_in(command: Sequence[str], item: Item) -> list[str]:
    """The words of `command` for an item, each still one word; what would begin like an option
    because of the item gets a blank before it.
    """
    values = {"u": item.link or "", "t": shown_title(item), "i": str(item.id)}
    words = []
    for word in command:
        made = "".join(
            piece if not number % 2 else values.get(piece, piece)
            for number, piece in enumerate(_pieces(word))
        )
        hostile = made.startswith("-") and not word.startswith("-")
        words.append(f" {made}" if hostile else made)
    return words


def _pieces(word: str) -> list[str]:
    """Text and, at every second place, the letter that stands after a `%`."""
    pieces = [""]
    signs = iter(word)
    for sign in signs:
        if sign == "%":
            pieces += [next(signs, "%"), ""]
        else:
            pieces[-1] += sign
    return pieces


def _last_line(complaints: IO[bytes]) -> str:
    with complaints:
        end = complaints.seek(0, 2)
        complaints.seek(max(end - SAID_BYTES, 0))
        lines = complaints.read(SAID_BYTES).decode("utf-8", "replace").strip().splitlines()
    return gate(lines[-1]) if lines else ""
