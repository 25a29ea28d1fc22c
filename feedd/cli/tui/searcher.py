"""Searching: in all that a shelf has, or in the article that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from feedd.cli.tui.window import Window


class Searcher:
    """What is typed after `/`, and what is done with it."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._in_article = False

    def begin(self) -> None:
        """Search in the article that is read, else in all that the shelf has."""
        window = self._window
        self._in_article = window.active is window.page
        window.search_line.clear()
        window.search_line.placeholder = "search in the article" if self._in_article else "search"
        window.screen_stack[0].add_class("searching")
        window.go(window.search_line)

    def press(self, event: events.Key) -> None:
        """Take one key while the search is typed."""
        window = self._window
        if event.key == "escape":
            self.end()
        elif event.key not in ("enter", "tab"):
            window.search_line.press(event)
        elif window.search_line.query_text:
            self._seek(window.search_line.query_text)
            if self._in_article:
                window.screen_stack[0].remove_class("searching")
            window.go(window.page if self._in_article else window.items)
        else:
            self.end()

    def pause(self, query: str) -> None:
        """The typing has paused: look already."""
        window = self._window
        sought = window.page.sought if self._in_article else window.query_text
        if window.active is window.search_line and query != sought:
            self._seek(query)

    def end(self) -> None:
        """Back to where the search began."""
        window = self._window
        window.screen_stack[0].remove_class("searching")
        window.search_line.clear()
        if self._in_article and window.active is window.search_line:
            window.page.end_search()
            window.go(window.page)
            return
        self.leave()
        window.fill(stay=True)

    def leave(self) -> None:
        """To the list; the article, and what was searched for, are closed."""
        window = self._window
        window.screen_stack[0].remove_class("reading", "searching")
        window.page.end_search()
        window.query_text = ""
        window.go(window.items)

    def next_match(self, by: int) -> None:
        """The next place found in the article; where nothing is looked for, the next item."""
        window = self._window
        if window.page.sought:
            window.page.next_match(by)
            self._say_where()
        elif by > 0:
            window.next_unread()
        else:
            window.status.note("Nothing is searched for here; / searches in the article.")

    def _seek(self, query: str) -> None:
        window = self._window
        window.status.note("")
        if self._in_article:
            window.page.search(query)
            self._say_where()
        else:
            window.query_text = query
            window.fill(stay=False)

    def _say_where(self) -> None:
        page = self._window.page
        if page.found:
            place = f"{page.at_match + 1} of {len(page.found):,}: {page.sought}"
            self._window.status.note(f"{place} (n next, N previous, Esc ends)", stays=True)
        elif page.sought:
            self._window.status.note(f"The article does not say: {page.sought}")
