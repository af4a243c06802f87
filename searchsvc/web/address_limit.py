"""How often may one address do something? Counted in this process, and forgotten after a minute."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

#: More than a reader clicks, far less than a program would.
EVENTS_A_MINUTE = 120
LOGINS_A_MINUTE = 10


class AddressLimit:
    """At most ``most`` a minute from each address."""

    def __init__(self, most: int) -> None:
        self._item = RateLimitItemPerMinute(most)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def allows(self, address: str, cost: int = 1) -> bool:
        """Whether ``cost`` more are allowed from the address now; if so, they count."""
        return self._limiter.hit(self._item, address, cost=cost)
