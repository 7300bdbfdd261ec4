from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tests.tiny_models import write_manifest
from textwire.errors import ArtifactCorrupt, ArtifactMissing
from textwire.models.artifacts.artifact import MANIFEST_FILE, open_artifact


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.onnx").write_bytes(b"graph")
    (tmp_path / "tokenizer.json").write_text("{}")
    write_manifest(tmp_path)
    return tmp_path


def test_an_artifact_opens_when_its_files_are_those_of_its_manifest(folder: Path) -> None:
    artifact = open_artifact(folder)
    assert set(artifact.manifest.files) == {"model.onnx", "tokenizer.json"}
    assert artifact.file("model.onnx").read_bytes() == b"graph"


def test_a_folder_without_a_manifest_holds_no_artifact(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMissing, match="pipelines run --all --force"):
        open_artifact(tmp_path)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    with pytest.raises(ArtifactMissing, match=r"model\.onnx"):
        open_artifact(folder)


def test_a_changed_file_is_named(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"grapf")
    with pytest.raises(ArtifactCorrupt, match=r"model\.onnx"):
        open_artifact(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"task": 1}', b"\xff\xfe"])
def test_a_manifest_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    (folder / MANIFEST_FILE).write_bytes(content)
    with pytest.raises(ArtifactCorrupt, match="manifest"):
        open_artifact(folder)


def test_a_time_without_a_zone_is_taken_for_utc(folder: Path) -> None:
    manifest = folder / MANIFEST_FILE
    told = msgspec.json.decode(manifest.read_bytes(), type=dict[str, object])
    manifest.write_bytes(msgspec.json.encode({**told, "created_at": "2026-01-02T03:04:05"}))
    made_at = open_artifact(folder).manifest.created_at
    assert made_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("name", ["model.pkl", "pytorch_model.bin", "model.pt", "model.py"])
def test_a_format_that_could_run_code_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"anything")
    write_manifest(folder)
    with pytest.raises(ArtifactCorrupt, match="could run code"):
        open_artifact(folder)


def test_a_file_outside_the_folder_is_refused(folder: Path) -> None:
    (folder.parent / "outside.json").write_text("{}")
    write_manifest(folder, files={"../outside.json": "0" * 64})
    with pytest.raises(ArtifactCorrupt, match="outside"):
        open_artifact(folder)


def test_a_file_that_the_manifest_does_not_name_is_not_handed_out(folder: Path) -> None:
    with pytest.raises(ArtifactMissing, match=r"model\.int8\.onnx"):
        open_artifact(folder).file("model.int8.onnx")
