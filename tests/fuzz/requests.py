"""Odd requests to every address of both protocols: drawn by chance, most of them half right.

What is all wrong is refused at the first look. So most requests are what a client would send, with
one part of it replaced by something else: a value, a name, a header, some bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from fuzz.corpus import TOKENS, mutate

MASTER_KEY: Final = "kunci-induk-untuk-uji-coba"
ODD_TEXTS: Final = (
    *("", " ", "*", "-", '"', "'", "\\", "/", "..", "../..", "//x", "%", "%00", "\x00", "\ud800"),
    *("null", "true", "NaN", "-1", "0", "1e999", "9" * 40, "0x10", "²", "٣", "1,5", "1.0"),
    *("a" * 600, "é\u0301", "\u202e", "𝒜𝒷", "İ", "ß", "\ufdfa", "<b>", "{{x}}", "$where", "a\nb"),
    *("2022-02-30", "0000-00-00", "2022-07-20T25:00:00Z", "10000-01-01", "kemarin", "now"),
    *("judul:", "sumber:x atau", "-padi", '"panen padi', "padi*", "atau atau", "(((", "a AND b"),
    *("genre = ", "tahun > x", "tahun 1 TO", "genre IN [", "NOT NOT a = b", "_geoRadius(1,2,3)"),
    *("a:asc", "tahun:up", ":desc", "_vectors.x", "extra.a.b", "id", "Laskar Pelangi", "x" * 70),
)
ODD_NUMBERS: Final = (0, -1, 1, 2, 7, 1000, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 0.5, -0.0)
#: What a client would send under a name. Any name may have any other value as well.
USUAL: Final[dict[str, Sequence[Any]]] = {
    "q": ("panen padi", "pasar", "keluarga", "lask", '"pasar kota"', "padi -iran", "judul:polisi"),
    "limit": (1, 5, 20), "offset": (0, 1, 5), "page": (1, 2), "per_page": (1, 10),
    "hitsPerPage": (1, 5), "from": ("2022-07", "2022-07-20", 0, 3), "to": ("2023", "2022-07-21"),
    "facets": (["*"], ["genre"], "*", "category,tags", ["category"]),
    "sort": ("newest", "relevance", ["tahun:asc"], ["judul:desc", "id:asc"], "tahun:asc"),
    "filter": (
        "genre = Horor", [["genre = Drama", "tahun > 2000"], "nilai < 8"], "id IN [1, 2, 3]",
        "tahun 2000 TO 2020 AND NOT genre EXISTS", "sutradara.nama CONTAINS Joko",
        "sampul IS EMPTY OR nilai IS NULL", {"category": ["Hukum"]},
    ),
    "attributesToRetrieve": (["*"], ["judul"]), "attributesToHighlight": (["*"], ["isi"]),
    "attributesToCrop": (["isi:5"],), "attributesToSearchOn": (["judul"],), "cropLength": (3,),
    "cropMarker": ("…",), "highlightPreTag": ("<em>",), "highlightPostTag": ("</em>",),
    "showMatchesPosition": (True, "true"), "showRankingScore": (True,),
    "showRankingScoreDetails": (True,), "matchingStrategy": ("last", "all", "frequency"),
    "rankingScoreThreshold": (0.2,), "distinct": ("genre",), "facetName": ("genre", "tahun"),
    "facetQuery": ("d",), "vector": ([0.1],), "hybrid": ({"embedder": "x"},),
    "federation": ({"limit": 3}, {}), "locales": (["ind"],),
    "queries": (
        [{"indexUid": "films", "q": "a"}], [{"q": "padi"}],
        [{"indexUid": "films", "filter": "genre = Horor", "q": "x", "limit": 2}] * 3,
    ),
    "indexUid": ("films", "default", "lain"), "uid": ("films", "baru", 0), "uids": ("0,1", [0]),
    "primaryKey": ("id",), "fields": ("judul,tahun", ["*"]), "ids": ([1, 2], "1,2"),
    "indexes": (["films", "default"], ["*"]), "actions": (["search"], ["*"], ["documents.*"]),
    "expiresAt": ("2042-04-02T00:42:42Z", None), "name": ("kunci",), "description": ("satu",),
    "statuses": ("enqueued", ["succeeded"]), "types": ("documentAdditionOrUpdate",),
    "reverse": (True, "true"), "canceledBy": (1,), "indexUids": ("films",),
    "beforeEnqueuedAt": ("2030-01-01",), "rename": (False,), "documentTemplate": ("x",),
    "id": ("panen-padi", "films", 1, "k1"), "title": ("Panen Padi",),
    "body": ("Petani memanen padi di sawah.",), "tags": (["padi"], "padi"),
    "category": ("Hukum", ["Hukum"]), "source": ("Contoh Kabar",),
    "published_at": ("2022-07-20T13:05:00+07:00",), "extra": ({"a": {"b": [1, None]}},),
    "url": ("https://a.example/x",), "judul": ("Ada Apa",), "tahun": (2020, [1999, 2000]),
    "genre": (["Drama"], "Horor"), "wait": ("1", 0), "explain": (1, True),
    "interval": ("day", "month"), "match": ("all", "most"), "select": ("title,url", ["id"]),
    "snippet_length": (50,), "without": ("typos",), "recency": (False,), "mark_start": ("<b>",),
    "displayedAttributes": (["*"],), "searchableAttributes": (["judul"],),
    "filterableAttributes": (["genre", "tahun"], [{"attributePatterns": ["*"]}]),
    "sortableAttributes": (["tahun"],), "rankingRules": (["words", "tahun:desc"],),
    "stopWords": (["dan"],), "synonyms": ({"mobil": ["oto"]},),
    "distinctAttribute": ("genre", None), "typoTolerance": ({"enabled": False},),
    "faceting": ({"maxValuesPerFacet": 5},), "pagination": ({"maxTotalHits": 9},),
    "dictionary": (["S.H."],), "separatorTokens": (["#"],), "searchCutoffMs": (100,),
    "facetSearch": (False,), "prefixSearch": ("disabled",),
    "localizedAttributes": ([{"attributePatterns": ["*"], "locales": ["ind"]}],),
}  # fmt: skip
NAMES: Final = tuple(USUAL)
#: What may be in the place of a part of a path, besides odd texts.
USUAL_PARTS: Final = (
    *("films", "default", "lain", "1", "2", "0", "panen-padi", "serangan-pasar", "category"),
    *("tags", "page.css", "invalid_page", "ranking-rules", "synonyms", "typo-tolerance", "harga"),
)
CONTENT_TYPES: Final = (
    *("application/json", "application/json", "application/json; charset=utf-8"),
    *("application/x-ndjson", "text/csv", "text/plain", "application/json; charset=x", "", "a/b;;"),
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/gzip"),
)
ODD_HEADERS: Final = {
    "Accept-Encoding": ("gzip", "gzip;q=x, *", "br", ""),
    "Content-Encoding": ("gzip", "identity", "br", "x"),
    "If-None-Match": ("*", 'W/"0"', '"', ""),
    "If-Modified-Since": ("Thu, 32 Foo 99999 00:00:00", "x"),
    "Origin": ("null", "https://a.example", "\xff"),
    "X-Forwarded-For": ("::, x", "1.2.3.4", ","),
    "X-Forwarded-Prefix": ("//evil.example", "/sub", "\\"),
    "X-Forwarded-Proto": ("https", "javascript", ""),
    "Host": ("a..b", "[::1]:80", "", "localhost:99999", "\xe9"),
    "Range": ("bytes=0-1,5-2", "x"),
    "Cookie": ("a=b; \xff", "=;="),
    "Accept-Language": ("id;q=x", "en", "*;q=2"),
    "X-MS-USER-ID": ("1", "\xff"),
}


class Request(NamedTuple):
    """One request, as a server hands it on: ``query`` still encoded, ``path`` not."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Drawer:
    """Draws requests to ``routes``: pairs of methods and a path whose parts in angle brackets are
    free.
    """

    def __init__(self, routes: Iterable[tuple[Sequence[str], str]], seed: int | str) -> None:
        self._routes = sorted((sorted(methods), path) for methods, path in routes)
        self._chance = Random(seed)

    def draw(self) -> Request:
        chance = self._chance
        methods, pattern = chance.choice(self._routes)
        odd_method = chance.random() < 0.03
        method = (
            chance.choice(("PUT", "PATCH", "TRACE", "X", ""))
            if odd_method
            else chance.choice(methods)
        )
        path = "/".join(self._draw_part(part) for part in pattern.split("/"))
        query = "&".join(self._draw_pair() for _ in range(chance.choice((0, 0, 1, 1, 2, 4))))
        headers = self._draw_headers()
        body = b""
        if method not in ("GET", "HEAD", "") or chance.random() < 0.02:
            body = self._draw_body()
            headers["Content-Type"] = chance.choice(CONTENT_TYPES)
        if chance.random() < 0.1:
            path = self._change(path)
        if chance.random() < 0.1:
            query = self._change(query)
        return Request(method, path, query, headers, body)

    def _change(self, text: str) -> str:
        data = text.encode("latin-1", "replace")
        return mutate(data, self._chance.choice(TOKENS), self._chance)[:4000].decode("latin-1")

    def _draw_part(self, part: str) -> str:
        if not part.startswith("<"):
            return part
        if self._chance.random() < 0.8:
            return self._chance.choice(USUAL_PARTS)
        # A server hands the bytes of a path on as Latin-1.
        return self._draw_text().encode("utf-8", "surrogatepass").decode("latin-1")

    def _draw_text(self) -> str:
        chance = self._chance
        if chance.random() < 0.7:
            return chance.choice(ODD_TEXTS)
        return "".join(chance.choice(ODD_TEXTS)[:20] for _ in range(chance.randint(1, 4)))

    def _draw_value(self, name: str) -> Any:
        """Usual for the name, or odd."""
        usual = USUAL.get(name)
        if usual and self._chance.random() < 0.75:
            return self._chance.choice(usual)
        return self._draw_odd()

    def _draw_odd(self, depth: int = 0) -> Any:
        chance = self._chance
        kind = chance.randrange(7 if depth < 3 else 4)
        if kind == 0:
            return chance.choice((None, True, False))
        if kind == 1:
            return chance.choice(ODD_NUMBERS)
        if kind in (2, 3):
            return self._draw_text()
        if kind == 4:
            return chance.choice(chance.choice(list(USUAL.values())))
        several = range(chance.choice((0, 1, 2, 5)))
        if kind == 5:
            return [self._draw_odd(depth + 1) for _ in several]
        return {self._draw_name(): self._draw_odd(depth + 1) for _ in several}

    def _draw_name(self) -> str:
        return self._chance.choice(NAMES if self._chance.random() < 0.9 else ODD_TEXTS)

    def _draw_pair(self) -> str:
        name = self._draw_name()
        value = self._draw_value(name)
        if isinstance(value, list) and self._chance.random() < 0.7:
            value = ",".join(map(str, value))
        text = value if isinstance(value, str) else json.dumps(value)
        return f"{_quote(name)}={_quote(text)}"

    def _draw_headers(self) -> dict[str, str]:
        chance = self._chance
        headers = {"Host": "localhost"}
        if chance.random() < 0.9:
            headers["Authorization"] = f"Bearer {MASTER_KEY}"
        elif chance.random() < 0.5:
            headers["Authorization"] = chance.choice(
                ("Bearer", "Bearer x.y.z", "Basic eDp5", "\xff")
            )
        while chance.random() < 0.15:
            name = chance.choice(list(ODD_HEADERS))
            headers[name] = chance.choice(ODD_HEADERS[name])
        return headers

    def _draw_object(self) -> dict[str, Any]:
        names = (self._draw_name() for _ in range(self._chance.choice((1, 1, 2, 3, 5))))
        return {name: self._draw_value(name) for name in names}

    def _draw_body(self) -> bytes:
        chance = self._chance
        kind = chance.random()
        if kind < 0.6:
            value: Any = self._draw_object()
        elif kind < 0.8:
            value = [self._draw_object() for _ in range(chance.choice((0, 1, 2, 6)))]
        elif kind < 0.9:
            value = [self._draw_value("ids") for _ in range(chance.choice((1, 2)))]
        else:
            value = self._draw_odd()
        body = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )
        if chance.random() < 0.1 and isinstance(value, list):
            body = b"\n".join(json.dumps(one).encode() for one in value)
        return mutate(body, chance.choice(TOKENS), chance) if chance.random() < 0.15 else body


def _quote(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="*,:")
