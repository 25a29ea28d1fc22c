"""What a page's markup says beside its text: names of classes and ids, JSON-LD, microdata.

Classes and ids are named by developers, in words that recur; the rest is made for machines.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from html import unescape
from typing import Final, cast

from lxml import etree
from lxml.html import HtmlElement

from feedd.article.tree.raw_markup import JSON_LD_MAX_CHARS

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
"""Groups of words in class and id attributes. Developers write them, mostly in English whatever the
page's language. A blank is where a name begins or ends.
"""

GROUPS: Final = tuple(CLASS_WORDS)
_BITS: Final = {name: 1 << number for number, name in enumerate(GROUPS)}
BYLINE: Final = _BITS["byline"]
CAPTION: Final = _BITS["caption"]
CHROME: Final = _BITS["chrome"]
COMMENT: Final = _BITS["comment"]
RELATED: Final = _BITS["related"]
SUBSCRIBE: Final = _BITS["subscribe"]
BOILERPLATE_CLASSES: Final = sum(
    _BITS[name]
    for name in ("share", "comment", "subscribe", "ads", "related", "caption", "toc", "byline")
)
"""The groups of classes that speak of what stands beside a text."""
POST: Final = 1 << len(GROUPS)
"""The bit of an element that calls itself a post."""
_POST_NAME = re.compile(
    r"(?<![a-z])(?:posts?|comments?|message|reply|answer|topic)(?![a-rt-z])", re.I
).search
_OF_POSTS: Final = ("post", "comment", "message", "reply", "answer", "topic")
"""One of these is in every match of that."""

_WORDS: defaultdict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
"""The words of `CLASS_WORDS` and `_OF_POSTS` with their groups as bits, by three letters that they
begin with.
"""
for _number, _words in enumerate((*CLASS_WORDS.values(), _OF_POSTS)):
    for _word in _words:
        _WORDS[tuple(_word[:3])].append((_word, 1 << _number))
_KEYS: Final = frozenset(_WORDS)

NESTED_MAX: Final = 400
"""How many objects of a page's JSON-LD are looked at."""
Thing = Mapping[str, object]
"""One object of JSON-LD."""
_ENTRIES: Final = ("itemListElement", "liveBlogUpdate")
_ARTICLE_TYPE = re.compile(
    r"Article|BlogPosting|NewsStory|Report|Recipe|Review$|SocialMediaPosting|LiveBlogPosting"
    r"|DiscussionForumPosting|QAPage|HowTo",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"<!--|-->|<!\[CDATA\[|\]\]>|^[^\S\n]*+//.*$|^[^\S\n]*+/\*[^*]{0,500}\*/",
    re.MULTILINE,
)
_DECODER: Final = json.JSONDecoder(strict=False)
_PAIR = re.compile(
    r'"(@type|headline|datePublished|author)"\s*+:\s*+(?:\[\s*+)?(?:\{(?:[^{}"]|"(?!name")[^"]*+")*?"name"\s*+:\s*+)?'
    r'"([^"\\\n]{1,300}+)"'
)
"""What matters most of an object that is broken."""
_SINGLE = re.compile(r"[\[{]\s*+(?:\{\s*+)?'")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*+)'", re.DOTALL)
_COMMA_TOO_MANY = re.compile(r",(?=\s*[}\]])")
_WITH_PROPERTY = etree.XPath("descendant-or-self::*/@itemprop/..")
_LINES: Final = tuple(
    str.split("a span p div address cite li abbr small em b strong i dd td h3 h4 h5 h6 header")
)
"""Elements that may be a line of who and when."""
_NO_LETTERS = re.compile(r"[\W_]+")
_SIGNS: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_APART: Final = frozenset({"aside", "nav", "footer"})


def groups_of(element: HtmlElement) -> int:
    """The groups of words in an element's class and id, as bits."""
    return named_groups(element) & ~POST


def named_groups(element: HtmlElement) -> int:
    """Those, and `POST`."""
    return groups_named(element.get("class"), element.get("id"))


@lru_cache(maxsize=8192)
def groups_named(named: str | None, ident: str | None) -> int:
    """The same, by the class and the id."""
    if ident and "(" in ident:
        ident = ""  # a function's: next()
    names = f"{named or ''} {ident or ''}"
    found = 0
    for name in names[:CLASS_MAX_CHARS].split():
        found |= _groups_of_name(name)
    if ident and len(names) > CLASS_MAX_CHARS:
        for name in ident[:CLASS_MAX_CHARS].split():
            found |= _groups_of_name(name) & POST
    return found


@lru_cache(maxsize=16384)
def _groups_of_name(name: str) -> int:
    is_lower = name.islower() and "___" not in name
    joined = name.replace("__", "_").replace("_", "-") if is_lower else _JOINTS.sub("-", name)
    folded = f" {joined.lower()} "
    found = 0
    for key in _KEYS.intersection(zip(folded, folded[1:], folded[2:], strict=False)):
        for word, group in _WORDS[key]:
            if word in folded:
                found |= group
    return found if not found & POST or _POST_NAME(name) else found & ~POST


def group_bits(*names: str) -> int:
    """A mask of groups of class words by name."""
    return sum(map(_BITS.__getitem__, names))


def things_of(root: HtmlElement) -> list[Thing]:
    """All objects of a page's JSON-LD, the outer before the inner. What scripts and templates add
    (comments, commas too many) is forgiven.
    """
    found: list[Thing] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            waiting: list[object] = _parsed((script.text or "")[:JSON_LD_MAX_CHARS])
            while waiting and len(found) < NESTED_MAX:
                value = waiting.pop(0)
                if isinstance(value, dict):
                    found.append(value)
                    waiting += [v for v in value.values() if isinstance(v, (dict, list))]
                elif isinstance(value, list):
                    waiting += value[:NESTED_MAX]
    return found


def _parsed(text: str) -> list[object]:
    """The values of a script; what follows one may be another."""
    text = text.strip().lstrip("\ufeff")
    if "&quot;" in text and '"' not in text:
        text = unescape(text)
    if _SINGLE.match(text):  # as JavaScript may quote
        text = _QUOTED.sub(lambda quoted: json.dumps(quoted[1].replace("\\'", "'")), text)
    for attempt in _attempts(text):
        found: list[object] = []
        rest = attempt.strip("; \t\r\n")
        try:
            while rest and len(found) < NESTED_MAX:
                value, end = _DECODER.raw_decode(rest)
                found.append(value)
                rest = rest[end:].lstrip(";, \t\r\n")
        except (ValueError, RecursionError):
            if attempt is text or not found:
                continue
        return found
    pairs = _PAIR.findall(_COMMENT.sub("", text))
    return [dict(reversed(pairs))] if pairs else []  # the first of each: what is within comes later


def _attempts(text: str) -> Iterator[str]:
    """A script as it stands, without comments, and without commas too many."""
    yield text
    yield (plain := _COMMENT.sub("", text))
    yield _COMMA_TOO_MANY.sub("", plain)


def article_of(things: Iterable[Thing], names: Sequence[str]) -> Thing:
    """The object that describes the page's article: one that bears one of its `names`, or else
    the one with most text, or the first that is not an entry of a list of others, or of a live
    blog. Of a page of questions the question tells who asked, and when.
    """
    things = list(things)
    listed = [value for thing in things for key in _ENTRIES for value in _values(thing.get(key))]
    others = {id(value) for each in listed for value in (each, *_values(each.get("item")))}
    known = {squash(name) for name in names if name}
    best: Thing = {}
    best_rank = (-1, -1)
    for thing in things:
        if not _ARTICLE_TYPE.search(text_in(thing.get("@type"))):
            continue
        named = squash(text_in(thing.get("headline")) or text_in(thing.get("name")))
        is_named = bool(named) and named in known
        if id(thing) in others and not is_named:
            continue
        rank = (int(is_named), len(text_in(thing.get("articleBody"))))
        if rank > best_rank:
            best, best_rank = thing, rank
    asked = _values(best.get("mainEntity")) if "QAPage" in text_in(best.get("@type")) else []
    return {**asked[0], **best} if asked else best


def _values(value: object) -> list[Thing]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]


def text_in(value: object) -> str:
    """The text of a JSON-LD value: itself, its name or names, or those of its members."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(text_in(each) for each in value[:20])
    if isinstance(value, dict):
        names = [value.get(key) or "" for key in ("givenName", "familyName")]
        return text_in(value.get("name") or value.get("@value") or list(filter(None, names)))
    return ""


def squash(text: str) -> str:
    """Letters and digits alone, folded: to compare names."""
    if text.isascii():  # in half of the time
        return text.encode().translate(None, _SIGNS).decode().lower()
    return _NO_LETTERS.sub("", text).lower()


class MarkedElements:
    """Elements of a page that its author marked, each kind found once, and when it is asked for."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root

    @cached_property
    def described(self) -> list[HtmlElement]:
        """Elements with microdata."""
        return cast(list[HtmlElement], _WITH_PROPERTY(self.root))

    @cached_property
    def named(self) -> list[HtmlElement]:
        """Elements that may be a line of who and when, and bear a name of some kind."""
        return [
            element
            for element in self.root.iter(*_LINES)
            if element.get("class") or element.get("id") or element.get("rel")
        ]


def is_apart(element: HtmlElement) -> bool:
    return any(
        (tag := around.tag) in _APART
        or ("comment" in (around.get("class") or "").lower() and tag != "body")
        for around in element.iterancestors()
    )
