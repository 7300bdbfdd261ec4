from __future__ import annotations

import pytest
from click.testing import CliRunner

from pipelines.applications import application_names
from pipelines.cli import main

OF_EACH = [[name.replace("_", "-"), "--help"] for name in application_names()]


@pytest.mark.parametrize(
    "asked", [["--help"], ["-h"], ["models", "-h"], ["evaluate", "--help"], *OF_EACH]
)
def test_a_list_of_commands_leaves_no_words_out(asked: list[str]) -> None:
    told = CliRunner().invoke(main, asked, terminal_width=80)
    assert told.exit_code == 0
    assert not [line for line in told.output.splitlines()[1:] if line.endswith("...")]


@pytest.mark.parametrize("verb", ["run", "compare", "watch"])
def test_a_name_that_no_pipeline_has_is_told_with_those_that_there_are(verb: str) -> None:
    told = CliRunner().invoke(main, [verb, "weather"])
    assert told.exit_code == 2
    assert "There is no pipeline weather. There are " in told.output
    assert "--all" not in told.output
