"""Which files does a browser load beside the page? Read once and served from memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from searchsvc.web.answer_cache import Body

_HERE = Path(__file__).parent

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "html": "text/html; charset=utf-8",
}

#: An import of another of our scripts.
_IMPORT = re.compile(rb'from "\./([\w.-]+\.js)"')


@dataclass(frozen=True, slots=True)
class Asset:
    """One file. ``version`` is a hash of its bytes, used in its address."""

    body: Body
    media_type: str
    version: str


class Assets:
    """All files of ``static/``, by name."""

    def __init__(self) -> None:
        self._by_name: dict[str, Asset] = {}
        for path in (_HERE / "static").iterdir():
            self._read(path)

    def _read(self, path: Path) -> Asset:
        """The file at ``path``; scripts that it imports are referenced by version, too.

        So a browser never combines a new script with a cached old one.
        """
        asset = self._by_name.get(path.name)
        if asset is None:

            def name_version(found: re.Match[bytes]) -> bytes:
                name = found[1].decode()
                version = self._read(path.with_name(name)).version
                return f'from "./{name}?v={version}"'.encode()

            data = path.read_bytes()
            if path.suffix == ".js":
                data = _IMPORT.sub(name_version, data)
            asset = Asset(Body(data), _TYPES[path.suffix[1:]], hash_bytes(data))
            self._by_name[path.name] = asset
        return asset

    def get(self, name: str) -> Asset | None:
        return self._by_name.get(name)

    def version(self, name: str) -> str:
        """The hash of a file. Raises KeyError if it does not exist."""
        return self._by_name[name].version

    def version_of_all(self) -> str:
        """A hash that changes with any file; it identifies the versions that pages refer to."""
        return hash_bytes(*(self.version(name).encode() for name in self.names()))

    def names(self) -> list[str]:
        return sorted(self._by_name)


def hash_bytes(*parts: bytes) -> str:
    """A short hash for addresses and entity tags; not for secrets."""
    digest = blake2b(digest_size=8)
    for part in parts:
        digest.update(part)
        digest.update(b"\0")
    return digest.hexdigest()


def hash_templates() -> str:
    """A hash of all templates, which changes with the markup of pages."""
    return hash_bytes(*(path.read_bytes() for path in sorted((_HERE / "templates").iterdir())))
