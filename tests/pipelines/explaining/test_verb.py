"""`pipelines explain`: what it prints, and what it says where it cannot."""

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.explaining import verb
from tests.pipelines.explaining.tiny_readers import make_reranker, make_tagger
from tests.tiny_models import write_manifest
from textwire.models.artifacts.artifact import Artifact


def explain(*words: str) -> str:
    return CliRunner().invoke(main, ["explain", *words]).output


def first_words(lines: list[str]) -> list[str]:
    return [line.split()[0] for line in lines]


def test_words_of_a_text_stand_beside_what_they_add(tiny_classifier: Artifact) -> None:
    pytest.importorskip("captum")
    first, *words, last = explain(str(tiny_classifier.path), "my card is lost").splitlines()
    assert first.partition(":")[0] in tiny_classifier.manifest.labels
    assert first_words(words) == ["my", "card", "is", "lost"]
    assert last.startswith("The parts miss")


def test_of_a_reranker_the_words_of_question_and_passage_are_told_apart(
    tiny_base: Path, tmp_path: Path
) -> None:
    pytest.importorskip("captum")
    folder = str(make_reranker(tiny_base, tmp_path).path)
    first, *words, _ = explain(folder, "card lost", "--beside", "block it").splitlines()
    assert first.startswith("It answers: log odds")
    assert first_words(words) == ["Words", "card", "lost", "Words", "block", "it"]
    assert "give the passage by --beside" in explain(folder, "card lost")
    assert "takes no --class" in explain(folder, "card lost", "--class", "answers")


def test_of_a_recogniser_an_entity_or_words_are_told(tiny_base: Path, tmp_path: Path) -> None:
    pytest.importorskip("captum")
    folder = str(make_tagger(tiny_base, tmp_path).path)
    told = explain(folder, "my card is lost", "--words", "card is", "--class", "item")
    first, *words, _, last = told.splitlines()
    assert first.startswith("card is, item: log odds against no entity")
    assert first_words(words) == ["my", "card", "is", "lost"]
    assert last.startswith("Entities that the model finds:")
    assert "log odds against no entity" in explain(folder, "my card is lost", "--words", "card")
    assert "no words 'phone'" in explain(folder, "my card", "--words", "phone")
    assert "beyond what the model reads" in explain(folder, "a " * 90 + "card", "--words", "card")
    assert "no class 'place'. There are: account, item" in explain(folder, "x", "--class", "place")


def test_where_nothing_is_found_words_can_be_chosen(tiny_base: Path, tmp_path: Path) -> None:
    pytest.importorskip("captum")
    artifact = make_tagger(tiny_base, tmp_path)
    labels = artifact.manifest.labels
    write_manifest(tmp_path, task="entities", labels=labels, thresholds={"entity": 1.0})
    assert "finds no entity in the text" in explain(str(tmp_path), "my card")
    told = explain(str(tmp_path), "my card", "--words", "card")
    assert told.splitlines()[-1] == "Entities that the model finds: none."


def test_of_an_encoder_the_cosine_of_two_texts_is_told(tiny_artifact: Artifact) -> None:
    pytest.importorskip("captum")
    folder = str(tiny_artifact.path)
    told = explain(folder, "card lost", "--beside", "lost phone")
    assert "Words of TEXT: cosine" in told
    assert "Words of --beside: cosine" in told
    assert "more than this cosine" in told
    assert "Give a second text by --beside" in explain(folder, "card lost")
    assert "takes no --words" in explain(folder, "card lost", "--words", "card")


def test_what_cannot_be_explained_says_why(tiny_classifier: Artifact, tmp_path: Path) -> None:
    pytest.importorskip("captum")
    unknown = explain(str(tiny_classifier.path), "a text", "--class", "nonsense")
    assert "no class 'nonsense'. There are:" in unknown
    assert "The text is empty" in explain(str(tiny_classifier.path), " ")
    assert "takes no --beside" in explain(str(tiny_classifier.path), "a", "--beside", "b")
    (tmp_path / "learned.safetensors").touch()
    write_manifest(tmp_path, labels=("a", "b"))
    assert "stands in its graph alone" in explain(str(tmp_path), "a text")


def test_without_what_it_needs_the_command_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verb, "NEEDED", ("torch", "no_such_package"))
    assert importlib.util.find_spec("no_such_package") is None
    said = explain("sentiment", "a text")
    assert "needs no_such_package" in said
    assert "make install-train" in said
