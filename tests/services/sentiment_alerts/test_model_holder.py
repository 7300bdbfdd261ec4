"""The model that reads articles: swapped whole, and refused where it tells something else."""

from pathlib import Path
from shutil import copy

import pytest
from structlog.testing import capture_logs

from services.sentiment_alerts.model_holder import ModelHolder
from tests.article_scorers import LexiconClassifier, reader
from tests.tiny_models import manifest_of
from textwire.errors import ArtifactError
from textwire.models.artifacts.artifact import Artifact
from textwire.sentiment_alerts.messages import SENTIMENTS


@pytest.fixture
def current() -> ModelHolder:
    return ModelHolder(reader(), lambda artifact: LexiconClassifier())


def model(folder: Path, *labels: str) -> Artifact:
    made = manifest_of(folder, labels=labels, thresholds={"topic:legal": 0.7}, version="v2")
    return Artifact(folder, made)


def test_another_model_reads_with_its_own_thresholds(
    current: ModelHolder, tiny_base: Path, tmp_path: Path
) -> None:
    copy(tiny_base / "tokenizer.json", tmp_path)
    current.use(model(tmp_path, *reversed(SENTIMENTS)))
    assert (current.now.version, current.now.thresholds) == ("v2", {"legal": 0.7})


@pytest.mark.parametrize(
    "labels",
    [
        ("bad", "fine", "good"),
        SENTIMENTS[:2],
        (*SENTIMENTS, "mixed"),
        tuple(label.upper() for label in SENTIMENTS),
        (),
    ],
    ids=str,
)
def test_a_model_of_other_labels_is_refused_and_the_old_one_stays(
    current: ModelHolder, tmp_path: Path, labels: tuple[str, ...]
) -> None:
    before = current.now
    with pytest.raises(ArtifactError, match="negative, neutral, positive are read"):
        current.use(model(tmp_path, *labels))
    assert current.now is before
    with pytest.raises(ArtifactError, match="negative, neutral, positive are read"):
        ModelHolder.of_artifact(
            model(tmp_path, *labels), before.linker, lambda artifact: LexiconClassifier()
        )


def test_a_model_without_a_head_of_events_is_told_of_once(
    current: ModelHolder, tiny_base: Path, tmp_path: Path
) -> None:
    copy(tiny_base / "tokenizer.json", tmp_path)
    with capture_logs() as logs:
        current.use(model(tmp_path, *SENTIMENTS))
    assert [log["version"] for log in logs if "no head of them" in log["event"]] == ["v2"]
    manifest = manifest_of(
        tmp_path, labels=SENTIMENTS, events=("strike",), thresholds={"event:strike": 0.7}
    )
    with capture_logs() as logs:
        current.use(Artifact(tmp_path, manifest))
    assert not logs
    assert current.now.events == {"strike": 0.7}
