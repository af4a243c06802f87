"""Where is an index in OpenSearch, and who may use it?"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from indexer.errors import IndexerError

#: The password of the user in the address, or a file that holds it; a certificate authority to
#: trust besides those of the system.
PASSWORD: Final = "SEARCHSVC_OPENSEARCH_PASSWORD"
PASSWORD_FILE: Final = "SEARCHSVC_OPENSEARCH_PASSWORD_FILE"
CERTIFICATES: Final = "SEARCHSVC_OPENSEARCH_CA"
#: Of an index that is created: copies of each shard, and shards.
REPLICAS: Final = "SEARCHSVC_OPENSEARCH_REPLICAS"
SHARDS: Final = "SEARCHSVC_OPENSEARCH_SHARDS"

#: What OpenSearch lets an index be called, less what would need escaping; short, because of the
#: endings that we add.
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,199}")
#: A scheme, which is no drive of Windows, or a host and its port: what nobody means by a folder.
_LIKE_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/|[\w.-]+:\d{2,5}(/|$)", re.IGNORECASE)


class AddressInvalid(IndexerError):
    """The address of an index in OpenSearch cannot be one."""

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(
            f"{address} is not the address of an index: {reason}. "
            "Write it like https://user@host:9200/articles"
        )


class VariableInvalid(AddressInvalid):
    """An environment variable that belongs to the address has a value that cannot be used."""

    def __init__(self, name: str, value: str, reason: str) -> None:
        self.address = f"{name}={value}"
        self.reason = reason
        IndexerError.__init__(self, f"{self.address} cannot be used: {reason}.")


@dataclass(frozen=True, slots=True)
class Address:
    """One index. ``hosts``: (name, port) of nodes; ``user`` is empty without one."""

    secure: bool
    hosts: tuple[tuple[str, int], ...]
    name: str
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """The address without the password, for people."""
        who = f"{self.user}@" if self.user else ""
        hosts = ",".join(f"{host}:{port}" for host, port in self.hosts)
        return f"{'https' if self.secure else 'http'}://{who}{hosts}/{self.name}"


def is_address(text: str) -> bool:
    """Whether ``text`` is meant to be an address rather than a folder."""
    return _LIKE_ADDRESS.match(text.strip()) is not None


def read_address(text: str, environment: Mapping[str, str] = os.environ) -> Address:
    """The address ``text``, with the password that the environment names. Several nodes of a
    cluster are separated by commas: ``https://user@one:9200,two:9200/articles``. Raises
    AddressInvalid.
    """
    scheme, separator, rest = text.strip().partition("://")
    login, _, place = rest.rpartition("@")
    user, _, password = login.partition(":")
    if password:
        shown = f"{scheme}://{user}@{place}"
        raise AddressInvalid(shown, f"other people see a password in it; set {PASSWORD}")
    if not separator or scheme.lower() not in ("http", "https"):
        raise AddressInvalid(text, "it begins with neither http:// nor https://")
    nodes, _, name = place.partition("/")
    hosts = tuple(_read_node(node, text) for node in nodes.split(",") if node)
    if not hosts or not all(host for host, _ in hosts):
        raise AddressInvalid(text, "it names no host")
    name = name.rstrip("/")
    if not name:
        raise AddressInvalid(text, "it names no index after the host")
    if not _NAME.fullmatch(name):
        raise AddressInvalid(
            text,
            f"{name} is no name of an index; that is one of lower-case letters, digits, - and _, "
            "at most 200 of them",
        )
    return Address(
        scheme.lower() == "https", hosts, name, unquote(user), _find_password(environment)
    )


def _read_node(node: str, text: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{node}")
        return parts.hostname or "", parts.port or 9200
    except ValueError as error:
        raise AddressInvalid(text, f"{node} is no host and port") from error


def _find_password(environment: Mapping[str, str]) -> str:
    path = environment.get(PASSWORD_FILE, "")
    if not path:
        return environment.get(PASSWORD, "")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise VariableInvalid(PASSWORD_FILE, path, reason or str(error)) from error


def read_count(name: str, default: int, least: int, environment: Mapping[str, str]) -> int:
    """A number of shards or replicas that the environment sets. Raises VariableInvalid."""
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= 1000:
        raise VariableInvalid(name, text, f"a number from {least} to 1000 is needed")
    return int(text)


def find_certificates(environment: Mapping[str, str]) -> str | None:
    """The file of an authority to trust, if the environment names one. Raises VariableInvalid."""
    path = environment.get(CERTIFICATES, "")
    if not path:
        return None
    # Not above: whoever has a folder would wait for OpenSSL.
    import ssl

    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError as error:
        raise VariableInvalid(CERTIFICATES, path, "there is no certificate in it") from error
    except OSError as error:
        raise VariableInvalid(CERTIFICATES, path, error.strerror or str(error)) from error
    return path
