"""Stacks for tests: the command line in a child process, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from textwire.stack.ports import free_port

# A port nobody listens on, and no server will be given.
NOBODY = "127.0.0.1:9"


def textwire(data_dir: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end."""
    return subprocess.run(
        command(*words),
        env=environment_of(data_dir, **environment),
        capture_output=True,
        text=True,
        timeout=100,
        umask=0,  # as open as can be: what it writes has to be its owner's alone all the same
    )


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "textwire", *words]


def environment_of(data_dir: Path, **environment: str) -> dict[str, str]:
    """A folder, and ports that no stack of a developer on this machine has."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("TEXTWIRE_")}
    ours = {"TEXTWIRE_STACK_DATA_DIR": str(data_dir), "COLUMNS": "200"}
    ports = {f"TEXTWIRE_STACK_{part}_PORT": str(free_port()) for part in ("KAFKA", "REDIS")}
    return {**inherited, **ports, **ours, **environment}


def status_of(data_dir: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(textwire(data_dir, "status", "--json").stdout)
    return told


def is_one_clear_message(told: subprocess.CompletedProcess[str]) -> bool:
    """Whether a verb failed as it should: status 1, an error, and no traceback."""
    return (
        told.returncode == 1
        and told.stderr.startswith("Error: ")
        and "Traceback" not in told.stderr
    )
