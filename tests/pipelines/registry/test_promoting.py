"""A new version beside the champion: which one serves, and what is written down."""

import io
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipelines.measuring.judgement import Judgement
from pipelines.pipeline import Pipeline
from pipelines.registry.decisions import decisions
from pipelines.registry.promoting import promote_if_better
from pipelines.running.training_spec import Settings, TrainingSpec
from tests.pipelines.registry.judgements import judgement
from tests.pipelines.runs import said_on
from tests.tiny_models import manifest_of
from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.base_model import BaseModel

TASK = "sentiment"
WORTH = {"poor": 0.6, "good": 0.9, "same": 0.9}


@dataclass(frozen=True)
class NoRows:
    """A source whose rows the made-up judge does not look at."""

    files = {}  # noqa: RUF012

    def read(self) -> None:
        return None


def judge(artifact: Artifact, *_: object) -> Judgement:
    right = round(100 * WORTH[artifact.manifest.version])
    return judgement([1.0] * right + [0.0] * (100 - right))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    registry = Registry(str(tmp_path / "models"))
    for version in WORTH:
        folder = tmp_path / version
        folder.mkdir()
        (folder / "model.onnx").write_bytes(b"graph")
        registry.register(folder, manifest_of(folder, task=TASK, version=version))
    return registry


def promoted(version: str, registry: Registry, folder: Path, **changes: object) -> tuple[bool, str]:
    pipeline = Pipeline(TASK, TASK, None, None, str, lambda: judge)  # type: ignore[arg-type]
    base = BaseModel("tiny", folder)
    spec = TrainingSpec(TASK, NoRows(), base, Settings(), {}, "f" * 64)
    written = io.StringIO()
    done = promote_if_better(
        replace(pipeline, **changes), spec, version, registry, said_on(written)
    )
    return done, written.getvalue()


def test_the_first_serves_since_something_must(registry: Registry, tmp_path: Path) -> None:
    done, said = promoted("poor", registry, tmp_path)
    assert done
    assert "nothing served before" in said
    assert registry.aliases(TASK) == {"champion": "poor"}


def test_a_better_one_takes_its_place_and_the_reasons_are_kept(
    registry: Registry, tmp_path: Path
) -> None:
    registry.promote(TASK, "poor")
    done, said = promoted("good", registry, tmp_path)
    assert done
    assert "accuracy 0.900, the champion 0.600" in said
    assert registry.alias(TASK) == "good"
    [decision] = decisions(registry, TASK)
    assert (decision.what, decision.before, decision.by) == ("promoted", "poor", "gate")
    assert any("0.900" in reason for reason in decision.reasons)


def test_a_worse_one_becomes_the_challenger(registry: Registry, tmp_path: Path) -> None:
    registry.promote(TASK, "good")
    done, said = promoted("poor", registry, tmp_path)
    assert not done
    assert f"pipelines models promote {TASK} poor" in said
    assert registry.aliases(TASK) == {"champion": "good", "challenger": "poor"}
    assert decisions(registry, TASK)[0].what == "refused"


def test_one_that_serves_already_is_not_weighed(registry: Registry, tmp_path: Path) -> None:
    registry.promote(TASK, "good")
    assert promoted("good", registry, tmp_path) == (True, "")
    assert decisions(registry, TASK) == []


def test_a_champion_that_cannot_be_read_is_replaced_and_that_is_said(
    registry: Registry, tmp_path: Path
) -> None:
    registry.promote(TASK, "good")
    (tmp_path / "models" / TASK / "good" / "model.onnx").write_bytes(b"other")
    with pytest.raises(ArtifactCorrupt):
        registry.champion(TASK)
    done, said = promoted("poor", registry, tmp_path)
    assert done
    assert "cannot be compared" in said


def test_a_pipeline_without_a_judge_promotes_as_it_is_told(
    registry: Registry, tmp_path: Path
) -> None:
    registry.promote(TASK, "good")
    assert promoted("poor", registry, tmp_path, load_judge=None)[0]
    assert registry.alias(TASK) == "poor"
