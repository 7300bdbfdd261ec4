from __future__ import annotations

from pathlib import Path

import pytest

from textwire.addresses import STATE_FILE, running_stack
from textwire.errors import StackError


def test_nothing_runs_where_no_state_file_stands(tmp_path: Path) -> None:
    assert running_stack(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"pid": "\xff"}', b"[" * 100_000, b"{}"])
def test_a_state_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STATE_FILE).write_bytes(content)
    with pytest.raises(StackError, match=r"stack\.json cannot be read.*delete the file"):
        running_stack(tmp_path)
