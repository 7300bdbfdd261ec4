"""`textwire up --detach`: prepare here, run in the background, return when all is ready."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from textwire.cli._report import Report
from textwire.cli._stack import Stack, Wishes
from textwire.errors import StackError
from textwire.stack.folder import sole_stack
from textwire.stack.logs import log_path
from textwire.stack.state import StackState, read_state

LOOK_EVERY_S = 0.1
STOP_WITHIN_S = 60.0
ERROR = "Error: "  # how the command line begins what it could not do


def start_detached(stack: Stack) -> None:
    """Start everything in the background, saying here what it says there.

    Raises: TextwireError: something could not be started; what was is stopped again.
    """
    wishes = stack.wishes
    with sole_stack(wishes.data_dir):
        stack.prepare()
    log = log_path(wishes.data_dir, "up")
    child = _start(wishes, log)
    try:
        state = _follow(child, log, wishes.data_dir, stack.report)
    except BaseException:  # Ctrl-C too: nothing half started stays behind
        child.terminate()
        child.wait(STOP_WITHIN_S)
        raise
    stack.report.where_to_go(state)


def _start(wishes: Wishes, log: Path) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "textwire", "up", "--prepared", *_options(wishes)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **_environment(wishes)},
            start_new_session=True,
        )


def _options(wishes: Wishes) -> Iterator[str]:
    if not wishes.sample_world:
        yield "--no-samples"
    if not wishes.sample_knowledge:
        yield "--no-sample-knowledge"
    if wishes.servers_only:
        yield "--only=servers"


def _environment(wishes: Wishes) -> dict[str, str]:
    """By the environment, because a URL may hold a password and commands can be seen by all."""
    return {
        "PYTHONUNBUFFERED": "1",
        "TEXTWIRE_STACK_DATA_DIR": str(wishes.data_dir),
        "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": wishes.bootstrap_servers,
        "TEXTWIRE_REDIS_URL": wishes.redis_url,
    }


def _follow(
    child: subprocess.Popen[bytes], log: Path, data_dir: Path, report: Report
) -> StackState:
    """Repeat the lines of the background process until it says that all is up."""
    with log.open(encoding="utf-8") as lines:
        while True:
            ended = child.poll() is not None
            said, _, error = lines.read().partition(ERROR)
            report.repeat(said)
            if error or ended:
                child.wait(STOP_WITHIN_S)
                raise StackError((error + lines.read()).strip() or f"It ended at once; see {log}.")
            state = read_state(data_dir)
            if state and state.up:
                return state
            time.sleep(LOOK_EVERY_S)
