"""Which addresses may be fetched? Web addresses, and those in private networks only on request.

Addresses in a feed, a sitemap or a redirect are untrusted. Followed blindly, they would read what
only this machine can reach (server-side request forgery): a router, a cloud's metadata.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit

from searchsvc.watch.failures import AddressRefused

_WEB: Final = ("http", "https")
LONGEST: Final = 8_192
#: The prefix with which IPv6-only networks embed IPv4 addresses (RFC 6052).
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def is_web_address(text: str) -> bool:
    """Whether ``text`` is an address rather than a path.

    >>> is_web_address("https://contoh.id/feed"), is_web_address("arsip/2024")
    (True, False)
    """
    scheme, mark, _ = text.partition("://")
    return bool(mark) and scheme.replace("+", "").isalnum()


def check_address(address: str) -> SplitResult:
    """The parts of ``address``. Raises AddressRefused if it is not a valid web address."""
    if len(address) > LONGEST:
        raise AddressRefused(f"it is over {LONGEST:,} characters")
    try:
        parts = urlsplit(address)
        port_is_valid = parts.port != 0
    except ValueError as error:
        raise AddressRefused(f"it is no address ({error})") from error
    if parts.scheme.lower() not in _WEB:
        raise AddressRefused("only http and https are fetched")
    if not parts.hostname or not port_is_valid:
        raise AddressRefused("it names no host")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("it has a name or password in it, which would be kept and shown")
    return parts


def is_private(host: str) -> bool:
    """Whether a numeric IP address is outside the public internet.

    >>> is_private("127.0.0.1"), is_private("::ffff:10.0.0.1"), is_private("93.184.215.14")
    (True, True, False)
    """
    found = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_private(str(inner))
    return not found.is_global or found.is_multicast
