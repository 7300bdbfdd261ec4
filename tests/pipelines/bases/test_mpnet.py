"""The archive in five packages, which here hold a few bytes each."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipelines.bases.mpnet import FILES, NAME, PARTS, packaged_mpnet
from textwire.errors import DataError


def install(site: Path, archive: bytes, parts: tuple[str, ...] = PARTS) -> None:
    """Packages of these names, each with its piece of the archive, as pip leaves them."""
    size = -(-len(archive) // len(PARTS))
    for number, name in enumerate(parts):
        file = f"{name.replace('-', '_')}/model.zip.{name[-3:]}"
        (site / file).parent.mkdir(parents=True)
        (site / file).write_bytes(archive[number * size : (number + 1) * size])
        about = site / f"{name.replace('-', '_')}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "RECORD").write_text(f"{file},,\n")


def archive_of(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, content in files.items():
            packed.writestr(f"{NAME}/{name}", content)
    return held.getvalue()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def told(folder: Path) -> str:
    with pytest.raises(DataError) as raised:
        packaged_mpnet(folder)
    assert not (folder / NAME).exists()
    return str(raised.value)


def test_other_weights_than_the_models_are_refused(site: Path, tmp_path: Path) -> None:
    install(site, archive_of(dict.fromkeys(FILES, b"not the model")))
    assert f"carry other weights than {NAME}'s" in told(tmp_path / "bases")


def test_an_archive_that_lacks_a_file_is_refused(site: Path, tmp_path: Path) -> None:
    install(site, archive_of(dict.fromkeys(FILES[:-1], b"one file less")))
    assert f"carry no {NAME}" in told(tmp_path / "bases")


def test_what_is_no_archive_is_refused(site: Path, tmp_path: Path) -> None:
    install(site, b"anything else")
    assert f"carry no {NAME}" in told(tmp_path / "bases")


def test_a_package_without_its_piece_is_named(site: Path, tmp_path: Path) -> None:
    install(site, b"anything")
    about = next(site.glob("*part_001-1.0.dist-info"))
    (about / "RECORD").write_text("")
    assert f"{PARTS[0]} holds no file *.zip.001" in told(tmp_path / "bases")
