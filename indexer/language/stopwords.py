"""Words that weigh little in ranking, because they say nothing of what an article is about.

Never for leaving words out of an index or a phrase.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

_GROUP = re.compile(r"\[(\w+)\] (.+)")


@lru_cache(maxsize=1)
def load_groups() -> dict[str, frozenset[str]]:
    """The words of ``data/stopwords.txt`` by the name of their group; exact terms."""
    text = files("indexer.language").joinpath("data/stopwords.txt").read_text("utf-8")
    groups: dict[str, frozenset[str]] = {}
    name = ""
    for line in text.splitlines():
        if group := _GROUP.fullmatch(line):
            name = group[1]
        elif not line.startswith("#"):
            groups[name] = groups.get(name, frozenset()).union(line.split())
    groups.pop("", None)
    return groups


@lru_cache(maxsize=1)
def load_stopwords() -> frozenset[str]:
    """All of them.

    >>> "bagaimana" in load_stopwords(), "tidak" in load_stopwords()
    (True, False)
    """
    return frozenset().union(*load_groups().values())


def load_question_words() -> frozenset[str]:
    """Those that ask."""
    return load_groups()["pertanyaan"]
