"""What is attached to an entry: files to download, and its picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from feedd import parsing
from feedd.model import Enclosure
from feedd.parsing.raw import Problems, RawEntry, RawLink
from feedd.sanitise import link

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:\s*;.*)?", re.ASCII | re.S).fullmatch
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII).fullmatch
_IN_UNITS = re.compile(
    r"(?:PT)?(?:(?P<h>[0-9]{1,3})\s*+h(?:rs?|ours?)?)?[\s,]*+"
    r"(?:(?P<m>[0-9]{1,5})\s*+m(?:ins?|inutes?)?)?[\s,]*+"
    r"(?:(?P<s>[0-9]{1,7})(?:\.[0-9]+)?\s*+s(?:ecs?|econds?)?)?",
    re.ASCII | re.I,
).fullmatch
_PICTURE = re.compile(r"[^?#]+\.(?:jpe?g|png|gif|webp|avif)(?:[?#].*)?", re.I | re.S).fullmatch
_AVATAR: Final = "gravatar.com/avatar/"
"""Of whoever wrote it: WordPress.com gives it like a picture of the entry."""

_PLAYS_AT_MOST_S: Final = 1_000_000
_LENGTH_MAX: Final = 2**63 - 1
_DEAD: Final = frozenset({"application/x-shockwave-flash", "application/x-silverlight-app"})
"""Players that nothing plays any more: no file that anybody could open."""


def enclosures(
    raw: RawEntry, attached: Sequence[RawLink], url: str, problems: Problems
) -> tuple[Enclosure, ...]:
    """The files of an entry, each once, with all that is said of it in several places."""
    original = link(raw.original_file, url)
    if original and len(attached) == 1:  # the publisher's, behind a server that counted
        attached = [replace(attached[0], href=original)]
    found: dict[str, Enclosure] = {}
    for one in (*attached, *raw.media):
        address = link(one.href, url)
        if not address or one.type in _DEAD:
            continue
        duration_s = _seconds(one.duration)
        file = Enclosure(address, _media_type(one), _length(one.length), duration_s)
        known = found.get(address)
        found[address] = _completed(known, file) if known else file
    if found and raw.duration:
        episode = min(found.values(), key=_hardly_plays)
        duration_s = episode.duration_s or _seconds(raw.duration)
        found[episode.url] = replace(episode, duration_s=duration_s)
    if len(found) > parsing.ENCLOSURES_MAX:
        problems.note(f"enclosures beyond {parsing.ENCLOSURES_MAX} were left out")
    return tuple(found.values())[: parsing.ENCLOSURES_MAX]


def picture(raw: RawEntry, attached: Sequence[Enclosure], url: str) -> str | None:
    """The picture of an entry: a small one that is meant for lists, its own, a file that is one."""
    for given in (*raw.thumbnails, raw.image):
        if given and (address := link(given, url)):
            return address
    return next((file.url for file in attached if _is_picture(file)), None)


def _is_picture(file: Enclosure) -> bool:
    is_one = file.type.startswith("image/") if file.type else _PICTURE(file.url)
    return bool(is_one) and _AVATAR not in file.url


def _hardly_plays(file: Enclosure) -> int:
    """Sorts what may be the episode itself before what comes with it: its picture, its text."""
    if (file.type or "").startswith(("audio/", "video/")):
        return 0
    return 2 if file.type or _is_picture(file) else 1


def _completed(known: Enclosure, other: Enclosure) -> Enclosure:
    """What is known of a file, and what only the other place says of it."""
    return replace(
        known,
        type=known.type or other.type,
        length=known.length or other.length,
        duration_s=known.duration_s or other.duration_s,
    )


def _media_type(one: RawLink) -> str | None:
    """As given; feedparser's text/html stands for nothing said."""
    given = (one.type or "").strip().lower()
    if given and given != "text/html" and _MEDIA_TYPE(given):
        return given[: parsing.TYPE_MAX_CHARS]
    return f"{one.rel}/*" if one.rel in ("image", "audio", "video") else None


def _seconds(given: str | None) -> int | None:
    """How long something plays: seconds, or hours, minutes and seconds between colons; with units
    (`1h 4min`) or in the form of ISO 8601 (`PT1H4M`).
    """
    said = (given or "").strip()
    if said[-1:].isalpha() and (units := _IN_UNITS(said)):
        said = ":".join(units[unit] or "0" for unit in "hms")
    parts = said.split(":")
    if not 1 <= len(parts) <= 3 or not all(map(_DECIMAL, parts)):
        return None
    seconds = 0.0
    for part in parts:
        seconds = 60 * seconds + float(part)
    return round(seconds) if 0 < seconds <= _PLAYS_AT_MOST_S else None


def _length(given: str | None) -> int | None:
    digits = (given or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        return None
    return length if 0 < (length := int(digits)) <= _LENGTH_MAX else None
