"""How the screen is divided, by its size."""

from __future__ import annotations

WIDE_COLUMNS = 110
"""From here on the page stands under the items, and the shelves stay beside both."""
BESIDE_COLUMNS = 160
"""From here on the page stands beside the items, and the shelves stay."""
FEW_ROWS = 10
"""With fewer, the line of keys gives way to what is read."""

CSS = """
Rows, ArticlePane, #help {
  scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; scrollbar-color: ansi_bright_black;
  scrollbar-background: ansi_default; scrollbar-background-hover: ansi_default;
  scrollbar-background-active: ansi_default; scrollbar-color-hover: ansi_blue;
  scrollbar-color-active: ansi_blue;
}
#body { height: 1fr; }
#shelves { width: 24; border-right: solid ansi_bright_black; }
#items { height: 1fr; }
#page { display: none; height: 1fr; }
#status { height: 1; text-style: reverse; }
#hints { height: 1; }
#search, #tags { display: none; height: 1; border: none; padding: 0; }
#help { width: 84; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
        border: solid ansi_bright_black; border-subtitle-align: right; }
KeyHelp { align: center middle; }
.few #hints { display: none; }
.searching #search, .tagging #tags { display: block; }
.reading #page { display: block; }
.reading.narrow #items { display: none; }
.narrow #shelves { display: none; }
.narrow.shelving #shelves { display: block; }
.wide #shelves { width: 30; }
.reading.stacked #items { height: 35%; border-bottom: solid ansi_bright_black; }
.reading.beside #right { layout: horizontal; }
.reading.beside #items { width: 1fr; border-right: solid ansi_bright_black; }
.reading.beside #page { width: 84; }
.reading.beside.tight #shelves, .reading.beside.tight.shelving #items { display: none; }
.reading.beside.tight.shelving #shelves { display: block; }
"""
"""Only the terminal's own colours are used."""


def layout_classes(columns: int, rows: int, beside: bool | None) -> dict[str, bool]:
    """Which of the classes in `CSS` hold on a screen of this size. `beside`: whether the user wants
    the article beside the items (None: where there is room for it and the shelves).
    """
    wide = columns >= WIDE_COLUMNS
    side_by_side = wide and (columns >= BESIDE_COLUMNS if beside is None else beside)
    return {
        "wide": wide,
        "narrow": not wide,
        "beside": side_by_side,
        "stacked": wide and not side_by_side,
        "tight": columns < BESIDE_COLUMNS,
        "few": rows < FEW_ROWS,
    }
