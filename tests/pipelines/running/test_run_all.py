"""The models of several applications in one run."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.applications import pipelines_by_name
from pipelines.cli import main
from pipelines.running.run_all import run_pipelines
from pipelines.sentiment_alerts.pipeline import pipeline as sentiment
from pipelines.sentiment_alerts.settings import TASK
from pipelines.support_qa.pipeline import pipeline as support_qa
from pipelines.support_qa.samples import SampleQuestions
from tests.pipelines.runs import quiet, said_on
from tests.pipelines.sentiment_alerts.news import write_news
from tests.pipelines.sentiment_alerts.test_run import quick as quick_news
from tests.pipelines.support_qa.test_run import quick as quick_support
from textwire.models.artifacts.registry import Registry


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(str(tmp_path / "models"))


@pytest.fixture
def small(tiny_base: Path, sample_folder: SampleQuestions, tmp_path: Path):
    news = write_news(tmp_path / "news")
    return [
        replace(sentiment, usual=lambda: (news, quick_news(tiny_base, "head"))),
        replace(support_qa, usual=lambda: (sample_folder, quick_support(tiny_base))),
    ]


def test_all_are_made_and_promoted_and_then_there_is_nothing_to_do(
    small, registry: Registry, tmp_path: Path
) -> None:
    written = io.StringIO()
    run_pipelines(small, registry, tmp_path, said_on(written))
    assert registry.alias("sentiment")
    assert registry.alias("support-qa")
    assert "1 of 2, sentiment: Reading the data" in written.getvalue()
    assert "2 of 2, support-qa: Fine-tuning" in written.getvalue()
    again = io.StringIO()
    run_pipelines(small, registry, tmp_path, said_on(again))
    assert again.getvalue().count("nothing to do") == 2
    run_pipelines(small, registry, tmp_path, said_on(again), missing=True)
    assert "Every application has its champion" in again.getvalue()


def test_ones_own_champion_stays_where_only_missing_ones_are_made(
    small, registry: Registry, tmp_path: Path
) -> None:
    only = small[:1]
    run_pipelines(only, registry, tmp_path, quiet())
    own = registry.alias(TASK)
    source, settings = only[0].usual()
    changed = [replace(only[0], usual=lambda: (source, replace(settings, seed=1)))]
    run_pipelines(changed, registry, tmp_path, quiet(), missing=True)
    assert registry.alias(TASK) == own
    no_rules = tmp_path / "gate.toml"
    no_rules.write_text("")
    run_pipelines(changed, registry, tmp_path, quiet(), rules_file=no_rules)
    assert registry.alias(TASK) != own


def test_every_application_is_found_by_its_folder() -> None:
    assert {"sentiment-alerts", "support-qa"} <= set(pipelines_by_name())


@pytest.mark.parametrize("arguments", [[], ["nothing-such"], ["sentiment", "--all"]])
def test_it_must_be_said_which(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, ["run", *arguments])
    assert done.exit_code == 2
    assert "sentiment-alerts, support-qa" in done.output


def test_a_former_name_is_understood_and_the_new_one_is_told() -> None:
    done = CliRunner().invoke(main, ["sentiment", "run", "--help"])
    assert done.exit_code == 0
    assert "the registry calls the models of `sentiment-alerts`" in done.stderr
