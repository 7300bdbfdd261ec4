"""The whole sentiment pipeline, on a tiny model and a small world."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.running.run import find_made, make_and_register
from pipelines.running.training_spec import TrainingSpec
from pipelines.sentiment_alerts import cli
from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.make import make_artifact
from pipelines.sentiment_alerts.pipeline import pipeline
from pipelines.sentiment_alerts.samples import SampleNews
from pipelines.sentiment_alerts.settings import TASK, SentimentSettings
from pipelines.tuning.methods import METHODS, WITHOUT_TUNING, Method
from tests.pipelines.runs import empty, quiet, said_on
from tests.pipelines.sentiment_alerts.news import article_rows, write_jsonl, write_news
from tests.pipelines.support_qa.test_run import CHECKOUT
from tests.slow_params import slow_but
from textwire.errors import ArtifactError, ArtifactMissing
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.torch_classifier import TorchClassifier
from textwire.sentiment_alerts.messages import SENTIMENTS


def quick(base: Path, method: Method = "full") -> SentimentSettings:
    return SentimentSettings(
        base=str(base),
        method=method,
        frozen_layers=1,
        epochs=2,
        max_tokens=32,
        learning_rate=1e-3,
        min_int8_same_label=0.3,
    )


@pytest.fixture
def news(tmp_path: Path) -> SampleNews:
    return write_news(tmp_path / "news")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(str(tmp_path / "models"))


@pytest.mark.parametrize("method", slow_but(METHODS, "lora"))
def test_what_comes_out_serves_whatever_the_method(
    news: SampleNews, tiny_base: Path, registry: Registry, tmp_path: Path, method: Method
) -> None:
    written = io.StringIO()
    spec = pipeline.spec(news, quick(tiny_base, method))
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", said_on(written))
    artifact = registry.open(TASK, version)
    m = artifact.manifest
    assert (m.labels, m.topics) == (SENTIMENTS, ("money", "shops"))
    assert set(m.thresholds) == {"tone", "topic:money", "topic:shops"}
    assert all(0 < least < 1 for least in m.thresholds.values())
    assert set(m.temperatures) == {"labels", "topics"}
    for name in ("accuracy", "macro_f1", "company_accuracy", "topic_micro_f1", "all_ece"):
        assert {name, f"base_{name}", f"fp32_{name}"} <= set(m.metrics)
    assert "28 articles with 29 companies" in artifact.file("README.md").read_text()
    assert ("Fine-tuning" in written.getvalue()) == (method not in WITHOUT_TUNING)
    assert empty(tmp_path / "work")
    # The weights are those of the graphs: nothing of LoRA or of a head is left behind.
    texts = ["Loan lost money", "Wallet [SEP] [MASK] paid interest"]
    graph = OnnxClassifier(artifact, "fp32")
    if method in ("bottleneck", "prefix", "prompt"):
        with pytest.raises(ArtifactMissing, match="engine `onnx`"):
            TorchClassifier(artifact)
        return
    weights = TorchClassifier(artifact)
    np.testing.assert_allclose(
        graph.classify(texts).labels, weights.classify(texts).labels, atol=1e-4
    )


def test_the_small_world_is_learned(
    news: SampleNews, tiny_base: Path, registry: Registry, tmp_path: Path
) -> None:
    settings = replace(quick(tiny_base), epochs=15, learning_rate=3e-3)
    spec = pipeline.spec(news, settings)
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", quiet())
    classifier = OnnxClassifier(registry.open(TASK, version), "fp32")
    rows = [row for row in article_rows() if row["split"] == "train"]
    found = classifier.classify([str(row["title"]) for row in rows])
    given = [SENTIMENTS[place] for place in found.labels.argmax(axis=1)]
    assert sum(g == row["label"] for g, row in zip(given, rows, strict=True)) > 0.9 * len(rows)


def test_the_same_again_is_found_and_another_method_is_not(
    news: SampleNews, tiny_base: Path, registry: Registry, tmp_path: Path
) -> None:
    spec = pipeline.spec(news, quick(tiny_base, "head"))
    version = make_and_register(spec, make_artifact, registry, tmp_path / "work", quiet())
    assert find_made(spec, registry, quiet()) == version
    other = pipeline.spec(news, quick(tiny_base, "lora"))
    assert find_made(other, registry, quiet()) is None
    mapped = pipeline.spec(news, quick(tiny_base, "head"), ["title=headline"])
    assert find_made(mapped, registry, quiet()) is None


def test_a_model_that_quantises_badly_is_not_registered(
    news: SampleNews, tiny_base: Path, registry: Registry, tmp_path: Path
) -> None:
    strict = replace(quick(tiny_base, "head"), min_int8_same_label=1.1)
    spec: TrainingSpec[NewsData, SentimentSettings] = pipeline.spec(news, strict)
    with pytest.raises(ArtifactError, match="strays too far"):
        make_and_register(spec, make_artifact, registry, tmp_path / "work", quiet())
    assert registry.versions(TASK) == []
    assert empty(tmp_path / "work")


@pytest.fixture
def run(tiny_base: Path, news: SampleNews, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs `pipelines sentiment-alerts run`, with small settings and data."""
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "data"))
    small = replace(cli.pipeline, usual=lambda: (news, quick(tiny_base, "head")))
    monkeypatch.setattr(cli, "pipeline", small)

    def run_with(*options: str) -> Result:
        return CliRunner().invoke(main, ["sentiment-alerts", "run", *options])

    return run_with


def test_a_first_run_makes_the_champion_and_a_second_has_nothing_to_do(run, tmp_path: Path) -> None:
    registry = Registry(str(tmp_path / "data" / "models"))
    first = run()
    assert first.exit_code == 0, first.output
    assert "companies" in first.output
    assert registry.versions(TASK) == [registry.alias(TASK)]
    assert "nothing to do" in run().output


def test_own_articles_without_topics_and_companies_are_learned_from(run, tmp_path: Path) -> None:
    rows = [{"text": row["title"], "tone": row["label"]} for row in article_rows()[:-1]]
    path = write_jsonl(tmp_path / "own.jsonl", rows)
    done = run("--data", str(path), "--map", "title=text", "--map", "label=tone")
    assert done.exit_code == 0, done.output
    registry = Registry(str(tmp_path / "data" / "models"))
    artifact = registry.open(TASK, str(registry.alias(TASK)))
    assert artifact.manifest.topics == ()
    assert OnnxClassifier(artifact).classify(["Loan"]).topics.shape == (1, 0)


def test_what_is_wrong_with_the_data_is_said_by_line(run, tmp_path: Path) -> None:
    rows = article_rows()
    rows[4] |= {"label": "awful"}
    done = run("--data", str(write_jsonl(tmp_path / "own.jsonl", rows)))
    assert done.exit_code == 1
    assert "line 5" in done.output
    assert "'awful'" in done.output


def test_options_that_need_data_say_so(run) -> None:
    done = run("--watchlist", "companies.jsonl")
    assert done.exit_code == 1
    assert "--data" in done.output


def test_a_public_data_set_is_learned_from_where_it_is_asked_for(run, tmp_path: Path) -> None:
    headlines: list[dict[str, object]] = [
        {"id": n, "title": f"Bank {n} lost money", "entities": {f"Bank {n}": "negative"}}
        for n in range(20)
    ]
    (tmp_path / "sentfin").mkdir()
    write_jsonl(tmp_path / "sentfin" / "sentfin.jsonl", headlines)
    done = run("--with", "sentfin", "--public", str(tmp_path))
    assert done.exit_code == 0, done.output
    registry = Registry(str(tmp_path / "data" / "models"))
    artifact = registry.champion(TASK)
    assert "sentfin/sentfin.jsonl" in artifact.manifest.data
    card = artifact.file("README.md").read_text()
    assert "SEntFiN" in card
    assert "MIT licence" in card


def test_a_public_data_set_without_its_folder_or_beside_own_data_is_refused(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEXTWIRE_DATA", raising=False)
    assert "TEXTWIRE_DATA" in run("--with", "sentfin").output
    own = write_jsonl(tmp_path / "own.jsonl", article_rows())
    assert "give one" in run("--with", "sentfin", "--data", str(own)).output


def test_having_nothing_to_do_needs_no_torch() -> None:
    program = "import sys, pipelines.sentiment_alerts.cli; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=CHECKOUT)
