"""Logs are bounded, and their last lines can be read."""

from __future__ import annotations

from pathlib import Path

from textwire.stack.logs import last_lines, plain, rotate


def test_a_short_log_stays(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    log.write_text("a line\n")
    assert not rotate(log, max_bytes=100)
    assert log.read_text() == "a line\n"


def test_a_long_log_is_set_aside_while_its_part_goes_on_writing(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    with log.open("ab", buffering=0) as part:
        part.write(b"x" * 200)
        assert rotate(log, max_bytes=100)
        part.write(b"after")
    assert log.read_bytes() == b"after"
    assert (tmp_path / "part.log.1").read_bytes() == b"x" * 200


def test_a_log_that_is_not_there_is_neither_rotated_nor_read(tmp_path: Path) -> None:
    assert not rotate(tmp_path / "none.log")
    assert last_lines(tmp_path / "none.log", 5) == ""


def test_the_last_lines_are_the_last(tmp_path: Path) -> None:
    log = tmp_path / "part.log"
    log.write_bytes(b"".join(b"line %d \xff\n" % n for n in range(100_000)))
    assert last_lines(log, 2) == "line 99998 \ufffd\nline 99999 \ufffd"


def test_of_a_structured_line_people_read_what_happened_and_why() -> None:
    line = '{"event": "cannot run", "reason": "no champion yet", "level": "error"}'
    assert plain(line) == "cannot run: no champion yet"
    assert plain('{"level": "error"}') == '{"level": "error"}'
    assert plain("as it is") == "as it is"
