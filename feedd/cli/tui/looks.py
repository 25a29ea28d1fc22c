"""How the full screen is laid out, in textual's CSS. Only the terminal's own colours are used."""

from __future__ import annotations

CSS = """
Rows, Page { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
#body { height: 1fr; }
#shelves { width: 24; border-right: solid ansi_bright_black; }
#items { height: 1fr; }
#page { display: none; height: 1fr; }
#status { height: 1; text-style: reverse; }
#search { display: none; height: 1; border: none; padding: 0; }
#help { width: 76; height: auto; max-height: 90%; border: solid ansi_bright_black; padding: 0 1; }
Help { align: center middle; }
.searching #search { display: block; }
.reading #page { display: block; }
.reading.narrow #items { display: none; }
.narrow #shelves { display: none; }
.narrow.shelving #shelves { display: block; }
.reading.wide #items { height: 35%; border-bottom: solid ansi_bright_black; }
.wide #shelves { width: 30; }
"""
