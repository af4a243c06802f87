"""Which articles have a word under another stem than its latest, and how do they get that?

Later articles may teach better about a word than earlier ones: that Slipi is a name. So that an
index does not depend on how articles were divided into batches and commits, a commit writes new
versions of the articles that have such words (:mod:`.writer`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from indexer.engine.base import Form
from indexer.engine.opensearch.cluster import Body
from indexer.engine.opensearch.documents import Source
from indexer.engine.opensearch.encoding import (
    SIGILS,
    decode_forms,
    encode_forms,
    encode_term,
    mark_lead,
)
from indexer.engine.opensearch.tokens import END_OF_LEAD
from indexer.engine.opensearch.versions import Versions
from indexer.engine.opensearch.word_changes import WordChanges

_FIELDS: Final = ("title", "body")
#: Terms in one query, which has two clauses of two terms for each.
_AT_A_TIME: Final = 200


def find_outdated(versions: Versions, latest: Mapping[str, str]) -> Iterator[tuple[str, Source]]:
    """(id, source) of the versions with any of these terms under another stem, each once."""
    found: set[str] = set()
    rows = iter(sorted(latest.items()))
    while some := list(islice(rows, _AT_A_TIME)):
        wanted = [_write(field, *row) for row in some for field in _FIELDS]
        for document_id, source in versions.list_all({"bool": {"should": wanted}}):
            if document_id not in found:
                found.add(document_id)
                yield document_id, source


def _write(field: str, term: str, stem: str) -> Body:
    """The query for articles where the term occurs, and not as a form of the stem."""
    exact = {
        "query": SIGILS[Form.EXACT] + encode_term(term),
        "filter": {"not_contained_by": {"match": {"query": SIGILS[Form.STEM] + encode_term(stem)}}},
    }
    return {"intervals": {field: {"match": exact}}}


class Restemming:
    """Gives articles the ``latest`` stems of terms, and counts them so in ``words``.

    ``moved``: the (old, new) stem of each term that was changed in committed articles.
    """

    def __init__(self, latest: Mapping[str, str], words: WordChanges) -> None:
        self._words = words
        #: By the first form of a token: its group outside the lead.
        self._groups = {
            group.partition("|")[0]: group
            for group in (encode_forms(term, stem) for term, stem in latest.items())
        }
        self.changed = False
        self.moved: dict[str, tuple[str, str]] = {}

    def change(self, source: Source, *, committed: bool) -> Source:
        """The article with the latest stems."""
        before = {name: source[name].split(" ") for name in _FIELDS}
        after = {name: list(map(self._change, groups)) for name, groups in before.items()}
        pairs = {pair for name in _FIELDS for pair in zip(before[name], after[name], strict=True)}
        pairs.discard(("", ""))
        self._words.replace_stems(pairs)
        if committed:
            for old, new in pairs:
                if old != new:
                    term, stem = decode_forms(old)
                    self.moved[term] = stem, decode_forms(new)[Form.STEM]
        self.changed = True
        return source | {name: " ".join(groups) for name, groups in after.items()}

    def _change(self, group: str) -> str:
        latest = self._groups.get(group.partition("|")[0])
        if latest is None:
            return group
        return mark_lead(latest) if group.endswith(END_OF_LEAD) else latest
