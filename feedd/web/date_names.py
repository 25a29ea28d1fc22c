"""The names of months, week days and zones in the languages that feeds are written in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MONTHS: Final = {
    name: number
    for number, name in enumerate(str.split("jan feb mar apr may jun jul aug sep oct nov dec"), 1)
}
ZONES_H: Final = {
    "": 0, "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "brt": -3,
    "bst": 1, "west": 1, "met": 1, "mez": 1, "cet": 1, "mest": 2, "mesz": 2, "cest": 2, "sast": 2,
    "eet": 2, "eest": 3, "msk": 3, "pkt": 5, "wib": 7, "hkt": 8, "sgt": 8, "awst": 8,
    "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "ist": 5.5, "acst": 9.5,
    "acdt": 10.5, "nst": -3.5, "ndt": -2.5, "brst": -2, "clt": -4, "cot": -5, "pet": -5, "art": -3,
    "trt": 3, "gst": 4, "ict": 7, "pht": 8, "myt": 8, "npt": 5.75,
}  # fmt: skip
"""RFC 5322 section 4.3, and the unambiguous ones among those met in feeds. Hours."""

_STEMS: Final = Path(__file__).with_name("month_stems.txt").read_text(encoding="utf-8")
_MONTH_STEMS: Final = tuple(tuple(stems.split()) for stems in _STEMS.splitlines())
"""What the names of months begin with, without accents: in the languages of Europe, in Arabic."""

WEEKDAYS: Final = frozenset(
    Path(__file__).with_name("weekdays.txt").read_text(encoding="utf-8").split()
)
FILLERS: Final = frozenset(
    str.split(
        "a al am at d de del den der di do e el et h hrs il in kl klo le m n nd o of on r rd st t"
        " th the uhr um ur z г"
    )
)


def month_named(word: str) -> int | None:
    """The month of this name, in any of the languages; the longest stem decides."""
    best = (0, 0)
    for number, stems in enumerate(_MONTH_STEMS, 1):
        for stem in stems:
            if word.startswith(stem) and len(stem) > best[0]:
                best = (len(stem), number)
    return best[1] or None
