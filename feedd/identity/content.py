"""What of entries is compared: canonical links, titles, and texts without what is noise.

The canonical form is equal for links that lead to the same article.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

from feedd.model import Entry, KeyedEntry

LONGEST_LINK = 2_000
"""A longer link is compared as it is, without being taken apart."""

_TRACKING = """
    _ga _gl _hsenc _hsmi _openstat ack action_object_map action_ref_map action_type_map
    at_campaign at_medium at_link_id at_link_origin at_link_type at_ptr_name at_custom1
    at_custom2 at_custom3 at_custom4 campaign_id cmpid cndid dclid dpg ecid ef_id epik
    fb_action_ids fb_action_types fb_ref fb_source fbclid ftag gbraid gclid gclsrc ghclid gs_lcp
    guce_referrer guce_referrer_sig guccounter icid igsh igshid itm_campaign itm_content
    itm_medium itm_source li_fat_id mbid mc_cid mc_eid mkt_tok mkcid mkevt mkrid msclkid ncid
    ns_campaign ns_linkname ns_mchannel ns_source oly_anon_id oly_enc_id rb_clickid ref_src
    ref_url s_cid s_kwcid sc_cid scid soc_src soc_trk spm srsltid sscid tduid trk trkcampaign
    ttclid twclid vero_conv vero_id wbraid wickedid wt_mc wtrid xtor yclid ymclid ysclid zanpid
"""
_TRACKING_NAMES = frozenset(_TRACKING.split())
"""Query parameters that say where a click came from, never what is shown."""

_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "stm_", "cm_mmc", "_bta_")
_TRACKING_PAIRS = frozenset(
    {"source=rss", "ref=rss", "from=rss", "rss=1", "feed=rss", "partner=rss"}
)
"""Parameters that are tracking with this very value only."""

_SIMPLE = re.compile(
    r"https?://(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[a-z0-9A-Z_~-][\w.~-]*)*)/?", re.ASCII
)
"""Nothing to normalise but what the groups leave out. No segment begins with a dot."""

_PARTS = re.compile(
    r"(https?)://([^/?#\\]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL
)
_PORT = re.compile(r"(.*?)(?::(\d*))?", re.DOTALL)
_ESCAPE = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])%([0-9A-Fa-f]{2})")
"""Not behind a lone per cent sign, with which what it stands for would be another escape."""

_UNSAFE = re.compile(r"[^\w.~!$&'()*+,;=:@/?%-]", re.ASCII)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = ("", "80", "443")


def canonical_link(url: str | None) -> str | None:
    """The canonical form of an http or https link, itself a link; None for anything else.

    Scheme, `www.`, default port, user name, a trailing slash, tracking parameters, the order of
    parameters and the fragment make no difference; case does in the path only; percent-encoding and
    dot segments are in RFC 3986's normal form (section 6.2.2). A fragment stays where it
    chooses the page (`#!…`, `#/…`).
    """
    return _canonical(url) if url else None


def article_link(url: str | None) -> str | None:
    """The canonical link with its fragment, for telling apart the parts of one page."""
    if not url or "#" not in url:
        return canonical_link(url)
    canonical = canonical_link(url)
    fragment = url.partition("#")[2].strip()
    if canonical is None or "#" in canonical or not fragment or _is_tracking_fragment(fragment):
        return canonical
    return f"{canonical}#{_normal_escapes(fragment)}"


def names_article(canonical: str) -> bool:
    """Does a canonical link lead further than to a site's front page?"""
    return "/" in canonical[len("https://") :] or "?" in canonical or "#" in canonical


@lru_cache(maxsize=4096)
def _canonical(url: str) -> str | None:
    simple = _SIMPLE.fullmatch(url)
    if simple:
        return f"https://{simple[1]}{simple[2]}"
    parts = _PARTS.fullmatch(url.strip())
    if parts is None:
        return None
    _, authority, path, query, fragment = parts.groups()
    host = _host(authority)
    if host is None:
        return None
    if len(url) > LONGEST_LINK:
        return f"https://{host}{path}" + (f"?{query}" if query else "")
    path = _without_dot_segments(_normal_escapes(path.replace("\\", "/"))).rstrip("/")
    canonical = f"https://{host}{path}"
    kept = _kept_parameters(query) if query else ""
    if kept:
        canonical += f"?{kept}"
    route = _normal_escapes(fragment).rstrip("/") if fragment and fragment[0] in "!/" else ""
    if len(route) > 1:
        canonical += f"#{route}"
    return canonical


def _host(authority: str) -> str | None:
    """Host in lower case without `www.`, with a port that is no default; None for none."""
    match = _PORT.fullmatch(authority.rpartition("@")[2].strip())
    assert match is not None
    host, port = match[1].lower().rstrip("."), match[2]
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.encode("idna").decode("ascii")
    if host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    if not host or any(c.isspace() for c in host):
        return None
    return host if port is None or port.lstrip("0") in _DEFAULT_PORTS else f"{host}:{port}"


def _normal_escapes(text: str) -> str:
    """Percent-encoding in normal form: upper case, and only where it is needed."""
    if "%" in text:
        text = _ESCAPE.sub(_normal_escape, text)
    return _UNSAFE.sub(_escaped, text)


def _normal_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


def _without_dot_segments(path: str) -> str:
    """RFC 3986, section 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _kept_parameters(query: str) -> str:
    parameters = [
        _normal_escapes(pair)
        for pair in query.replace("&amp;", "&").split("&")
        if pair and not _is_tracking(pair)
    ]
    parameters.sort()
    return "&".join(parameters)


def _is_tracking(pair: str) -> bool:
    folded = pair.lower()
    name = folded.partition("=")[0]
    return (
        name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES) or folded in _TRACKING_PAIRS
    )


def _is_tracking_fragment(fragment: str) -> bool:
    folded = fragment.lower()
    return folded in ("rss", "comments", "respond", "atom") or (
        "=" in folded
        and all(
            _is_tracking(pair) or pair.startswith(("echobox=", "ref=", "comment-"))
            for pair in folded.lstrip("?").split("&")
        )
    )


_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]*)?(?:[/?#]|\Z)")


def host_of(url: str) -> str:
    """The host name of a URL in lower case; "" where it has none."""
    plain = _PLAIN_HOST.match(url)
    if plain is not None:  # nearly all: a fifth of the time
        return plain[1]
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """The host of a URL, and its port where that is not the usual one: servers at several ports of
    a host are sites of their own.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return host_of(url)
    usual = port is None or port == {"http": 80, "https": 443}.get(parts.scheme)
    return host_of(url) if usual else f"{host_of(url)}:{port}"


# ---------------------------------------------------------------- titles and texts

HASH_BYTES = 8

_COUNTING_WORDS = tuple(
    """
    comment kommentar comentario comentário commentaire commento commenti reactie repl response
    point score vote upvote like share view コメント 评论 評論 комментари
    """.encode().split()
)
_COUNTING_WORDS_PLURAL = (
    *_COUNTING_WORDS,
    *"""
    comments kommentare comentarios comentários commentaires reacties reply replies responses
    points votes upvotes likes shares views комментарии комментариев
    """.encode().split(),
)
_LONGEST_WORD_BYTES = 32
_NUMBER = re.compile(rb"\d[\d.,]*")
_NO_DIGITS = bytes(byte for byte in range(256) if byte not in b"0123456789")
_BETWEEN = b":([#="
_NO_COMMENT = re.compile(rb"(?:no|add|leavea|postthefirst|bethefirstto)comments?", re.IGNORECASE)
_PLURAL = re.compile(
    rb"(\0(?:comment|point|vote|like|share|view|response|commentaire|comentario))s", re.IGNORECASE
)
_TRACKING_VALUE = re.compile(rb"[?&](?:utm_\w+|fbclid|gclid|mc_[ce]id)=[\w.%+-]*")
_LINKED = re.compile(r'="(http[^"?#]*+)')
_TITLE_COUNT = re.compile(r"(?<!\s)\s*+[(\[]\d+ (?:comments?|kommentare?|replies)[)\]]$")
_WHITE = b" \t\n\r\x0b\x0c"
_ALIKE = 0.6
"""A word changed in twenty leaves more in common, another text of the same writer less."""

UNLIKE = 0.2
"""Texts that have less in common are not two versions of one."""

_COMPARED_CHARS = 4_000
_PIECE_BYTES = 8
_NUMBERS = re.compile(r"\d+").findall
_NO_BREAK_SPACE = "\xa0".encode()


def title_key(title: str) -> str:
    """A title for comparing: case, width, white space and counts of comments do not matter."""
    if not title.isascii():
        title = unicodedata.normalize("NFKC", title)
    folded = " ".join(title.casefold().split())
    return _TITLE_COUNT.sub("", folded) if folded.endswith((")", "]")) else folded


def text_of(one: KeyedEntry) -> str:
    """The plain text of an entry, packed or not."""
    return one.entry.text if one.utf8 is None else one.utf8.decode("utf-8", "replace")


def content_hash(entry: Entry, link_key: str | None, text: bytes | None = None) -> bytes:
    """Equal for an entry that says the same: rule 34. `text` is its text in UTF-8, if at hand.

    White space, attribute order, queries of images and links, tracking parameters, counts of
    comments and points, and every date make no difference.
    """
    told = _essence(entry.text) if text is None else _essence_of(text)
    parts = [told, _essence(entry.title), (link_key or "").encode()]
    if entry.html:
        linked = _LINKED.findall(entry.html)
        linked.sort()
        parts.append("\0".join(linked).encode("utf-8", "replace"))
    if entry.enclosures:
        files = sorted(canonical_link(file.url) or file.url for file in entry.enclosures)
        parts.append("\0".join(files).encode("utf-8", "replace"))
    return blake2b(b"\0\0".join(parts), digest_size=HASH_BYTES).digest()


def says_the_same(title: str, text: str, other_title: str, other_text: str) -> bool:
    """Do two versions of an entry differ, if at all, in nothing that anybody wrote (rule 34)?"""
    return _essence(text) == _essence(other_text) and _essence(title) == _essence(other_title)


def _essence(text: str) -> bytes:
    return _essence_of(text.encode("utf-8", "replace"))


def _essence_of(text: bytes) -> bytes:
    """A text without white space, and without what readers and trackers do to it.

    Bytes, because they are many times quicker to go through than characters.
    """
    essence = text.translate(None, _WHITE)
    if b"\xc2" in essence:  # found at once, as two bytes are not
        essence = essence.replace(_NO_BREAK_SPACE, b"")
    if b"=" in essence:
        essence = _TRACKING_VALUE.sub(b"", essence)
    # Many times quicker than the pattern, and most texts have none.
    if not essence.translate(None, _NO_DIGITS):
        return _NO_COMMENT.sub(b"\0comment", essence) if b"omment" in essence else essence
    kept = []
    at = 0
    for number in _NUMBER.finditer(essence):
        start, end = number.span()
        if _is_count(essence, start, end):
            kept.append(essence[at:start])
            at = end
    if kept:
        kept.append(essence[at:])
        # "1 comment" and "2 comments" differ in more than the number.
        essence = _PLURAL.sub(rb"\1", b"\0".join(kept))
    return _NO_COMMENT.sub(b"\0comment", essence) if b"omment" in essence else essence


def _is_count(essence: bytes, start: int, end: int) -> bool:
    """Is the number there a count of comments, points or the like?"""
    if essence[end : end + _LONGEST_WORD_BYTES].lower().startswith(_COUNTING_WORDS):
        return True
    before = essence[max(0, start - _LONGEST_WORD_BYTES) : start].rstrip(_BETWEEN).lower()
    return before.endswith(_COUNTING_WORDS_PLURAL)


def alike(text: str, other: str) -> bool:
    """Are these nearly the same text: one corrected, perhaps, but none that replaces the other?

    Texts whose numbers differ are not: reports of one kind differ in little else.
    """
    if text == other:
        return True
    return likeness(text, other) >= _ALIKE and _NUMBERS(text) == _NUMBERS(other)


def likeness(text: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1; 0 where one of them is empty."""
    pieces, others = _pieces(text), _pieces(other)
    if not pieces or not others:
        return 0.0
    common = len(pieces & others)
    return common / (len(pieces) + len(others) - common)


def _pieces(text: str) -> set[bytes]:
    """The overlapping pieces of a text without its blanks; of a short text, the text."""
    essence = _essence(text[:_COMPARED_CHARS].casefold())
    last = max(1, len(essence) - _PIECE_BYTES + 1)
    return {essence[at : at + _PIECE_BYTES] for at in range(last)} - {b""}
