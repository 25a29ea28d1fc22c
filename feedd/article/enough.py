"""Is an article enough to stand in the place of what the feed carries itself?"""

from __future__ import annotations

from typing import Final

SHORTER: Final = "shorter than the feed's own content"


def is_shorter(html: str, feed_text: str) -> bool:
    """Whether an article says less than the feed does, captions counted, blanks not.

    The feed may end with a line of its own ("This post first appeared on …"): then its content
    stands, which is no loss.
    """
    from feedd import sanitise

    said = sanitise.to_text(html)
    return len("".join(said.split())) < len("".join(feed_text.split()))
