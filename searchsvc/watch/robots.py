"""What may programs read from a site? According to its robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol
from urllib.parse import urlsplit

from protego import Protego

from searchsvc.watch.failures import NotRead

#: Maximum bytes read of a robots.txt, and seconds for which it is cached.
MAX_ROBOTS: Final = 500_000
_KEPT_S: Final = 24 * 3_600.0
#: The maximum delay between two requests that a site may ask for, in seconds.
_LONGEST_DELAY_S: Final = 60.0
#: The name under which a robots.txt may address us.
NAME: Final = "searchsvc"

#: Fetches an address, up to a number of bytes. Raises NotRead, AddressRefused.
Ask = Callable[[str, int], bytes]


class Kept(Protocol):
    """The store of texts between runs."""

    def find_robots(self, site: str) -> tuple[float, str] | None: ...

    def keep_robots(self, site: str, read_at: float, text: str) -> None: ...


class Robots:
    """The robots.txt of every site visited."""

    def __init__(self, kept: Kept, today: Callable[[], float]) -> None:
        self._kept = kept
        self._today = today
        self._read: dict[str, tuple[float, Protego]] = {}

    def allows(self, address: str, ask: Ask) -> bool:
        """Whether its site lets us read ``address``. A site without a robots.txt does; one whose
        robots.txt fails is retried later. Raises NotRead, AddressRefused.
        """
        return bool(self._find(_name_site(address), ask).can_fetch(address, NAME))

    def find_delay(self, address: str) -> float:
        """Seconds that the site wants between two requests; 0 if unspecified."""
        known = self._read.get(_name_site(address))
        wanted = known[1].crawl_delay(NAME) if known is not None else None
        return min(float(wanted or 0.0), _LONGEST_DELAY_S)

    def _find(self, site: str, ask: Ask) -> Protego:
        known = self._read.get(site)
        if known is not None and self._is_fresh(known[0]):
            return known[1]
        kept = self._kept.find_robots(site)
        if kept is None or not self._is_fresh(kept[0]):
            kept = (self._today(), self._ask(site, ask))
            self._kept.keep_robots(site, *kept)
        self._read[site] = kept[0], Protego.parse(kept[1])
        return self._read[site][1]

    def _ask(self, site: str, ask: Ask) -> str:
        try:
            return ask(f"{site}/robots.txt", MAX_ROBOTS).decode("utf-8", "replace")
        except NotRead as failed:
            if failed.passing:
                raise
            return ""

    def _is_fresh(self, read_at: float) -> bool:
        return 0 <= self._today() - read_at < _KEPT_S


def _name_site(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"
