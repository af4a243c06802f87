"""Short forms of the campaigns; ``make faults`` runs them whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from faults.shim import is_possible

TESTS = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(
    not is_possible(), reason="the shim of system calls needs Linux and a C compiler"
)


@pytest.mark.parametrize(
    "campaign",
    [
        ["faults.campaign", "--every", "90", "--kinds", "kill,short,EIO,ENOSPC"],
        ["faults.powerloss", "--every", "5", "--each", "2"],
        ["faults.history", "--runs", "1", "--seconds", "4"],
        ["faults.crafted", "--trials", "40", "--seed", "5"],
        ["faults.memory", "--least", "150", "--most", "450", "--step", "150"],
    ],
    ids=lambda campaign: campaign[0],
)
def test_a_short_campaign_finds_nothing(campaign: list[str]) -> None:
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join((str(TESTS.parent), str(TESTS))))
    done = subprocess.run(
        [sys.executable, "-m", *campaign],
        cwd=TESTS,
        env=environment,
        capture_output=True,
        text=True,
    )
    # What the commands print before comes first.
    figures = json.loads(done.stdout[done.stdout.index("{\n") :])
    assert figures["missed"] == []
    assert done.returncode == 0, done.stderr
