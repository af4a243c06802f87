"""What is installed with the project: pinned, hashed, licensed, and no secret in what git keeps."""

from __future__ import annotations

import configparser
import importlib.util
import re
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock")
_PIN = re.compile(r"(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+?))? \\")
#: Terms under which a package may be installed beside code under the MIT licence.
ALLOWED = {
    *("MIT", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "Zlib", "CC0-1.0"),
    *("MPL-2.0", "PSF-2.0", "Unlicense", "ISC", "Apache-2.0 WITH LLVM-exception"),
}


def read_lock(name: str) -> dict[str, list[tuple[Version, str, int]]]:
    """Package -> version, marker and number of hashes of each of its pins."""
    pins: dict[str, list[tuple[Version, str, int]]] = defaultdict(list)
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n    ", "\\ ")
    for line in text.splitlines():
        pin = _PIN.match(line)
        assert pin is not None, line
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line)
        pins[pin["name"]].append((Version(pin["version"]), pin["marker"] or "", len(hashes)))
    return pins


def read_requirements(*extras: str) -> list[Requirement]:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    texts = [config["options"]["install_requires"]]
    texts += [config["options.extras_require"][extra] for extra in extras]
    return [Requirement(line) for text in texts for line in text.split("\n") if line]


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", ROOT / ".ci" / "list_licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")
    for package, pins in read_lock(name).items():
        assert all(count for _, _, count in pins), package


@pytest.mark.parametrize(
    ("name", "extras"), [("requirements.lock", ()), ("requirements-test.lock", ("test", "ci"))]
)
def test_locks_hold_what_setup_asks_for(name: str, extras: tuple[str, ...]) -> None:
    lock = read_lock(name)
    for wanted in read_requirements(*extras):
        pins = lock.get(wanted.name.lower(), [])
        assert pins, f"{wanted} is not in {name}: run make lock"
        assert all(version in wanted.specifier for version, _, _ in pins), wanted
        here = [version for version, marker, _ in pins if not marker or Marker(marker).evaluate()]
        needed = wanted.marker is None or wanted.marker.evaluate()
        assert len(here) == needed, f"{wanted} has {len(here)} versions for {sys.version}"


def test_tests_run_with_what_containers_install() -> None:
    served, tested = map(read_lock, LOCKS)
    assert served == {name: tested[name] for name in served}


def test_licences_are_listed_and_allow_what_we_do(licences: ModuleType) -> None:
    rows = licences.read_rows()
    assert list(rows) == licences.list_locked()
    for name, listed in rows.items():
        terms = re.split(r" AND | OR ", listed.replace("(", "").replace(")", ""))
        assert set(terms) <= ALLOWED, name
