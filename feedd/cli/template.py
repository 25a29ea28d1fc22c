"""`--format`: a line of the user's own for each item."""

from __future__ import annotations

from string import Formatter

from feedd.cli.lines import fields
from feedd.errors import UsageError
from feedd.model import Config, Item
from feedd.records import item_record

NAMES = (
    "id", "age", "date", "feed", "title", "link", "author", "published", "updated", "first_seen",
    "read", "starred", "tags", "summary", "enclosures", "also_in",
)  # fmt: skip
_ESCAPES = {"\\t": "\t", "\\n": "\n", "\\\\": "\\"}


class Template:
    """A checked template. `{name}` and `{name:>8.8}` stand for fields; \\t and \\n are honoured.

    Raises UsageError for a field that does not exist or braces that do not match.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        for written, meant in _ESCAPES.items():
            self._text = self._text.replace(written, meant)
        try:
            for _, name, spec, conversion in Formatter().parse(self._text):
                if name is None:
                    continue
                if name not in NAMES:
                    raise UsageError(_unknown(name))
                if conversion:
                    raise UsageError(f"--format: leave out !{conversion} after {name}")
                format("", spec or "")
        except ValueError as error:
            raise UsageError(
                f"--format: {error}; write fields as {{title}} or {{title:40.40}}, braces as {{{{"
            ) from None

    def line(self, item: Item, config: Config, now: int) -> str:
        """The item, formatted; every field is on one line and safe for a terminal."""
        return self._text.format_map(fields(item_record(item, config), item, now))


def _unknown(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, NAMES, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(NAMES)}"
    return f"--format: no field '{name}'; {hint}"
