"""What a process that cleans pages calls.

Importing it loads the heavy libraries, so that the first page's time is not spent on them.
"""

from __future__ import annotations

from feedd.article import candidates
from feedd.article.cleaning import clean_again, clean_page, explain_page
from feedd.article.given import EarlierArticle, PageInput
from feedd.model import Article

__all__ = ["explain_page", "work"]

candidates.load()


def work(job: PageInput | EarlierArticle) -> Article | str | None:
    """`clean_page` or `clean_again`: one worker does both."""
    return clean_page(job) if isinstance(job, PageInput) else clean_again(job)
