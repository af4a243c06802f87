"""What is a suggestion?"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.article import Summary


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``kind`` ``term``: ``text`` is a query; ``query``: one that readers search often;
    ``article``: the title of article ``id``, whose ``source``, ``published_at`` and ``image`` are
    empty if unknown.
    """

    text: str
    kind: str
    id: str = ""
    source: str = ""
    published_at: str = ""
    image: str = ""

    def to_dict(self) -> dict[str, str]:
        """The JSON form; for a query only text and kind."""
        row = {"text": self.text, "kind": self.kind}
        if self.kind == "article":
            row.update(
                id=self.id,
                source=self.source,
                published_at=self.published_at,
                image=self.image,
            )
        return row


def suggest_query(text: str) -> Suggestion:
    """A suggestion of the query ``text``."""
    return Suggestion(text, "term")


def suggest_popular(query: str) -> Suggestion:
    """A suggestion of a query that readers search often."""
    return Suggestion(query, "query")


def suggest_article(article: Summary) -> Suggestion:
    """A suggestion of the article's title."""
    return Suggestion(
        article.title,
        "article",
        article.id,
        article.source,
        article.published_at,
        article.image,
    )
