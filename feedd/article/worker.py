"""What a process that cleans pages calls.

Importing it loads the heavy libraries, so that the first page's time is not spent on them.
"""

from __future__ import annotations

from feedd.article import classifier, pubdate
from feedd.article.cleaning import clean_again, clean_page, explain_page, fingerprints
from feedd.article.inputs import EarlierArticle, PageInput, StoredArticle
from feedd.model import Article
from feedd.web.discovery import FeedLinksJob, PageLinks, feed_links

__all__ = ["explain_page", "work"]

classifier.load()
pubdate.load()


def work(
    job: PageInput | EarlierArticle | StoredArticle | FeedLinksJob,
) -> Article | str | tuple[int, ...] | PageLinks | None:
    """`clean_page`, `clean_again`, `fingerprints` or `feed_links`: one worker does them all."""
    match job:
        case PageInput():
            return clean_page(job)
        case EarlierArticle():
            return clean_again(job)
        case StoredArticle():
            return fingerprints(job)
        case FeedLinksJob():
            return feed_links(job)
