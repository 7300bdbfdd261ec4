"""What `textwire up` writes down in `<data_dir>/stack.json`, for other verbs and its successor."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from textwire.addresses import STATE_FILE, StackAddresses
from textwire.errors import StackError
from textwire.stack.pids import birth_of, is_alive
from textwire.stack.restarting import RestartingProcess, State
from textwire.undecodable import NOT_DECODABLE


class PartState(msgspec.Struct, frozen=True, kw_only=True):
    """One part, as it was when the state was written.

    Warnings are not written down: whoever shows them asks the part itself.
    """

    state: State
    pid: int | None = None
    born_at: float = 0.0
    restarts: int = 0
    address: str = ""
    reason: str = ""
    warnings: str = ""
    last_restart: str = ""


class StackState(StackAddresses, frozen=True, kw_only=True):
    """The whole stack. `up` says that everything was started; times are seconds since 1970."""

    born_at: float = 0.0
    up: bool = False
    parts: dict[str, PartState] = msgspec.field(default_factory=dict)

    @property
    def alive(self) -> bool:
        """Whether its supervisor lives."""
        return is_alive(self.pid, self.born_at)

    @property
    def parts_now(self) -> dict[str, PartState]:
        """Its parts; without a supervisor, nothing that was written still holds."""
        return self.parts if self.alive else {n: PartState(state="stopped") for n in self.parts}

    @property
    def ready(self) -> bool:
        """Whether everything was started and does its work, as it was written down."""
        return self.ready_with(self.parts_now)

    def ready_with(self, parts: Mapping[str, PartState]) -> bool:
        """Whether everything was started, and each of its parts does its work or has done it."""
        return self.up and all(part.state in ("ready", "done") for part in parts.values())


def state_of(watched: RestartingProcess) -> PartState:
    """A part's state, to be written down."""
    pid = watched.process.pid
    return PartState(
        state=watched.state,
        pid=pid,
        born_at=birth_of(pid) if pid else 0.0,
        restarts=watched.restarts,
        address=watched.process.part.address,
        reason=watched.reason,
        last_restart=watched.last_restart,
    )


def write_state(data_dir: Path, state: StackState) -> None:
    """Replace the state file in one step; only its owner reads it, it may hold a password.

    Raises: StackError: the folder cannot be written.
    """
    path = data_dir / STATE_FILE
    aside = path.with_suffix(f".{os.getpid()}")
    try:
        aside.touch(mode=0o600)
        aside.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StackError(f"{path} cannot be written: {error}. Make room in its folder.") from error


def read_state(data_dir: Path) -> StackState | None:
    """What was written last, or None.

    Raises: StackError: the file cannot be read.
    """
    path = data_dir / STATE_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=StackState)
    except FileNotFoundError:
        return None
    except (OSError, *NOT_DECODABLE) as error:
        raise StackError(
            f"{path} cannot be read ({error}). If nothing runs, delete it; "
            "`textwire up` then starts afresh."
        ) from error


def forget_state(data_dir: Path) -> None:
    """Nothing runs any more."""
    (data_dir / STATE_FILE).unlink(missing_ok=True)
