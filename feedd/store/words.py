"""What counts as a word in the search index, on top of SQLite's tokenizer.

Scripts that write without spaces (Han, kana, hangul, Thai, Lao, Khmer, Burmese) are cut into single
letters, in the index and in queries alike: a run of letters is then found wherever it stands.
"""

from __future__ import annotations

import re

_LETTERS = (
    "\u0e01-\u0e33\u0e40-\u0e45"  # Thai
    "\u0e81-\u0eb3\u0ec0-\u0ec6"  # Lao
    "\u1000-\u102a\u1780-\u17b3"  # Burmese, Khmer
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3105-\u312f\u31a0-\u31bf"  # bopomofo
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
    "\uac00-\ud7a3"  # hangul syllables
    "\uff66-\uff9d"  # half-width kana
)
_UNSPACED = re.compile(f"[{_LETTERS}]")
_OTHER_BYTES = bytes(byte for byte in range(256) if not 0xE0 <= byte <= 0xF4 or byte == 0xE2)
"""In UTF-8, what no letter of these scripts begins with (0xE2 begins typographic quotes)."""


def spaced(text: str) -> str:
    """The text with a space before and after each letter of a script without spaces."""
    if text.isascii():
        return text
    # Many times quicker than the pattern, and enough for most of what is not plain ASCII.
    if not text.encode("utf-8", "surrogatepass").translate(None, _OTHER_BYTES):
        return text
    return _UNSPACED.sub(r" \g<0>", text)


def unspaced_run(text: str) -> bool:
    """Does the text hold letters of a script without spaces?"""
    return not text.isascii() and _UNSPACED.search(text) is not None
