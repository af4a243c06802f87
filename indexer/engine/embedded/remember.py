"""How are results memoised without keeping their owner alive?"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast
from weakref import WeakMethod

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def remember(method: Callable[Arguments, Result], size: int) -> Callable[Arguments, Result]:
    """``method`` with its ``size`` latest results memoised; thread-safe.

    For an object to keep as its own attribute. A plain ``lru_cache`` there would form a reference
    cycle with the object, and keep the mapped files of an old generation open until the garbage
    collector happens to run.
    """
    reference = WeakMethod(method)

    @lru_cache(size)
    def recall(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        bound = reference()
        assert bound is not None, "the cache outlived its object"
        return bound(*args, **kwargs)

    return cast(Callable[Arguments, Result], recall)
