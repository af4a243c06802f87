"""How is an address fetched? One at a time, slowly, only if it changed, and within bounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urljoin, urlunsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from searchsvc.watch.address import check_address, is_private
from searchsvc.watch.failures import AddressRefused, NotRead
from searchsvc.watch.robots import Robots

#: Seconds: to connect, between two pieces of an answer, for a whole answer.
_CONNECT_S: Final = 10.0
_PIECE_S: Final = 30.0
WHOLE_S: Final = 120.0
_CHUNK: Final = 1 << 16
MOST_REDIRECTS: Final = 5
#: Bytes of a feed or sitemap: what the sitemap protocol allows.
MAX_DOCUMENT: Final = 50_000_000
_REDIRECTS: Final = (301, 302, 303, 307, 308)
#: Statuses that may change at the next attempt.
_PASSING: Final = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. ``changed`` is False if the server says that nothing has (304): then ``body`` is
    empty. ``address`` is the address after redirects, ``private`` whether it is outside the public
    internet.
    """

    address: str
    body: bytes
    changed: bool = True
    etag: str = ""
    last_modified: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class Manners:
    """How sites are treated: ``agent`` is our user agent, ``delay_s`` the seconds between two
    requests to one host. ``allow_private``: follow foreign links into private networks.
    """

    agent: str
    delay_s: float = 1.0
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, replaceable in tests: ``now`` is monotonic, ``today`` is since 1970."""

    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Fetcher:
    """Fetches addresses, one after the other. Not thread-safe."""

    def __init__(self, manners: Manners, robots: Robots, clock: Clock) -> None:
        self._manners = manners
        self._robots = robots
        self._clock = clock
        #: (host, port) -> whether the last connection led into a private network.
        self._private: dict[tuple[str, int], bool] = {}
        #: Host -> the time of the next allowed request.
        self._free_at: dict[str, float] = {}
        self._pools = {
            trusted: _make_pools(self._private, trusted=trusted) for trusted in (True, False)
        }

    def close(self) -> None:
        """Close the connections."""
        for pools in self._pools.values():
            pools.clear()

    def get(
        self,
        address: str,
        *,
        trusted: bool,
        limit: int = MAX_DOCUMENT,
        etag: str = "",
        last_modified: str = "",
    ) -> Response:
        """The answer at ``address``, at most ``limit`` bytes. ``etag`` and ``last_modified`` are
        those of the previous answer. ``trusted``: it may be in a private network.

        Raises NotRead.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        trusted = trusted or self._manners.allow_private
        for _ in range(MOST_REDIRECTS + 1):
            try:
                parts = check_address(address)
                if not self._robots.allows(address, self._ask(trusted)):
                    told = (
                        f"robots.txt of {parts.hostname} keeps searchsvc out; where the site is "
                        "yours, allow the user agent searchsvc there"
                    )
                    raise NotRead(told, passing=False)
                answer, target = self._request(address, headers, limit, trusted=trusted)
            except AddressRefused as error:
                raise NotRead(str(error), passing=False) from error
            if answer is not None:
                return answer
            place = (parts.hostname or "", parts.port or _PORTS[parts.scheme.lower()])
            trusted = self._manners.allow_private or self._private.get(place, False)
            address = target
        raise NotRead(f"it redirects more than {MOST_REDIRECTS} times", passing=True)

    def _ask(self, trusted: bool) -> Callable[[str, int], bytes]:
        """How robots.txt is fetched, under the same rules. Raises NotRead, AddressRefused."""

        def ask(address: str, limit: int) -> bytes:
            inner = trusted
            for _ in range(MOST_REDIRECTS + 1):
                check_address(address)
                answer, target = self._request(address, {}, limit, trusted=inner, cut=True)
                if answer is not None:
                    return answer.body
                inner = self._manners.allow_private
                address = target
            raise NotRead("its robots.txt redirects without end", passing=True)

        return ask

    def _request(
        self,
        address: str,
        headers: Mapping[str, str],
        limit: int,
        *,
        trusted: bool,
        cut: bool = False,
    ) -> tuple[Response | None, str]:
        """The answer to one request; or none, and the address it redirects to. ``cut``: return the
        beginning of a longer answer. Raises NotRead, AddressRefused.
        """
        parts = check_address(address)
        host = parts.hostname or ""
        place = (host, parts.port or _PORTS[parts.scheme.lower()])
        self._wait_for(host)
        sent = {
            "User-Agent": self._manners.agent,
            "Accept-Encoding": "gzip, deflate",
            **{name: value for name, value in headers.items() if value},
        }
        deadline = self._clock.now() + WHOLE_S
        # The fragment is not sent to the server.
        asked = urlunsplit((*parts[:4], ""))
        try:
            with self._pools[trusted].request(
                "GET",
                asked,
                headers=sent,
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=_CONNECT_S, read=_PIECE_S),
            ) as raw:
                if raw.status in _REDIRECTS:
                    return None, _read_target(address, raw.headers)
                if raw.status == 304 and any(headers.values()):
                    body, changed = b"", False
                else:
                    self._refuse_status(raw.status, raw.headers)
                    body, changed = self._read_body(raw, limit, deadline, cut=cut), True
                return (
                    Response(
                        address,
                        body,
                        changed,
                        raw.headers.get("ETag", ""),
                        raw.headers.get("Last-Modified", ""),
                        self._private.get(place, False),
                    ),
                    "",
                )
        except (urllib3.exceptions.HTTPError, HTTPException, OSError, UnicodeError) as error:
            raise NotRead(_explain(error), passing=True) from error
        finally:
            delay = max(self._manners.delay_s, self._robots.find_delay(address))
            self._free_at[host] = self._clock.now() + delay

    def _wait_for(self, host: str) -> None:
        wait = self._free_at.get(host, 0.0) - self._clock.now()
        if wait > 0:
            self._clock.sleep(wait)

    def _refuse_status(self, status: int, headers: Mapping[str, str]) -> None:
        if 200 <= status < 300:
            return
        raise NotRead(
            f"the server answers {status}",
            passing=status in _PASSING or status >= 500,
            retry_after_s=self._read_retry_after(headers.get("Retry-After", "")),
            busy=status in (429, 503),
        )

    def _read_retry_after(self, value: str) -> float:
        """Seconds; 0 if the header is missing or invalid."""
        if value.strip().isdecimal():
            return float(value.strip()[:9])
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return 0.0
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        now = datetime.fromtimestamp(self._clock.today(), timezone.utc)
        return max((moment - now).total_seconds(), 0.0)

    def _read_body(
        self, raw: urllib3.BaseHTTPResponse, limit: int, deadline: float, *, cut: bool
    ) -> bytes:
        body = bytearray()
        # read1: a server that sends a byte now and then cannot hold us beyond the deadline.
        while chunk := raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > limit:
                if cut:
                    return bytes(body[:limit])
                told = f"the answer is over the limit of {limit:,} bytes"
                raise NotRead(told, passing=False)
            if self._clock.now() > deadline:
                told = f"the answer was not whole after {WHOLE_S:.0f} seconds"
                raise NotRead(told, passing=True)
        return bytes(body)


_PORTS: Final = {"http": 80, "https": 443}


def _make_pools(private: dict[tuple[str, int], bool], *, trusted: bool) -> urllib3.PoolManager:
    """Connections that check their peer address before sending anything, so that a name cannot
    resolve to one address for the check and another for the request.
    """

    def look(connection: HTTPConnection) -> None:
        peer = connection.sock.getpeername()[0]
        place = (connection.host, connection.port)
        private[place] = is_private(peer)
        if private[place] and not trusted:
            connection.close()
            raise AddressRefused(
                f"{connection.host} is in a private network ({peer}), and a public site named it: "
                "--allow-private lets that pass"
            )

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            look(self)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            look(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls: Any = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls: Any = Secure

    pools = urllib3.PoolManager(num_pools=8, maxsize=1)
    pools.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return pools


def _read_target(address: str, headers: Mapping[str, str]) -> str:
    target = headers.get("Location", "")
    if not target:
        raise NotRead("it redirects to nowhere", passing=True)
    try:
        return urljoin(address, target)
    except ValueError as error:
        raise NotRead("it redirects to what is no address", passing=True) from error


def _explain(error: Exception) -> str:
    """A network failure in a few words, without memory addresses of objects."""
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "no such host is known"
    # A time-out as well, to callers of urllib3 1.
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "no connection to the server"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "the server does not answer in time"
    if isinstance(error, urllib3.exceptions.SSLError):
        return f"no safe connection ({_shorten(error)})"
    return f"reading it failed ({_shorten(error)})"


def _shorten(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
