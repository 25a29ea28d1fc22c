"""The picture that stands for an article: the declared one, else the one that a template marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from feedd import sanitise
from feedd.article.lexicon import parted, sections_of
from feedd.article.tree import media
from feedd.article.tree.markup import Thing, is_apart, text_in

_IMAGE_METAS: Final = parted(sections_of("meta_names.txt")["image"])
_OF_POST = re.compile(
    r"\bwp-post-image\b|\b(?:featured|post-(?:thumbnail|featured))[-_](?:image|img|media|photo)\b"
).search
_OF_ANY_PAGE = re.compile(
    r"/undefined$|placeholder|/null$|/(?:(?:site|og|fb|facebook|twitter|card|image|img|company)[-_]){0,2}"
    r"(?:logo|default|fallback|share|sharing|social)"
    r"(?:[-_](?:share|logo|image|img|card|default|og|square|stor|large|big|gro(?:ss|ot)|grande?"
    r"|small|white|black|dark|light|colou?r|full|main|new|\d{1,4}(?:x\d{1,4})?)){0,3}\.\w{3,4}$",
    re.IGNORECASE,
)
"""Pictures that stand for any page of a site: a logo, what is shared by default."""


def lead_image_of(
    root: HtmlElement,
    base: str,
    metas: Mapping[str, str],
    article: Thing,
    things: Iterable[Thing],
) -> str | None:
    """Its address: of the pictures that meta elements, structured data (`article` among `things`)
    and links declare the first that does not stand for any page of the site.
    """
    claims = [metas.get(name, "") for name in _IMAGE_METAS]
    image = article.get("image")
    told = text_in(image.get("@id")) if isinstance(image, dict) else ""
    by_id = (thing for thing in things if told and thing.get("@id") == told and "url" in thing)
    claims += [_address_in(next(by_id, image)), _address_in(article.get("thumbnailUrl"))]
    claims += [
        link.get("href") or ""
        for link in root.iter("link")
        if (link.get("rel") or "").lower() == "image_src"
    ]
    for claim in claims:
        address = sanitise.link(claim, base) if claim else None
        if address and not _OF_ANY_PAGE.search(address.partition("?")[0]):
            return address
    return _picture_of_post(root, base)


def _picture_of_post(root: HtmlElement, base: str) -> str | None:
    """The picture that a template marks as the article's, where the page declares none: it may
    stand far above the headline. Those of teasers lead to theirs.
    """
    for image in root.iter("img"):
        around = (image, *islice(image.iterancestors(), 3))
        is_marked = _OF_POST(" ".join(box.get("class") or "" for box in around))
        if (
            is_marked
            and not is_apart(image)
            and all(media.shows(link.get("href") or "") for link in image.iterancestors("a"))
        ):
            address = image.get("data-src") or image.get("src") or ""
            return sanitise.link(address, base) if not address.startswith("data:") else None
    for box in root.iter("div", "section", "figure", "header"):
        if "url(" in (style := box.get("style") or "") and not is_apart(box):
            address = media.background(box, style)
            if address and "header" not in (box.get("class") or ""):
                return sanitise.link(address, base)
    return None


def _address_in(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value if isinstance(value, str) else ""
