"""Damage that fits its checksums: python -m faults.crafted --trials 2000 (from ``tests/``).

Each trial alters the arrays of one segment, writes all checksums anew, and asks everything of the
index in a process of its own. Half of the trials leave the table of contents as it was, which then
names another file: opening must refuse. The others forge the table as well; then nothing may
crash, and what ``check`` calls whole must answer as before, but for what nothing else in the
file says (``FREE``). Prints the figures as JSON; exits with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from support.batches import Draft, build_batch
from support.forge import Pack, forge_table

from indexer.engine.base import (
    Clause,
    DateFilter,
    FacetRequest,
    Form,
    LabelFilter,
    Phrase,
    Prefix,
    Query,
    Sort,
    Term,
    Word,
)
from indexer.engine.embedded import open_engine
from indexer.engine.embedded.merge import merge_segments
from indexer.errors import IndexCorrupt, IndexerError

#: Sections whose values nothing else in the file says: only the digest in the table protects them.
FREE = (
    "fingerprints",
    "days",
    "seconds",
    "labels.",
    "exact.lower_counts",
    "exact.capital_counts",
    "exact.terms.text",
    "stem.terms.text",
    "evidence",
    "starts",
    "exact.positions",
)
SECONDS = 60


def make_index(folder: Path) -> None:
    rng = Random(11)
    words = [
        f"{a}{b}" for a in ("ma", "ke", "pa", "su", "ti") for b in ("ra", "lu-kan", "si", "to")
    ]
    drafts = [
        Draft(
            f"artikel-{n}",
            " ".join(rng.choices(words, k=4)),
            " ".join(rng.choices(words, k=rng.randint(0, 60))),
            {"category": (rng.choice("abc"),), "tags": tuple(rng.sample("uvwxyz", k=2))},
            day=None if n % 9 == 0 else 19_000 + n,
        )
        for n in range(150)
    ]
    with open_engine(folder, create=True).writer() as writer:
        writer.add(build_batch(drafts, evidence=[("acronym", "kpk", "komisi", 2)]))
        writer.commit()
        writer.delete(["artikel-3"])
        writer.commit()


def ask_everything(folder: Path) -> str:
    """A digest of answers to queries of every kind, articles, places, and a merge."""
    digest = blake2b(digest_size=16)

    def note(value: object) -> None:
        digest.update(repr(value).encode("utf-8", "surrogatepass"))

    engine = open_engine(folder)
    with engine.snapshot() as snapshot:
        facets = tuple(map(FacetRequest, ("category", "tags", "published_at")))
        mara, kelu, pasi = (Term(text, Form.EXACT) for text in ("mara", "kelu-kan", "pasi"))
        words = [
            Word("mara", (mara,)),
            Word("kelu", (Term("kelu"),)),
            Word("ma*", (Prefix("ma"),)),
            Word("frasa", (Phrase((mara, kelu)), Phrase((Term("kelu"), None, pasi)))),
            Word("pasi", (pasi, Term("suto"))),
        ]
        filters: list[tuple[Any, ...]] = [
            (),
            (LabelFilter("category", ("a", "c")),),
            (LabelFilter("tags", ("u",), exclude=True), DateFilter(19_010, 19_090)),
        ]
        for filtered in filters:
            for sort in Sort:
                for asked in [(), *((word,) for word in words), tuple(words)]:
                    clauses = tuple(Clause((word,)) for word in asked)
                    query = Query(clauses, filters=filtered, facets=facets, sort=sort, minimum=1)
                    answer = snapshot.search(query)
                    note((answer.total, answer.hits, answer.facets))
                    for hit in answer.hits[:3]:
                        note(snapshot.article(hit.ref).body)
                        note(snapshot.summary(hit.ref))
                        note(snapshot.occurrences(hit.ref, words))
                        note(snapshot.explain(hit.ref, query))
        note([(one.id, one.title, one.body) for one in snapshot.all_articles()])
        note([snapshot.find(f"artikel-{n}") for n in range(0, 150, 7)])
        note(list(snapshot.terms()))
        note(list(snapshot.terms(form=Form.STEM)))
        note([snapshot.label_counts(facet) for facet in ("category", "tags", "source")])
        note(snapshot.evidence("acronym"))
        for data in snapshot.opened.values():
            contents = merge_segments([(data, np.arange(data.document_count) % 5 == 0)])
            for runs in (contents.stored, contents.summaries):
                note(b"".join(map(bytes, runs.pieces)))
            for one in (contents.stems(), contents.exact()):
                note((one.packed.postings.tobytes(), one.packed.positions.tobytes()))
    return digest.hexdigest()


def alter(pack: Pack, rng: Random) -> str:
    """Make one random change; which section it concerns."""
    name = rng.choice([*pack.sections, "meta", "meta"])
    if name == "meta":
        key = rng.choice(["documents", "dictionaries", "labels", "index", "segment"])
        pack.meta[key] = rng.choice([0, -1, 1, 149, 151, 2**31, [], [7], "x", None, ["source"]])
        return f"meta.{key}"
    values = pack.sections[name]
    kind = rng.randrange(9)
    if len(values) == 0 or kind == 8:
        pack.sections[name] = np.append(values, values[:1] if len(values) else [0]).astype(
            values.dtype
        )
        return name
    at, other = rng.randrange(len(values)), rng.randrange(len(values))
    limits = np.iinfo(values.dtype)
    if kind == 0:
        values[at] = rng.choice([0, 1, limits.max, limits.min, limits.max // 2])
    elif kind == 1:
        values[at] = values[other]
    elif kind == 2:
        values[[at, other]] = values[[other, at]]
    elif kind == 3:
        values[at:] += np.array(1, values.dtype)
    elif kind == 4:
        values[at : at + rng.randint(1, 40)] = 0
    elif kind == 5:
        values[at] ^= values.dtype.type(1 << rng.randrange(values.itemsize * 8 - 1))
    elif kind == 6:
        pack.sections[name] = values[:-1]
    else:
        pack.sections.pop(name)
    return name


def try_one(folder: Path, expected: str) -> str:
    """What becomes of a forged index: ``refused``, ``told by check``, ``same``, ``other``."""
    engine = None
    try:
        engine = open_engine(folder)
        problems = engine.check()
    except IndexerError:
        problems = ["refused"]
    try:
        answered = ask_everything(folder)
    except IndexCorrupt:
        return "refused" if problems else "refused though whole"
    if problems:
        return "told by check"
    return "same" if answered == expected else "other"


def run_forked(folder: Path, expected: str) -> str:
    """:func:`try_one` in a process of its own; a crash or an unexpected error by its name."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(read)
        signal.alarm(SECONDS)
        try:
            told = try_one(folder, expected)
        except BaseException as error:
            told = f"error {type(error).__name__}: {error}"[:300]
        os.write(write, told.encode("utf-8", "replace"))
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read().decode()
    _, status = os.waitpid(process, 0)
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole"
        make_index(whole)
        expected = ask_everything(whole)
        assert open_engine(whole).check() == []
        for trial in range(options.trials):
            rng = Random(options.seed * 1_000_003 + trial)
            folder = Path(scratch) / "trial"
            shutil.copytree(whole, folder)
            (path,) = folder.glob("*.pack")
            before = path.read_bytes()
            pack = Pack.read(path)
            concerned = sorted({alter(pack, rng) for _ in range(rng.randint(1, 2))})
            try:
                digest = pack.write()
            except TypeError:
                shutil.rmtree(folder)
                continue
            forged = trial % 2 == 1
            if forged:
                documents = pack.meta["documents"]
                forge_table(
                    folder,
                    path,
                    digest,
                    documents=documents if isinstance(documents, int) else None,
                )
            told = run_forked(folder, expected)
            outcomes[("forged: " if forged else "") + told.split(":")[0]] += 1
            fine = told in ("refused", "told by check", "same")
            free = told == "other" and any(one.startswith(FREE) for one in concerned)
            if not forged:
                fine = told == "refused" or (told == "same" and path.read_bytes() == before)
            if not fine and not (forged and free):
                missed.append(f"trial {trial}: {', '.join(concerned)}: {told}")
            if options.verbose and told == "other":
                print(trial, concerned, told, file=sys.stderr)
            shutil.rmtree(folder)
    figures = {"trials": options.trials, "outcomes": dict(sorted(outcomes.items()))}
    print(json.dumps({**figures, "missed": missed}, indent=2))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
