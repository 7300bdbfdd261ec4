"""The tutorial, typed word for word into a copy of the checkout, and tried there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from tests.cli.stacks import environment_of
from textwire.models.artifacts.registry import Registry

ROOT = Path(__file__).parents[1]
TUTORIAL = ROOT / "docs" / "tutorials" / "add-an-application.md"
COPIED = ("textwire", "services", "pipelines", "dashboards", "tests", "docs", "pyproject.toml")
FILE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
READY_WITHIN_S = 60

# A pipeline, Kafka and a service are started: long on a machine that does much else besides.
pytestmark = pytest.mark.timeout(300)


class Page(NamedTuple):
    """What is to be typed: files by name, and commands in their order."""

    files: dict[str, str]
    commands: list[str]

    def commands_of(self, program: str) -> list[list[str]]:
        """The words of those commands that begin so, without the program."""
        return [c.split()[1:] for c in self.commands if c.startswith(program + " ")]


@pytest.fixture(scope="module")
def page() -> Page:
    text = TUTORIAL.read_text(encoding="utf-8")
    lines = [line for block in COMMANDS.findall(text) for line in block.splitlines()]
    assert all(line.startswith("$ ") for line in lines)
    return Page(dict(FILE.findall(text)), [line.removeprefix("$ ") for line in lines])


@pytest.fixture(scope="module")
def checkout(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with the application in it."""
    folder = tmp_path_factory.mktemp("tutorial")
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (folder / "samples").symlink_to(ROOT / "samples")
    for name, content in page.files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def environment(checkout: Path, **others: str) -> dict[str, str]:
    """The copy goes before what is installed; one thread is quickest for so small a model."""
    ours = {"PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"}
    return environment_of(checkout / ".textwire", **ours, **others)


def run(checkout: Path, module: str, *words: str, **others: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=checkout,
        env=environment(checkout, **others),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_that_stands_is_edited(page: Page) -> None:
    assert len(page.files) > 15
    assert [name for name in page.files if (ROOT / name).exists()] == []


def test_what_is_typed_passes_the_linters(page: Page, checkout: Path) -> None:
    typed = [name for name in page.files if name.endswith(".py")]
    run(checkout, "ruff", "check", "--no-cache", *typed)
    run(checkout, "ruff", "format", "--check", "--no-cache", *typed)


@pytest.fixture(scope="module")
def tested(page: Page, checkout: Path) -> str:
    """What its own tests said; what they wrote stays in the folder `tested`."""
    tests = [words[-1] for words in page.commands_of("python") if "pytest" in words]
    assert len(tests) == 2
    kept = ("-p", "no:cacheprovider", "--basetemp", str(checkout / "tested"))
    return run(checkout, "pytest", "-q", *kept, *tests)


def test_its_own_tests_pass(tested: str) -> None:
    assert "9 passed" in tested


def test_its_pages_write_themselves(page: Page, checkout: Path) -> None:
    for _, module in (words for words in page.commands_of("python") if len(words) == 2):
        run(checkout, module)
    settings = (checkout / "docs" / "settings.md").read_text(encoding="utf-8")
    assert "`TEXTWIRE_TICKET_ROUTING_LEAST_CONFIDENCE`" in settings
    channels = (checkout / "docs" / "asyncapi.yaml").read_text(encoding="utf-8")
    assert {"tickets.new", "tickets.new.dead", "tickets.routed"} <= {
        line.strip(" :") for line in channels.splitlines()
    }


def test_service_and_pipeline_are_found_by_their_folders(checkout: Path) -> None:
    ask = (
        "from textwire.stack.first_run import pipelines_here\n"
        "from textwire.stack.programs import installed\n"
        "print('ticket_routing' in installed('services'), 'ticket-routing' in pipelines_here())\n"
    )
    asked = [sys.executable, "-c", ask]
    told = subprocess.run(asked, cwd=checkout, env=environment(checkout), capture_output=True)
    assert told.stdout.decode().split() == ["True", "True"], told.stderr.decode()


def test_the_pipeline_has_its_command(page: Page, checkout: Path) -> None:
    [words] = page.commands_of("pipelines")
    assert "Tickets and their teams" in run(checkout, "pipelines", *words, "--help")


@pytest.fixture
def settings(checkout: Path, tested: str, bootstrap_servers: str, redis_url: str) -> dict[str, str]:
    """Where all is; the model is the one that its own test has made."""
    models = checkout / "tested" / "test_what_comes_out_serves0" / "models"
    registry = Registry(str(models))
    registry.promote("ticket-routing", *registry.versions("ticket-routing"))
    return {
        "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
        "TEXTWIRE_REDIS_URL": redis_url,
        "TEXTWIRE_MODELS_REGISTRY": str(models),
        "TEXTWIRE_TICKET_ROUTING_LEAST_CONFIDENCE": "0",
    }


@pytest.fixture
def service(checkout: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "services.ticket_routing"]
    run(checkout, "textwire", "topics", "create", **settings)
    with (checkout / "service.log").open("wb") as log:
        running = subprocess.Popen(
            command, cwd=checkout, env=environment(checkout, **settings), stdout=log, stderr=log
        )
    yield running
    running.terminate()
    assert running.wait(timeout=20) == 0


@pytest.mark.usefixtures("service")
def test_it_routes_what_is_sent(page: Page, checkout: Path, settings: dict[str, str]) -> None:
    feed, tail, dead = (
        next(words for words in page.commands_of("textwire") if words[0] == verb)
        for verb in ("feed", "tail", "dead")
    )
    run(checkout, "textwire", *feed, **settings)
    give_up_at = time.monotonic() + READY_WITHIN_S
    routed: list[str] = []
    while len(routed) < 3:
        assert time.monotonic() < give_up_at, (checkout / "service.log").read_text()
        routed = run(checkout, "textwire", *tail, "--raw", **settings).splitlines()
    answers = [msgspec.json.decode(line) for line in routed]
    assert sorted(answer["ticket_id"] for answer in answers) == ["t-1", "t-2", "t-3"]
    assert {answer["team"] for answer in answers} <= {"cards", "shop"}
    assert "Send some words" in run(checkout, "textwire", *dead, **settings)
