"""One data folder, one stack: its lock, and what a stack that died left in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from textwire.addresses import STATE_FILE
from textwire.errors import AlreadyUp, StackError
from textwire.file_rights import make_private, owner_only, take_from_others
from textwire.stack.pids import end, is_alive
from textwire.stack.state import forget_state, read_state

LOCK_FILE = "stack.lock"
# What starts before this one may have left open to others. A folder named by mistake, such as one's
# home, holds more than these, and keeps its own rights.
OURS = ("kafka", "redis", "logs", "models", "model-cache", STATE_FILE, LOCK_FILE)


@contextmanager
def sole_stack(data_dir: Path) -> Iterator[None]:
    """Hold the folder: one stack in it at a time.

    Raises:
        AlreadyUp: another process holds it.
        StackError: it cannot be written.
    """
    lock = FileLock(data_dir / LOCK_FILE)
    try:
        make_private(data_dir)
        with owner_only():
            lock.acquire(timeout=0)
    except Timeout as error:
        raise AlreadyUp(_already_up(data_dir)) from error
    except OSError as error:
        raise StackError(
            f"The folder {data_dir} cannot be written: {error}. Name another with --data-dir."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _already_up(data_dir: Path) -> str:
    state = read_state(data_dir)
    if state is None:
        return f"Textwire is being started in {data_dir} already. See `textwire status`."
    return (
        f"Textwire is already up in {data_dir}: dashboard {state.dashboard_url or 'none'}, "
        f"Kafka {state.bootstrap_servers}. See `textwire status`; `textwire down` stops it."
    )


def end_orphans(data_dir: Path) -> list[str]:
    """End what a supervisor that died left running, and forget its state; the names of those.

    Only for who holds the folder: the state then cannot be of a stack that lives.
    """
    state = read_state(data_dir)
    found = state.parts.items() if state else ()
    orphans = {n: p.pid for n, p in found if p.pid and is_alive(p.pid, p.born_at)}
    for pid in orphans.values():
        end(pid)
    forget_state(data_dir)
    return list(orphans)


def close_to_others(data_dir: Path) -> str:
    """Take from others what an earlier start let them read; what was done, in a sentence."""
    found = list(data_dir.iterdir())
    ours = [path for path in found if path.name in OURS]
    try:
        closed = sum(map(take_from_others, ours if len(ours) < len(found) else [data_dir]))
    except PermissionError as error:
        return f"others may read what is in {data_dir}: {error}; let its owner run `chmod`"
    return f"others could read {closed} files of {data_dir}; only you can now" if closed else ""
