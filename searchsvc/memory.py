"""Did memory run out? Not every library says so with a MemoryError."""

from __future__ import annotations

#: Messages of other exceptions in that case: from threads, and from the system's loader.
_SAID = ("can't start new thread", "failed to map segment", "unable to allocate memory")


def lacks_memory(error: BaseException | None) -> bool:
    """Whether memory ran out: for an object, a thread, or loading a library."""
    while error is not None:
        if isinstance(error, MemoryError) or any(said in str(error) for said in _SAID):
            return True
        error = error.__cause__ or error.__context__
    return False
