"""Entities from a file to a model that serves, on a tiny model and a small world."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from pipelines.applications import chosen_pipelines
from pipelines.cli import main
from pipelines.entities.make import make_artifact
from pipelines.entities.metrics import measure_spans
from pipelines.entities.pipeline import own_rows, pipeline
from pipelines.entities.rows import SpanRow, spans_in
from pipelines.entities.settings import TASK, EntitySettings
from pipelines.running.run import make_and_register
from pipelines.tuning.methods import Method
from tests.pipelines.entities.headlines import span_rows, write_rows
from tests.pipelines.runs import quiet
from tests.slow_params import slow_but
from textwire.errors import DataError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.entity_recogniser import EntityRecogniser
from textwire.models.engines.entity_spans import Span


def quick(base: Path, method: Method = "full") -> EntitySettings:
    return EntitySettings(
        base=str(base),
        method=method,
        epochs=2,
        max_tokens=32,
        learning_rate=1e-3,
        min_int8_same_tag=0.1,
    )


def made(settings: EntitySettings, tmp_path: Path) -> Artifact:
    registry = Registry(str(tmp_path / "models"))
    data = write_rows(tmp_path / "rows.jsonl", span_rows())
    spec = pipeline.spec(own_rows(data, (), False), settings)
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", quiet())
    return registry.open(TASK, version)


@pytest.mark.slow
@pytest.mark.parametrize("method", slow_but(["head", "lora", "prompt"], "lora"))
def test_what_comes_out_serves_whatever_the_method(
    method: Method, tiny_base: Path, tmp_path: Path
) -> None:
    artifact = made(quick(tiny_base, method), tmp_path)
    m = artifact.manifest
    assert m.labels == ("O", "B-ORG", "I-ORG", "B-PER", "I-PER")
    assert m.thresholds.keys() == {"entity"}
    assert {"f1", "base_f1", "fp32_f1", "precision", "recall", "ece"} <= set(m.metrics)
    assert "| PER |" in artifact.file("README.md").read_text()


def test_the_small_world_is_learned_and_batches_change_nothing(
    tiny_base: Path, tmp_path: Path
) -> None:
    settings = replace(quick(tiny_base), epochs=15, learning_rate=3e-3)
    recogniser = EntityRecogniser(made(settings, tmp_path), "fp32")
    rows = [SpanRow(text=row["text"], spans=row["spans"]) for row in span_rows()]  # type: ignore[arg-type]
    found = recogniser.find_entities([row.text for row in rows])
    told = [[Span(e.start, e.end, e.kind) for e in one] for one in found]
    assert measure_spans(told, [spans_in(row) for row in rows])["f1"] > 0.9
    for row, together in zip(rows[:8], found, strict=False):
        [alone] = recogniser.find_entities([row.text])
        assert [(e.text, e.kind) for e in alone] == [(e.text, e.kind) for e in together]
        assert np.allclose([e.score for e in alone], [e.score for e in together], atol=1e-3)
        assert all(row.text[e.start : e.end] == e.text for e in alone)
        assert all(0 <= e.score <= 1 for e in alone)
    assert recogniser.find_entities([]) == []
    assert recogniser.find_entities(["银行卡丢了", " "]) == [[], []]


@pytest.mark.parametrize("method", ["few-shot", "zero-shot"])
def test_methods_of_whole_texts_are_refused(
    method: Method, tiny_base: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="labels of whole texts"):
        made(quick(tiny_base, method), tmp_path)


def test_it_is_made_on_demand_alone() -> None:
    assert TASK not in {p.task for p in chosen_pipelines([], every=True)}
    with pytest.raises(DataError, match="--data FILE"):
        pipeline.spec(*pipeline.usual())


def test_from_words_with_tags_to_entities_by_commands(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "work"))
    lines = [
        f"buy O\n{name} B-ORG\nbank I-ORG\n{end} O\n\n"
        for name in ("wallet", "phone", "card", "loan", "parcel", "fee", "order")
        for end in ("now", "please", "late", "twice", "and", "for", "with", "not")
    ]
    data = tmp_path / "words.conll"
    data.write_text("".join(lines), encoding="utf-8")
    run = ["entities", "run", "--data", str(data), "--name", "banks", "--base", str(tiny_base)]
    wishes = ["--method", "head", "--set", "max_tokens=32", "--set", "min_int8_same_tag=0.1"]
    told = CliRunner().invoke(main, [*run, *wishes])
    assert told.exit_code == 0, told.output
    assert "is now the champion of banks" in told.output
    new = write_rows(tmp_path / "new.jsonl", [{"text": "buy wallet bank please"}])
    told = CliRunner().invoke(main, ["entities", "predict", "banks", str(new)])
    assert told.exit_code == 0, told.output
    [line] = told.output.splitlines()[-1:]
    assert {entity["kind"] for entity in json.loads(line)["entities"]} <= {"ORG"}
