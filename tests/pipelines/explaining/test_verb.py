"""`pipelines explain`: what it prints, and what it says where it cannot."""

import importlib.util

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.explaining import verb
from textwire.models.artifacts.artifact import Artifact


def explain(*words: str) -> str:
    return CliRunner().invoke(main, ["explain", *words]).output


def test_words_of_a_text_stand_beside_what_they_add(tiny_classifier: Artifact) -> None:
    pytest.importorskip("captum")
    first, *words, last = explain(str(tiny_classifier.path), "my card is lost").splitlines()
    assert first.partition(":")[0] in tiny_classifier.manifest.labels
    assert [line.split()[0] for line in words] == ["my", "card", "is", "lost"]
    assert last.startswith("The parts miss")


def test_what_cannot_be_explained_says_why(
    tiny_classifier: Artifact, tiny_artifact: Artifact
) -> None:
    pytest.importorskip("captum")
    assert "tells no classes" in explain(str(tiny_artifact.path), "a text")
    unknown = explain(str(tiny_classifier.path), "a text", "--class", "nonsense")
    assert "no class 'nonsense'. There are:" in unknown
    assert "The text is empty" in explain(str(tiny_classifier.path), " ")


def test_without_what_it_needs_the_command_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verb, "NEEDED", ("torch", "no_such_package"))
    assert importlib.util.find_spec("no_such_package") is None
    said = explain("sentiment", "a text")
    assert "needs no_such_package" in said
    assert "make install-train" in said
