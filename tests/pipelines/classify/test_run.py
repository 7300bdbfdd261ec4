"""Own classes from a file to a model that serves, on a tiny model and a small company."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from pipelines.applications import chosen_pipelines
from pipelines.classify.make import make_artifact
from pipelines.classify.pipeline import own_rows, pipeline
from pipelines.classify.rows import TextRow, classes_of
from pipelines.classify.settings import TASK, ClassifySettings
from pipelines.cli import main
from pipelines.running.run import make_and_register
from pipelines.tuning.methods import Method
from tests.pipelines.classify.tickets import SUBJECTS, several_rows, ticket_rows, write_rows
from tests.pipelines.runs import quiet
from textwire.errors import ArtifactMissing, DataError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.labeller import Labeller
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.torch_classifier import TorchClassifier
from textwire.stack.first_run import pipelines_here

CLASSES = tuple(sorted(SUBJECTS))


def quick(base: Path, method: Method = "full") -> ClassifySettings:
    return ClassifySettings(
        base=str(base),
        method=method,
        frozen_layers=1,
        epochs=2,
        max_tokens=32,
        learning_rate=1e-3,
        min_int8_same_label=0.1,
    )


def made(rows: list[dict[str, object]], settings: ClassifySettings, tmp_path: Path) -> Artifact:
    registry = Registry(str(tmp_path / "models"))
    spec = pipeline.spec(own_rows(write_rows(tmp_path / "rows.jsonl", rows), (), False), settings)
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", quiet())
    return registry.open(TASK, version)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("several", "method"),
    [(True, "full"), (True, "head"), (True, "lora"), (True, "prompt"), (True, "zero-shot"),
     (False, "full"), (False, "few-shot")],
)  # fmt: skip
def test_what_comes_out_serves_whatever_the_method(
    several: bool, method: Method, tiny_base: Path, tmp_path: Path
) -> None:
    rows = several_rows() if several else ticket_rows()
    artifact = made(rows, quick(tiny_base, method), tmp_path)
    m = artifact.manifest
    assert (m.topics if several else m.labels) == CLASSES
    assert (m.labels if several else m.topics) == ()
    assert set(m.thresholds) == ({f"topic:{name}" for name in CLASSES} if several else set())
    wanted = {"micro_f1", "text_f1", "exact"} if several else {"accuracy", "brier"}
    for name in (*wanted, "macro_f1", "ece"):
        assert {name, f"base_{name}", f"fp32_{name}"} <= set(m.metrics)
    assert "| delivery |" in artifact.file("README.md").read_text()
    if method == "prompt":
        with pytest.raises(ArtifactMissing, match="engine `onnx`"):
            TorchClassifier(artifact)
        return
    texts = ["lost my card", "the order is late and fees"]
    graph, weights = OnnxClassifier(artifact, "fp32"), TorchClassifier(artifact)
    one, other = graph.classify(texts), weights.classify(texts)
    np.testing.assert_allclose(one.labels, other.labels, atol=1e-4)
    np.testing.assert_allclose(one.topics, other.topics, atol=1e-4)


def test_pairs_of_one_class_are_not_drawn_where_a_text_has_several(
    tiny_base: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="here a text has several"):
        made(several_rows(), quick(tiny_base, "few-shot"), tmp_path)


@pytest.mark.slow
def test_one_class_for_each_text_is_learned(tiny_base: Path, tmp_path: Path) -> None:
    settings = replace(quick(tiny_base), epochs=15, learning_rate=3e-3)
    labeller = Labeller(made(ticket_rows(), settings, tmp_path), "fp32")
    rows = [row for row in ticket_rows() if row["split"] == "train"]
    told = labeller.label_texts([str(row["text"]) for row in rows])
    right = [one.classes[0][0] == row["label"] for one, row in zip(told, rows, strict=True)]
    assert np.mean(right) > 0.9


def test_several_classes_of_a_text_are_learned(tiny_base: Path, tmp_path: Path) -> None:
    settings = replace(quick(tiny_base), epochs=30, learning_rate=3e-3)
    labeller = Labeller(made(several_rows(), settings, tmp_path), "fp32")
    rows = [row for row in several_rows() if row["split"] == "train"]
    told = labeller.label_texts([str(row["text"]) for row in rows])
    given = [{name for name, _ in one.classes} for one in told]
    right = [classes_of(TextRow(text="a", labels=row["labels"])) for row in rows]  # type: ignore[arg-type]
    assert np.mean([one == other for one, other in zip(given, right, strict=True)]) > 0.6
    hits = sum(len(one & other) for one, other in zip(given, right, strict=True))
    assert 2 * hits / sum(map(len, (*given, *right))) > 0.8


def test_it_is_made_on_demand_alone() -> None:
    assert "classify" not in {p.task for p in chosen_pipelines([], every=True)}
    assert chosen_pipelines(["classify"], every=False) == [pipeline]
    assert "classify" not in pipelines_here()
    with pytest.raises(DataError, match="--data FILE"):
        pipeline.spec(*pipeline.usual())


def test_from_a_file_to_predictions_by_commands(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "work"))
    data = write_rows(tmp_path / "tickets.jsonl", several_rows())
    run = ["classify", "run", "--data", str(data), "--name", "tickets", "--base", str(tiny_base)]
    wishes = ["--method", "head", "--set", "max_tokens=32", "--set", "min_int8_same_label=0.1"]
    told = CliRunner().invoke(main, [*run, *wishes])
    assert told.exit_code == 0, told.output
    assert "is now the champion of tickets" in told.output
    new = write_rows(tmp_path / "new.jsonl", [{"text": "card lost"}, {"text": "我的卡丢了怎么办"}])
    out = tmp_path / "told.jsonl"
    told = CliRunner().invoke(main, ["classify", "predict", "tickets", str(new), "--out", str(out)])
    assert told.exit_code == 0, told.output
    one, other = map(json.loads, out.read_text().splitlines())
    assert one["text"] == "card lost"
    assert set(one["labels"]) <= set(CLASSES)
    assert "lacks the letters" in other["unreadable"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run"], "Classes are your own"),
        (["run", "--data", "x.csv", "--name", "support-qa"], "another pipeline's"),
        (["run", "--data", "x.csv", "--name", "sentiment-alerts"], "another pipeline's"),
        (["run", "--data", "x.csv", "--name", "../x"], "a name is of letters"),
        (["predict", "nothing", "x.csv"], "There is no model 'nothing'"),
    ],
)
def test_what_was_asked_wrongly_is_said(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    told = CliRunner().invoke(main, ["classify", *words])
    assert told.exit_code == 1
    assert said in told.output
