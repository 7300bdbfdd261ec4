from __future__ import annotations

import pytest
from click.testing import CliRunner

from pipelines.cli import main


@pytest.mark.parametrize("asked", [["--help"], ["-h"], ["models", "-h"], ["evaluate", "--help"]])
def test_a_list_of_commands_leaves_no_words_out(asked: list[str]) -> None:
    told = CliRunner().invoke(main, asked, terminal_width=80)
    assert told.exit_code == 0
    assert not [line for line in told.output.splitlines()[1:] if line.endswith("...")]
