"""Is a segment consistent? Like Lucene's CheckIndex, compares everything with everything else.

For a segment whose pages all match their checksums. Whatever is derived from other data in the file
is derived again and compared, so that a file altered together with its checksums, or a bug in our
writer, is detected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from indexer.article import summarise
from indexer.engine.copies import FEWEST_TOKENS
from indexer.engine.copy_pairs import find_copies
from indexer.engine.embedded.contents import NO_DAY, NO_SECOND, group_forms, hash_id
from indexer.engine.embedded.inverting import join_forms
from indexer.engine.embedded.native import core
from indexer.engine.embedded.segment import FRAMES, PostingReader, SegmentData
from indexer.engine.embedded.segment_entry import SegmentEntry
from indexer.engine.embedded.strings import Strings, decode_term
from indexer.errors import IndexCorrupt

Array = npt.NDArray[Any]

#: Problems of one kind that are listed individually.
MOST_NAMED = 20


def find_problems(data: SegmentData) -> list[str]:
    """One sentence for each inconsistency; empty if the segment is intact."""
    problems: list[str] = []
    for check in _CHECKS:
        found: list[str] = []
        try:
            found.extend(check(data))
        except IndexCorrupt as error:
            found.append(error.problem)
        problems += [str(IndexCorrupt(data.container.path, one)) for one in _shorten(found)]
    return problems


def _shorten(problems: list[str]) -> list[str]:
    """The first of many problems of one kind."""
    if len(problems) <= MOST_NAMED:
        return problems
    return [*problems[:MOST_NAMED], f"and {len(problems) - MOST_NAMED:,} more like the last"]


def _check_order(data: SegmentData) -> Iterator[str]:
    dictionaries = {"exact.terms": data.exact.terms, "stem.terms": data.stems.terms}
    for facet, reader in data.labels.items():
        if isinstance(reader.values, Strings):
            dictionaries[f"labels.{facet}"] = reader.values
    for name, strings in dictionaries.items():
        yield from _check_strings(name, strings)
        at = core.find_disorder(strings.text, strings.offsets, len(strings))
        if at >= 0:
            yield f"string {at} of {name!r} is out of order"
    yield from _check_strings("ids", data.ids)


def _check_strings(name: str, strings: Strings) -> Iterator[str]:
    for number, one in enumerate(strings):
        try:
            one.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            yield f"string {number} of {name!r} is not UTF-8"
            return


def _check_ids(data: SegmentData) -> Iterator[str]:
    expected = np.array([hash_id(one) for one in data.ids], np.uint64)
    hashes, documents = data.id_hashes
    order = np.argsort(expected, kind="stable")
    if not np.array_equal(hashes, expected[order]) or not np.array_equal(documents, order):
        yield "the hashes of its ids are not those of its ids"


def _check_postings(data: SegmentData) -> Iterator[str]:
    """Check counts against lengths, and stems against exact postings."""
    exact, stems = data.exact, data.stems
    exact.touch_all()
    stems.touch_all()
    titles, bodies, leads, cut = sum_counts(exact, data.document_count)
    for name, counted, lengths in (
        ("titles", titles, data.title_lengths),
        ("bodies", bodies, data.body_lengths),
        ("leads", leads, data.lead_lengths),
    ):
        wrong = np.flatnonzero((counted != lengths) & ~cut)
        if len(wrong):
            yield f"the postings of document {wrong[0]} do not add up to the lengths of {name}"
            return
    # From the stems of the words, ignoring the stored words of the stems.
    postings = exact.postings.read(0, exact.count)
    joined, counts = join_forms(
        exact.offsets, postings, *group_forms(data.stem_of, len(stems.terms))
    )
    if not np.array_equal(np.cumsum(counts), stems.offsets[1:]) or not np.array_equal(
        joined, stems.postings.read(0, stems.count)
    ):
        yield "the postings of the stems are not those of their words"


def sum_counts(exact: PostingReader, documents: int) -> tuple[Array, Array, Array, Array]:
    """For each document the tokens of its title, body and lead (int64), and whether a count is
    truncated (bool).
    """
    titles, bodies, leads = (np.zeros(documents, np.int64) for _ in range(3))
    cut = np.zeros(documents, np.uint8)
    core.sum_counts(exact.postings.packed, exact.count, titles, bodies, leads, cut)
    return titles, bodies, leads, cut.view(np.bool_)


def _check_positions(data: SegmentData) -> Iterator[str]:
    data.exact.touch_all()
    cut = sum_counts(data.exact, data.document_count)[-1]
    lengths = data.title_lengths.astype(np.int64) + data.body_lengths
    firsts = np.concatenate([[0], np.cumsum(lengths)])
    at = core.find_bad_positions(
        data.exact.postings.packed,
        data.exact.count,
        data.container["exact.positions"].all(),
        data.title_lengths,
        data.body_lengths,
        data.lead_lengths,
        firsts,
        cut.view(np.uint8),
        np.zeros(int(firsts[-1]), np.uint8),
    )
    if at >= 0:
        yield f"the positions of posting {at} disagree with its counts or the lengths"


def _check_stems(data: SegmentData) -> Iterator[str]:
    forms, offsets = data.forms
    expected = np.argsort(data.stem_of, kind="stable")
    counts = np.bincount(data.stem_of, minlength=len(data.stems.terms))
    if not np.array_equal(forms, expected) or not np.array_equal(np.diff(offsets), counts):
        yield "the words of the stems disagree with the stems of the words"
    for name, numbers in (("lower", data.lower_counts), ("capital", data.capital_counts)):
        if len(numbers) and int(numbers.min()) < 0:
            yield f"a word was seen fewer than 0 times ({name})"


def _check_dates(data: SegmentData) -> Iterator[str]:
    if bool(np.any((data.days == NO_DAY) != (data.seconds == NO_SECOND))):
        yield "a document has a day without a second, or a second without a day"


def _check_copies(data: SegmentData) -> Iterator[str]:
    """Check pairs against sketches. The source of the sketches, the words in order, is not read."""
    texts, figures, _ = data.sketches
    if bool(np.any(texts[data.body_lengths < FEWEST_TOKENS])):
        yield "a body has a sketch that is too short for one"
    repeated = (figures[:, 1:] <= figures[:, :-1]) & (figures[:, :-1] > 0)
    if bool(repeated.any()):
        yield "the figures of a sketch are out of order"
    if not np.array_equal(data.copies, find_copies(data.sketches)):
        yield "its pairs of copies are not those of its sketches"


def _check_labels(data: SegmentData) -> Iterator[str]:
    for facet, reader in data.labels.items():
        if reader.offsets is None:
            continue
        of_documents = np.repeat(np.arange(data.document_count), np.diff(reader.offsets))
        pairs = np.stack([of_documents, reader.codes])
        if len(np.unique(pairs, axis=1)[0]) != len(of_documents):
            yield f"a document has a label of {facet!r} twice"


def _check_evidence(data: SegmentData) -> Iterator[str]:
    for kind, key, value, count in data.read_evidence():
        if not all(isinstance(text, str) for text in (kind, key, value)) or count < 0:
            yield "a row of its evidence is no evidence"
            return


def _check_articles(data: SegmentData) -> Iterator[str]:
    """Check stored articles against ids, and token starts against lengths."""
    starts = data.container["starts"].all()
    offsets = data.offsets_of("starts")
    for name in FRAMES:
        data.offsets_of(name)
    tokens = data.title_lengths.astype(np.int64) + data.body_lengths
    wrong = core.find_bad_starts(starts, offsets, tokens, len(tokens))
    if wrong >= 0:
        yield f"the token starts of document {wrong} are not as many as its tokens"
        return
    for document in range(data.document_count):
        try:
            (article,) = data.articles([document])
            summary = data.summary(document)
        except IndexCorrupt as error:
            yield error.problem
            continue
        if article.id != decode_term(data.ids[document]):
            yield f"document {document} has the article {article.id!r}, not that of its id"
        if summary != orjson.dumps([*summarise(article)]):
            yield f"the summary of document {document} is not that of its article"


def list_live_ids(data: SegmentData, segment: SegmentEntry) -> Iterator[bytes]:
    """The ids of the documents that are not deleted."""
    deleted = segment.deleted_mask()
    return (one for one, gone in zip(data.ids, deleted, strict=True) if not gone)


_CHECKS: tuple[Callable[[SegmentData], Iterator[str]], ...] = (
    _check_order,
    _check_ids,
    _check_postings,
    _check_positions,
    _check_stems,
    _check_dates,
    _check_copies,
    _check_labels,
    _check_evidence,
    _check_articles,
)
