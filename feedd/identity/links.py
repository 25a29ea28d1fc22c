"""The canonical form of a link: equal for links that lead to the same article."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

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
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
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
