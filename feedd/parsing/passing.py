"""Items that were seen before, passed at expat's own speed.

An item's bytes end where the next end tag of its name begins, if they are those of an item read
before: equal bytes from an equal start are read equally. So expat gets the document in pieces that
end there, and within an item of known fingerprint nobody listens to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from feedd.parsing.cut import fingerprint, key_of
from feedd.parsing.machine import UnusualError
from feedd.parsing.raw import RawEntry

if TYPE_CHECKING:
    from feedd.parsing.fast import Reader

_ITEM_ENDS: Final = re.compile(rb"</(?:item|entry)>")


class Passing:
    """Drives the parser of `reader`. `at` is how far it has come, in bytes."""

    def __init__(self, reader: Reader, seen: frozenset[bytes]) -> None:
        self._reader = reader
        self._seen = seen
        self._context: bytes | None = None
        self._key = b""
        self._end = 0
        self._in_passed = False
        self.passed = 0
        self.at = 0

    def parse_to_last_item(self) -> None:
        """Parses up to the end tag of the last item."""
        reader = self._reader
        for tag in _ITEM_ENDS.finditer(reader.xml):
            self._end = tag.start()
            reader.parser.Parse(reader.xml[self.at : self._end], False)
            self.at = self._end
            if self._in_passed:
                self._in_passed = False
                reader.read_elements()
        self._end = 0

    def passes(self, entry: RawEntry, start: int) -> bool:
        """Whether the item that begins at byte `start` was seen before; it is passed then, and
        `entry` gets its bytes and fingerprint.

        What bears on the meaning of items is taken to be known with the first: see `check`.
        """
        if self._end <= start:
            return False
        if self._context is None:
            self._context = self._reader.context_so_far()
            self._key = key_of(self._context)
        raw = self._reader.xml[start : self._end]
        found = fingerprint(self._key, raw, entry.inherited)
        if found not in self._seen:
            return False
        entry.raw, entry.fingerprint = raw, found
        self.passed += 1
        self._in_passed = True
        self._reader.pass_elements()
        return True

    def check(self, context: bytes) -> None:
        """Raises UnusualError when items were passed that mean something else after all."""
        if self.passed and context != self._context:
            raise UnusualError("what bears on items stands behind them")
