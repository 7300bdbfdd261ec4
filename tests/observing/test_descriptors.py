"""File descriptors, in child processes whose limits a test may change."""

from __future__ import annotations

import subprocess
import sys

import pytest

from textwire.observing.descriptors import LOW_LIMIT, Descriptors, descriptors


def told(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_what_this_process_has_open_is_counted() -> None:
    before = descriptors().used
    with open("/dev/null") as _, open("/dev/null") as _:  # noqa: PTH123 - a device, not a file
        assert descriptors().used == before + 2
    assert descriptors().used == before


def test_where_none_is_left_all_are_in_use() -> None:
    code = """
import os, resource
from textwire.observing.descriptors import descriptors
resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))
opened = []
try:
    while True:
        opened.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    found = descriptors()
os.closerange(opened[0], opened[-1])
print(found.used, found.limit)
"""
    assert told(code) == "30 30"


@pytest.mark.parametrize(
    ("used", "limit", "says"),
    [
        (40, 1_024, ""),
        (819, 1_024, ""),
        (820, 1_024, "820 of 1,024 file descriptors are in use"),
        (10, LOW_LIMIT, ""),
        (10, LOW_LIMIT - 1, f"only {LOW_LIMIT - 1} file descriptors are allowed"),
    ],
)
def test_too_few_are_told_before_none_is_left(used: int, limit: int, says: str) -> None:
    trouble = Descriptors(used, limit).trouble
    assert trouble.startswith(says)
    assert bool(trouble) is bool(says)
    assert not says or "ulimit -n" in trouble


def test_the_limit_is_raised_to_what_the_system_allows() -> None:
    code = """
import resource
from textwire.observing.descriptors import raise_descriptor_limit
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 512))
raise_descriptor_limit()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""
    assert told(code) == "512 512"
