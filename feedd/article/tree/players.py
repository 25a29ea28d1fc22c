"""Frames of known players become links to what they play."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from feedd.article.tree.elements import remove

EMBED: Final = "feedd-embed"
"""Class of the figure that a player or a post of another site becomes."""

_YOUTUBE = re.compile(r"(?:^|\.)(?:youtube(?:-nocookie)?\.com)$")
_PLAYERS = re.compile(
    r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|dailymotion\.com|twitch\.tv"
    r"|ted\.com|soundcloud\.com|spotify\.com|bandcamp\.com|peertube\.\w+|rumble\.com|odysee\.com"
    r"|bilibili\.com"
    r"|instagram\.com|facebook\.com|twitter\.com|x\.com|tiktok\.com|bsky\.app|archive\.org"
    r"|streamable\.com|codepen\.io|gist\.github\.com|datawrapper\.de|flourish\.studio|megaphone\.fm"
    r"|podcasts\.apple\.com|simplecast\.com|acast\.com|libsyn\.com|omny\.fm|scribd\.com"
    r"|slideshare\.net|documentcloud\.org|media\.ccc\.de)$"
)
_NOT_CONTENT = re.compile(
    r"/plugins/(?:like|share|follow|page)|/widgets/|share_button|facebook\.com/tr", re.I
)


def link(frame: HtmlElement) -> None:
    """A frame of a known player becomes a link to what it plays; others are left to be dropped."""
    address = frame.get("src") or frame.get("data-src") or frame.get("data-lazy-src") or ""
    if frame.tag in ("amp-youtube", "lite-youtube"):
        video = frame.get("data-videoid") or frame.get("videoid") or ""
        address = f"https://www.youtube.com/embed/{video}" if video else ""
    if address.startswith("//"):
        address = "https:" + address
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not _PLAYERS.search(host) or _NOT_CONTENT.search(address):
        remove(frame)
        return
    title = " ".join((frame.get("title") or "").split())[:120]
    address = _watchable(address.strip())
    for child in list(frame):
        frame.remove(child)
    tail = frame.tail
    frame.attrib.clear()
    frame.tag, frame.text = "figure", None
    frame.set("class", EMBED)
    link = frame.makeelement("a", {"href": address})
    shown = re.sub(r"^https?://(?:www\.)?|[?#].*$", "", address).rstrip("/")
    link.text = title or shown
    frame.append(link)
    frame.tail = tail


def _watchable(address: str) -> str:
    """The page of a player's content instead of the frame's address."""
    parts = urlsplit(address)
    host, path = parts.hostname or "", parts.path
    if _YOUTUBE.search(host) and path.startswith("/embed/") and "videoseries" not in path:
        return f"https://www.youtube.com/watch?v={path.split('/')[2]}"
    if host == "player.vimeo.com" and path.startswith("/video/"):
        return f"https://vimeo.com/{path.split('/')[2]}"
    if host.endswith("dailymotion.com") and path.startswith("/embed/video/"):
        return f"https://www.dailymotion.com/video/{path.split('/')[3]}"
    if host in ("www.facebook.com", "w.soundcloud.com"):
        shown = parse_qs(parts.query).get("href") or parse_qs(parts.query).get("url")
        if shown and shown[0].startswith("https://"):
            return shown[0]
    return address
