"""The plain text of an article: what it says itself, without what stands beside that.

Captions and names of players stand beside the text; of a gallery the captions are the text.
"""

from __future__ import annotations

import re
from typing import Final

from feedd.article.selection.edges import GALLERY_MIN
from feedd.article.tree.blocks import STOPS
from feedd.text import to_text

_BESIDE = re.compile(r"<figure>(?:[^<]++|<(?!/?figure>))*+</figure>")
_ITEMS: Final = r"(?:</?(?:[uo]l|li)\b[^<>]*+>)*+"
_GALLERY = re.compile(
    rf"(?:<figure>(?:[^<]++|<(?!/?figure>))*+</figure>{_ITEMS}){{{GALLERY_MIN},}}"
)
_SENTENCE = re.compile(rf"\w[{STOPS}](?!\w)")
_CAPTION = re.compile(r"<figcaption>[^<]*+(?:<(?!/?figcaption>)[^<]*+)*+</figcaption>")
_WORDED = re.compile(r"<(?:table|pre|blockquote|ul|ol|p)[ >]")
_NUMBERED = re.compile(r"<(/?)ol\b[^<>]*+>")


def running_text(html: str) -> str:
    """The words of the article itself, without the numbers that a reader sees before the items of
    a list.
    """
    has_gallery = html.count("<figcaption>") >= GALLERY_MIN
    beside = _BESIDE.sub(_text_in_figure, _GALLERY.sub(_told, html) if has_gallery else html)
    text = to_text(_NUMBERED.sub(r"<\1ul>", beside.replace("<li></li>", "")))
    if has_gallery:
        whole = to_text(_NUMBERED.sub(r"<\1ul>", html))
        if 5 * len(whole) > 9 * len(text):
            return whole
    return text


def _told(gallery: re.Match[str]) -> str:
    """What is said of pictures one below the other, in sentences, is text; names alone are not."""
    said = [caption[12:-13] for caption in _CAPTION.findall(gallery[0])]
    sentences = sum(_SENTENCE.search(caption) is not None for caption in said)
    if sentences < max(GALLERY_MIN, len(said) - 1) or _WORDED.search(gallery[0]):
        return gallery[0]
    return "".join(f"<p>{caption}</p>" for caption in said)


def _text_in_figure(figure: re.Match[str]) -> str:
    """A table, a listing or a quotation in a figure is text; a picture and a caption are not."""
    return _CAPTION.sub("", figure[0]) if _WORDED.search(figure[0]) else ""
