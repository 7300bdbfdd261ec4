"""What the Dockerfile promises."""

from __future__ import annotations

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy.files import DOCKERFILE, ROOT
from textwire import __version__

HADOLINT = Path(sys.executable).with_name("hadolint")


def stages() -> dict[str, tuple[str, str]]:
    """Each stage's name, what it builds on, and its instructions."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    parts = re.split(r"^FROM (\S+) AS (\S+)\n", text, flags=re.MULTILINE)[1:]
    return {
        name: (base, body)
        for base, name, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }


def all_behind(name: str) -> set[str]:
    """The stages whose files a stage takes over, itself among them."""
    base, body = stages()[name]
    taken = {base, *re.findall(r"--from=(\S+)", body)} & stages().keys()
    return {name}.union(*(all_behind(each) for each in taken))


def instructions(names: set[str]) -> str:
    return "\n".join(stages()[name][1] for name in names)


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint is not installed")
def test_the_linter_finds_nothing() -> None:
    judged = subprocess.run([HADOLINT, DOCKERFILE], capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout


def test_the_serving_image_has_no_package_of_training() -> None:
    behind = instructions(all_behind("serve"))
    assert "serve.lock" in behind
    assert "train.lock" not in behind
    assert "base-model.lock" not in behind
    lock = (ROOT / "requirements" / "serve.lock").read_text()
    assert not re.search(
        r"^(torch|transformers|sentence-transformers|lightgbm)==", lock, re.MULTILINE
    )


def test_the_training_image_has_the_pipelines_and_the_base_model() -> None:
    behind = instructions(all_behind("train"))
    assert "train.lock" in behind
    assert "base-model.lock" in behind


def test_every_package_is_installed_by_its_hash() -> None:
    installs = re.findall(r"pip install\b[^&]*", DOCKERFILE.read_text().replace("\\\n", " "))
    assert installs
    for install in installs:
        of_a_lock, of_ours = "--require-hashes" in install, "--target /opt/textwire ." in install
        assert of_a_lock != of_ours, install


@pytest.mark.parametrize("name", ["serve", "train"])
def test_an_image_runs_as_a_user_of_fixed_number(name: str) -> None:
    assert re.findall(r"^USER (.*)", stages()[name][1], re.MULTILINE)[-1] == "10001:10001"
    assert "--uid 10001" in instructions(all_behind(name))


@pytest.mark.parametrize("name", ["serve", "train"])
def test_whatever_an_image_runs_is_run_by_an_init(name: str) -> None:
    behind = instructions(all_behind(name))
    assert re.findall(r"^ENTRYPOINT (.*)", behind, re.MULTILINE) == ['["tini", "--"]']
    assert re.search(r"apt-get install [^&]*\btini\b", behind)
    assert re.search(r"^CMD \[", stages()[name][1], re.MULTILINE)


def test_a_build_without_a_target_makes_what_serves() -> None:
    assert list(stages())[-1] == "serve"


def test_the_examples_name_this_version() -> None:
    named = re.findall(r"-t textwire-\w+:(\S+)", DOCKERFILE.read_text())
    assert named == [__version__] * 2


def test_everything_that_is_copied_is_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    sent = [line[1:] for line in lines if line.startswith("!")]
    assert "*" in lines
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)", DOCKERFILE.read_text(), re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert sorted(set(copied)) == sorted(sent)
    assert all((ROOT / source).exists() for source in copied)


@pytest.mark.parametrize("secret", [".env", "textwire.env", ".git", ".textwire"])
def test_what_may_hold_secrets_is_not_sent_to_the_builder(secret: str) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert not any(fnmatch(secret, line[1:]) for line in lines if line.startswith("!"))


def test_no_registry_of_packages_is_named() -> None:
    assert "://" not in DOCKERFILE.read_text()
