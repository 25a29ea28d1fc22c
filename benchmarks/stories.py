"""A labelled set of articles that several houses carry: which are found to be one story?

    python -m benchmarks.stories [--stories N] [--seed N]

Twelve houses carry agency texts. Each house has a line above and a footer below all of its
articles, as the real ones have. Of each text there may be a copy in another house (whole,
shortened, lightly edited, or as a summary), a rewrite (every sentence there, some two words of five
others), an update (the first third kept, the rest new), and another article on the same subject
(the same names and figures, other sentences). Only copies are the same story. Houses also print
forms of words in which only a name and figures differ.
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.prose import Writer, vocabulary
from feedd.identity.story import (
    SHARED_HASHES,
    StoryText,
    is_version,
    recurring,
    similarity,
    sketch,
    story_text,
    story_words,
)

HOUSES: Final = 12
KINDS: Final = ("copy", "shortened", "edited", "summary", "rewrite", "update", "subject", "form")
COPIES: Final = frozenset({"copy", "shortened", "edited", "summary"})


class Printed(NamedTuple):
    """One article of one house. `story` is the number of the agency's text, `kind` what was made of
    it ("agency" for the text itself).
    """

    house: int
    story: int
    kind: str
    text: str


class Score(NamedTuple):
    """Pairs joined rightly and wrongly, and copies that were not found, by kind."""

    right: int
    wrong: tuple[tuple[str, float], ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def labelled(stories: int, seed: int = 1) -> list[Printed]:
    """The set, the same for a seed."""
    rng = random.Random(seed)
    writer = Writer(vocabulary(random.Random(7)), rng)
    heads = [writer.sentence() for _ in range(HOUSES)]
    feet = [" ".join(writer.sentence() for _ in range(1 + house % 4)) for house in range(HOUSES)]
    form = [writer.sentence() for _ in range(9)]
    printed = []
    for story, kind in zip(range(stories), itertools.cycle(KINDS)):
        sentences = _agency(writer, form if kind == "form" else None)
        first, second = rng.sample(range(HOUSES), 2)
        printed.append(_printed(first, story, "agency", sentences, heads, feet))
        made = _made(writer, kind, sentences, form)
        printed.append(_printed(second, story, kind, made, heads, feet))
    return printed


def _printed(
    house: int,
    story: int,
    kind: str,
    sentences: Sequence[str],
    heads: Sequence[str],
    feet: Sequence[str],
) -> Printed:
    return Printed(house, story, kind, " ".join([heads[house], *sentences, feet[house]]))


def _agency(writer: Writer, form: Sequence[str] | None) -> list[str]:
    rng = writer.rng
    if form is not None:
        return _filled(writer, form)
    names = [writer.name() for _ in range(4)]
    sentences = []
    for _ in range(rng.randint(8, 40)):
        sentence = writer.sentence()
        if rng.random() < 0.5:
            sentence = f"{rng.choice(names)} {sentence}"
        if rng.random() < 0.2:
            sentence = f"{sentence[:-1]} {rng.randint(2, 9_000)}."
        sentences.append(sentence)
    return sentences


def _made(writer: Writer, kind: str, sentences: list[str], form: Sequence[str]) -> list[str]:
    rng = writer.rng
    if kind == "shortened":
        return sentences[: max(6, len(sentences) * 3 // 5)]
    if kind == "edited":
        return [_reworded(writer, sentence, 0.03) for sentence in sentences]
    if kind == "summary":
        return sentences[:6]
    if kind == "rewrite":
        return [_reworded(writer, sentence, 0.4) for sentence in sentences]
    if kind == "update":
        kept = len(sentences) // 3
        return [*sentences[:kept], *(writer.sentence() for _ in range(len(sentences) - kept))]
    if kind == "subject":
        names = [word for one in sentences for word in one.split()[:2]]
        figures = [word for one in sentences for word in one.split() if word.strip(".").isdigit()]
        return [
            f"{' '.join(rng.sample(names, 2))} {writer.sentence()} {rng.choice(figures or ['1'])}"
            for _ in sentences
        ]
    return _filled(writer, form) if kind == "form" else sentences


def _filled(writer: Writer, form: Sequence[str]) -> list[str]:
    """A form of words with a name and two figures of its own in each sentence."""
    rng = writer.rng
    name = writer.name()
    return [
        f"{name} {rng.randint(1, 90_000)} {sentence[:-1]} {rng.randint(1, 90_000)}."
        for sentence in form
    ]


def _reworded(writer: Writer, sentence: str, share: float) -> str:
    words = sentence.split()
    others = writer.words(len(words))
    return " ".join(
        other if writer.rng.random() < share else word
        for word, other in zip(words, others, strict=True)
    )


def joined(printed: Sequence[Printed], house_texts: int = 6) -> Iterator[tuple[int, int, float]]:
    """The pairs that are judged one story, found and decided as the store does it."""
    words = [story_words(one.text) for one in printed]
    texts = [story_text(one) for one in words]
    houses: dict[int, list[int]] = {}
    for number, one in enumerate(printed):
        houses.setdefault(one.house, []).append(number)
    by_hash: dict[int, list[int]] = {}
    for number, its_words in enumerate(words):
        shared: dict[int, int] = {}
        for value in sketch(its_words):
            for other in by_hash.setdefault(value, []):
                shared[other] = shared.get(other, 0) + 1
            by_hash[value].append(number)
        for other, count in shared.items():
            if count < SHARED_HASHES or printed[other].house == printed[number].house:
                continue
            without = frozenset[int]().union(
                *(
                    _of_house(texts, each, houses[printed[each].house][-house_texts:])
                    for each in (number, other)
                )
            )
            alike = similarity(texts[number], texts[other], without)
            if alike is not None:
                yield other, number, alike


def _of_house(texts: Sequence[StoryText], number: int, house: Sequence[int]) -> frozenset[int]:
    others = [
        texts[each]
        for each in house
        if each != number and not is_version(texts[number], texts[each])
    ]
    return recurring([texts[number], *others])


def score(printed: Sequence[Printed]) -> Score:
    """What was found beside what is there."""
    wanted = {one.story: one.kind for one in printed if one.kind in COPIES}
    right, wrong = set(), []
    for first, second, alike in joined(printed):
        a, b = printed[first], printed[second]
        if a.story == b.story and a.story in wanted:
            right.add(a.story)
        else:
            wrong.append((a.kind if b.kind == "agency" else b.kind, alike))
    missed = tuple(kind for story, kind in wanted.items() if story not in right)
    return Score(len(right), tuple(wrong), missed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--stories", type=int, default=1_600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = score(labelled(options.stories, options.seed))
    print(f"precision {found.precision:.4f}, recall {found.recall:.4f} of copies")
    for name, kinds in (("wrongly joined", [k for k, _ in found.wrong]), ("missed", found.missed)):
        counts = ", ".join(f"{kind} {list(kinds).count(kind)}" for kind in dict.fromkeys(kinds))
        print(f"{name}: {counts or 'none'}")


if __name__ == "__main__":
    main()
