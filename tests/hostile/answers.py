"""What hostile servers answer, fault by fault, and what becomes of it: one table.

An answer is made when it is asked for, so that the table costs nothing.
"""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli
import zstandard

from tests.loopback import Reply, Seen
from tests.poller.conftest import rss

LIMIT_BYTES = 8_000_000
"""The `max_feed_size` under which these answers are asked for."""

OVER_LIMIT = "larger than"
NOT_HTTP = "does not speak proper HTTP"
BROKEN_OFF = "ended the connection without a full answer"
CUT_SHORT = "cut short"
TOO_LATE = "no complete answer"
REDIRECT = "redirect"

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
FEED = rss("one", "two", "three")


@dataclass(frozen=True)
class Fault:
    """An answer; words of the error that is recorded, "" where it is read all the same; and how
    many items are stored of it.
    """

    answer: Callable[[Seen], Reply]
    error: str
    items: int = 0


def raw(data: Callable[[], bytes], error: str, items: int = 0, *, stay: bool = False) -> Fault:
    return Fault(lambda seen: Reply(raw=data(), stay=stay), error, items)


def reset(data: bytes, error: str = BROKEN_OFF, items: int = 0) -> Fault:
    """A TCP reset after these bytes."""
    return Fault(lambda seen: Reply(raw=data, reset_after=len(data)), error, items)


def coded(coding: str, data: Callable[[], bytes], error: str = OVER_LIMIT) -> Fault:
    return Fault(lambda seen: Reply(200, {"Content-Encoding": coding}, data()), error)


def document(data: Callable[[], bytes], error: str = "", items: int = 1) -> Fault:
    return Fault(lambda seen: Reply(body=data()), error, items)


def moved(location: str, error: str = REDIRECT) -> Fault:
    return Fault(lambda seen: Reply(302, {"Location": location}), error)


def items(written: str, doctype: str = "") -> bytes:
    return f"{doctype}<rss version='2.0'><channel><title>t</title>{written}</channel></rss>".encode(
        "utf-8", "surrogateescape"
    )


def endless() -> Iterator[bytes]:
    return itertools.repeat(b"<!--" + b"x" * 65_000 + b"-->")


HEADS = {
    "header of 1 MB": raw(lambda: OK + b"X: " + b"h" * 1_000_000 + b"\r\n\r\n", NOT_HTTP),
    "name of 1 MB": raw(lambda: OK + b"h" * 1_000_000 + b": x\r\n\r\n", NOT_HTTP),
    "100,000 headers": raw(lambda: OK + b"X: h\r\n" * 100_000 + b"\r\n", NOT_HTTP),
    "status line of 1 MB": raw(lambda: b"HTTP/1.1 200 " + b"O" * 1_000_000, NOT_HTTP),
    "another protocol": raw(lambda: b"SSH-2.0-OpenSSH_9.6\r\n\r\n", NOT_HTTP),
    "nothing but NUL": raw(lambda: bytes(1_000), NOT_HTTP),
    "an endless preface": raw(
        lambda: b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1_000, TOO_LATE, stay=True
    ),
    "two lengths": raw(lambda: OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", NOT_HTTP),
    "length below zero": raw(lambda: OK + b"Content-Length: -1\r\n\r\n", NOT_HTTP),
    "length of letters": raw(lambda: OK + b"Content-Length: ten\r\n\r\n", NOT_HTTP),
    "a status of no sort": raw(lambda: b"HTTP/1.1 20000 OK\r\n\r\n", NOT_HTTP),
}

CHUNKS = {
    "chunk of letters": raw(lambda: CHUNKED + b"zz\r\n", NOT_HTTP),
    "chunk below zero": raw(lambda: CHUNKED + b"-1\r\n", NOT_HTTP),
    "chunk longer than it says": raw(lambda: CHUNKED + b"1\r\nab\r\n", NOT_HTTP),
    "chunk of 2^100 bytes": raw(lambda: CHUNKED + b"1" + b"0" * 25 + b"\r\n", NOT_HTTP),
    "chunk of 2^70 bytes": raw(lambda: CHUNKED + b"4" + b"0" * 17 + b"\r\n" + FEED, NOT_HTTP),
    "chunk of 2^60 bytes": raw(lambda: CHUNKED + b"1" + b"0" * 15 + b"\r\n" + FEED, CUT_SHORT, 3),
    "chunk with an endless extension": raw(lambda: CHUNKED + b"1;" + b"e" * 1_000_000, NOT_HTTP),
    "endless trailers": raw(lambda: CHUNKED + b"0\r\n" + b"X: t\r\n" * 100_000, NOT_HTTP),
    "chunked twice": raw(
        lambda: OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", NOT_HTTP
    ),
    "last chunk missing": raw(lambda: CHUNKED + b"%x\r\n%s\r\n" % (len(FEED), FEED), CUT_SHORT, 3),
}

RESETS = {
    "reset after the request": Fault(lambda seen: Reply(reset=True), BROKEN_OFF),
    "reset in the status line": reset(b"HTTP/1.1 20"),
    "reset in the head": reset(OK + b"Content-Le"),
    "reset after the head": reset(OK + b"Content-Length: 1000\r\n\r\n"),
    "reset in the body": Fault(
        lambda seen: Reply(body=FEED, reset_after=len(FEED) - 10), CUT_SHORT, 3
    ),
    "reset in a chunk's size": reset(CHUNKED + b"1"),
    "reset in a chunk": reset(CHUNKED + b"ffff\r\n" + FEED, CUT_SHORT, 3),
    "reset before the last chunk": reset(
        CHUNKED + b"%x\r\n%s\r\n" % (len(FEED), FEED), CUT_SHORT, 3
    ),
}

BODIES = {
    "body without end": Fault(lambda seen: Reply(chunks=endless()), OVER_LIMIT),
    "10 GB announced": raw(
        lambda: OK + b"Content-Length: 10000000000\r\n\r\n", OVER_LIMIT, stay=True
    ),
    "silence": Fault(lambda seen: Reply(delay_s=60), TOO_LATE),
    "dripping head": Fault(lambda seen: Reply(raw=OK + b"X: " + b"h" * 999, drip_s=0.1), TOO_LATE),
    "dripping body": Fault(lambda seen: Reply(chunks=[b" "] * 999, drip_s=0.1), TOO_LATE),
    "half a body": raw(lambda: OK + b"Content-Length: 99\r\n\r\n<rss", TOO_LATE, stay=True),
    "no body": document(lambda: b"", "empty", 0),
}

ZEROS = bytes(3 * LIMIT_BYTES)

ENCODINGS = {
    "gzip bomb": coded("gzip", lambda: gzip.compress(ZEROS, 1)),
    "deflate bomb": coded("deflate", lambda: zlib.compress(ZEROS, 1)),
    "br bomb": coded("br", lambda: brotli.compress(ZEROS, quality=1)),
    "zstd bomb": coded("zstd", lambda: zstandard.compress(ZEROS)),
    "bomb in a bomb": coded("gzip, gzip", lambda: gzip.compress(gzip.compress(ZEROS))),
    "three codings": coded("gzip, gzip, gzip", lambda: FEED, "compression"),
    "a thousand codings": coded(", ".join(["br"] * 1_000), lambda: FEED, "compression"),
    "a coding of no name": coded("rot13", lambda: b"\x99\x98" * 99, "compression"),
    "a coding of no name that is none": Fault(
        lambda seen: Reply(200, {"Content-Encoding": "rot13"}, FEED), "", 3
    ),
    "a coding that is not there": Fault(
        lambda seen: Reply(200, {"Content-Encoding": "gzip"}, FEED), "", 3
    ),
    "a coding broken within": coded(
        "deflate", lambda: b"\x78\x9c" + b"\xff" * 99, "compression is broken"
    ),
    "a br that is none": coded("br", lambda: FEED, "compression is broken"),
    "a zstd that is none": coded("zstd", lambda: FEED, "compression is broken"),
    "a coding broken off": Fault(
        lambda seen: Reply(200, {"Content-Encoding": "gzip"}, gzip.compress(FEED)[:-9]),
        CUT_SHORT,
        3,
    ),
}

REDIRECTS = {
    "redirect to itself": moved("/redirect-to-itself", "loop"),
    "redirects without end": moved("/hop-1", "more than 10 redirects"),
    "redirect to a file": moved("file:///etc/passwd"),
    "redirect to a script": moved("javascript:alert(1)"),
    "redirect to data": moved("data:text/xml,<rss/>"),
    "redirect to ftp": moved("ftp://127.0.0.1/"),
    "redirect to nowhere": moved("http://"),
    "redirect to bytes": moved("http://\xff\xfe\x7f/"),
    "redirect of 50 kB": moved("http://" + "a" * 50_000),
}

LAUGHS = "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)

DOCUMENTS = {
    "JSON with a number of 5,000 digits": document(
        lambda: b'{"title": %s}' % (b"9" * 5_000), "digits", 0
    ),
    "JSON that is none": document(lambda: b'{"title": None}', "not well-formed JSON", 0),
    "billion laughs": document(
        lambda: items("<item><guid>1</guid><title>&j;</title></item>", LAUGHS + "]>")
    ),
    "external entity": document(
        lambda: items(
            "<item><guid>1</guid><title>x &e;</title></item>",
            "<!DOCTYPE rss [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
        )
    ),
    "100,000 entries": document(
        lambda: items("".join(f"<item><guid>{n}</guid></item>" for n in range(100_000))),
        items=10_000,
    ),
    "title of 50 MB": document(
        lambda: items(f"<item><guid>1</guid><title>{'t' * 50_000_000}</title></item>"),
        OVER_LIMIT,
        0,
    ),
    "title of 7 MB": document(
        lambda: items(f"<item><guid>1</guid><title>{'long ' * 1_400_000}</title></item>")
    ),
    "100,000 deep": document(
        lambda: items(f"<item>{'<x>' * 100_000}{'</x>' * 100_000}</item>"), "nested", 0
    ),
    "100,000 deep in html": document(
        lambda: items(f"<item><guid>1</guid><description>{'&lt;b>' * 100_000}</description></item>")
    ),
    "100,000 deep in json": document(
        lambda: b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 100_000,
        "nested",
        0,
    ),
    "100,000 attributes": document(
        lambda: items(
            "<item " + " ".join(f"a{n}=''" for n in range(100_000)) + "><guid>1</guid></item>"
        )
    ),
    "ids of 100 kB": document(
        lambda: items("".join(f"<item><guid>{'x' * 100_000}{n}</guid></item>" for n in range(9))),
        items=9,
    ),
    "invalid UTF-8 everywhere": document(
        lambda: items(
            "<item><guid>\udcff\udcfe1</guid><title>\udcc3(\udcf0\udc9f</title><author>\udcc0"
            "\udc80</author><link>https://example.org/\udcff</link><pubDate>\udcff</pubDate>"
            "<description>\udced\udca0\udc80</description><category>\udcff</category></item>"
        )
    ),
    "NUL bytes": document(
        lambda: items("<item><gu\0id>1</gu\0id><guid>\0001\0</guid><title>\0t\0</title></item>")
    ),
    "every byte there is": document(lambda: bytes(range(256)) * 1_000, "no feed", 0),
    "dates beyond the calendar": document(
        lambda: items(
            "".join(
                f"<item><guid>{n}</guid><pubDate>{date}</pubDate></item>"
                for n, date in enumerate(
                    [
                        "Mon, 01 Jan 0000 00:00:00 GMT",
                        "Fri, 31 Dec 9999 23:59:59 -2359",
                        "0000-00-00T00:00:00Z",
                        "9999-12-31T23:59:60-23:59",
                        "99999999999999999999",
                        "-271821-04-20T00:00:00Z",
                        "31 Feb 2026 25:61:61 +9999",
                    ]
                )
            )
        ),
        items=7,
    ),
    "a page": document(lambda: b"<!doctype html><html><body>log in</body></html>", "not a feed", 0),
}

FAULTS: dict[str, Fault] = {
    **HEADS,
    **CHUNKS,
    **RESETS,
    **BODIES,
    **ENCODINGS,
    **REDIRECTS,
    **DOCUMENTS,
}


def feed_name(fault: str) -> str:
    """A fault as the name of a feed, and of its path."""
    return "".join(c if c.isalnum() else "-" for c in fault.lower())
