"""The whole pipeline, on a tiny model and a small shop."""

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from rich.console import Console

from pipelines.cli import main
from pipelines.pipeline import Pipeline
from pipelines.recommendations.own_data import OwnShop
from pipelines.recommendations.pipeline import load_judge, load_make, pipeline, summary
from pipelines.recommendations.settings import APPLICATION, TASK, RecommendationSettings
from pipelines.running.progress import Progress
from pipelines.running.run import run_pipeline
from tests.pipelines.recommendations.small_shop import small_events, small_items
from tests.pipelines.runs import empty
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.onnx import OnnxEncoder
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.ranking.following import load_following
from textwire.recommendations.ranking.item_model import ItemModel
from textwire.recommendations.ranking.mixed_model import SEQUENCE_PART, MixedModel
from textwire.recommendations.ranking.ranker import load_ranker
from textwire.recommendations.ranking.sequence_model import SEQUENCE_FILE, SequenceModel


@dataclass(frozen=True)
class Small:
    source: OwnShop
    settings: RecommendationSettings


@pytest.fixture
def small(tiny_base: Path, tmp_path: Path) -> Small:
    items, events = tmp_path / "items.jsonl", tmp_path / "events.jsonl"
    items.write_bytes(msgspec.json.Encoder().encode_lines(small_items()))
    events.write_bytes(msgspec.json.Encoder().encode_lines(small_events()))
    settings = RecommendationSettings(
        base=str(tiny_base),
        epochs=1,
        max_tokens=32,
        learning_rate=1e-3,
        trees=20,
        min_int8_cosine=0.9,
        min_int8_top1=0.3,
    )
    return Small(OwnShop(events, items), settings)


@pytest.mark.slow
def test_a_sequence_model_is_tried_and_the_card_says_what_came_of_it(
    small: Small, tmp_path: Path
) -> None:
    registry = Registry(str(tmp_path / "models"))
    pictures = tmp_path / "pictures.npz"
    np.savez(pictures, ids=np.array([item.id for item in small_items()]), vectors=np.eye(30))
    source = replace(small.source, vectors={"picture": pictures})
    settings = replace(small.settings, sequence_layers=1, sequence_epochs=1, fusion="attention")
    spec = pipeline.spec(source, settings)
    progress = Progress(Console(file=io.StringIO(), width=120))
    artifact = registry.open(
        TASK, run_pipeline(pipeline, spec, registry, tmp_path / "work", progress)
    )
    part = artifact.manifest.metrics[SEQUENCE_PART]
    assert (SEQUENCE_FILE in artifact.manifest.files) == (part > 0.0)
    serves = ItemModel if part == 0.0 else SequenceModel if part == 1.0 else MixedModel
    assert isinstance(load_following(artifact), serves)
    assert "a sequence model 0." in artifact.file("README.md").read_text().replace("\n", " ")


def test_what_comes_out_serves(small: Small, tmp_path: Path) -> None:
    written = io.StringIO()
    registry = Registry(str(tmp_path / "models"))
    spec = pipeline.spec(small.source, small.settings)
    made = Pipeline(APPLICATION, TASK, pipeline.usual, load_make, summary, load_judge)
    progress = Progress(Console(file=written, width=120))
    version = run_pipeline(made, spec, registry, tmp_path / "work", progress)
    artifact = registry.open(TASK, version)
    assert artifact.manifest.features == FEATURES
    scores = load_ranker(artifact).score(np.zeros((3, len(FEATURES)), dtype=np.float32))
    assert ((scores >= 0) & (scores <= 1)).all()
    encoder = OnnxEncoder(artifact, "int8")
    assert encoder.encode(["a card"]).shape == (1, encoder.dimension)
    metrics = artifact.manifest.metrics
    wanted = {"hr_at_10", "ndcg_at_10", "mrr_at_10", "auc", "log_loss", "ece", "int8_top1"}
    wanted |= {"candidate_recall", "candidates"}
    ways = ("base_", "text_", "popularity_", "category_", "undiversified_")
    prefixed = {f"{way}hr_at_10" for way in ways}
    assert wanted | prefixed <= set(metrics)
    assert metrics["ranker_onnx_difference"] < 1e-5
    assert artifact.manifest.settings["half_life_days"] == 7.0
    card = artifact.file("README.md").read_text()
    assert all(f"`{name}`" in card for name in FEATURES)
    assert artifact.file("reliability.png").read_bytes().startswith(b"\x89PNG")
    assert f"HR@10 {metrics['hr_at_10']:.3f}" in card
    assert "next liked item" in written.getvalue()
    assert empty(tmp_path / "work")


def test_one_file_without_the_other_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["recommendations", "run", "--data", str(tmp_path / "x.csv")])
    assert done.exit_code == 1
    assert "--items" in done.output


def test_events_that_cannot_be_used_say_so(
    small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "data"))
    events = tmp_path / "few.jsonl"
    row = {"user_id": "u1", "kind": "view", "item_id": "card1", "at": "2026-11-02T00:00:00Z"}
    events.write_text(json.dumps(row))
    files = ["--data", str(events), "--items", str(small.source.items)]
    base = ["--base", small.settings.base]
    done = CliRunner().invoke(main, ["recommendations", "run", *files, *base])
    assert done.exit_code == 1
    assert "0 clicks" in done.output
