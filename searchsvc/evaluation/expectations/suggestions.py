"""Are suggestions as expected? One function per key; docs/evaluation.md describes each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase

from indexer.language.fold import fold
from searchsvc.evaluation.expectations.answers import show_ids
from searchsvc.evaluation.expectations.asking import Miss
from searchsvc.evaluation.expectations.rows import Expectation
from searchsvc.suggest import Suggestion


def judge_suggestions(
    expectation: Expectation, suggestions: Sequence[Suggestion]
) -> Iterator[Miss]:
    """The ways in which suggestions differ from the expectation. Titles of articles count only if a
    row asks for them (``suggests``): they are suggested as articles, not as queries.
    """
    terms = [one.text for one in suggestions if one.kind == "term"]
    texts = [one.text for one in suggestions]
    seen = show_ids(f"“{text}”" for text in texts) if texts else "nothing"
    for key, wanted in expectation.wanted.items():
        told = CHECKS[key](wanted, texts if key == "suggests" else terms)
        if told:
            yield Miss(key, told, seen)


def _check_suggests(wanted: list[str], texts: list[str]) -> str:
    lacking = [one for one in wanted if not any(matches(text, one) for text in texts)]
    return f"“{'” and “'.join(lacking)}”" if lacking else ""


def _check_first(wanted: list[str], texts: list[str]) -> str:
    if texts and any(matches(texts[0], one) for one in wanted):
        return ""
    return f"first “{'” or “'.join(wanted)}”"


def _check_only(wanted: list[str], texts: list[str]) -> str:
    """No suggestion other than the wanted ones; also holds if there are none."""
    if all(any(matches(text, one) for one in wanted) for text in texts):
        return ""
    return f"only “{'” or “'.join(wanted)}”"


def _check_never(wanted: list[str], texts: list[str]) -> str:
    if any(matches(text, one) for text in texts for one in wanted):
        return f"not “{'” or “'.join(wanted)}”"
    return ""


CHECKS: dict[str, Callable[[list[str], list[str]], str]] = {
    "suggests": _check_suggests,
    "suggests_first": _check_first,
    "suggests_only": _check_only,
    "never_suggests": _check_never,
}


def matches(text: str, wanted: str) -> bool:
    """Whether a suggestion is one of the wanted texts, separated by ``|``, ignoring case; ``*``
    matches anything.

    >>> matches("harga -emas", "perak|harga -em*")
    True
    """
    return any(fnmatchcase(fold(text), fold(one).replace("[", "[[]")) for one in wanted.split("|"))
