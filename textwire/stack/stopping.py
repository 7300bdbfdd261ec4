"""Stops a stack from outside: asks its supervisor, and ends what is left if that does not work."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from textwire.stack.folder import end_orphans, sole_stack
from textwire.stack.pids import is_alive, wait_until_gone
from textwire.stack.state import StackState, read_state

# Every part within its own bound, one layer after the other; then there is no more to wait for.
STOP_WITHIN_S = 60.0


def stop_stack(data_dir: Path) -> str:
    """Stop what runs in a folder; what was done, in a sentence.

    Raises:
        AlreadyUp: a stack is being prepared there and can only be stopped where it was started.
        StackError: the folder's state cannot be read.
    """
    if not data_dir.is_dir():
        return f"Textwire is not up: there is no {data_dir}."
    state = read_state(data_dir)
    asked = state is not None and _stop_supervisor(state)
    with sole_stack(data_dir):
        ended = end_orphans(data_dir)
    if ended:
        return f"Textwire's supervisor was gone; ended what it left: {', '.join(ended)}."
    return "Textwire has stopped." if asked else f"Textwire is not up in {data_dir}."


def _stop_supervisor(state: StackState) -> bool:
    """Whether it ran; it has ended when this returns."""
    if not is_alive(state.pid, state.born_at):
        return False
    os.kill(state.pid, signal.SIGTERM)
    if not wait_until_gone(state.pid, state.born_at, STOP_WITHIN_S):
        os.kill(state.pid, signal.SIGKILL)
        wait_until_gone(state.pid, state.born_at, STOP_WITHIN_S)
    return True
