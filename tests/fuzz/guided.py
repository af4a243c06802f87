"""One target under atheris: ``python -m fuzz.guided TARGET CORPUS [options of libFuzzer]``."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

_ENGINE = Path(__file__).resolve().parents[2] / "indexer" / "engine" / "embedded"
#: The engine's loops are compiled, and cannot be followed.
_LEFT_OUT = [f"indexer.engine.embedded.{path.stem}" for path in _ENGINE.glob("*.py")]

with atheris.instrument_imports(include=["indexer", "searchsvc"], exclude=_LEFT_OUT):
    from fuzz.targets import TARGETS

if __name__ == "__main__":
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()
