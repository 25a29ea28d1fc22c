"""Why a page gives no article. The reasons are stored as `article_error` and shown to the user."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - no failure of ours: it leaves this room as Article.error
    """There is no article here; `reason` says why in a word or two.

    `moved_to` and `alternate_url` are where the page says that it is, as in `Article`.
    """

    def __init__(
        self, reason: str, *, moved_to: str | None = None, alternate_url: str | None = None
    ) -> None:
        self.reason = reason
        self.moved_to = moved_to
        self.alternate_url = alternate_url
        super().__init__(reason)
