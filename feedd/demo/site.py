"""The town's web server: real HTTP on loopback, in threads, with some feeds that misbehave."""

from __future__ import annotations

import threading
import time
from email.utils import formatdate
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from msgspec import Struct

from feedd.demo.formats import Edition, document, home_page, story_page
from feedd.demo.stories import (
    BELLS,
    CHANNELS,
    GAZETTE,
    OBSERVATORY,
    SHARED,
    STRUCK,
    Channel,
    Story,
)

SLOW_S = 1.0
"""How long the ferry's feed takes to answer."""

GONE = "almanac"
SLOW = "ferry"
BROKEN = "kitchen"
WITH_ETAG = ("harbour", "gazette", "bells")
WITH_LAST_MODIFIED = ("lighthouse", "observatory")
OLD_ADDRESSES = {OBSERVATORY.name: "/old/observatory.rss"}
_ENDINGS = {"json feed": "json", "atom 1.0": "atom", "atom 0.3": "xml", "rss 1.0": "rdf"}


class Served(Struct, frozen=True):
    """One request as the site saw it, and its answer."""

    path: str
    status: int
    user_agent: str


class _Reply(Struct, frozen=True):
    body: str = ""
    media_type: str = "text/html; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = ()


class Site:
    """The running site; a context manager. `strike` lets the bells add an item."""

    def __init__(self) -> None:
        self.started = int(time.time())
        self.served: list[Served] = []
        self._struck = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def feed_urls(self) -> dict[str, str]:
        """Where each feed is said to be, by name, those that moved or ended included."""
        urls = {channel.name: self.base + _feed_path(channel) for channel in CHANNELS}
        urls |= {name: self.base + path for name, path in OLD_ADDRESSES.items()}
        return {**urls, GONE: f"{self.base}/{GONE}/feed.rss"}

    def strike(self) -> None:
        """The bells' feed has one more item from now on."""
        self._struck.set()

    def reply(self, path: str) -> _Reply:
        """The answer to a request, before conditional requests are considered."""
        if path == OLD_ADDRESSES[OBSERVATORY.name]:
            new = self.base + _feed_path(OBSERVATORY)
            moved = HTTPStatus.MOVED_PERMANENTLY
            return _Reply(status=moved, headers=(("Location", new),))
        if path.startswith(f"/{GONE}/"):
            return _Reply("<p>The almanac has ended. Thank you.</p>", status=HTTPStatus.GONE)
        for channel in CHANNELS:
            if path == _feed_path(channel):
                return self._feed(channel)
            if path == f"/{channel.name}/":
                return _Reply(home_page(self._edition(channel), _feed_path(channel)))
            for story in (*channel.stories, STRUCK):
                if path == f"/{channel.name}/{story.slug}":
                    return _Reply(story_page(channel, story))
        return _Reply("<p>No such page.</p>", status=HTTPStatus.NOT_FOUND)

    def _edition(self, channel: Channel) -> Edition:
        stories: list[tuple[Channel, Story]] = [(channel, story) for story in channel.stories]
        if channel is SHARED[1]:
            stories.append((GAZETTE, SHARED[0]))
        if channel is BELLS and self._struck.is_set():
            stories.insert(0, (channel, STRUCK))
        return Edition(
            channel,
            self.base,
            [
                (story, f"{self.base}/{home.name}/{story.slug}", self.started - story.age_s)
                for home, story in stories
            ],
        )

    def _feed(self, channel: Channel) -> _Reply:
        text, media_type = document(self._edition(channel))
        headers: tuple[tuple[str, str], ...] = ()
        if channel.name == BROKEN:
            # By hand, as promised: ampersands as they come, and one element never closed.
            text = text.replace("&amp;", "&").replace("</item>\n</channel>", "</channel>")
        if channel.name == SLOW:
            time.sleep(SLOW_S)
        if channel.name in WITH_ETAG:
            headers = (("ETag", f'"{sha256(text.encode()).hexdigest()[:12]}"'),)
        if channel.name in WITH_LAST_MODIFIED:
            headers = (("Last-Modified", formatdate(self.started - 3600, usegmt=True)),)
        return _Reply(text, media_type, headers=headers)


def _feed_path(channel: Channel) -> str:
    return f"/{channel.name}/feed.{_ENDINGS.get(channel.format, 'rss')}"


def _handler_for(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "Saltmere"
        sys_version = ""

        def do_GET(self) -> None:
            reply = site.reply(self.path)
            status = reply.status
            if status is HTTPStatus.OK and self._has_it_already(reply):
                status = HTTPStatus.NOT_MODIFIED
            agent = self.headers.get("User-Agent", "")
            site.served.append(Served(self.path, status.value, agent))
            charset = "iso-8859-1" if "ISO-8859-1" in reply.body[:60] else "utf-8"
            body = b"" if status is HTTPStatus.NOT_MODIFIED else reply.body.encode(charset)
            self.send_response(status)
            for name, value in reply.headers:
                self.send_header(name, value)
            if status is not HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Type", reply.media_type)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _has_it_already(self, reply: _Reply) -> bool:
            known = {
                "ETag": self.headers.get("If-None-Match"),
                "Last-Modified": self.headers.get("If-Modified-Since"),
            }
            return any(known.get(name) == value for name, value in reply.headers)

        def log_message(self, format: str, *args: object) -> None:
            """The tour tells what was served; nothing goes to standard error."""

    return Handler
