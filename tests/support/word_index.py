"""A small index of articles that are each about one word, in a folder or in OpenSearch."""

from __future__ import annotations

from pathlib import Path

from searchsvc.index import Index


def add(place: Path | str, *words: str) -> None:
    """Add an article about each word to the index, which is made if there is none."""
    with Index.open(place, create=True) as index:
        index.add(
            [{"id": word, "title": word, "body": f"Berita tentang {word}."} for word in words]
        )


def list_titles(place: Path | str) -> list[str]:
    """The titles of all articles of any index, sorted."""
    with Index.open(place) as index:
        return sorted(article.title for article in index)
