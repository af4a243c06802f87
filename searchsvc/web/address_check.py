"""Is a request's address one of this service's own? Others are refused.

The host, the prefix and the scheme of a request come from its sender, or through a proxy that may
pass them on unchecked. They end up in generated links; whatever cannot be an address of this
service is refused before it is used. The query is made readable: anything may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv6Address
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from searchsvc.errors import AddressRefused, problem_for
from searchsvc.web.plain_problem import tell_plainly

#: Monitoring requests these under whatever address it has.
_WITHOUT_NAME = frozenset(["/healthz", "/readyz", "/metrics"])

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(
    rf"(?P<name>(?:{_LABEL}\.)*{_LABEL}\.?|\[(?P<ipv6>[0-9A-Fa-f:.]+)\])(?::(?P<port>\d{{0,5}}))?"
)
_LONGEST_HOST = 259
_LAST_PORT = 65_535
_PRINTABLE = bytes(range(32, 127))
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)*")


class AddressCheck:
    """A WSGI middleware that passes on to ``app`` only requests for an address of this service.

    ``trusted_hosts``: the host names it accepts, without ports; a leading dot includes all
    subdomains. Empty: any.
    """

    def __init__(self, app: Any, trusted_hosts: Iterable[str]) -> None:
        self._app = app
        self._trusted_hosts = tuple(one.lower() for one in trusted_hosts)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        try:
            check_host(environ, () if path in _WITHOUT_NAME else self._trusted_hosts)
            check_scheme(environ)
            check_prefix(environ)
        except AddressRefused as refused:
            return tell_plainly(problem_for(refused), path)(environ, start_response)
        escape_query(environ)
        return self._app(environ, start_response)


def check_host(environ: dict[str, Any], trusted: tuple[str, ...]) -> None:
    """Raise AddressRefused if the host is malformed or not among ``trusted``."""
    host = environ.get("HTTP_HOST", "")
    name = read_host(host)
    if name is None and host:
        raise AddressRefused("host", host, "it cannot be the name of a machine")
    if trusted and not is_among(name or "", trusted):
        raise AddressRefused("host", host, "the setting trusted_hosts does not name it")


def read_host(text: str) -> str | None:
    """The host name in ``text``, which may include a port: lower-cased, without a final dot.
    ``None`` if it is malformed.

    >>> [read_host(text) for text in ("Cari.example.:80", "[::1]", "a..b", "a b", "a:99999")]
    ['cari.example', '[::1]', None, None, None]
    """
    match = _HOST.fullmatch(text) if len(text) <= _LONGEST_HOST else None
    if match is None or int(match["port"] or 0) > _LAST_PORT:
        return None
    if match["ipv6"]:
        try:
            IPv6Address(match["ipv6"])
        except ValueError:
            return None
    return match["name"].lower().removesuffix(".")


def is_among(name: str, trusted: Iterable[str]) -> bool:
    """Whether ``trusted`` contains the name or, with a leading dot, one of its parent domains."""
    return any(f".{name}".endswith(one) if one.startswith(".") else name == one for one in trusted)


def check_scheme(environ: dict[str, Any]) -> None:
    """Raise AddressRefused if the scheme is not HTTP or HTTPS."""
    scheme = environ["wsgi.url_scheme"]
    if scheme not in ("http", "https"):
        raise AddressRefused("scheme", scheme, "it is neither http nor https")


def check_prefix(environ: dict[str, Any]) -> None:
    """Strip the final slash from the prefix. Raise AddressRefused if it is not a valid path."""
    prefix = environ.get("SCRIPT_NAME", "")
    if prefix.endswith("/"):
        prefix = environ["SCRIPT_NAME"] = prefix[:-1]
    if not _PREFIX.fullmatch(prefix):
        raise AddressRefused("prefix", prefix, "it is no path of a host")


def escape_query(environ: dict[str, Any]) -> None:
    """Percent-encode the bytes of the query that are not printable ASCII, and let its escapes be
    UTF-8.

    Some servers pass bytes on whatever they are. Werkzeug raises UnicodeDecodeError for those that
    are not UTF-8, and ValueError for line ends in the address of a redirect. Escapes that are not
    UTF-8 (``caf%e9``) come from old pages and programs, which write Windows-1252; Werkzeug would
    search for the escapes themselves.
    """
    query = environ.get("QUERY_STRING", "")
    if not (query.isascii() and query.isprintable()):
        query = quote(query.encode("latin-1", "replace"), safe=_PRINTABLE)
    if "%" in query and not _is_utf8(unquote_to_bytes(query)):
        query = _ESCAPES.sub(_escape_as_utf8, query)
    environ["QUERY_STRING"] = query


def _escape_as_utf8(escapes: re.Match[str]) -> str:
    data = unquote_to_bytes(escapes[0])
    if _is_utf8(data):
        return escapes[0]
    # What Windows-1252 does not have, as the halves of UTF-16, is no letter of any word.
    return quote(data.decode("cp1252", "replace"), safe="")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
