"""Which ids do searches get, and was one issued here? Random, dated and signed, so that an event is
checked without looking anything up.
"""

from __future__ import annotations

import hmac
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from hashlib import blake2b

#: How long events with an id are accepted.
VALID_SECONDS = 86_400
#: Clocks of several machines may differ by this much.
_AHEAD_SECONDS = 60

_TIME_BYTES = 4
_RANDOM_BYTES = 10
_SIGNATURE_BYTES = 10
#: In base64, without padding.
ID_CHARACTERS = (_TIME_BYTES + _RANDOM_BYTES + _SIGNATURE_BYTES) * 4 // 3


class QueryIds:
    """Issues ids signed with ``secret``."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self) -> str:
        """A new id, of :data:`ID_CHARACTERS` letters, digits, ``-`` and ``_``."""
        named = int(self._clock()).to_bytes(_TIME_BYTES, "big") + os.urandom(_RANDOM_BYTES)
        return urlsafe_b64encode(named + self._sign(named)).decode("ascii")

    def is_valid(self, text: str) -> bool:
        """Whether the id was issued with this secret, within the last day."""
        if len(text) != ID_CHARACTERS or not text.isascii():
            return False
        try:
            data = urlsafe_b64decode(text)
        except (NotBase64, ValueError):
            return False
        named, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(named)):
            return False
        age = self._clock() - int.from_bytes(named[:_TIME_BYTES], "big")
        return -_AHEAD_SECONDS <= age <= VALID_SECONDS

    def _sign(self, named: bytes) -> bytes:
        return blake2b(named, key=self._secret, digest_size=_SIGNATURE_BYTES).digest()
