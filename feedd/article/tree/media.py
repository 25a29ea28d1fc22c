"""Pictures, players and formulas, put into a form that needs no script and no style.

Works on the tree as parsed, before it is shaped.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree import players
from feedd.article.tree.elements import raw_text, remove, text_of, unwrap, without_tail

LAZY_ADDRESSES: Final = tuple(
    str.split(
        "data-src data-lazy-src data-original data-orig-file data-actualsrc data-hi-res-src "
        "data-lazy data-full-url data-img-url data-image data-url"
    )
)
"""Where pages that load pictures by script keep the address, the likeliest first."""
LAZY_CANDIDATES: Final = ("data-srcset", "data-lazy-srcset", "data-original-set")

ADDRESS_MAX_CHARS: Final = 4_000
CAPTION_MAX_CHARS: Final = 500

DOT_MAX_PIXELS: Final = 40
ICON_MAX_PIXELS: Final = 64
"""A picture without words for it that is no larger is an ornament."""

BADGE_MAX_CHARS: Final = 50
"""A picture with a longer name for it is no button of a shop for apps."""

LARGE_MIN_PIXELS: Final = 200
"""A picture with such sides is no icon, whatever its address says, and no portrait of a writer."""

_FILE_SIZE = re.compile(r"\d[×x]\d{2,5} \d|\d ?[KM]i?B\b").search
"""What is said of a file: how large it is."""
_ORNAMENT = re.compile(
    r"\b(?:g?r?avatars?|spinner|emoji|userpic|sprite|favicon|hidden-(?:image|pin))\b"
    r"|(?:app-?store|google-?play)[\w-]{0,30}badge|badge[\w-]{0,30}(?:app-?store|google-?play)"
)
_OF_ORNAMENTS: Final = tuple(str.split("avatar spinner emoji userpic sprite favicon badge hidden"))
"""One of these is in every match of `_ORNAMENT`."""
_WIDE = re.compile(r"\s(?:[89]\d\d|\d{4})w\b").search
_ICON = re.compile(
    r"/icons?/|/(?:icon|ico|btn)[-_][^/]*$|[-_]icon\.(?:svg|png|gif)|(?<![a-z])(?:qr[-_]?(?:code)?|smil(?:ey|ie)s?)\b"
)
_AWAY = re.compile(
    r"//(?:apps\.apple\.com|play\.google\.com|(?:www\.)?whatsapp\.com/channel|t\.me/|wa\.me/"
    r"|news\.google\.com|(?:www\.)?facebook\.com/sharer|(?:twitter|x)\.com/intent)"
)
"""Where pictures lead that ask to load an app, to follow, or to share."""
_SHOP = re.compile(r"Google Play\b|App ?Store\b|Microsoft Store\b").search
_PAID = re.compile(r"[?&](?:tag|aff\w{0,12}|clickref|subid)=")
"""What somebody is paid for a click is counted by."""
_BANNERS: Final = frozenset(
    {(728, 90), (970, 250), (970, 90), (468, 60), (320, 50), (160, 600), (120, 600), (300, 600)}
)
"""Width and height of advertisements, as their trade has agreed."""
_NO_PICTURE: Final = ("data:", "about:", "#", "[object")
_NO_ADDRESS: Final = frozenset({"null", "undefined", "none", "false"})
"""What scripts write where they have no address."""
_DRAWN: Final = (".gif", ".svg")
"""What is no photograph stands in for one that is named beside it."""
_UNDEFINED: Final = ("/undefined", "/null")
_CLONES: Final = frozenset(
    str.split(
        "slick-cloned swiper-slide-duplicate splide__slide--clone glide__slide--clone bx-clone"
        " tns-slide-cloned cloned"
    )
)
"""What carousels call the copies of their first and last slides."""
_STAND_INS: Final = tuple(
    str.split(
        "blank spacer placeholder lazy pixel transparent 1x1 loading loader spinner grey gray"
    )
)
_STAND_IN = re.compile(
    rf"(?<![\w-])(?=[\w-]*?(?:{'|'.join(_STAND_INS)}))[\w-]*+\.(?:gif|png|svg|jpe?g|webp)"
)
_NOTHING = re.compile(
    r"/(?:undefined|null)$|(?:spinner|loading|loader|spacer|blank|1x1|transparent|placeholder)"
    r"[\w-]{0,40}\.(?:gif|svg|png)(?:$|\?)",
    re.IGNORECASE,
)
"""Addresses of what stands where a picture may come."""
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])", re.IGNORECASE)
_BACKGROUND = re.compile(
    r"""\bbackground(?:-image)?\s*:[^;]{0,80}?url\(\s*['"]?([^'")\s]+)""", re.I
)
_PICTURED = re.compile(
    r"(?i)(?:^|[\s_-])(?:hero|cover|(?:featured|lead|header|main|post)[-_]?(?:image|img|photo|media"
    r"|picture))(?:$|[\s_-])"
).search
"""What calls itself the article's picture."""
_ADDRESS = re.compile(r"(?:https?:)?/|[\w.%-][\w%-]*+[/.]").match


def settle(root: HtmlElement) -> None:
    """Give every picture its address, and every known player a link."""
    for noscript in list(root.iter("noscript")):
        _take_fallback(noscript)
    for image in list(root.iter("amp-img")):
        if image.get("fallback") is not None or image.get("placeholder") is not None:
            remove(image)  # shown in place of the picture around it
        else:
            image.tag = "img"
    for image in list(root.iter("img")):
        _find_address(image)
        before, name = image.getprevious(), _file(image)
        if before is not None and before.tag == "img" and name and name == _file(before):
            remove(before)  # blurred, until this one is loaded
    for picture in reversed(list(root.iter("picture"))):  # the innermost first
        _take_image(picture)
    for box in list(root.iter("div", "span", "li")):
        named = box.get("class")
        if named is not None and "aption" in named:
            _make_figure(box)
        elif (
            named is not None
            and ("clone" in named or "duplicate" in named)
            and not _CLONES.isdisjoint(named.split())
        ):
            remove(box)
        elif len(box) == 0 and "url(" in (style := box.get("style") or ""):
            _show_background(box, style)
    for player in root.iter("video", "audio"):
        source = next((s.get("src") for s in player.iter("source") if s.get("src")), None)
        if source and not player.get("src"):
            player.set("src", source)
    for frame in list(root.iter("iframe", "embed", "amp-youtube", "amp-iframe", "lite-youtube")):
        players.link(frame)
    for post in list(root.iter("blockquote")):
        if post.get("data-instgrm-permalink"):
            post.set("src", post.get("data-instgrm-permalink"))
            players.link(post)


def _take_fallback(noscript: HtmlElement) -> None:
    """A picture within noscript is the one that a script would have loaded before it."""
    image = next(noscript.iter("img"), None)
    if image is None or image.get("width") in ("0", "1") or not _usable(image.get("src")):
        return
    before = noscript.getprevious()
    lazy = before if before is not None and before.tag == "img" else None
    if lazy is None and before is not None and not raw_text(before).strip():
        lazy = next(before.iter("img"), None)
    if lazy is not None:
        for name in ("src", "srcset", "alt", "title"):
            if image.get(name):
                lazy.set(name, image.get(name))
        return
    parent = noscript.getparent()
    if parent is not None and parent.tag != "head":
        image.tail = None
        noscript.addprevious(image)


def _find_address(image: HtmlElement) -> None:
    if not image.get("srcset"):
        candidates = next(filter(_usable, map(image.get, LAZY_CANDIDATES)), None)
        if candidates:
            image.set("srcset", candidates)
    lazy = filter(_is_address, filter(None, map(image.get, LAZY_ADDRESSES)))
    if _usable(image.get("src")):
        if "lazy" in (image.get("class") or "").lower() or image.get("src").endswith(_DRAWN):
            image.set("src", next(lazy, image.get("src")))
        return
    best = next(lazy, None) or _largest(image.get("srcset"))
    if best:
        image.set("src", best)
    elif "src" in image.attrib and _is_nothing(image.get("src")):
        del image.attrib["src"]


def _file(image: HtmlElement) -> str:
    """A picture's address without what is asked of it; "" where that tells which it is."""
    address = (image.get("src") or "").partition("?")[0]
    return address if shows(address) else ""


def _is_nothing(address: str) -> bool:
    """Whether an address leads to no picture, whatever its name."""
    address = address[:ADDRESS_MAX_CHARS].strip()
    is_none = not address or address.lower() in _NO_ADDRESS
    return is_none or address.lower().startswith(_NO_PICTURE) or bool(_NOTHING.search(address))


def _usable(address: str | None) -> bool:
    if not address:
        return False
    address = address[:ADDRESS_MAX_CHARS].strip().lower()
    if not address or address.startswith(_NO_PICTURE) or address.endswith(_UNDEFINED):
        return False
    if address in _NO_ADDRESS:
        return False
    may_stand_in = any(map(address.__contains__, _STAND_INS))
    return not (may_stand_in and _STAND_IN.search(address))


def _is_address(value: str) -> bool:
    return _usable(value) and _ADDRESS(value.strip()) is not None


def _largest(srcset: str | None) -> str | None:
    """The address with the largest descriptor of a `srcset` (HTML, 4.8.4.2.1)."""
    best, best_size = None, -1.0
    for candidate in re.split(r",\s+|,(?=https?:)", (srcset or "").strip()):
        parts = candidate.split()
        if not parts or not _usable(parts[0]):
            continue
        digits = re.match(r"\d+(?:\.\d+)?", parts[1]) if len(parts) > 1 else None
        size = float(digits[0]) if digits else 0.0
        if size > best_size:
            best, best_size = parts[0], size
    return best


def _take_image(picture: HtmlElement) -> None:
    """`<picture>` becomes its `<img>`, with the address of a source where it has none."""
    image = next(picture.iter("img"), None)
    if image is None:
        image = picture.makeelement("img")
        picture.append(image)
    if not _usable(image.get("src")):
        for source in picture.iter("source"):
            best = _largest(source.get("srcset") or source.get("data-srcset"))
            if best:
                image.set("src", best)
                break
    for source in list(picture.iter("source")):
        unwrap(source)
    unwrap(picture)


def _make_figure(box: HtmlElement) -> None:
    """A caption's box, with one picture and a line of text, is a figure."""
    if len(list(box.iter("img"))) == 1 and len(raw_text(box)) <= CAPTION_MAX_CHARS:
        box.tag = "figure"


def _show_background(box: HtmlElement, style: str) -> None:
    """An empty box that says that it is a picture shows that of its background."""
    address = background(box, style)
    if address:
        box.tag = "img"
        box.set("src", address)
        box.set("alt", box.get("aria-label") or "")
        box.set("class", f"{box.get('class') or ''} image")  # which it is, whatever its name


def background(box: HtmlElement, style: str) -> str:
    """The address of the picture that a box without text says its background is; "" for none."""
    is_named = box.get("role") == "img" or _PICTURED(box.get("class") or "") is not None
    address = _BACKGROUND.search(style) if is_named and not (box.text or "").strip() else None
    return address[1] if address is not None and _usable(address[1]) else ""


def is_ornament(image: HtmlElement) -> bool:
    """Whether a picture is an icon, a portrait of who comments, a badge, or a dot."""
    address = (image.get("src") or "").lower()
    named = f"{(image.get('class') or '').lower()} {address}"
    if any(map(named.__contains__, _OF_ORNAMENTS)) and _ORNAMENT.search(named):
        return True
    narrow, wide = sorted(_sides(image))
    is_dot = 0 <= narrow <= wide <= 2 or (is_small(image) and not _adds(image))
    may = "ico" in address or "btn" in address or "qr" in address or "smil" in address
    return is_dot or (may and _ICON.search(address) is not None and not is_large(image))


def _adds(image: HtmlElement) -> bool:
    """Whether a picture has a name that the line around it does not have: faces have that."""
    name, around = image.get("alt"), image.getparent()
    return bool(name) and (around is None or text_of(around) != name)


def is_small(image: HtmlElement) -> bool:
    """Whether a picture says that a side of it is an icon's."""
    wide, high = _sides(image)
    return 0 <= wide <= DOT_MAX_PIXELS or 0 <= high <= DOT_MAX_PIXELS


def is_icon(image: HtmlElement) -> bool:
    """Whether a picture says that both of its sides are short, as the weather's sign is."""
    narrow, wide = sorted(_sides(image))
    return 0 <= narrow <= wide <= ICON_MAX_PIXELS


def is_large(image: HtmlElement) -> bool:
    """Whether a picture says that both of its sides are a photograph's, or how wide it may be."""
    may_be_wide = not image.get("width") and _WIDE(image.get("srcset") or "") is not None
    return may_be_wide or min(_sides(image)) >= LARGE_MIN_PIXELS


def is_flat(image: HtmlElement) -> bool:
    """Whether a picture says that a side of it is shorter than a photograph's: a logo's."""
    return any(0 <= side < LARGE_MIN_PIXELS for side in _sides(image)) and not is_large(image)


def _sides(image: HtmlElement) -> tuple[int, int]:
    """Width and height in pixels, -1 where the page does not say."""
    return pixels(image.get("width")), pixels(image.get("height"))


@lru_cache(maxsize=1024)
def pixels(side: str | None) -> int:
    """What an attribute says of a side, at most six digits of it; -1 where it says no number."""
    digits = re.match(r"\d+", side) if side else None
    return int(digits[0][:6]) if digits else -1


def leads_away(link: HtmlElement) -> bool:
    """Whether a picture's link is an advertisement's: it asks for something, or is paid for and
    the picture shows nothing that has a name. One that a review shows has one.
    """
    address = link.get("href")
    if any(_sides(image) in _BANNERS or is_badge(image) for image in link.iter("img")):
        return True
    paid = is_paid(address, link.get("rel"))
    is_named = any(image.get("alt") for image in link.iter("img"))
    return is_to_follow(address) or (paid and not is_named)


def is_badge(image: HtmlElement) -> bool:
    """Whether what a picture is named says that an app is to be had from a shop for these."""
    name = image.get("alt") or ""
    may = ("Play" in name or "Store" in name) and len(name) <= BADGE_MAX_CHARS
    return may and _SHOP(name) is not None


def is_paid(address: str, rel: str | None = None) -> bool:
    """Whether somebody is paid for a click on a link."""
    return "sponsored" in (rel or "") or _PAID.search(address) is not None


def is_to_follow(address: str) -> bool:
    """Whether a link leads where one loads an app, follows a channel or shares."""
    return _AWAY.search(address) is not None


def stays(link: HtmlElement) -> bool:
    """Whether a picture's link leads to a picture, or to a page of the site."""
    return "//" not in link.get("href") or shows(link.get("href"))


def shows(address: str) -> bool:
    """Whether a link leads to a picture: the same, larger."""
    return _PICTURE_FILE.search(address) is not None


def picture(image: HtmlElement) -> HtmlElement | None:
    """A copy of an image or player with an address; None for what is no picture of the article."""
    if image.tag in ("video", "audio"):
        if not image.get("src"):
            return None
        copied = image.makeelement(image.tag, {"controls": "", "src": image.get("src")})
        if image.get("poster"):
            copied.set("poster", image.get("poster"))
        return copied
    if not (image.get("src") or image.get("srcset")) or is_ornament(image):
        return None
    return without_tail(image)


def drop_file_size(link: HtmlElement) -> None:
    """What is said below a picture of the file that it leads to: its name and size."""
    if _FILE_SIZE(raw_text(link)):
        for part in [each for each in link if next(each.iter("img"), None) is None]:
            remove(part)
