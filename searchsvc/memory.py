"""Did memory run out? Not every library says so with a MemoryError."""

from __future__ import annotations

#: What exceptions of other kinds say then: of threads, and of the system's loader.
_SAID = ("can't start new thread", "failed to map segment", "unable to allocate memory")


def lacks_memory(error: BaseException | None) -> bool:
    """Whether there was not enough memory: for an object, a thread, or a library to be loaded."""
    while error is not None:
        if isinstance(error, MemoryError) or any(said in str(error) for said in _SAID):
            return True
        error = error.__cause__ or error.__context__
    return False
