"""Every example runs as it is, and prints what it is for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRINTED = {
    "index_and_search.py": [
        "2 articles added",
        "Petani Karawang Mulai Memanen Padi | Karawang | Petani <mark>memanen</mark> padi lebih "
        "awal karena hujan turun tidak menentu.",
        "ekonomi: 1",
        "['tanggul']",
    ],
    "keep_up_with_a_feed.py": [
        "2 new, 0 changed, 0 as before, 0 gone",
        "1 new, 1 changed, 0 as before, 1 gone",
        "0 new, 0 changed, 2 as before, 0 gone",
        "['Harga Cabai Turun Lagi']",
    ],
    "own_words.py": ["['1']", "['2']"],
    "search_in_flask.py": ["{'hits': ['<mark>Panen</mark> Padi'], 'total': 1}"],
    "complete_as_you_type.py": [
        "har -> ['harga', 'harga beras', 'Harga Beras Naik di Bandung']",
        "harga b -> ['harga beras', 'Harga Beras Naik di Bandung', 'Harga Beras Naik di Semarang']",
        "hraga -> ['harga', 'harga beras', 'Harga Beras Naik di Bandung']",
    ],
}


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "examples").glob("*.py")))
def test_an_example_prints_what_it_is_for(name: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("SEARCHSVC_DICTIONARY", None)
    ran = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / name)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == PRINTED[name]
    assert f"[{name}]({name})" in (ROOT / "examples" / "README.md").read_text("utf-8")
