"""Whether a response is a page at all: the header says so, unless the first bytes say otherwise."""

from __future__ import annotations

from typing import Final

SNIFF_BYTES: Final = 1024

_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"{\\rtf", "application/rtf"),
)
_HTML: Final = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_MAYBE: Final = frozenset(
    {"", "application/octet-stream", "text/plain", "text/xml", "application/xml", "unknown/unknown"}
)
_TEXT_MARKS: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<title")


def not_html(body: bytes, content_type: str | None) -> str | None:
    """The media type of a body that is no HTML page; None for one that is."""
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return name
    if body[4:8] == b"ftyp":
        return "video/mp4"
    declared = (content_type or "").partition(";")[0].strip().lower()
    if declared in _HTML:
        return None
    begin = body[:SNIFF_BYTES].replace(b"\x00", b"").lower()
    if declared in _MAYBE and any(mark in begin for mark in _TEXT_MARKS):
        return None
    if not declared:
        return None if b"<" in begin else "text/plain"
    return declared[:100]
