from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from textwire.cli import Verbs, main
from textwire.cli._groups import WholeSentences

GROUPS = ("dead", "feed", "knowledge", "people", "recs", "support", "topics", "watchlist")


@pytest.mark.parametrize("name", GROUPS)
def test_a_list_of_commands_leaves_no_words_out(name: str) -> None:
    told = CliRunner().invoke(main, [name, "--help"], terminal_width=80)
    assert told.exit_code == 0
    assert "Commands:" in told.output
    assert not [line for line in told.output.splitlines()[1:] if line.endswith("...")]


@pytest.mark.parametrize("name", Verbs().list_commands(click.Context(main)))
def test_every_verb_with_commands_lists_them_whole(name: str) -> None:
    verb = main.get_command(click.Context(main), name)
    assert not isinstance(verb, click.Group) or isinstance(verb, WholeSentences)
