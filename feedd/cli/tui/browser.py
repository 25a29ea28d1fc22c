"""The browser, from within the full screen."""

from __future__ import annotations

import webbrowser
from typing import Any

from textual.app import App


def open_in_browser(app: App[Any], url: str) -> bool:
    """Open `url`; a browser that needs the terminal gets it meanwhile. False: there is none."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    foreground = isinstance(browser, webbrowser.GenericBrowser) and not isinstance(
        browser, webbrowser.BackgroundBrowser
    )
    if not foreground:
        return browser.open(url)
    with app.suspend():
        return browser.open(url)
