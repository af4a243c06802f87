"""Articles of our own making, for machines without the real ones.

Words follow Zipf's law, as in real text, over made-up roots with Indonesian affixes; sections,
outlets, dates and lengths are as uneven as those of news. The sentences mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import accumulate
from random import Random

from indexer.article import Article

CONSONANTS = ["b", "c", "d", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "w"]
VOWELS = ["a", "a", "a", "e", "i", "i", "o", "u", "u"]
ENDINGS = ["", "", "", "n", "ng", "r", "s", "t", "k", "h"]
AFFIXES = [
    ("", ""),
    ("", ""),
    ("", ""),
    ("di", ""),
    ("ber", ""),
    ("", "an"),
    ("", "nya"),
    ("", "kan"),
]
LITTLE_WORDS = [
    "yang",
    "dan",
    "di",
    "ke",
    "dari",
    "untuk",
    "pada",
    "dengan",
    "ini",
    "itu",
    "tidak",
    "akan",
]
SECTIONS = [
    "nasional",
    "ekonomi",
    "olahraga",
    "hukum",
    "internasional",
    "teknologi",
    "hiburan",
    "daerah",
]
OUTLETS = [f"kabar{number}.example" for number in range(1, 25)]
JAKARTA = timezone(timedelta(hours=7))
FIRST_DAY = datetime(2015, 1, 1, tzinfo=JAKARTA)
ROOTS = 40_000


def invent_articles(count: int, *, seed: int = 1) -> Iterator[Article]:
    """``count`` articles; the same ones for the same seed."""
    random = Random(seed)
    words, weights = invent_words(random)
    section_weights = list(accumulate(1 / (rank + 1) for rank in range(len(SECTIONS))))
    outlet_weights = list(accumulate(1 / (rank + 1) for rank in range(len(OUTLETS))))
    for number in range(count):
        length = min(1500, max(40, int(random.lognormvariate(5.2, 0.6))))
        drawn = random.choices(words, cum_weights=weights, k=length + 9)
        published = FIRST_DAY + timedelta(minutes=random.randrange(10 * 365 * 24 * 60))
        yield Article(
            id=f"karangan-{number}",
            title=" ".join(drawn[:9]).title(),
            body=write_paragraphs(drawn[9:]),
            source=random.choices(OUTLETS, cum_weights=outlet_weights)[0],
            published_at=published.isoformat(),
            category=random.choices(SECTIONS, cum_weights=section_weights)[0],
        )


def invent_words(random: Random) -> tuple[list[str], list[float]]:
    """Words with their cumulative weights, the commonest first."""
    words = dict.fromkeys(LITTLE_WORDS)
    while len(words) < ROOTS:
        root = "".join(
            random.choice(CONSONANTS) + random.choice(VOWELS)
            for _ in range(random.choice([2, 2, 3]))
        ) + random.choice(ENDINGS)
        prefix, suffix = random.choice(AFFIXES)
        words[prefix + root + suffix] = None
    weights = accumulate(1 / (rank + 2.7) for rank in range(len(words)))
    return list(words), list(weights)


def write_paragraphs(words: list[str]) -> str:
    """The words as sentences of fifteen, two to a paragraph."""
    sentences = [
        " ".join(words[start : start + 15]).capitalize() + "." for start in range(0, len(words), 15)
    ]
    return "\n".join(
        " ".join(sentences[start : start + 2]) for start in range(0, len(sentences), 2)
    )
