"""The page about one's own data: its file can be learned from, and its commands are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from pipelines.cli import main
from pipelines.support_qa.own_data import OwnPairs

PAGE = Path(__file__).parents[1] / "docs" / "tutorials" / "your-own-data.md"
COMMANDS = re.findall(r"^\$ (pipelines .*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_its_file_can_be_learned_from() -> None:
    data = OwnPairs(PAGE.with_name("workshop-faq.csv")).read()
    assert len(data.train) + len(data.held_out) == 70
    assert len(data.passages) == 14


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_there_with_these_options(command: str) -> None:
    _, *words = shlex.split(command)
    held: click.Command = main
    while isinstance(held, click.Group):
        found = held.get_command(click.Context(held), words.pop(0))
        assert found is not None
        held = found
    held.make_context(held.name, words)  # raises what it would say on the command line
