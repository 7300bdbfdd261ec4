"""A model is tried out in a process of its own before it is let in where others are served.

What a foreign model does when it is loaded and run is not ours to foresee: it may hang, take all
memory, or end its process from within the engine. There it harms nobody, and can be ended.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import msgspec

from textwire.errors import ArtifactError, TextwireError, Unavailable
from textwire.models.artifact import Artifact, read_manifest
from textwire.settings import ModelSettings

# Loads and warms up all that a service needs of an artifact; a function that a module holds.
Load = Callable[[Artifact, ModelSettings], object]

MOST_CHARACTERS = 500
# Who waits for the trial gives it up first, and can say so.
GRACE_S = 5.0


class Trial:
    """Loads an artifact as its service will, in a process that is gone afterwards."""

    def __init__(self, load: Load, settings: ModelSettings) -> None:
        self._load = f"{load.__module__}:{load.__qualname__}"
        self._settings = settings

    def __call__(self, artifact: Artifact) -> None:
        """Load it there, and wait.

        Raises: ArtifactError: it could not be loaded, or not in time.
                Unavailable: no process could be started.
        """
        try:
            done = subprocess.run(
                [sys.executable, "-m", __name__, self._load, str(artifact.path)],
                # Not among its words, which every user of the machine can read.
                input=self._settings.model_dump_json().encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=self._settings.trial_timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ArtifactError(
                f"The model in {artifact.path} was not loaded within "
                f"{self._settings.trial_timeout_s:g} s (models.trial_timeout_s)."
            ) from None
        except OSError as error:
            raise Unavailable(
                f"No process could be started to try out {artifact.path}: {error}. "
                "Check the limits of memory, processes and open files."
            ) from error
        if done.returncode:
            raise ArtifactError(_reason(artifact, done))


def main(load: str, folder: str) -> None:
    """Load the artifact of a folder; what is wrong with it is the last line of the errors."""
    models = ModelSettings(**msgspec.json.decode(sys.stdin.buffer.read()))
    # However it hangs, and even if nobody waits for it any more, it ends.
    signal.setitimer(signal.ITIMER_REAL, models.trial_timeout_s + GRACE_S)
    _go_first_when_memory_runs_out()
    module, _, name = load.partition(":")
    path = Path(folder)
    try:
        getattr(import_module(module), name)(Artifact(path, read_manifest(path)), models)
    except TextwireError as error:
        sys.exit(" ".join(str(error).split()))


def _go_first_when_memory_runs_out() -> None:
    """Let Linux end this process rather than the service beside it."""
    with suppress(OSError):  # another system, or one that forbids it: then it chooses by size
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _reason(artifact: Artifact, done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        memory = ", as when memory runs out" if name == "SIGKILL" else ""
        return f"The model in {artifact.path} ended the process that loaded it ({name}{memory})."
    lines = done.stderr.decode(errors="replace").split("\n")
    said = next((line for line in reversed(lines) if line.strip()), "")
    return said[:MOST_CHARACTERS] or f"The model in {artifact.path} cannot be loaded."


if __name__ == "__main__":
    main(*sys.argv[1:])
