"""Whether a process that was written down is still the same and alive."""

from __future__ import annotations

import time

import psutil

# A process id may come again, but not with the same time of birth.
SAME_BIRTH_WITHIN_S = 1.0


def birth_of(pid: int) -> float:
    """When a process was started; 0 when it is gone."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0


def is_alive(pid: int, born_at: float) -> bool:
    """Whether the very process runs: not gone, and its id not another program's by now."""
    if abs(birth_of(pid) - born_at) > SAME_BIRTH_WITHIN_S:
        return False
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(pid: int, within_s: float = 5.0) -> None:
    """Ask a process to end; when its time is over, kill it."""
    try:
        process = psutil.Process(pid)
        process.terminate()
        process.wait(within_s)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.NoSuchProcess:
        return


def wait_until_gone(pid: int, born_at: float, within_s: float) -> bool:
    """Whether a process ended within the time."""
    deadline = time.monotonic() + within_s
    while is_alive(pid, born_at):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
