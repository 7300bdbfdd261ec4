"""A user runs a pipeline with a teacher: tiny models, small worlds."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.dialogue_acts import cli as acts_cli
from pipelines.dialogue_acts.pipeline import pipeline as acts_pipeline
from pipelines.dialogue_acts.samples import SampleTurns
from pipelines.dialogue_acts.settings import DialogueActSettings
from pipelines.sentiment_alerts import cli as news_cli
from pipelines.sentiment_alerts.pipeline import pipeline as news_pipeline
from pipelines.sentiment_alerts.settings import TASK, SentimentSettings
from pipelines.support_qa import cli as support_cli
from pipelines.support_qa.pipeline import pipeline as support_pipeline
from pipelines.support_qa.samples import SampleQuestions
from pipelines.support_qa.settings import SupportQaTrainingSettings
from tests.pipelines.sentiment_alerts.news import write_news
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.onnx_classifier import OnnxClassifier

Run = Callable[..., Result]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "data"))
    # Students are what is looked at here: no rule keeps them from serving.
    gate = tmp_path / "gate.toml"
    gate.write_text("[all]\n", encoding="utf-8")
    monkeypatch.setenv("TEXTWIRE_GATE", str(gate))
    return Registry(str(tmp_path / "data" / "models"))


@pytest.fixture
def run(
    tiny_base: Path, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs `pipelines sentiment-alerts run`."""
    news = write_news(tmp_path / "news")
    settings = SentimentSettings(
        base=str(tiny_base),
        method="full",
        epochs=2,
        max_tokens=32,
        learning_rate=1e-3,
        min_int8_same_label=0.3,
    )
    small = replace(news_pipeline, usual=lambda: (news, settings))
    monkeypatch.setattr(news_cli, "pipeline", small)
    return lambda *options: CliRunner().invoke(main, ["sentiment-alerts", "run", *options])


def champion(registry: Registry, task: str = TASK) -> Artifact:
    return registry.champion(task)


@pytest.mark.slow
def test_a_student_of_fewer_layers_learns_from_the_champion(
    run: Run, registry: Registry, tmp_path: Path
) -> None:
    assert run().exit_code == 0
    teacher = champion(registry)
    more = tmp_path / "more.txt"
    more.write_text("Loan lost a card\n\nWallet is late, parcel not\n", encoding="utf-8")
    asked = ("--teacher", str(teacher.path), "--unlabelled", str(more), "--layers", "1")
    done = run(*asked, "--kd-weight", "0.5")
    assert done.exit_code == 0, done.output
    assert "Asking the teacher" in done.output
    student = champion(registry)
    said = student.manifest.settings
    assert said["teacher"] == f"sentiment/{teacher.manifest.version}"
    assert (said["kd_weight"], said["kd_temperature"], said["layers"]) == (0.5, 2.0, 1)
    assert "unlabelled/more.txt" in student.manifest.data
    card = student.file("README.md").read_text()
    for part in ("teacher: sentiment/", "kd_weight: 0.5", "kd_temperature: 2.0", "more.txt"):
        assert part in card
    assert OnnxClassifier(student).classify(["Loan lost money"]).labels.shape == (1, 3)
    sizes = [a.file("model.safetensors").stat().st_size for a in (student, teacher)]
    assert sizes[0] < sizes[1]
    assert "nothing to do" in run(*asked, "--kd-weight", "0.5").output


@pytest.mark.slow
def test_a_base_model_learns_first_and_is_kept_for_the_next_student(
    run: Run, registry: Registry, long_tiny_base: Path
) -> None:
    first = run("--teacher", str(long_tiny_base))
    assert first.exit_code == 0, first.output
    assert "Tuning the teacher" in first.output
    assert champion(registry).manifest.settings["teacher"] == long_tiny_base.name
    second = run("--teacher", str(long_tiny_base), "--kd-temperature", "1")
    assert second.exit_code == 0, second.output
    assert "Tuning the teacher" not in second.output
    assert champion(registry).manifest.settings["kd_temperature"] == 1


@pytest.mark.slow
def test_several_teachers_are_an_ensemble(
    run: Run, registry: Registry, tiny_base: Path, long_tiny_base: Path
) -> None:
    done = run("--teacher", str(tiny_base), "--teacher", str(long_tiny_base), "--method", "lora")
    assert done.exit_code == 0, done.output
    names = champion(registry).manifest.settings["teacher"]
    assert names == f"{tiny_base.name}, {long_tiny_base.name}"


@pytest.mark.slow
def test_a_student_starts_from_its_teachers_own_layers(run: Run, registry: Registry) -> None:
    assert run().exit_code == 0
    teacher = str(champion(registry).path)
    done = run("--base", teacher, "--teacher", teacher, "--layers", "1")
    assert done.exit_code == 0, done.output
    assert champion(registry).manifest.settings["layers"] == 1


@pytest.mark.slow
def test_a_student_comes_near_its_teacher_in_every_layer(
    run: Run, registry: Registry, long_tiny_base: Path
) -> None:
    done = run("--teacher", str(long_tiny_base), "--layers", "1", "--kd-layers")
    assert done.exit_code == 0, done.output
    assert "Asking the teacher's layers" in done.output
    assert champion(registry).manifest.settings["kd_layers"] is True


def test_what_cannot_be_is_said(run: Run, tiny_artifact: Artifact, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("a\n")
    for options, said in (
        (["--unlabelled", str(tmp_path / "more.txt")], "--teacher"),
        (["--layers", "9"], "--layers takes 1 to 2"),
        (["--teacher", str(tiny_artifact.path)], "same ones in the same order"),
        (["--teacher", str(tiny_artifact.path), "--method", "head"], "learns from labels alone"),
    ):
        done = run(*options)
        assert done.exit_code == 1, options
        assert said in done.output


def test_a_retriever_learns_which_passages_its_teacher_finds_alike(
    tiny_base: Path,
    long_tiny_base: Path,
    sample_folder: SampleQuestions,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = SupportQaTrainingSettings(
        base=str(tiny_base),
        epochs=2,
        max_tokens=32,
        learning_rate=1e-3,
        min_int8_cosine=0.5,
        min_int8_top1=0.2,
    )
    small = replace(support_pipeline, usual=lambda: (sample_folder, settings))
    monkeypatch.setattr(support_cli, "pipeline", small)
    more = tmp_path / "more.csv"
    more.write_text("text\nwhere is my card\nis the shop open\n", encoding="utf-8")
    asked = ["--teacher", str(long_tiny_base), "--unlabelled", str(more), "--layers", "1"]
    done = CliRunner().invoke(main, ["support-qa", "run", *asked])
    assert done.exit_code == 0, done.output
    student = champion(registry, "support-qa").manifest
    assert student.settings["kd_temperature"] == 0.05
    assert "unlabelled/more.csv" in student.data
    refused = CliRunner().invoke(main, ["support-qa", "run", *asked, "--kd-layers"])
    assert refused.exit_code == 1
    assert "for classifiers" in refused.output


@pytest.mark.slow
def test_acts_are_told_by_a_student_too(
    long_tiny_base: Path, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples, usual = acts_pipeline.usual()
    assert isinstance(samples, SampleTurns)
    turns = samples.folder / "turns.jsonl"
    seen: Counter[tuple[str, str]] = Counter()
    lines = []
    for line in turns.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind = (row["act"], row["split"])
        seen[kind] += 1
        lines += [line] if seen[kind] <= 9 else []
    (tmp_path / "turns").mkdir()
    (tmp_path / "turns" / "turns.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings: DialogueActSettings = replace(
        usual, base=str(long_tiny_base), epochs=1, min_int8_same_label=0.1
    )
    small = replace(acts_pipeline, usual=lambda: (SampleTurns(tmp_path / "turns"), settings))
    monkeypatch.setattr(acts_cli, "pipeline", small)
    done = CliRunner().invoke(
        main, ["dialogue-acts", "run", "--teacher", str(long_tiny_base), "--layers", "1"]
    )
    assert done.exit_code == 0, done.output
    assert champion(registry, "dialogue-acts").manifest.settings["layers"] == 1
