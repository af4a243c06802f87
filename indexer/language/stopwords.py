"""Which words weigh little in ranking, because they say nothing about an article's subject?

They are never dropped from an index or a phrase.
"""

from __future__ import annotations

import re

from indexer.language.data_file import read_data
from indexer.loading import loaded_once

_GROUP = re.compile(r"\[(\w+)\] (.+)")


@loaded_once
def load_groups() -> dict[str, frozenset[str]]:
    """The exact terms of ``data/stopwords.txt`` by group name."""
    text = read_data("stopwords.txt")
    groups: dict[str, frozenset[str]] = {}
    name = ""
    for line in text.splitlines():
        if group := _GROUP.fullmatch(line):
            name = group[1]
        elif not line.startswith("#"):
            groups[name] = groups.get(name, frozenset()).union(line.split())
    groups.pop("", None)
    return groups


#: Groups of words that frame a query. They weigh little in it, but are completed and suggested like
#: any other word.
_FRAMES = frozenset(["kabar", "kerangka"])


@loaded_once
def load_stopwords() -> frozenset[str]:
    """All stop words except those that frame a query.

    >>> "bagaimana" in load_stopwords(), "tidak" in load_stopwords()
    (True, False)
    """
    return frozenset().union(
        *(words for name, words in load_groups().items() if name not in _FRAMES)
    )


@loaded_once
def load_common_words() -> dict[str, str]:
    """Every word that weighs little in a query, with the name of its group.

    >>> load_common_words()["terbaru"], load_common_words()["tbk"]
    ('kabar', 'badan')
    """
    return {word: name for name, words in load_groups().items() for word in words}


def load_question_words() -> frozenset[str]:
    """Interrogatives."""
    return load_groups()["pertanyaan"]
