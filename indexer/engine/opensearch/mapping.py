"""How is an index of OpenSearch laid out? Its settings and its fields, and those of its companion.

An index at ``articles`` has two in OpenSearch: ``articles.state``, a few documents that are fetched
by id only (the newest generation, the writer's lease, the words of every commit), and
``articles.data-…`` with one document per article and version. ``articles`` itself is an alias for
the latter.
"""

from __future__ import annotations

from typing import Any, Final

#: The layout described here; another one cannot be read.
FORMAT: Final = 1

#: More results than this are not paged through.
MOST_RESULTS: Final = 1_000_000
#: Values in one ``terms`` query.
MOST_TERMS: Final = 65_536

#: Positions cost nothing extra to hide: OpenSearch shows an article only when a commit refreshes.
_ANALYSIS: Final[dict[str, Any]] = {
    "tokenizer": {
        "blank": {"type": "char_group", "tokenize_on_chars": [" "], "max_token_length": 10_000}
    },
    "filter": {
        "forms": {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]},
        "holes": {"type": "stop", "stopwords": ["?"]},
    },
    "analyzer": {
        "forms": {"tokenizer": "blank", "filter": ["forms"]},
        "phrase": {"tokenizer": "blank", "filter": ["holes"]},
    },
}

_TEXT: Final = {
    "type": "text",
    "analyzer": "forms",
    "search_analyzer": "phrase",
    "similarity": "frequency",
    "norms": False,
}
_KEPT: Final = {"type": "binary"}
_VALUE: Final = {"type": "long", "index": False}

_DATA_FIELDS: Final[dict[str, Any]] = {
    # Which version of which article: see state.py.
    "key": {"type": "keyword"},
    "ref": {"type": "long"},
    "born": {"type": "long"},
    "died": {"type": "long"},
    "fingerprint": {"type": "keyword", "index": False},
    # What is searched.
    "title": _TEXT,
    "body": _TEXT,
    "title_length": {"type": "integer", "index": False},
    "body_length": {"type": "integer", "index": False},
    "second": _VALUE,
    "day": {"type": "long"},
    "labels": {"type": "object", "dynamic": True},
    "firsts": {"type": "object", "dynamic": True},
    "values": {"type": "object", "dynamic": True},
    "dates": {"type": "object", "dynamic": True},
    # Copies: see stories.py.
    "story": {"type": "long"},
    "copied": {"type": "boolean"},
    "bands": {"type": "keyword", "doc_values": False},
    # What is only kept.
    "article": {"type": "object", "enabled": False},
    "starts": _KEPT,
    "sketch": _KEPT,
}

_DYNAMIC: Final[list[dict[str, Any]]] = [
    {"labels": {"path_match": "labels.*", "mapping": {"type": "keyword"}}},
    {"firsts": {"path_match": "firsts.*", "mapping": {"type": "keyword", "index": False}}},
    {"values": {"path_match": "values.*", "mapping": {"type": "double"}}},
    {"dates": {"path_match": "dates.*", "mapping": {"type": "integer", "index": False}}},
]


def describe_data(shards: int, replicas: int) -> dict[str, Any]:
    """The body that creates the index of articles."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            # A commit refreshes; until then nothing needs to be searchable.
            "refresh_interval": -1,
            "max_result_window": MOST_RESULTS,
            "max_terms_count": MOST_TERMS,
            "mapping.total_fields.limit": 5000,
            "analysis": _ANALYSIS,
            "similarity": {
                "frequency": {
                    "type": "scripted",
                    "script": {"source": "return query.boost * doc.freq"},
                }
            },
        },
        "mappings": {
            "dynamic": False,
            "dynamic_templates": _DYNAMIC,
            "properties": _DATA_FIELDS,
        },
    }


def describe_state(replicas: int) -> dict[str, Any]:
    """The body that creates the companion: everything in it is fetched by id."""
    return {
        "settings": {"number_of_shards": 1, "number_of_replicas": replicas},
        "mappings": {"dynamic": False, "_meta": {"searchsvc_format": FORMAT}},
    }
