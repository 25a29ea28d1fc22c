"""Pages of the Web Content eXtraction Benchmark: read, divided by site, and scored.

usage: python -m benchmarks.pages [FOLDER] [--kept-back] [--every N] [--rivals] [--worst N]

FOLDER (or $FEEDD_PAGES) holds truth.json.gz (page id: url, page_type, title, author, publish_date,
main_content) and html/ID.html.gz; without one, a folder `pages` is looked for in the folders beside
the checkout. The pages are those of WCXB, the Web Content eXtraction Benchmark, by Murrough Foley
(2026), https://github.com/Murrough-Foley/web-content-extraction-benchmark, licence CC BY 4.0.

A fifth of the sites, chosen by the hash of their names, is kept back: no rule and no weight looks
at it, and docs/articles.md lists each time it was measured. The rest is divided into five parts for
cross-validation. Without `--kept-back` the pages to learn from are measured: how well they are
remembered, not what to expect of others.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import logging
import os
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks import extraction
from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article
from feedd.web.dates import to_epoch

PARTS: Final = 5
SHINGLE_WORDS: Final = 4
LOST_BELOW: Final = 0.3
WRONG_BELOW: Final = 0.5
SURE_ABOVE: Final = 0.8
"""With more confidence hardly a page may be below `WRONG_BELOW`."""
KINDS: Final = (
    *("article", "documentation", "forum", "service", "product", "listing", "collection"),
    "all",
)

_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")
_SECOND_LEVEL: Final = frozenset(str.split("ac co com edu go gob gov ne net or org"))
_JOINING: Final = frozenset(str.split("by and von par por und et y"))


@dataclass(frozen=True, slots=True)
class Made:
    """What an extractor made of a page; `published` in epoch seconds."""

    text: str = ""
    title: str | None = None
    author: str | None = None
    published: int | None = None
    confidence: float | None = None


def made_of(article: Article) -> Made:
    """feedd's result; an article with an error is not used."""
    text = "" if article.error else article.text
    sure = article.confidence
    return Made(text, article.title, article.byline, article.published, sure)


@dataclass(frozen=True, slots=True)
class Pages:
    """The set, or a part of it: what is true of each page, by its id."""

    folder: Path
    truth: Mapping[str, Mapping[str, Any]]

    def body(self, key: str) -> bytes:
        """A page as it was served."""
        return gzip.decompress((self.folder / "html" / f"{key}.html.gz").read_bytes())

    def kept_back(self) -> Pages:
        """The fifth that nothing is learned from."""
        return self._those(is_kept_back)

    def to_learn_from(self) -> Pages:
        """All but the fifth that is kept back."""
        return self._those(lambda url: not is_kept_back(url))

    def _those(self, chosen: Callable[[str], bool]) -> Pages:
        truth = {key: page for key, page in self.truth.items() if chosen(page["url"])}
        return Pages(self.folder, truth)


def read_pages(folder: Path | None = None) -> Pages | None:
    """The set in a folder, or where it is when nobody says; None when it is nowhere."""
    named = os.environ.get("FEEDD_PAGES")
    if folder is None and named:
        folder = Path(named)
    if folder is None:
        beside = sorted(Path(__file__).parents[2].glob("*/pages/truth.json.gz"))
        folder = beside[0].parent if beside else Path("pages")
    try:
        text = gzip.decompress((folder / "truth.json.gz").read_bytes())
    except OSError:
        return None
    return Pages(folder, json.loads(text))


def site(url: str) -> str:
    """The name under which a site registered, by and large."""
    labels = (urlsplit(url).hostname or "").lower().split(".")
    under = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if under else -2 :])


def _hash(url: str) -> int:
    return int.from_bytes(hashlib.sha256(site(url).encode()).digest()[:4], "big")


def is_kept_back(url: str) -> bool:
    return _hash(url) % PARTS == 0


def part(url: str) -> int:
    """In which of the five parts for cross-validation a page is, with all pages of its site."""
    return _hash(url) // PARTS % PARTS


def tokens(text: str) -> list[str]:
    """Words, folded; each character of a script without blanks is one."""
    plain = unicodedata.normalize("NFKC", re.sub("[\u00ad\u200b\ufeff]", "", text))
    return _TOKEN.findall(plain.lower())


def shingles(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    if len(words) < SHINGLE_WORDS:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(SHINGLE_WORDS)), strict=False))


def f1(true: Mapping[str, Any], text: str) -> tuple[float, float]:
    """Of word 4-grams, and of single words whatever their order; the title counts neither way."""
    must, words = tokens(true["main_content"]), tokens(text)
    wanted, given = shingles(must), shingles(words)
    spare = (given - wanted) & shingles(tokens(true.get("title") or ""))
    hit = 2 * (wanted & given).total()
    both = 2 * (Counter(words) & Counter(must)).total()
    return (
        hit / ((given.total() - spare.total() + wanted.total()) or 1),
        both / ((len(words) + len(must)) or 1),
    )


def author_is_right(true: str, given: str | None) -> bool:
    """The same words, whatever their order."""
    one, two = (set(re.findall(r"\w+", name.lower())) - _JOINING for name in (true, given or ""))
    return one == two


def title_is_right(true: str, given: str | None) -> bool:
    """The same letters and digits."""
    one, two = (re.sub(r"[\W_]+", "", name).lower() for name in (true, given or ""))
    return one == two


def day_is_right(true: str, given: int | None) -> bool:
    """The day where the page was written, in some time zone in use; midnight UTC is a day."""
    if given is None:
        return False
    at = datetime.fromtimestamp(given, UTC)
    zones_h = (0,) if not given % 86_400 else (-10, 0, 13)
    return true[:10] in {(at + timedelta(hours=each)).strftime("%Y-%m-%d") for each in zones_h}


def report(pages: Pages, made: Mapping[str, Made]) -> list[str]:
    """A line of figures for each kind of pages: pages with a text, mean F1, F1 of single words,
    pages lost, share of titles, authors and days right for tools that say any.
    """
    names = any(each.title for each in made.values())
    lines = [
        f"{'':14}{'pages':>6}{'F1':>8}{'words':>7}{'lost':>6}{'title':>7}{'author':>8}{'day':>7}"
    ]
    for kind in KINDS:
        those = {
            key: true
            for key, true in pages.truth.items()
            if kind in ("all", true["page_type"]) and key in made
        }
        texts = [
            f1(true, made[key].text)
            for key, true in those.items()
            if (true.get("main_content") or "").strip()
        ]
        authors = [
            author_is_right(true["author"], made[key].author)
            for key, true in those.items()
            if true.get("author")
        ]
        titles = [
            title_is_right(true["title"], made[key].title)
            for key, true in those.items()
            if true.get("title")
        ]
        days = [
            day_is_right(true["publish_date"], made[key].published)
            for key, true in those.items()
            if re.match(r"\d{4}-\d\d-\d\d", true.get("publish_date") or "")
        ]
        if texts:
            lines.append(
                f"{kind:14}{len(texts):6}{_mean([one for one, _ in texts]):8.4f}"
                f"{_mean([two for _, two in texts]):7.3f}"
                f"{sum(one < LOST_BELOW for one, _ in texts):6}"
                + (f"{_mean(titles):7.3f}{_mean(authors):8.3f}{_mean(days):7.3f}" if names else "")
            )
    sure = [
        f1(true, made[key].text)[0] < WRONG_BELOW
        for key, true in pages.truth.items()
        if key in made
        and (made[key].confidence or 0.0) > SURE_ABOVE
        and (true.get("main_content") or "").strip()
    ]
    if sure:
        lines.append(f"sure of {len(sure)} pages, {sum(sure)} of them below {WRONG_BELOW}")
    return lines


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


Tool = Callable[[bytes, str], Made]


def by_feedd(body: bytes, url: str) -> Made:
    return made_of(clean_page(PageInput(body, url, "text/html")))


def _rival(tool: extraction.Tool) -> Tool:
    def made(body: bytes, url: str) -> Made:
        return Made(tool(body, url))

    return made


TOOLS: Final[Mapping[str, Tool]] = {
    name: by_feedd if name == "feedd" else _rival(tool) for name, tool in extraction.TOOLS.items()
}


def run(chosen: Pages, tools: Mapping[str, Tool]) -> dict[str, tuple[dict[str, Made], float]]:
    """What each tool makes of each page, and its CPU milliseconds a page. The tools take turns:
    what else the machine does hits all alike.
    """
    made: dict[str, dict[str, Made]] = {name: {} for name in tools}
    used_s = dict.fromkeys(tools, 0.0)
    for key, page in chosen.truth.items():
        body = chosen.body(key)
        for name, tool in tools.items():
            started_s = time.process_time()
            try:
                result = tool(body, page["url"])
            except Exception:  # a rival's failure is a page without text
                if tool is by_feedd:
                    raise
                result = Made()
            used_s[name] += time.process_time() - started_s
            made[name][key] = with_metadata(result, name, body, page["url"])
    return {name: (made[name], used_s[name] * 1000 / len(chosen.truth)) for name in tools}


def with_metadata(made: Made, name: str, body: bytes, url: str) -> Made:
    """A rival's title, author and day, where it has a function of its own for them; not timed."""
    if name != "trafilatura":
        return made
    from trafilatura import extract_metadata

    try:
        said = extract_metadata(body, default_url=url)
    except Exception:  # as above
        return made
    day = to_epoch(said.date) if said.date else None
    return Made(made.text, said.title, (said.author or "").replace(";", ",") or None, day)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--kept-back", action="store_true", help="the fifth: note the look")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth page only")
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show N pages")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    everything = read_pages(args.folder)
    if everything is None:
        print("the pages of WCXB are not there: skipped")
        return
    chosen = everything.kept_back() if args.kept_back else everything.to_learn_from()
    keys = sorted(chosen.truth, key=lambda key: hashlib.sha256(key.encode()).digest())
    chosen = Pages(chosen.folder, {key: chosen.truth[key] for key in keys[:: args.every]})
    tools = TOOLS if args.rivals else {"feedd": by_feedd}
    for name, (made, ms) in run(chosen, tools).items():
        print(f"{name}, {ms:.0f} ms")
        print("\n".join(report(chosen, made)))
        if name == "feedd" and args.worst:
            scored = [
                (f1(page, made[key].text)[0], key)
                for key, page in chosen.truth.items()
                if (page.get("main_content") or "").strip()
            ]
            for value, key in sorted(scored)[: args.worst]:
                page = chosen.truth[key]
                print(f"  {value:.3f}  {key}  {page['page_type']:13}  {page['url']}")


if __name__ == "__main__":
    main()
