"""`pipelines watch NAME`: what it can be told, and what it says where it cannot look."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))

    def ran(*words: str) -> Result:
        return CliRunner().invoke(main, ["watch", *words])

    return ran


def test_without_a_champion_it_says_what_makes_one(watch) -> None:
    ran = watch("sentiment-alerts", "--once")
    assert ran.exit_code == 1
    assert "has no champion for sentiment yet. `pipelines sentiment run` makes one." in " ".join(
        ran.output.split()
    )


def test_a_pipeline_that_is_none_is_named_beside_those_there_are(watch) -> None:
    ran = watch("sentimental", "--once")
    assert ran.exit_code == 2
    assert "There is no pipeline sentimental." in ran.output
    assert "dialogue-acts" in ran.output


@pytest.mark.parametrize("option", ["--force", "--no-promote"])
def test_it_takes_no_option_that_would_mean_nothing(watch, option: str) -> None:
    assert "No such option" in watch("sentiment-alerts", "--once", option).output
