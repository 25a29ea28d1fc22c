"""Text that has the statistics of a natural language, and HTML as publishers write it.

Words are made of syllables; how often each is used follows Zipf's law, so compression, sanitising
and a full-text index meet what they meet in real feeds. The same seed gives the same text.
"""

from __future__ import annotations

import itertools
import random

VOCABULARY = 20_000
ZIPF_EXPONENT = 1.05
MEAN_WORDS_PER_SENTENCE = 14

_ONSETS = [*"bcdfghlmnprstvw", "st", "tr", "pr", "sh", "ch", "th", "br", "gr", "pl"]
_VOWELS = [*"aeioaeioeéöu", "ea", "ou", "ai"]
_CODAS = ["", "", "", "n", "r", "s", "t", "l", "nd", "st", "ng", "m"]


def vocabulary(rng: random.Random) -> list[str]:
    """Distinct words, the most frequent (and shortest) first."""
    words: dict[str, None] = {}
    for syllables in (1, 2, 2, 3, 3, 4):
        for _ in range(VOCABULARY // 4):
            words["".join(_syllable(rng) for _ in range(syllables))] = None
    return list(words)[:VOCABULARY]


def _syllable(rng: random.Random) -> str:
    return "".join(rng.choice(part) for part in (_ONSETS, _VOWELS, _CODAS))


class Writer:
    """Writes prose and HTML from its own stream of random numbers."""

    def __init__(self, words: list[str], rng: random.Random) -> None:
        self._words = words
        self._weights = list(
            itertools.accumulate((rank + 2.7) ** -ZIPF_EXPONENT for rank in range(len(words)))
        )
        self.rng = rng

    def words(self, count: int) -> list[str]:
        return self.rng.choices(self._words, cum_weights=self._weights, k=count)

    def title(self) -> str:
        return " ".join(self.words(self.rng.randint(4, 11))).capitalize()

    def name(self) -> str:
        return " ".join(word.capitalize() for word in self.rng.sample(self._words, 2))

    def sentence(self) -> str:
        count = max(4, int(self.rng.gauss(MEAN_WORDS_PER_SENTENCE, 5)))
        words = self.words(count)
        if self.rng.random() < 0.4:
            words[count // 2] += self.rng.choice([",", ",", ";", " —"])
        return " ".join(words).capitalize() + self.rng.choice("....?!")

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.rng.randint(2, 5)))

    def html(self, characters: int, base: str) -> str:
        """About so many characters of an article's HTML, links and images under `base`."""
        blocks: list[str] = []
        length = 0
        while length < characters:
            block = self._block(base)
            blocks.append(block)
            length += len(block)
        return "\n".join(blocks)

    def _block(self, base: str) -> str:
        kind = self.rng.random()
        number = self.rng.randrange(10_000)
        if kind < 0.72:
            return f"<p>{self._inline(self.paragraph(), base)}</p>"
        if kind < 0.80:
            alt = " ".join(self.words(4))
            return (
                f'<figure><img src="{base}/media/{number}.jpg" alt="{alt}" width="800" '
                f'height="450" class="alignnone size-large" loading="lazy" />'
                f"<figcaption>{self.sentence()}</figcaption></figure>"
            )
        if kind < 0.87:
            items = "".join(f"<li>{self.sentence()}</li>" for _ in range(self.rng.randint(2, 5)))
            return f"<ul>{items}</ul>"
        if kind < 0.93:
            return f"<h2>{self.title()}</h2>"
        if kind < 0.97:
            return f"<blockquote><p>{self.paragraph()}</p></blockquote>"
        code = " ".join(self.words(8))
        return f"<pre><code>if {code} &lt; {number} &amp;&amp; run();</code></pre>"

    def _inline(self, text: str, base: str) -> str:
        words = text.split(" ")
        for _ in range(len(words) // 25):
            at = self.rng.randrange(len(words))
            kind = self.rng.random()
            if kind < 0.6:
                href = f"{base}/{self.rng.randrange(10_000)}/?utm_source=feed&amp;ref=body"
                words[at] = f'<a href="{href}">{words[at]}</a>'
            elif kind < 0.9:
                words[at] = f"<em>{words[at]}</em>"
            else:
                words[at] += "&nbsp;&#8217;s"
        return " ".join(words)
