"""Words by which pages name their parts in classes and ids: boilerplate, text, comments.

They are written by developers, mostly in English whatever the page's language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

_JOINTS = re.compile(r"_+|(?<=[a-z])(?=[A-Z])")
"""Where a name has a hyphen, or might."""
CLASS_MAX_CHARS: Final = 200

CLASS_WORDS: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(words.split("|"))
    for name, words in {
        "share": "share|sharing|social|addthis|addtoany| follow|sns|facebook|whatsapp|twitter-share"
        "|twitter-follow",
        "related": "related|relation|recommend|recirc|more-|-more|more |readmore|read-next|next-up"
        "|nextup|also|trending|popular|latest|most-|outbrain|taboola|teaser|promo|suggest|similar"
        "|carousel|slider| next|-next| prev|-prev|headlines|river|zergnet|nrelate|crosslink"
        "|cross-link|card",
        "comment": "comment|disqus|respond|replies|livefyre|spot-im",
        "byline": "byline|author| bio |-bio|profile|contributor|vcard|writer|reporter",
        "dates": " date|-date|time| meta |-meta|meta-|posted|publish|pubdate|dateline|breadcrumb"
        "|categor| tag | tags |-tag |-tags |tag-|taglist|topic|keyword|label|source|views|rating"
        "|stats|info ",
        "caption": "caption|credit|copyright|gallery|slide|video|player|photo|image| img|-img|thumb"
        "|media |media-|figure|attachment",
        "subscribe": "newsletter|subscri|signup|sign-up|optin|opt-in|login|paywall|regist|donat"
        "| cta |-cta|call-to-action|signin|offer",
        "ads": " ad | ads |-ad |-ads | ad-|-ad-|-ads-|advert|sponsor|banner|partner|affiliate|dfp"
        "|disclaim|disclosure",
        "chrome": "nav |nav-|navi|menu|foot |foot-|footer|sidebar| side |-side |widget|toolbar"
        "|cookie|consent|popup|modal|overlay|search|legal|masthead|topbar|sticky|noprint|no-print"
        "|print-only|skip|hidden|sr-only|screen-reader|visually|robots-nocontent|header| top |-top "
        "| bottom |-bottom |rail ",
        "toc": " toc | toc-|-toc|table-of-contents|jump",
        "headline": "headline| title |-title|title-|subhead|sub-head|subtitle|deck| dek |standfirst"
        "|kicker|summary|excerpt|abstract| lede | lead |teaser|intro",
        "embed": "tweet|instagram|fb-post|embed|pullquote|quote",
        "recipe": "recipe|ingredient|instruction| step | steps |-step |-steps |method|faq|question"
        "|answer",
        "body": "article|content|entry|story| body|-body|post |post-|text|main|copy|prose|markdown"
        "|paragraph",
        "forum": "forum|thread|topic|message|reply|discussion|bbcode|cooked|upvote|vote",
    }.items()
}
"""Groups of words in class and id attributes. A blank is where a name begins or ends."""

GROUPS: Final = tuple(CLASS_WORDS)

_KEY_CHARS: Final = 3
_WORDS: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
"""The words of `CLASS_WORDS` with their groups as bits, by their beginnings."""
for _number, _words in enumerate(CLASS_WORDS.values()):
    for _word in _words:
        _WORDS[_word[:_KEY_CHARS]].append((_word, 1 << _number))


def groups_of(element: HtmlElement) -> int:
    """The groups of words in an element's class and id, as bits."""
    named, ident = element.get("class"), element.get("id")
    if not named and not ident:
        return 0
    return _groups_in(f"{named or ''} {ident or ''}"[:CLASS_MAX_CHARS])


@lru_cache(maxsize=8192)
def _groups_in(names: str) -> int:
    found = 0
    for name in names.split():
        found |= _groups_of_name(name)
    return found


@lru_cache(maxsize=16384)
def _groups_of_name(name: str) -> int:
    folded = f" {_JOINTS.sub('-', name).lower()} "
    found = 0
    for at in range(len(folded) - _KEY_CHARS + 1):
        for word, group in _WORDS.get(folded[at : at + _KEY_CHARS], ()):
            if folded.startswith(word, at):
                found |= group
    return found


def group_bits(*names: str) -> int:
    """A mask of groups of class words by name."""
    return sum(1 << GROUPS.index(name) for name in names)
