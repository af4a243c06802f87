"""Why was something not read?"""

from __future__ import annotations


class AddressRefused(Exception):
    """An address is not fetched; the text says why, without the address."""


class NotRead(Exception):
    """A source or a page was not read; the text says why. ``passing``: it may work another time;
    ``retry_after_s`` is how long the server wants to be left alone, 0 where it does not say;
    ``busy``: it wants that of everybody who asks.
    """

    def __init__(
        self, reason: str, *, passing: bool, retry_after_s: float = 0.0, busy: bool = False
    ) -> None:
        super().__init__(reason)
        self.passing = passing
        self.retry_after_s = retry_after_s
        self.busy = busy
