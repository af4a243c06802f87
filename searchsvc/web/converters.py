"""How do article ids appear in addresses? Any text, slashes and whole URLs included."""

from __future__ import annotations

from werkzeug.routing import BaseConverter


class ArticleIdConverter(BaseConverter):
    """The rest of a path, at least one character, as an article id.

    Unlike Werkzeug's ``path``, it may begin with a slash.
    """

    regex = ".+?"
    part_isolating = False
    weight = 200
