"""Lines within an article that are none of it: what they say, and how, settles it.

These need no weights: "Advertisement" is never a paragraph, nor is "Read more:" with a link.
"""

from __future__ import annotations

import re
from typing import Final

from feedd.article.blocks import Block, text_of
from feedd.article.lexicon import MENTIONS, STARTS
from feedd.article.rejection import tells_of_wall
from feedd.article.tree import HEADINGS

LABEL_MAX_CHARS: Final = 60
POINTER_MAX_CHARS: Final = 500
POINTER_MAX_WORDS: Final = 6
SHOUT_MIN_WORDS: Final = 4
NOTE_MAX_WORDS: Final = 90
CONTACT_MAX_WORDS: Final = 15

_LABELS: Final = (
    r"(?:paid |promoted )?(?:advertis(?:e?ments?|ing)|ads?|sponsored(?: content)?|promotion)",
    r"(?:(?:the )?(?:article|story)|content) continues (?:below|after).*",
    r"scroll (?:down )?(?:for (?:more|video)|to continue).*",
    r"(?:loading|buffering).{0,25}(?:\.\.\.|…)|this slideshow requires javascript",
    r"(?:click|tap) to (?:tweet|share|enlarge|expand)|tweet (?:this|it)|share this|pin it",
    r"(?:code: ?)?select all|copy(?: code| link| to clipboard)?|copied!?",
    r"don.?t miss|trending(?: now)?|most (?:read|popular)|up next|jump to recipe",
    r"related(?: (?:stories|articles|posts))?|recommended(?: for you)?",
    r"(?:back|return|go|scroll) to (?:the )?top|nach oben|haut de (?:la )?page|volver arriba"
    r"|(?:people|readers) (?:are|were) also reading|skip (?:advertisement|ad)",
    r"anzeige|werbung|publicité|publicidade?|pubblicità|advertentie|reklama?|реклама",
    r"広告|广告|إعلان|광고",
)
_LABEL = re.compile(rf"\W*(?:{'|'.join(_LABELS)})\W*", re.IGNORECASE)
_COMMENTS = re.compile(
    r"\W*(?:\d+ )?(?:(?:reader )?comments?|responses|replies|comentar(?:ios)?|comentários"
    r"|kommentare?|commentaires?|commenti|комментарии|评论|コメント|댓글)(?: ?\W?\d+)?\W*"
    r"|\W*(?:leave|post|add|write) a (?:comment|reply)\W*|\W*join the conversation\W*"
    r"|\W*deja (?:un|tu) comentario\W*|\W*laisser un commentaire\W*|\W*оставить комментарий\W*",
    re.IGNORECASE,
)
_POINTING = re.compile(
    STARTS["pointer"].pattern + r"|\W*on [\w-]+\.(?:com|org|net|\w\w)\b", re.IGNORECASE
)
_AUTHOR_NOTE = re.compile(
    r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,4}(?: ?\([^)]{0,60}\))?,? (?:is|was) (?:an?|the|our)\b"
    r"[^.!?]{0,90}\b(?:editor|writer|reporter|journalist|correspondent|columnist|contributor"
    r"|freelancer?|blogger|producer|photographer|staff member)\b"
)
_CONTACT = re.compile(
    r"\W*(?:(?:e-?mail|contact|follow|reach|tel|phone|fax)\b.{0,60}(?:@|\d{4})|.{0,60}\w@\w+\.\w)",
    re.IGNORECASE,
)
_WRITE_TO_US = re.compile(
    r"\b(?:tell|contact|write (?:to )?|e-?mail|reach) us\b.*\w@\w|\w@\w[\w.-]*\.\w+\W*$", re.I
)
_FOLLOW = re.compile(r"\bfollow (?:him|her|them|us|me|@\w+)(?: on\b| @)", re.IGNORECASE)


def is_label(text: str) -> bool:
    """Whether a whole line is a label of what is no text: an advertisement, a button, a box."""
    return len(text) <= LABEL_MAX_CHARS and _LABEL.fullmatch(text) is not None


def opens_comments(text: str) -> bool:
    """Whether a whole line is the heading of what readers wrote."""
    return len(text) <= LABEL_MAX_CHARS and _COMMENTS.fullmatch(text) is not None


def is_pointer(block: Block) -> bool:
    """Whether a line only points elsewhere: "Read more:" and a link, or a link that begins so."""
    if not 0 < block.link_chars <= len(block.text) <= POINTER_MAX_CHARS:
        return False
    if block.element.tag in HEADINGS:
        return False
    links = [text_of(link) for link in block.element.iter("a")]
    rest = block.text
    for link in links:
        rest = rest.replace(link, " ", 1)
    words = re.findall(r"\w+", rest)
    if not words:
        return bool(re.match(r"[^:]{3,30}: ", block.text)) and bool(_POINTING.match(block.text))
    return len(words) <= POINTER_MAX_WORDS and bool(_POINTING.match(rest))


def is_shouted_link(block: Block) -> bool:
    """Whether a line is one link in capitals: a headline of something else."""
    return (
        block.link_density > 0.9
        and len(block.words) >= SHOUT_MIN_WORDS
        and block.element.tag not in HEADINGS
        and block.text == block.text.upper() != block.text.lower()
    )


def parts_with_reader(block: Block) -> bool:
    """Whether the last line of a text tells who wrote it, where to find them, or what to do now."""
    text = block.text
    if block.size > NOTE_MAX_WORDS:
        return False
    if _AUTHOR_NOTE.match(text) or _FOLLOW.search(text) or _WRITE_TO_US.search(text):
        return True
    if STARTS["shout"].match(text) and MENTIONS["subscribe"].search(text):
        return not tells_of_wall(text)  # which is to be seen: it says why there is no more
    return block.size <= CONTACT_MAX_WORDS and bool(
        _CONTACT.match(text) or MENTIONS["rights"].search(text)
    )
