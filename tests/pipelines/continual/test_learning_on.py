"""The real verb, on tiny models: a version begins where another ended, and keeps what that knew."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner, Result

from pipelines.classification.examples import Examples
from pipelines.classification.model import loss_of
from pipelines.cli import main
from pipelines.continual.learning_on import remembered
from pipelines.continual.predecessor import Predecessor
from pipelines.distillation.settings import Distillation
from pipelines.distillation.taught_examples import beside_unlabelled
from pipelines.distillation.taught_losses import heard_loss, taught_loss
from pipelines.sentiment_alerts.settings import TASK
from tests.pipelines.sentiment_alerts.news import SAID, write_jsonl
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.shipped.adapters import load_adapters

THINGS = ("loan", "wallet", "parcel", "card", "fee", "share", "account", "shop")
Run = Callable[..., Result]
QUICK = ("learning_rate=0.002", "max_tokens=32", "min_int8_same_label=0.3")


def rows(file: Path) -> Path:
    """Headlines whose words tell their label."""
    written: list[dict[str, object]] = [
        {"title": pattern.format(thing), "label": label, "split": "held_out" if n % 2 else "train"}
        for label, patterns in SAID.items()
        for pattern in patterns
        for n, thing in enumerate(THINGS)
    ]
    random.Random(0).shuffle(written)
    return write_jsonl(file, written)


@pytest.fixture
def run(tmp_path: Path, tiny_base: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    monkeypatch.setenv("TEXTWIRE_TRAINING_REPORT_TO", "")
    data = rows(tmp_path / "rows.jsonl")
    settings = [word for one in QUICK for word in ("--set", one)]

    def ran(*further: str) -> Result:
        return CliRunner().invoke(
            main,
            [
                "sentiment-alerts", "run", "--data", str(data), "--base", str(tiny_base),
                "--data-dir", str(tmp_path / "work"), *settings, *further,
            ],
        )  # fmt: skip

    return ran


@pytest.mark.slow
def test_what_learns_on_begins_at_what_the_champion_reads_rightly(run: Run, tmp_path: Path) -> None:
    assert run("--method", "lora", "--epochs", "6").exit_code == 0
    registry = Registry(str(tmp_path / "models"))
    first = registry.champion(TASK)
    on = run("--method", "lora", "--epochs", "1", "--learn-on", "champion", "--no-promote")
    assert on.exit_code == 0, on.output
    version = next(v for v in registry.versions(TASK) if v != first.manifest.version)
    second = registry.open(TASK, version).manifest
    assert second.settings["learned_on_from"] == f"{TASK}/{first.manifest.version}"
    # Before int8, on rows that both were judged on: it began with all that the first one knew.
    assert second.metrics["base_accuracy"] == pytest.approx(first.manifest.metrics["fp32_accuracy"])
    ranks = {
        len(update.down)
        for update in load_adapters(
            registry.open(TASK, version).file("adapters.safetensors")
        ).values()
    }
    assert ranks == {16}, "adapters do not grow from one version to the next"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--method", "full"), "give --method lora"),
        (("--method", "lora", "--set", "prune_layers=1"), "leave pruning out"),
        (("--method", "lora", "--set", "mixup=0.2"), "leave out soft_sharing and mixup"),
        (("--method", "lora", "--layers", "1"), "leave out --teacher and --layers"),
    ],
)
def test_what_cannot_begin_at_another_version_is_told(
    run: Run, tmp_path: Path, tiny_classifier: Artifact, asked: tuple[str, ...], said: str
) -> None:
    ran = run("--learn-on", str(tiny_classifier.path), *asked)
    assert ran.exit_code == 1
    assert said in " ".join(ran.output.split())


def test_a_version_without_adapters_is_refused(run: Run, tiny_classifier: Artifact) -> None:
    ran = run("--learn-on", str(tiny_classifier.path), "--method", "lora")
    assert ran.exit_code == 1
    assert "holds no adapters to go on with" in " ".join(ran.output.split())


def test_its_word_counts_where_it_was_right(tiny_classifier: Artifact) -> None:
    texts = ["card lost", "a loan is late", "shares rise", "the fee"]
    said = OnnxClassifier(tiny_classifier, "fp32", threads=1).logits(texts)[0].argmax(1)
    labels = said.astype(np.int64)
    labels[1] = (labels[1] + 1) % 3
    topics = np.zeros((4, 2), dtype=np.bool_)
    examples = Examples(texts, labels, topics, np.ones(4, dtype=np.bool_))
    taught = remembered(examples, Predecessor(tiny_classifier))
    assert taught.heard is not None
    assert taught.heard.tolist() == [True, False, True, True]


def test_texts_that_are_not_heard_learn_from_their_labels_alone() -> None:
    rng = np.random.default_rng(0)
    labels = np.array([0, 2, 1, 0])
    examples = Examples(
        list("abcd"), labels, np.zeros((4, 0), dtype=np.bool_), np.zeros(4, dtype=np.bool_)
    )
    soft = rng.normal(size=(4, 3)).astype(np.float32)
    logits = [torch.from_numpy(rng.normal(size=(4, 3)).astype(np.float32))]
    weights, blend = torch.ones(3), Distillation()

    def loss(heard: list[bool]) -> float:
        taught = beside_unlabelled(examples, [], soft)
        asked = type(taught)(
            taught.examples, taught.labelled, taught.whole, taught.soft, heard=np.array(heard)
        )
        return float(heard_loss(logits, asked, weights, 0.3, blend))

    all_taught = beside_unlabelled(examples, [], soft)
    assert loss([True] * 4) == pytest.approx(
        float(taught_loss(logits, all_taught, weights, 0.3, blend))
    )
    assert loss([False] * 4) == pytest.approx(float(loss_of(logits, examples, weights, 0.3)))
    one = beside_unlabelled(examples, [], soft).part([1, 2])
    heard = float(taught_loss([logits[0][[1, 2]]], one, weights, 0.3, blend))
    own = float(loss_of([logits[0][[0, 3]]], examples.part(np.array([0, 3])), weights, 0.3))
    assert loss([False, True, True, False]) == pytest.approx((heard + own) / 2, rel=1e-5)
