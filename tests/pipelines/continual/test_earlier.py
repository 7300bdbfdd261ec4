"""The real verb, on tiny models: one that forgets an earlier task is refused, and nobody else."""

import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.continual.earlier import most_forgotten
from pipelines.measuring.judgement import Judgement
from pipelines.pipeline import Pipeline
from pipelines.running.training_spec import Settings, TrainingSpec
from pipelines.sentiment_alerts.settings import TASK
from tests.pipelines.registry.judgements import judgement
from tests.pipelines.runs import quiet
from tests.pipelines.sentiment_alerts.news import SAID, write_jsonl
from tests.tiny_models import manifest_of
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.base_model import BaseModel

THINGS = ("loan", "wallet", "parcel", "card", "fee", "share", "account", "shop")
TURNED = {"negative": "positive", "neutral": "negative", "positive": "neutral"}


def rows(folder: Path, name: str, *, turned: bool, things: tuple[str, ...] = THINGS) -> Path:
    """Headlines whose words tell their label; `turned`: of another one than before."""
    written = [
        {
            "title": f"{pattern.format(thing)} {name}",
            "label": TURNED[label] if turned else label,
            "split": "held_out" if place % 2 else "train",
        }
        for label, patterns in SAID.items()
        for pattern in patterns
        for place, thing in enumerate(things)
    ]
    random.Random(0).shuffle(written)
    return write_jsonl(folder / f"{name}.jsonl", written)


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    path = tmp_path / "gate.toml"
    path.write_text("[all]\nmost_forgotten = 0.1\n", encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path, tiny_base: Path, gate: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    monkeypatch.setenv("TEXTWIRE_TRAINING_REPORT_TO", "")

    def ran(data: Path, *further: str) -> Result:
        quick = ("learning_rate=0.002", "max_tokens=32", "min_int8_same_label=0.3")
        settings = [word for one in quick for word in ("--set", one)]
        return CliRunner().invoke(
            main,
            [
                "sentiment-alerts", "run", "--data", str(data), "--base", str(tiny_base),
                "--epochs", "6", "--gate", str(gate), "--data-dir", str(tmp_path / "work"),
                *settings, *further,
            ],
        )  # fmt: skip

    return ran


@pytest.mark.slow
def test_what_forgets_an_earlier_task_is_refused_and_what_keeps_it_serves(
    run, tmp_path: Path
) -> None:
    old = rows(tmp_path, "old", turned=False)
    first = run(old)
    assert first.exit_code == 0, first.output
    registry = Registry(str(tmp_path / "models"))
    champion = registry.alias(TASK)

    turned = run(rows(tmp_path, "turned", turned=True), "--earlier", str(old))
    assert turned.exit_code == 0, turned.output
    assert "no: " in turned.output
    assert "of what was learned before is lost, at most 0.1" in turned.output
    assert registry.alias(TASK) == champion

    kept = run(rows(tmp_path, "like", turned=False), "--earlier", str(old))
    assert kept.exit_code == 0, kept.output
    assert "ok: " in kept.output
    assert registry.alias(TASK) != champion


def test_rows_that_cannot_be_read_are_told_before_anything_is_trained(run, tmp_path: Path) -> None:
    ran = run(rows(tmp_path, "old", turned=False), "--earlier", str(tmp_path / "missing.csv"))
    assert ran.exit_code == 1
    assert "missing.csv" in ran.output
    assert not (tmp_path / "models").exists()


def lost(registry: Registry, version: str, folder: Path, **earlier: str) -> float | None:
    """By a made-up judge: how much of each task a version knows stands in `KNOWN`."""
    pipeline = Pipeline(TASK, TASK, None, None, str, lambda: known)  # type: ignore[arg-type]
    spec = TrainingSpec(TASK, Task(""), BaseModel("tiny", folder), Settings(), {}, "f" * 64)
    tasks = {name: Task(task) for name, task in earlier.items()}
    return most_forgotten(pipeline, spec, version, tasks, registry, quiet())


KNOWN = {
    ("champion", "news"): 0.9, ("new", "news"): 0.7,
    ("champion", "mail"): 0.5, ("new", "mail"): 0.8,
}  # fmt: skip


@dataclass(frozen=True)
class Task:
    """A source of one word."""

    name: str
    files = {}  # noqa: RUF012

    def read(self) -> str:
        return self.name


def known(artifact: Artifact, task: str, *_: object) -> Judgement:
    right = round(100 * KNOWN[artifact.manifest.version, task])
    return judgement([1.0] * right + [0.0] * (100 - right))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    registry = Registry(str(tmp_path / "models"))
    for version in ("champion", "new"):
        folder = tmp_path / version
        folder.mkdir()
        (folder / "model.onnx").write_bytes(b"graph")
        registry.register(folder, manifest_of(folder, task=TASK, version=version))
    registry.promote(TASK, "champion")
    return registry


def test_the_task_that_lost_most_counts(registry: Registry, tmp_path: Path) -> None:
    assert lost(registry, "new", tmp_path, one="mail", other="news") == pytest.approx(0.2)


def test_what_profited_has_lost_less_than_nothing(registry: Registry, tmp_path: Path) -> None:
    assert lost(registry, "new", tmp_path, one="mail") == pytest.approx(-0.3)


def test_without_a_task_or_another_champion_nothing_is_measured(
    registry: Registry, tmp_path: Path
) -> None:
    assert lost(registry, "new", tmp_path) is None
    assert lost(registry, "champion", tmp_path, one="news") is None
    registry.drop_alias(TASK, "champion")
    assert lost(registry, "new", tmp_path, one="news") is None
