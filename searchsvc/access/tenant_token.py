"""What does a tenant token say? A key's owner signs one for each of their users, without a request
to us.

It is a JWT signed by a key, with ``apiKeyUid``, ``searchRules`` and optionally ``exp``: the format
of Meilisearch, whose clients create it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

import jwt
import orjson

#: Allowed signature algorithms: otherwise a client could choose one that proves nothing.
_ALGORITHMS = ("HS256", "HS384", "HS512")
_SHAPE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
MAX_CHARACTERS = 16_384


class TokenInvalid(ValueError):
    """The token is invalid or expired."""


def looks_like_token(text: str) -> bool:
    """Whether the text may be a token, rather than a key."""
    return len(text) <= MAX_CHARACTERS and _SHAPE.fullmatch(text) is not None


def find_key_uid(token: str) -> str:
    """The uid of the key that claims to have signed it. Raises TokenInvalid."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenInvalid(str(error)) from error
    uid = claims.get("apiKeyUid")
    if not isinstance(uid, str):
        raise TokenInvalid("it names no key")
    return uid


def read_rules(token: str, secret: str) -> Mapping[str, Any]:
    """The limits of searches, by index patterns, if ``secret`` has signed the token. Raises
    TokenInvalid.
    """
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=list(_ALGORITHMS),
            options={"verify_aud": False, "verify_exp": False},
        )
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenInvalid(str(error)) from error
    # Clients write an expiry of null where a token has none.
    expiry = claims.get("exp")
    if expiry is not None and not (_is_time(expiry) and expiry > time.time()):
        raise TokenInvalid("it has expired")
    return _read_rules(claims.get("searchRules"))


def _read_rules(rules: object) -> Mapping[str, Any]:
    try:
        # Rules are like the bodies of requests: no lone surrogates, no numbers beyond 64 bits.
        orjson.dumps(rules)
    except orjson.JSONEncodeError as error:
        raise TokenInvalid(f"its searchRules are not JSON: {error}") from error
    if isinstance(rules, list) and all(isinstance(one, str) for one in rules):
        return dict.fromkeys(rules)
    if isinstance(rules, dict) and all(_is_rule(one) for one in rules.values()):
        return rules
    raise TokenInvalid("its searchRules are neither names nor rules")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_rule(rule: object) -> bool:
    return rule is None or (isinstance(rule, dict) and set(rule) <= {"filter"})
