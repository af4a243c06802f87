"""How much may one request or command ask for? One table, for what checks and what documents it.

Limits of the Meilisearch protocol are its own, in :mod:`searchsvc.meilisearch`; limits of what an
article may be, in :mod:`indexer.ingest`; limits that a site may change, in
:mod:`searchsvc.settings`.
"""

from __future__ import annotations

from typing import Final

# --- what a person types

#: The rest of a longer query is ignored; nobody types it, and each word costs time.
MAX_QUERY_CHARACTERS: Final = 2_000
MAX_QUERY_WORDS: Final = 64
#: Words with an asterisk. Each may match thousands of terms: dozens of them would cost a second.
MAX_PREFIXES: Final = 10
#: An asterisk after fewer letters would match a large part of all words.
MIN_PREFIX_LETTERS: Final = 2

# --- parameters of a search

MAX_PER_PAGE: Final = 100
#: The deepest hit, ``page * per_page``. Nobody reads hit 10,001, but robots would.
MAX_DEPTH: Final = 10_000
#: Values selected over all facets: each costs time, and nobody selects so many.
MAX_FILTER_VALUES: Final = 100
#: Snippets are about so long, in characters without tags.
MIN_SNIPPET: Final = 40
DEFAULT_SNIPPET: Final = 220
MAX_SNIPPET: Final = 2_000
MAX_MARK_CHARACTERS: Final = 100

# --- lists in answers

#: Copies listed under a hit; all of them are counted.
MAX_ALSO: Final = 10
MAX_SUGGESTIONS: Final = 20
MAX_RELATED: Final = 20
DEFAULT_FACET_VALUES: Final = 100
MAX_FACET_VALUES: Final = 1_000
DEFAULT_TASKS: Final = 20
MAX_TASKS: Final = 1_000

# --- bodies of requests

#: Bodies that ask rather than write, in bytes.
MAX_QUESTION_BYTES: Final = 65_536
#: One text, in characters, and the values of one list, in the JSON form of a search.
MAX_JSON_TEXT: Final = 10_000
MAX_JSON_VALUES: Final = 200
#: Searches that one request may ask for.
MAX_SEARCHES: Final = 20
#: Articles that one request may delete by their ids.
MAX_IDS: Final = 10_000
