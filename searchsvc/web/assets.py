"""Which files does a browser load beside the page? Read once and served from memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from searchsvc.web.answer_cache import Body

_HERE = Path(__file__).parent
#: The folder of our templates.
TEMPLATES = _HERE / "templates"

#: Media types of the files sent to browsers, by file extension.
MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
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
    """All files of ``static/``, by name; those of ``own`` are added or replace ours."""

    def __init__(self, own: Mapping[str, bytes] | None = None) -> None:
        self._files = {path.name: path.read_bytes() for path in (_HERE / "static").iterdir()}
        self._files.update(own or {})
        self._by_name: dict[str, Asset] = {}
        for name in self._files:
            self._read(name)

    def _read(self, name: str) -> Asset:
        """The file ``name``; scripts that it imports are referenced by version, too.

        So a browser never combines a new script with a cached old one.
        """
        asset = self._by_name.get(name)
        if asset is None:

            def name_version(found: re.Match[bytes]) -> bytes:
                imported = found[1].decode()
                return f'from "./{imported}?v={self._read(imported).version}"'.encode()

            data = self._files[name]
            ending = name.rpartition(".")[2]
            if ending == "js":
                data = _IMPORT.sub(name_version, data)
            asset = Asset(Body(data), MEDIA_TYPES[ending], hash_bytes(data))
            self._by_name[name] = asset
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


def hash_templates(own: Path | None = None) -> str:
    """A hash of all templates, including those in the folder ``own``, which changes with the
    markup of pages.
    """
    folders = [TEMPLATES, *([own] if own else [])]
    paths = [path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()]
    return hash_bytes(*(path.read_bytes() for path in paths))
