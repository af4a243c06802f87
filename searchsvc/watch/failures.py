"""Why was something not read?"""

from __future__ import annotations


class AddressRefused(Exception):
    """An address is not fetched; the text says why, without the address."""


class NotRead(Exception):
    """A source or a page was not read; the text says why. ``passing``: a retry may succeed;
    ``retry_after_s`` is the wait that the server asks for, 0 if none; ``busy``: it asks this of all
    clients.
    """

    def __init__(
        self, reason: str, *, passing: bool, retry_after_s: float = 0.0, busy: bool = False
    ) -> None:
        super().__init__(reason)
        self.passing = passing
        self.retry_after_s = retry_after_s
        self.busy = busy
