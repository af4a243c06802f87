"""Which experimental features are enabled? This server has one of Meilisearch's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import orjson

from indexer.durable_file import replace_file
from searchsvc.meilisearch.errors import ProtocolError
from searchsvc.meilisearch.reading import read_fields, read_flag

FILE: Final = "meilisearch-features.json"
#: Meilisearch's features, and whether this server has them.
_FEATURES: Final = {
    "metrics": False,
    "logsRoute": False,
    "editDocumentsByFunction": False,
    "containsFilter": True,
    "network": False,
    "getTaskDocumentsRoute": False,
    "compositeEmbedders": False,
    "chatCompletions": False,
    "multimodal": False,
    "vectorStoreSetting": False,
}


def load_features(folder: Path) -> dict[str, bool]:
    """All features, and whether each is enabled."""
    try:
        kept = orjson.loads((folder / FILE).read_bytes())
    except (OSError, ValueError):
        kept = {}
    on = kept if isinstance(kept, dict) else {}
    return {name: has_it and on.get(name) is True for name, has_it in _FEATURES.items()}


def change_features(folder: Path, body: Any) -> dict[str, bool]:
    """Enable and disable features; return all of them. Raises ProtocolError, OSError."""
    given = read_fields(body, dict.fromkeys(_FEATURES, (read_flag, "bad_request")))
    for name, wanted in given.items():
        if wanted and not _FEATURES[name]:
            raise ProtocolError(
                "feature_not_enabled",
                f"The experimental feature `{name}` is not supported by this server.",
            )
    changed = {**load_features(folder), **given}
    replace_file(folder / FILE, orjson.dumps(changed))
    return changed
