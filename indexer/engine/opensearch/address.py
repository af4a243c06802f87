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


class AddressInvalid(IndexerError):
    """The address of an index in OpenSearch cannot be one."""

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(
            f"{address} is not the address of an index: {reason}. "
            "Write it like https://user@host:9200/articles"
        )


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
    return text.startswith(("http://", "https://"))


def read_address(text: str, environment: Mapping[str, str] = os.environ) -> Address:
    """The address ``text``, with the password that the environment names. Several nodes of a
    cluster are separated by commas: ``https://user@one:9200,two:9200/articles``. Raises
    AddressInvalid.
    """
    scheme, _, rest = text.partition("://")
    login, _, place = rest.rpartition("@")
    user, _, password = login.partition(":")
    nodes, _, name = place.partition("/")
    address = Address(
        secure=scheme == "https",
        hosts=tuple(_read_node(node, scheme) for node in nodes.split(",") if node),
        name=name.rstrip("/"),
        user=unquote(user),
        password=_find_password(environment),
    )
    shown = str(address)
    if not address.hosts or not all(host for host, _ in address.hosts):
        raise AddressInvalid(shown, "it names no host")
    if password:
        raise AddressInvalid(shown, f"other people see a password in it; set {PASSWORD}")
    if not _NAME.fullmatch(address.name):
        raise AddressInvalid(
            shown,
            "its end must be a name of lower-case letters, digits, - and _, at most 200 of them",
        )
    return address


def _read_node(node: str, scheme: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"{scheme}://{node}")
        return parts.hostname or "", parts.port or 9200
    except ValueError as error:
        raise AddressInvalid(node, str(error).lower().rstrip(".")) from error


def _find_password(environment: Mapping[str, str]) -> str:
    path = environment.get(PASSWORD_FILE, "")
    if not path:
        return environment.get(PASSWORD, "")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise AddressInvalid(path, f"the password cannot be read from it ({error})") from error


def read_count(name: str, default: int, least: int, environment: Mapping[str, str]) -> int:
    """A number of shards or replicas that the environment sets. Raises AddressInvalid."""
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or not least <= int(text) <= 1000:
        raise AddressInvalid(f"{name}={text}", f"a number from {least} to 1000 is needed")
    return int(text)
