"""Which model somebody means."""

from pathlib import Path

import pytest

from pipelines.running.chosen_model import chosen_model
from textwire.errors import SettingsError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry


def test_a_folder_a_champion_and_a_version_are_found(
    tiny_classifier: Artifact, tmp_path: Path
) -> None:
    registry = Registry(str(tmp_path))
    version = registry.register(tiny_classifier.path, tiny_classifier.manifest)
    registry.promote("sentiment", version)
    for named in (str(tiny_classifier.path), "sentiment", f"sentiment/{version}"):
        assert chosen_model(named, registry).manifest == tiny_classifier.manifest


def test_a_models_pipeline_is_another_name_for_it(
    tiny_classifier: Artifact, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry(str(tmp_path))
    version = registry.register(tiny_classifier.path, tiny_classifier.manifest)
    registry.promote("sentiment", version)
    for named in ("sentiment-alerts", f"sentiment-alerts/{version}"):
        assert chosen_model(named, registry).manifest == tiny_classifier.manifest
        assert "calls the models of `sentiment-alerts` `sentiment`" in capsys.readouterr().err


@pytest.mark.parametrize("named", ["other", "sentiment/v9", "../sentiment"])
def test_one_that_is_not_there_is_said_with_those_that_are(
    named: str, tiny_classifier: Artifact, tmp_path: Path
) -> None:
    registry = Registry(str(tmp_path))
    registry.register(tiny_classifier.path, tiny_classifier.manifest)
    with pytest.raises(SettingsError, match="sentiment"):
        chosen_model(named, registry)
