"""`python die_with_parent.py PARENT_PID COMMAND...`: run a command that ends when its parent does.

The kernel kills the command should its parent die without stopping it (Linux; elsewhere the next
`textwire up` finds it by its id). A program of its own, run before the command in the same process,
because code between fork and exec can hang in a parent that has threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with(parent_pid: int) -> None:
    """Ask for SIGKILL at the parent's death, and end at once if that has passed already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        sys.exit(1)


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - no shell is wanted
