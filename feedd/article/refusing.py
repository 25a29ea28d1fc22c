"""Why a page gives no article. The reasons are stored as `article_error` and shown to the user."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - no failure of ours: it leaves this room as Article.error
    """There is no article here; `reason` says why in a word or two."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
