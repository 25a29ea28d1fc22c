"""Why a query can match nothing, in words; and nothing of a new entry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from msgspec import Struct, field

from feedd.query.query_nodes import Alternatives, Conjunction, Negation, QueryCondition, QueryNode


class KnownNames(Struct, frozen=True):
    """The feeds and tags that there are, in lower case. `new`: the query is asked of entries that
    have just come, to which rules before have given the marks and tags in `given`.
    """

    feeds: Collection[str]
    tags: Collection[str]
    new: bool = False
    given: Collection[str] = field(default_factory=tuple)


def why_nothing(node: QueryNode, known: KnownNames) -> str | None:
    """The reason why nothing can match; None: something may."""
    if isinstance(node, Alternatives):
        reasons = [why_nothing(one, known) for one in node.nodes]
        return reasons[0] if all(reasons) else None
    if isinstance(node, Conjunction):
        parts = list(_parts(node))
        for one in parts:
            if reason := why_nothing(one, known):
                return reason
        pairs = (_conflict(one, other) for one, other in combinations(parts, 2))
        return next((reason for reason in pairs if reason), None)
    return _alone(node, known) if isinstance(node, QueryCondition) else None


def _alone(one: QueryCondition, known: KnownNames) -> str | None:
    folded = one.value.casefold()
    if one.field == "feed" and folded not in known.feeds:
        return f"there is no feed '{one.value}'"
    if one.field == "tag" and folded not in known.tags and folded not in known.given:
        if known.new:
            return f"no feed has the tag '{one.value}', and no rule before it gives it"
        if folded != "later":
            return f"there is no tag '{one.value}'"
    if one.field == "words" and one.value == "<" and one.number == 0:
        return "nothing has fewer than 0 words"
    if not known.new:
        return None
    if one.field == "has" and one.value == "article":
        return "no page of a new entry has been fetched yet"
    if one.field == "is" and one.value == "updated":
        return "a new entry has not been updated"
    if one.field == "is" and one.value in ("starred", "later", "hidden"):
        return None if one.value in known.given else f"no rule before it makes an entry {one.value}"
    return None


def _conflict(one: QueryNode, other: QueryNode) -> str | None:
    """Why two parts can't both hold."""
    for first, second in ((one, other), (other, one)):
        if isinstance(second, Negation) and second.node == first:
            return "it asks for a thing and for its contrary"
    if not isinstance(one, QueryCondition) or not isinstance(other, QueryCondition):
        return None
    pair = {one.value.casefold(), other.value.casefold()}
    if one.field == other.field == "feed" and len(pair) == 2:
        return f"no item is of {one.value} and of {other.value}"
    if one.field == other.field == "is" and pair == {"read", "unread"}:
        return "no item is read and unread"
    if one.field == other.field == "lang" and not _same_language(*sorted(pair, key=len)):
        return f"no item is in {one.value} and in {other.value}"
    since = next((each for each in (one, other) if each.field == "since"), None)
    until = next((each for each in (one, other) if each.field == "until"), None)
    if since and until and since.number > until.number:
        return f"until:{until.value} is before since:{since.value}"
    if one.field == other.field == "words" and not _some_number([one, other]):
        return f"words{one.value}{one.number} leaves no room for words{other.value}{other.number}"
    return None


def _same_language(short: str, long: str = "") -> bool:
    return not long or long == short or long.startswith(f"{short}-")


def _some_number(comparisons: Sequence[QueryCondition]) -> bool:
    lowest, highest = 0, 2**62
    for one in comparisons:
        if one.value in (">", ">=", "="):
            lowest = max(lowest, one.number + (one.value == ">"))
        if one.value in ("<", "<=", "="):
            highest = min(highest, one.number - (one.value == "<"))
    return lowest <= highest


def _parts(node: QueryNode) -> Iterator[QueryNode]:
    if isinstance(node, Conjunction):
        for one in node.nodes:
            yield from _parts(one)
    else:
        yield node
