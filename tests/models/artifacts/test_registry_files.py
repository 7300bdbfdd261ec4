"""The files of a registry, on a disk of this machine and elsewhere: one behaviour."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from textwire.errors import ArtifactMissing, SettingsError, Unavailable
from textwire.models.artifacts.registry_files import RegistryFiles


@pytest.fixture(params=["local", "elsewhere"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> RegistryFiles:
    elsewhere = f"memory://{uuid.uuid4().hex}"
    return RegistryFiles(str(tmp_path / "models") if request.param == "local" else elsewhere)


def test_what_is_written_is_there_whole_and_nothing_beside_it(files: RegistryFiles) -> None:
    path = files.at("task", "aliases", "champion")
    for content in (b"v1", b"v2"):
        files.write_whole(path, content)
        assert files.beginning(path, 100) == content
    assert [Path(one).name for one in files.within(files.at("task", "aliases"))] == ["champion"]


def test_no_more_of_a_file_is_read_than_asked_for(files: RegistryFiles) -> None:
    files.write_whole(files.at("large"), b"x" * 1_000)
    assert files.beginning(files.at("large"), 10) == b"x" * 10


def test_what_is_not_there_is_nothing(files: RegistryFiles) -> None:
    assert files.beginning(files.at("none"), 10) is None
    assert files.within(files.at("none")) == []
    assert files.matching(files.at("none"), "*") == []
    assert files.stamp(files.at("none")) == ""
    files.remove(files.at("none"))
    with pytest.raises(ArtifactMissing, match=r"lacks its file model\.onnx"):
        files.opened(files.at("none"), "model.onnx")


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc", "a b", "x" * 200])
def test_a_name_that_leads_elsewhere_is_refused(files: RegistryFiles, name: str) -> None:
    with pytest.raises(SettingsError, match="cannot name a task, version or alias"):
        files.at("task", name)


def test_a_stamp_changes_with_the_files_and_with_nothing_else(files: RegistryFiles) -> None:
    files.write_whole(files.at("task", "model.onnx"), b"one")
    first = files.stamp(files.at("task"))
    assert files.stamp(files.at("task")) == first
    files.write_whole(files.at("task", "model.onnx"), b"another")
    assert files.stamp(files.at("task")) != first


def test_a_folder_is_as_new_as_its_newest_file(files: RegistryFiles) -> None:
    files.write_whole(files.at("task", "model.onnx"), b"one")
    assert datetime.now(UTC) - files.modified(files.at("task")) < timedelta(minutes=5)


def test_a_folder_moves_with_all_that_is_in_it(files: RegistryFiles, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "model.onnx").write_bytes(b"graph")
    files.copy_in(tmp_path / "made", ["model.onnx"], f"{files.at('task')}/.aside")
    files.move(f"{files.at('task')}/.aside", files.at("task", "v1"))
    assert files.beginning(files.at("task", "v1", "model.onnx"), 100) == b"graph"
    assert files.size(files.at("task", "v1")) == 5


def test_whatever_a_file_system_raises_means_that_the_registry_is_away() -> None:
    files = RegistryFiles("memory://somewhere")
    with pytest.raises(Unavailable, match="cannot be used: of a kind of its own"), files.reached():
        raise ValueError("of a kind of its own")


def test_a_protocol_that_nobody_knows_is_named_and_no_password_is() -> None:
    with pytest.raises(SettingsError, match="nowhere") as refused:
        RegistryFiles("nowhere://user:secret@models")
    assert "secret" not in str(refused.value)
