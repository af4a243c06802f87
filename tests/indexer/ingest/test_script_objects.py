"""Objects written in JavaScript become JSON piece by piece, wherever the pieces end."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from indexer.ingest.readers import script_objects
from indexer.ingest.readers.script_objects import JsonFromScript

SCRIPT = """[ // it's {not} read
  { judul: 'Sa"tu', isi: `baris
dua, it\\'s`, /* 'a' * b: */ tags: ['x', "y\\"z", ],
    'k': undefined, n: -1.5e-3, 7: true , url: "https://a.id/b", // c
  }, ]"""
VALUES = [
    {
        "judul": 'Sa"tu',
        "isi": "baris\ndua, it's",
        "tags": ["x", 'y"z'],
        "k": None,
        "n": -0.0015,
        "7": True,
        "url": "https://a.id/b",
    }
]


class Counted(io.StringIO):
    """A text that counts the characters that are read from it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> str:
        text = super().read(size)
        self.taken += len(text)
        return text


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 20, 1000])
def test_a_script_is_the_same_in_pieces(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_objects, "_CHUNK", chunk)
    assert json.loads(JsonFromScript(io.StringIO(SCRIPT)).read()) == VALUES


@pytest.mark.parametrize(
    "long",
    ["'" + "x" * 9_000_000, "{a: 'b'}, " * 900_000, "a" * 9_000_000, "/*" + "*" * 9_000_000],
)
def test_a_line_is_not_read_before_it_is_asked_for(long: str) -> None:
    stream = Counted("[{a: " + long)
    script: Any = JsonFromScript(stream)
    script.read(1)
    script.read(1)
    # A comment is nothing, however long.
    assert stream.taken < 1_000_000 or long.startswith("/*")
    assert len(script._rest) < 100_000
