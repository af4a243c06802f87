"""Fuzz for long: ``make fuzz MINUTES=60``, or ``python -m fuzz --minutes 5 --target copy``.

Guided by coverage where atheris is installed (Linux, CPython 3.11 to 3.13), else by chance. What
breaks a promise is kept in the corpus as ``found-….input``, where the tests meet it until it is
mended; the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random, SystemRandom

from fuzz.corpus import FOLDER, LONGEST, TOKENS, mutate, read_seeds
from fuzz.limited import run_limited
from fuzz.targets import TARGETS

#: Processor time for one input. Tracing makes everything several times as slow.
SECONDS = 20.0


def keep(name: str, data: bytes) -> Path:
    """Add ``data`` to the corpus of a target."""
    path = FOLDER / name / f"found-{hashlib.sha256(data).hexdigest()[:12]}.input"
    path.write_bytes(data)
    return path


def fuzz_by_chance(name: str, seconds: float, seed: int) -> int:
    """How many of the inputs made until ``seconds`` have passed break a promise (at most ten)."""
    random, seeds = Random(seed), read_seeds(name)
    end, count, broken = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end and broken < 10:
        data = mutate(random.choice(seeds), random.choice(seeds), random)
        count += 1
        try:
            run_limited(TARGETS[name], data, seconds=SECONDS)
        except Exception:
            broken += 1
            traceback.print_exc()
            print(f"kept as {keep(name, data)}", flush=True)
    print(f"{name}: {count:,} inputs by chance (seed {seed}), {broken} broke a promise", flush=True)
    return broken


def fuzz_by_coverage(name: str, seconds: float) -> int:
    """The same with atheris, in a process of its own, as it never returns."""
    with tempfile.TemporaryDirectory(prefix="searchsvc-fuzz-") as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(read_seeds(name)):
            (corpus / f"{number:04}").write_bytes(seed)
        words = Path(folder) / "words"
        words.write_text(
            "".join('"' + "".join(f"\\x{byte:02x}" for byte in token) + '"\n' for token in TOKENS)
        )
        command = [sys.executable, "-m", "fuzz.guided", name, str(corpus), f"-dict={words}"]
        limits = [f"-max_total_time={seconds:.0f}", f"-max_len={LONGEST}", "-print_final_stats=1"]
        limits += [f"-artifact_prefix={folder}/found-", "-verbosity=0", "-timeout=120"]
        done = subprocess.run([*command, *limits])
        # What libFuzzer calls slow is slow by its tracing.
        found = [path for path in Path(folder).glob("found-*") if "slow-unit" not in path.name]
        for path in found:
            print(f"kept as {keep(name, path.read_bytes())}", flush=True)
        print(f"{name}: {len(list(corpus.iterdir())):,} inputs that reach something new")
    return max(len(found), int(done.returncode != 0))


def main() -> int:
    """0 where no promise was broken."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--minutes", type=float, default=10, help="for each target, of each kind")
    parser.add_argument("--target", choices=sorted(TARGETS), action="append")
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = SystemRandom().randrange(1 << 32) if asked.seed is None else asked.seed
    guided = importlib.util.find_spec("atheris") is not None
    if not guided:
        print("atheris is not installed: by chance only")
    broken = 0
    for name in asked.target or TARGETS:
        broken += fuzz_by_chance(name, asked.minutes * 60, seed)
        if guided:
            broken += fuzz_by_coverage(name, asked.minutes * 60)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
