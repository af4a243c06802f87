"""Words that weigh little in ranking, because they say nothing of what an article is about.

Never for leaving words out of an index or a phrase.
"""

from __future__ import annotations

import re

from indexer.language.data_file import read_data
from indexer.loading import loaded_once

_GROUP = re.compile(r"\[(\w+)\] (.+)")


@loaded_once
def load_groups() -> dict[str, frozenset[str]]:
    """The words of ``data/stopwords.txt`` by the name of their group; exact terms."""
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


#: Groups of words that frame a query. They weigh little there, but are words to complete and to
#: go on with like any other.
_FRAMES = frozenset(["kabar", "kerangka"])


@loaded_once
def load_stopwords() -> frozenset[str]:
    """All of them but the frames of a query.

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
    """Those that ask."""
    return load_groups()["pertanyaan"]
