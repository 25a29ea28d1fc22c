"""What a page says about itself beside its text: whose it is, where else it is, what may be done
with it. Read from the tree before it is normalised, since scripts and the head go then.
"""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement
from msgspec import Struct

from feedd import sanitise
from feedd.article.pagehead import metadata
from feedd.article.pagehead.metadata import Metadata
from feedd.article.pagehead.metadata.titles import line
from feedd.article.pagehead.next_page import next_page_of
from feedd.article.pagehead.paid_part import is_told_paid, paid_paragraphs
from feedd.article.tree import markup
from feedd.article.tree.blocks import HAN, HANGUL, KANA
from feedd.article.tree.markup import text_in
from feedd.web import robots

NAME_MIN_CHARS: Final = 12
META_MAX_CHARS: Final = 5_000

_DENSE: Final = f"{KANA}{HAN}{HANGUL}"
_NAME_PARTS = re.compile(
    rf"(?<!\s)\s++[|\-–—:»·•]{{1,2}}\s++|:\s++|(?<=[{_DENSE}])[-_—－|：](?=\S)|(?<=\w)：(?=[{_DENSE}])"
)
_IN_DENSE = re.compile(rf"[{_DENSE}]{{5}}").search
"""How much of a name in Chinese, Japanese or Korean is one."""
_OF_SEVERAL: Final = frozenset({"citation_author", "article:author", "dc.creator"})
"""Meta elements that name one author each."""
_PARSELY: Final = (
    *(("pub_date", "parsely-pub-date"), ("image_url", "thumbnail")),
    *(("author", "parsely-author"), ("authors", "parsely-author")),
)
_LAST_FIRST = re.compile(r"^([^\W\d]+), ([^\W\d]+(?: [^\W\d]+\.?)?)$")
_CATALOGUES: Final = ("citation_", "eprints.")
"""How meta elements begin that tell catalogues of a paper, or a patent."""
_DOI = re.compile(r"\b10\.\d{4,9}/")
_KINDS: Final = (
    ("paper", re.compile(r"ScholarlyArticle")),
    ("forum", re.compile(r"DiscussionForumPosting")),
    ("answers", re.compile(r"QAPage|Question")),
    ("product", re.compile(r"Product|Offer|SoftwareApplication|Service")),
    ("listing", re.compile(r"ItemList|CollectionPage|SearchResultsPage|OfferCatalog")),
    ("article", re.compile(r"Article|BlogPosting|NewsStory|Report|Recipe|LiveBlogPosting|HowTo")),
)

MANUALS: Final = frozenset(
    str.split(
        "documentwrapper sphinxsidebar toctree-wrapper rst-content bd-article theme-doc-markdown"
        " vp-doc theme-default-content md-content__inner sl-markdown-content markdown-section"
        " book-body mdbook-body-container refentry refsect1 variablelist docblock docutils"
        " memitem memberdecls memberNameLink class-description tsd-panel type-signature apidocs"
        " docstring documentation-section manual-text SIntrapara REFBODY td-content titlepage"
        " wiki-content Documentation-content"
    )
)
"""Classes that software for documentation writes."""
WRITES_MANUALS: Final = (
    r"(?:doc(?!pad|tor|k|uments?\b)|sphinx|gitbook|doxygen|vuepress|vitepress|mdbook|mediawiki"
    r"|dokuwiki|antora|makeinfo|texi2|latex2html|man2html|starlight|xml2rfc|rfcmarkup|honkit|publican|bikeshed|respec)"
)
"""Names of such software, in lower case."""
_WRITES: Final = ("generat", "produc", "creat", "buil", "made", "render")
FOOT_OF_MANUAL: Final = re.compile(
    rf"\b(?:{'|'.join(_WRITES)})\w{{0,3}}(?: on [^.]{{6,60}}?)?"
    r" (?:by|with|using|from):? (?:the )?"
    rf"(?:\w{{0,12}}{WRITES_MANUALS}|haddock|yard\b|nim\b)",
    re.IGNORECASE,
)

_MADE_BY: Final = (
    (
        "forum",
        re.compile(
            r"discourse|phpbb|vbulletin|xenforo|invision|mybb|simple machines|flarum|nodebb|vanilla"
            r"|question2answer|fluxbb",
            re.IGNORECASE,
        ),
    ),
    ("documentation", re.compile(WRITES_MANUALS, re.IGNORECASE)),
)
"""What `<meta name=generator>` names."""
_LIES_AT: Final = (
    (
        "forum",
        re.compile(
            r"^(?:community|discuss|answers|bbs|boards?)\.|^[^/]*forum"
            r"|/(?:forums?|threads?|topics?|discussions?|t|questions|community|comments|boards?|talk)/"
            r"|show-?thread|(?:show|view)-?topic|/(?:thread|topic)[-.]|[?&;](?:topic|tid)=\d|read\.cgi"
            r"|/(?:issues|bugs?|question)/\+?\d|show_bug|/(?:pipermail|hyperkitty|forum\d+)/"
            r"|/archives/list/|/g/[^/]+/c/|/item\?id=\d"
        ),
    ),
    (
        "documentation",
        re.compile(
            r"^(?:docs?|developers?|wiki|help|support|man|api)\.|readthedocs"
            r"|/(?:docs?|documentation|reference|api|manuals?|wiki|man|man-pages|guide|help|pod|perldoc)/"
            r"|/(?:handbook|kb|knowledge-?base|latest|stable)/"
        ),
    ),
)
"""What an address says."""
_MANUALS_TITLE = re.compile(
    r"(?:^|[-|–—:·•»(/]|\b(?:the|of) )[^-|–—:·•»(/]{0,60}\b(?:documentation|docs|reference|manual"
    r"|man ?pages?|handbook|knowledge ?base|help cent(?:er|re)|api)\W*$"
    r"|^man ?page of |\(\d[a-z]{0,2}\)(?:$| [-–—|])",
    re.IGNORECASE,
)
"""What a title says that ends with the name of a manual; of 21 such pages 21 are one."""


class PageHead(Struct, frozen=True):
    """All of it is the page's claim; texts are single lines, URLs absolute http(s). `names` are the
    parts of its title: a page's own name stands there with that of its site. `kinds` are those of
    its structured data, its software and its address: article, forum, answers, product, listing,
    documentation, paper. `paid_paragraphs` are those that it has although they are for who pays.
    """

    base: str
    about: Metadata
    names: tuple[str, ...] = ()
    description: str = ""
    next_page: str | None = None
    refresh: str | None = None
    alternate: str | None = None
    body_text: str = ""
    kinds: frozenset[str] = frozenset()
    paid: bool = False
    paid_paragraphs: tuple[str, ...] = ()
    forbidden: bool = False


def read(root: HtmlElement, url: str) -> PageHead:
    """What the page's head and structured data say."""
    base = _base(root, url)
    metas = _metas(root)
    things = markup.things_of(root)
    title = line(next((each.text for each in root.iter("title")), None)) or ""
    about, article = metadata.read(root, url, base, metas, things, title)
    types = " ".join(text_in(thing.get("@type")) for thing in things)
    kinds = {kind for kind, pattern in _KINDS if pattern.search(types)}
    if metas.get("og:type", "").lower() == "article":
        kinds.add("article")
    address = url.partition("://")[2].removeprefix("www.").lower()
    generator = metas.get("generator", "")
    kinds |= {kind for kind, pattern in _MADE_BY if pattern.search(generator)}
    kinds |= {kind for kind, pattern in _LIES_AT if pattern.search(address)}
    if any(name.startswith(_CATALOGUES) for name in metas) or _DOI.search(
        metas.get("dc.identifier", "")
    ):
        kinds.add("paper")
    if _MANUALS_TITLE.search(title):
        kinds.add("manual")
    is_paid = is_told_paid(article, metas)
    return PageHead(
        base=base,
        about=about,
        names=_names_in(title),
        description=line(metas.get("og:description") or metas.get("description")) or "",
        next_page=next_page_of(root, url, base),
        refresh=_refresh(root, url, base),
        alternate=_alternate(root, url, base),
        body_text=text_in(article.get("articleBody")),
        kinds=frozenset(kinds),
        paid=is_paid,
        paid_paragraphs=paid_paragraphs(root, article) if is_paid else (),
        forbidden=robots.forbids(_told_robots(root)),
    )


def is_foot_of_manual(text: str) -> bool:
    """Whether a line names the software that wrote a manual."""
    return any(map(text.lower().__contains__, _WRITES)) and bool(FOOT_OF_MANUAL.search(text))


def _names_in(title: str) -> tuple[str, ...]:
    """Beginnings, ends and middles of a title that is cut at what separates its parts."""
    cuts = [(match.start(), match.end()) for match in _NAME_PARTS.finditer(title)][:6]
    parts = [part for start, end in cuts for part in (title[:start], title[end:])]
    parts += [title[one[1] : two[0]] for one, two in combinations(cuts, 2)]
    return tuple(p for p in (title, *parts) if len(p) >= NAME_MIN_CHARS or _IN_DENSE(p))


def _base(root: HtmlElement, url: str) -> str:
    element = next(root.iter("base"), None)
    if element is not None and element.get("href"):
        try:
            joined = urljoin(url, element.get("href").strip())
        except ValueError:
            return url
        if joined.startswith(("http://", "https://")):
            return str(joined)
    return url


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        name = (name or meta.get("http-equiv") or "").strip().lower()
        content = meta.get("content")
        if name and content and content.strip() and not content.startswith("data:"):
            content = content.strip()[:META_MAX_CHARS]
            if name in _OF_SEVERAL:
                content = _LAST_FIRST.sub(r"\2 \1", content)
                if name in found and len(found[name]) < META_MAX_CHARS:
                    content = f"{found.pop(name)}; {content}"
            found.setdefault(name, content)
    for name, told in _told_in_page(found.get("parsely-page", "")).items():
        found.setdefault(name, told)
    return found


def _told_in_page(content: str) -> dict[str, str]:
    """What one meta element says of a page as JSON (Parse.ly), by the names of the meta elements
    that say it one by one.
    """
    try:
        page = json.loads(content) if content[:1] == "{" else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(page, dict):
        return {}
    told = ((name, text_in(page.get(key))) for key, name in _PARSELY)
    return {name: text for name, text in told if text}


def _told_robots(root: HtmlElement) -> str:
    """What is said to all robots or to us, an element a line: none takes back another."""
    return "\n".join(
        " ".join((meta.get("content") or "").split())
        for meta in root.iter("meta")
        if (meta.get("name") or "").strip().lower() in ("robots", robots.OUR_NAME)
    )


def _alternate(root: HtmlElement, url: str, base: str) -> str | None:
    """The page's AMP or print view, if it names one."""
    for element in root.iter("link"):
        rels = (element.get("rel") or "").lower().split()
        prints = "alternate" in rels and "print" in (element.get("media") or "").lower()
        if "amphtml" in rels or prints:
            address = sanitise.link(element.get("href") or "", base)
            if address and not _same_page(address, url):
                return address
    return None


def _refresh(root: HtmlElement, url: str, base: str) -> str | None:
    """Where the page sends its reader by itself; None where it only loads itself anew."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() != "refresh":
            continue
        match = re.match(
            r"\s*(\d+)\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", meta.get("content") or "", re.I
        )
        if match and int(match[1][:6]) <= 10:
            address = sanitise.link(match[2].strip(), base)
            return None if address and _same_page(address, url) else address
    return None


def _same_page(one: str, two: str) -> bool:
    return one.partition("#")[0].rstrip("/") == two.partition("#")[0].rstrip("/")
