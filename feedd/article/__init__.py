"""A page to its article: what is its text, what is boilerplate, and how sure is that.

    clean_page     the work itself, for a worker process; PageInput -> Article
    explain_page   the same, told block by block
    clean_again    an earlier article without what has proved to be boilerplate since
    cleaning       what a worker process calls for all of these, page after page
    inputs         what cleaning starts from, and what it may cost
    sitememory     what recurs on a site's pages; pure values for the store
    pagination     articles of several pages

Importing this is cheap: the heavy libraries load with the first page.
"""

from __future__ import annotations

from feedd.article.inputs import EarlierArticle, ExplainedBlock, PageInput, StoredArticle
from feedd.model import Article

__all__ = [
    "EarlierArticle",
    "ExplainedBlock",
    "PageInput",
    "StoredArticle",
    "clean_again",
    "clean_page",
    "explain_page",
]


def clean_page(job: PageInput) -> Article:
    """The article of a page; its `error` says why when there is none, or one not to be used."""
    from feedd.article import cleaning

    return cleaning.clean_page(job)


def explain_page(job: PageInput) -> list[ExplainedBlock]:
    """Every block of a page: whether it was kept, and why."""
    from feedd.article import cleaning

    return cleaning.explain_page(job)


def clean_again(earlier: EarlierArticle) -> str | None:
    """An earlier article without what is known by now to recur on its site; None: no change."""
    from feedd.article import cleaning

    return cleaning.clean_again(earlier)
