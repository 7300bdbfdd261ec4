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
from time import monotonic

import msgspec

from textwire.errors import ArtifactError, TextwireError, Unavailable
from textwire.models.artifacts.artifact import Artifact, read_manifest
from textwire.settings import ModelSettings

# Loads and warms up all that a service needs of an artifact; a function that a module holds.
Load = Callable[[Artifact, ModelSettings], object]

# Whether what is tried out is still wanted.
Wanted = Callable[[], bool]

MOST_CHARACTERS = 500
# How often it is asked whether a model is still wanted: as often as champions are looked for.
ASKED_EVERY_S = 1.0
# Who waits for the trial gives it up first, and can say so.
GRACE_S = 5.0


class NoLongerWanted(TextwireError):
    """A trial was given up: another model is to be served by now."""


def always() -> bool:
    """Whatever happens, it is wanted."""
    return True


class Trial:
    """Loads an artifact as its service will, in a process that is gone afterwards."""

    def __init__(self, load: Load, settings: ModelSettings) -> None:
        self._load = f"{load.__module__}:{load.__qualname__}"
        self._settings = settings

    def __call__(self, artifact: Artifact, wanted: Wanted = always) -> None:
        """Load it there, and wait.

        Args:   wanted: asked every second; a model that hangs keeps nobody from the next.
        Raises: ArtifactError: it could not be loaded, or not in time.
                NoLongerWanted: it was given up.
                Unavailable: no process could be started.
        """
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, self._load, str(artifact.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise Unavailable(
                f"No process could be started to try out {artifact.path}: {error}. "
                "Check the limits of memory, processes and open files."
            ) from error
        with process:
            try:
                said = self._last_words(process, artifact, wanted)
            finally:
                process.kill()
        if process.returncode:
            raise ArtifactError(_reason(artifact, process.returncode, said))

    def _last_words(
        self, process: subprocess.Popen[bytes], artifact: Artifact, wanted: Wanted
    ) -> bytes:
        """What the process wrote among its errors until its end.

        Raises: ArtifactError: it has not ended in time. NoLongerWanted.
        """
        gives_up_at = monotonic() + self._settings.trial_timeout_s
        # Not among its words, which every user of the machine can read.
        settings: bytes | None = self._settings.model_dump_json().encode()
        while (left_s := gives_up_at - monotonic()) > 0:
            try:
                return process.communicate(settings, timeout=min(left_s, ASKED_EVERY_S))[1]
            except subprocess.TimeoutExpired:
                settings = None  # they are on their way, and may not be given twice
            if not wanted():
                raise NoLongerWanted(f"The model in {artifact.path} is no longer wanted.")
        raise ArtifactError(
            f"The model in {artifact.path} was not loaded within "
            f"{self._settings.trial_timeout_s:g} s (models.trial_timeout_s)."
        )


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


def _reason(artifact: Artifact, status: int, said: bytes) -> str:
    if status < 0:
        name = signal.Signals(-status).name
        memory = ", as when memory runs out" if name == "SIGKILL" else ""
        return f"The model in {artifact.path} ended the process that loaded it ({name}{memory})."
    lines = said.decode(errors="replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    return last[:MOST_CHARACTERS] or f"The model in {artifact.path} cannot be loaded."


if __name__ == "__main__":
    main(*sys.argv[1:])
