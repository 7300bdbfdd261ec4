"""Names that become part of a path: of tasks, versions and aliases, and of an artifact's files."""

from __future__ import annotations

import re

# Nothing that leads elsewhere, hides a file, or is read differently by another file system.
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def is_plain(name: str) -> bool:
    """Whether a name stays where it is put."""
    return PLAIN_NAME.fullmatch(name) is not None
