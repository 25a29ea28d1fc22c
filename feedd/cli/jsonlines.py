"""JSON as scripts get it: one object a line, nothing in it that a terminal would obey."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

# C1 controls and DEL, invisible and direction-changing characters, line separators, tags, and lone
# surrogates (which no encoding can carry).
_OBEYED = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def line(record: Mapping[str, Any], *, encoding: str = "utf-8") -> str:
    """`record` as one line of JSON. Plain ASCII where `encoding` is not UTF-8."""
    unicode = encoding.lower().replace("-", "").replace("_", "") == "utf8"
    text = json.dumps(record, ensure_ascii=not unicode)
    return _OBEYED.sub(_escape, text) if unicode else text


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]
