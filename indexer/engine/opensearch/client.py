"""What do we use of the client of OpenSearch? Imported from here, where a sentence says that it is
missing.
"""

from __future__ import annotations

import logging

from indexer.errors import ExtraMissing

try:
    from opensearchpy import OpenSearch, exceptions
    from opensearchpy.serializer import JSONSerializer
except ModuleNotFoundError as error:
    raise ExtraMissing("An index in OpenSearch", "opensearch") from error

__all__ = ["JSONSerializer", "OpenSearch", "exceptions"]

# The client writes a traceback about every refusal, of which a sentence of ours tells.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)
