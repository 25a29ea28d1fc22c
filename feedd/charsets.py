"""What charset labels mean, for documents and pages alike; names are those of Python's codecs."""

from __future__ import annotations

from typing import Final

SUPERSETS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Labels that are used for a superset of what they name (Encoding Standard, 4.2)."""

NO_CHARSETS: Final = frozenset(
    {"utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"}
)
"""Codecs that nothing is written in: UTF-7 hides markup, some fail in ways of their own, some take
long.
"""
