"""What went wrong, in a message for people."""

from __future__ import annotations

import errno

from textwire.errors import TextwireError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Libraries that write models raise errors of their own, in which the system's words are all that
# tells a full disk.
FULL_SAID = ("No space left on device", "Disk quota exceeded", "File too large")
UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)
MAKE_ROOM = (
    "There is no room left to write a model. Nothing was registered. Make room, "
    "`pipelines models prune` removes old versions, or name another folder with --data-dir."
)


def told(error: Exception) -> str | None:
    """An error in a sentence; None for one that only a developer can read."""
    if isinstance(error, TextwireError):
        return str(error)
    if any(is_full(one) for one in _chain(error)):
        return f"{MAKE_ROOM} ({str(error).splitlines()[0][:200]})"
    if isinstance(error, OSError) and error.errno in UNWRITABLE:
        return f"{error}. Check permissions, or name another folder with --data-dir."
    return None


def is_full(error: BaseException) -> bool:
    """Whether it says that a disk is full."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    return any(said in str(error) for said in FULL_SAID)


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain
