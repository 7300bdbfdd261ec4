"""What went wrong, for people."""

import errno

from pipelines.running.error_messages import told
from textwire.errors import DataError


def test_a_full_disk_is_told_whichever_library_met_it() -> None:
    for error in (
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("I/O error: No space left on device (os error 28)"),
    ):
        assert "--data-dir" in (told(error) or "")


def test_a_full_disk_beneath_another_error_is_told() -> None:
    error = RuntimeError("cannot save")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert "no room left" in (told(error) or "")


def test_our_errors_say_it_themselves_and_slips_are_for_developers() -> None:
    assert told(DataError("Give more.")) == "Give more."
    assert told(KeyError("x")) is None
