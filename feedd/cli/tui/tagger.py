"""Tags of an item's own, typed as `+tag -tag`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import events

from feedd.cli.tui.unwritten_marks import TagEdit
from feedd.errors import FeeddError

if TYPE_CHECKING:
    from textual.widget import Widget

    from feedd.cli.tui.window import Window
    from feedd.model import Item


class Tagger:
    """What is typed after `+`, and what is done with it."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._item: Item | None = None
        self._pane: Widget = window.items

    def begin(self) -> None:
        """Ask for the tags of the item that is read, else of the one under the cursor."""
        window = self._window
        if window.current is None:
            return
        self._item, self._pane = window.current, window.active
        window.tag_line.value = ""
        tags = " ".join(f"#{tag}" for tag in self._item.item_tags) or "none"
        window.status.note(f"Its own tags: {tags}", stays=True)
        window.go(window.tag_line)

    def press(self, event: events.Key) -> None:
        """Take one key while the tags are typed."""
        window = self._window
        if event.key in ("escape", "ctrl+c"):
            self._end("")
        elif event.key == "enter":
            self._set(edit_of(window.tag_line.value))
        elif event.key == "tab":
            self._complete()
        else:
            window.tag_line.press(event)

    def _set(self, edit: TagEdit) -> None:
        window = self._window
        if self._item is None or edit == TagEdit():
            self._end("")
            return
        try:
            now = window.library.tag(self._item, edit)
        except FeeddError as error:  # the line stays, to be mended
            window.status.note(str(error), stays=True)
            return
        window.show_marked([self._item], [now])
        key = window.keys.key_of("undo", window.place) or "feedd undo"
        changed = now.item_tags != self._item.item_tags
        self._end(f"Tags set: {edit}; {key} takes it back." if changed else "No tag has changed.")

    def _end(self, words: str) -> None:
        self._window.status.note(words, stays=bool(words))
        self._window.go(self._pane)

    def _complete(self) -> None:
        window = self._window
        own = self._item.item_tags if self._item is not None else ()
        before, _, word = window.tag_line.value.rpartition(" ")
        known = own if word.startswith("-") else window.library.known_tags()
        longer, fits = completed(word, known)
        window.tag_line.value = f"{before} {longer}".lstrip()
        window.tag_line.cursor_position = len(window.tag_line.value)
        if len(fits) != 1:
            window.status.note(f"Tags: {' '.join(fits) or 'none begins so'}", stays=True)


def edit_of(text: str) -> TagEdit:
    """What was typed; a tag without a sign is one to be added."""
    words = text.split()
    return TagEdit(
        tuple(word.removeprefix("+") for word in words if not word.startswith("-")),
        tuple(word[1:] for word in words if word.startswith("-")),
    )


def completed(word: str, known: Iterable[str]) -> tuple[str, list[str]]:
    """A tag with its sign as far as it can only go on, and the known tags that begin so."""
    sign, begun = (word[:1], word[1:]) if word[:1] in ("+", "-") else ("+", word)
    fits = [tag for tag in known if tag.casefold().startswith(begun.casefold())]
    if len(fits) == 1:
        return f"{sign}{fits[0]} ", fits
    longest = fits[0] if fits else begun
    shared = next(
        (length for length in range(len(longest), len(begun), -1)
         if all(tag.casefold().startswith(longest[:length].casefold()) for tag in fits)),
        0,
    )  # fmt: skip
    return sign + (longest[:shared] or begun), fits
