import shutil
import threading
import uuid
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileSystem

from tests.tiny_models import manifest_of
from textwire.errors import (
    ArtifactCorrupt,
    ArtifactError,
    ArtifactMissing,
    SettingsError,
    Unavailable,
)
from textwire.file_rights import open_to_others
from textwire.models.artifacts.manifest import Manifest
from textwire.models.artifacts.registry import Registry, open_registry

TASK = "support-qa"


@pytest.fixture(params=["folder", "remote"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Registry:
    # fsspec's memory file system stands for a bucket: another machine's, reached by copies.
    root = str(tmp_path / "models") if request.param == "folder" else f"memory://{uuid.uuid4().hex}"
    return Registry(root, cache=tmp_path / "cache")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"graph")
    return folder


def described(folder: Path, version: str, fingerprint: str = "f" * 64) -> Manifest:
    return manifest_of(folder, version=version, fingerprint=fingerprint)


def test_an_empty_registry_says_so(registry: Registry) -> None:
    assert registry.versions(TASK) == []
    assert registry.alias(TASK, "champion") is None
    assert registry.find(TASK, "f" * 64) is None
    with pytest.raises(ArtifactMissing, match="pipelines support-qa run"):
        registry.champion(TASK)


def test_what_was_registered_is_opened_again(registry: Registry, made: Path) -> None:
    assert registry.register(made, described(made, "v1")) == "v1"
    artifact = registry.open(TASK, "v1")
    assert artifact.manifest.version == "v1"
    assert artifact.file("model.onnx").read_bytes() == b"graph"
    assert artifact.path != made


def test_versions_are_listed_oldest_first_and_aliases_are_none(
    registry: Registry, made: Path
) -> None:
    for version in ("20260102T000000Z-b", "20260101T000000Z-a"):
        registry.register(made, described(made, version))
    registry.promote(TASK, "20260101T000000Z-a")
    assert registry.versions(TASK) == ["20260101T000000Z-a", "20260102T000000Z-b"]


def test_an_alias_moves(registry: Registry, made: Path) -> None:
    for version in ("v1", "v2"):
        registry.register(made, described(made, version))
        registry.promote(TASK, version)
        assert registry.alias(TASK, "champion") == version
        assert registry.champion(TASK).manifest.version == version
    registry.promote(TASK, "v1", alias="challenger")
    assert registry.alias(TASK, "challenger") == "v1"
    assert registry.alias(TASK, "champion") == "v2"


def test_a_version_that_is_not_there_cannot_be_promoted(registry: Registry) -> None:
    with pytest.raises(ArtifactMissing, match="v9"):
        registry.promote(TASK, "v9")
    assert registry.alias(TASK, "champion") is None


def test_the_newest_version_of_a_fingerprint_is_found(registry: Registry, made: Path) -> None:
    for version, fingerprint in (("v1", "a"), ("v2", "b"), ("v3", "a")):
        registry.register(made, described(made, version, fingerprint))
    assert registry.find(TASK, "a") == "v3"
    assert registry.find(TASK, "b") == "v2"
    assert registry.find(TASK, "c") is None


def test_a_version_that_cannot_be_read_is_passed_over(registry: Registry, made: Path) -> None:
    for version in ("v1", "v2"):
        registry.register(made, described(made, version))
    registry._files.fs.pipe_file(f"{registry._files.path}/{TASK}/v2/manifest.json", b"{")
    assert registry.find(TASK, "f" * 64) == "v1"


def test_a_folder_that_is_not_what_its_manifest_says_is_not_taken(
    registry: Registry, made: Path
) -> None:
    manifest = described(made, "v1")
    (made / "model.onnx").write_bytes(b"other")
    with pytest.raises(ArtifactCorrupt):
        registry.register(made, manifest)
    assert registry.versions(TASK) == []


@pytest.mark.parametrize("name", ["../other", "a/b", "", ".hidden", "a b", "a\0b", "v" * 129])
def test_a_name_that_leads_elsewhere_is_refused(registry: Registry, name: str) -> None:
    with pytest.raises(SettingsError, match="cannot name"):
        registry.open(TASK, name)


def remote(folder: Path, **settings: int) -> Registry:
    return Registry(f"memory://{uuid.uuid4().hex}", cache=folder / "cache", **settings)


def test_a_remote_artifact_is_fetched_to_the_cache_and_mended_there(
    tmp_path: Path, made: Path
) -> None:
    registry = remote(tmp_path)
    registry.register(made, described(made, "v1"))
    fetched = registry.open(TASK, "v1").path
    assert fetched.is_relative_to(tmp_path / "cache")
    (fetched / "model.onnx").write_bytes(b"spoiled")
    assert registry.open(TASK, "v1").file("model.onnx").read_bytes() == b"graph"


def test_a_file_that_a_remote_manifest_names_and_that_is_not_there_is_missing(
    tmp_path: Path, made: Path
) -> None:
    registry = remote(tmp_path)
    registry.register(made, described(made, "v1"))
    registry._files.fs.rm(f"{registry._files.path}/{TASK}/v1/model.onnx")
    with pytest.raises(ArtifactMissing, match=r"model\.onnx"):
        registry.open(TASK, "v1")


def test_an_artifact_that_is_too_large_is_neither_registered_nor_opened(
    tmp_path: Path, made: Path, registry: Registry
) -> None:
    registry.register(made, described(made, "v1"))
    strict = Registry(registry.root, cache=tmp_path / "another-cache", most_bytes=4)
    with pytest.raises(ArtifactCorrupt, match=r"models\.largest_artifact_mb"):
        strict.open(TASK, "v1")
    with pytest.raises(ArtifactCorrupt, match=r"models\.largest_artifact_mb"):
        strict.register(made, described(made, "v2"))
    assert strict.versions(TASK) == ["v1"]


def test_a_version_that_is_there_is_not_registered_again(registry: Registry, made: Path) -> None:
    registry.register(made, described(made, "v1"))
    with pytest.raises(ArtifactError, match="already"):
        registry.register(made, described(made, "v1", "another"))
    assert registry.manifest(TASK, "v1").fingerprint == "f" * 64


def test_a_stamp_changes_when_files_do(registry: Registry, made: Path) -> None:
    assert registry.stamp(TASK, "v1") == registry.stamp(TASK, "../x") == ""
    registry.register(made, described(made, "v1"))
    stamps = [registry.stamp(TASK, "v1"), registry.stamp(TASK, "v1")]
    registry._files.fs.pipe_file(f"{registry._files.path}/{TASK}/v1/model.onnx", b"mended")
    stamps.append(registry.stamp(TASK, "v1"))
    assert stamps[0] == stamps[1] != stamps[2]


class Denied(LocalFileSystem):
    """A file system that raises an error of its own kind."""

    class NoCredentialsError(Exception):
        pass

    def _open(self, path, **kwargs):
        raise self.NoCredentialsError("Unable to locate credentials")

    ls = glob = _open


def test_whatever_a_file_system_raises_the_registry_is_away(registry: Registry) -> None:
    registry._files.fs = Denied(skip_instance_cache=True)
    for ask in (registry.alias, registry.versions, partial(registry.open, version="v1")):
        with pytest.raises(Unavailable, match="Unable to locate credentials"):
            ask(TASK)


def test_while_a_remote_registry_is_away_its_copy_is_opened(tmp_path: Path, made: Path) -> None:
    registry = remote(tmp_path)
    registry.register(made, described(made, "v1"))
    registry.open(TASK, "v1")
    registry._files.fs = Denied(skip_instance_cache=True)
    assert registry.open(TASK, "v1").file("model.onnx").read_bytes() == b"graph"
    (tmp_path / "cache" / TASK / "v1" / "model.onnx").write_bytes(b"spoilt")
    with pytest.raises(Unavailable, match="credentials"):
        registry.open(TASK, "v1")


class DiskFull(LocalFileSystem):
    """A disk that is full once a file has been written."""

    def put_file(self, *given, **options):
        super().put_file(*given, **options)
        raise OSError(28, "No space left on device")


def test_nothing_stays_when_registering_fails(tmp_path: Path, made: Path) -> None:
    registry = Registry(str(tmp_path / "models"))
    registry._files.fs = DiskFull(skip_instance_cache=True)
    with pytest.raises(Unavailable, match="No space left"):
        registry.register(made, described(made, "v1"))
    assert list((tmp_path / "models" / TASK).iterdir()) == []


def test_a_reader_never_sees_an_alias_half_written(tmp_path: Path, made: Path) -> None:
    registry = Registry(str(tmp_path / "models"))
    for version in ("v1", "v2"):
        registry.register(made, described(made, version))
    registry.promote(TASK, "v1")
    seen: set[str | None] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(registry.alias(TASK))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(200):
        registry.promote(TASK, ("v1", "v2")[turn % 2])
    stop.set()
    reader.join()
    assert seen <= {"v1", "v2"}


def test_a_folder_that_vanished_is_an_empty_registry(tmp_path: Path, made: Path) -> None:
    registry = Registry(str(tmp_path / "models"))
    registry.register(made, described(made, "v1"))
    shutil.rmtree(tmp_path / "models")
    assert registry.versions(TASK) == []


def test_an_unknown_protocol_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match=r"models\.registry"):
        Registry("gopher://models")


def test_the_registry_of_the_settings_lies_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path))
    assert open_registry().root == str(tmp_path / "models")
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "elsewhere"))
    assert open_registry().root == str(tmp_path / "elsewhere")


def test_what_is_registered_promoted_and_fetched_is_its_owners_alone(
    registry: Registry, made: Path, tmp_path: Path
) -> None:
    registry.register(made, described(made, "v1"))
    registry.promote(TASK, "v1")
    registry.champion(TASK)
    written = [tmp_path / name for name in ("models", "cache") if (tmp_path / name).exists()]
    assert written
    assert [path for place in written for path in open_to_others(place)] == []


@pytest.mark.usefixtures("readable_by_others")
def test_a_registry_that_is_shared_stays_shared(tmp_path: Path, made: Path) -> None:
    (tmp_path / "models").mkdir(mode=0o755)
    registry = Registry(str(tmp_path / "models"))
    registry.register(made, described(made, "v1"))
    graph = registry.open(TASK, "v1").file("model.onnx")
    assert graph in open_to_others(tmp_path / "models")


def test_a_version_that_is_removed_is_gone_and_its_neighbours_stay(
    registry: Registry, made: Path
) -> None:
    for version in ("v1", "v2"):
        registry.register(made, described(made, version))
    registry.remove(TASK, "v1")
    assert registry.versions(TASK) == ["v2"]
    assert registry.open(TASK, "v2")
    with pytest.raises(ArtifactMissing, match="v1"):
        registry.remove(TASK, "v1")


def test_what_an_alias_names_is_not_removed(registry: Registry, made: Path) -> None:
    registry.register(made, described(made, "v1"))
    registry.promote(TASK, "v1")
    with pytest.raises(ArtifactError, match="champion"):
        registry.remove(TASK, "v1")
    assert registry.aliases(TASK) == {"champion": "v1"}
    registry.drop_alias(TASK, "champion")
    registry.drop_alias(TASK, "champion")
    assert registry.aliases(TASK) == {}
    registry.remove(TASK, "v1")
    assert registry.tasks() == []


def test_tasks_are_those_with_a_version(registry: Registry, made: Path) -> None:
    assert registry.tasks() == []
    registry.register(made, described(made, "v1"))
    registry.note("sentiment", "a.json", b"{}")
    assert registry.tasks() == [TASK]


def test_notes_come_back_in_order_and_are_no_versions(registry: Registry) -> None:
    assert registry.notes(TASK) == []
    registry.note(TASK, "2.json", b"second")
    registry.note(TASK, "1.json", b"first")
    assert registry.notes(TASK) == [b"first", b"second"]
    assert registry.versions(TASK) == []


def test_what_a_killed_run_left_goes_once_it_is_old(tmp_path: Path, made: Path) -> None:
    registry = Registry(str(tmp_path / "models"))
    registry.register(made, described(made, "v1"))
    left = tmp_path / "models" / TASK / ".v2.0123"
    left.mkdir()
    (left / "model.onnx").write_bytes(b"half")
    assert registry.remove_leftovers(TASK) == 0
    assert registry.remove_leftovers(TASK, older_than=timedelta(0)) == 1
    assert not left.exists()
    assert registry.versions(TASK) == ["v1"]
