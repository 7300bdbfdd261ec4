from pathlib import Path

import pytest

from tests.models.shipped.travelling import trained_by_lora
from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import open_artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.base_model import BaseModel
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.shipped.champions import (
    install_champion,
    register_champion,
    shipped_champion,
)
from textwire.models.shipped.shipping import ship

TASK = "support-qa"


@pytest.fixture
def champions(tiny_base: Path, tmp_path: Path) -> Path:
    """A folder like the one that travels with the code."""
    base = BaseModel("tiny", tiny_base)
    folder = tmp_path / "champions" / TASK
    folder.mkdir(parents=True)
    artifact = trained_by_lora(base, tmp_path / "trained", settings={"base": str(tiny_base)})
    ship(artifact, base, folder)
    return folder.parent


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(str(tmp_path / "models"), tmp_path / "cache")


def test_a_champion_is_put_together_registered_and_serves(
    champions: Path, registry: Registry, tmp_path: Path
) -> None:
    shipped = shipped_champion(TASK, champions)
    assert shipped is not None
    version = install_champion(shipped, registry, tmp_path / "work")
    assert registry.alias(TASK) == version == shipped.manifest.version
    assert OnnxEncoder(registry.champion(TASK)).encode(["my card"]).shape[0] == 1
    assert list((tmp_path / "work").iterdir()) == []


def test_one_that_is_registered_already_is_only_promoted(
    champions: Path, registry: Registry, tmp_path: Path
) -> None:
    shipped = shipped_champion(TASK, champions)
    assert shipped is not None
    install_champion(shipped, registry, tmp_path)
    registry.promote(TASK, install_champion(shipped, registry, tmp_path))
    assert registry.versions(TASK) == [shipped.manifest.version]


def test_one_may_be_registered_and_what_serves_left_alone(
    champions: Path, registry: Registry, tmp_path: Path
) -> None:
    shipped = shipped_champion(TASK, champions)
    assert shipped is not None
    version = register_champion(shipped, registry, tmp_path / "work")
    assert registry.versions(TASK) == [version]
    assert registry.alias(TASK) is None


def test_where_nothing_travels_there_is_none(champions: Path) -> None:
    assert shipped_champion("sentiment", champions) is None


def test_a_file_that_was_changed_is_refused(champions: Path) -> None:
    file = champions / TASK / "adapters.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(ArtifactCorrupt):
        open_artifact(champions / TASK)
