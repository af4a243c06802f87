"""Which metadata do an article's pages give to machines that share or list them? OpenGraph and
JSON-LD.

https://ogp.me, https://schema.org/NewsArticle.
"""

from __future__ import annotations

from typing import Any

import orjson
from markupsafe import Markup

from indexer.article import Article
from searchsvc.web.web_address import is_web_address
from searchsvc.web.wording import Wording

_DESCRIPTION_CHARACTERS = 155
#: Characters that could end the surrounding script element, and their JSON escapes.
_UNSAFE = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))


def summarise(article: Article) -> str:
    """The beginning of the article, cut between words."""
    text = " ".join(article.body[: 2 * _DESCRIPTION_CHARACTERS].split())
    if len(text) <= _DESCRIPTION_CHARACTERS:
        return text
    return text[:_DESCRIPTION_CHARACTERS].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def find_outside_address(article: Article) -> str:
    """The article's address at its publisher; empty if it is not a web address."""
    return article.url if is_web_address(article.url) else ""


def list_open_graph(
    article: Article, *, here: str, site_name: str, say: Wording
) -> list[tuple[str, str]]:
    """(property, content) of each meta element; ``here`` is the address of the article's page."""
    rows = [
        ("og:type", "article"),
        ("og:title", article.title or article.id),
        ("og:description", summarise(article)),
        ("og:url", find_outside_address(article) or here),
        ("og:site_name", site_name),
        ("og:locale", say.locale),
        ("og:image", article.image if is_web_address(article.image) else ""),
        ("article:published_time", article.published_at),
        ("article:section", article.category),
        *(("article:author", author) for author in article.authors),
        *(("article:tag", tag) for tag in article.tags),
    ]
    return [(name, content) for name, content in rows if content]


def write_json_ld(article: Article, *, here: str) -> Markup:
    """The article in schema.org terms, for a script element."""
    outside = find_outside_address(article)
    row: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title or article.id,
        "description": summarise(article),
        "url": outside or here,
        "mainEntityOfPage": outside or here,
        "inLanguage": "id",
        "datePublished": article.published_at,
        "articleSection": article.category,
        "keywords": list(article.tags),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "Organization", "name": article.source} if article.source else "",
        "image": [article.image] if is_web_address(article.image) else [],
        "contentLocation": {"@type": "Place", "name": article.place} if article.place else "",
    }
    data = orjson.dumps({name: value for name, value in row.items() if value})
    for mark, written in _UNSAFE:
        data = data.replace(mark, written)
    return Markup(data.decode())
