"""What we write is its owner's alone, whatever the umask; what is shared on purpose stays so."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from textwire.file_rights import (
    make_private,
    no_more_open_than,
    open_to_others,
    owner_only,
    take_from_others,
)


@pytest.fixture(autouse=True)
def _nothing_masked() -> Iterator[None]:
    """As open as a system can be."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_meanwhile_is_its_owners_and_then_all_is_as_before(tmp_path: Path) -> None:
    with owner_only():
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").touch()
    (tmp_path / "after").touch()
    assert [mode(tmp_path / name) for name in ("folder", "file", "after")] == [0o700, 0o600, 0o666]


def test_a_folder_is_made_private_with_all_that_was_missing_above_it(tmp_path: Path) -> None:
    make_private(tmp_path / "data" / "models" / "support-qa")
    places = ("data", "data/models", "data/models/support-qa")
    assert [mode(tmp_path / place) for place in places] == [0o700] * 3


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(0o775)
    make_private(tmp_path / "shared")
    assert mode(tmp_path / "shared") == 0o775


@pytest.mark.parametrize(("shared", "written"), [(0o775, 0o664), (0o750, 0o640), (0o700, 0o600)])
def test_what_comes_into_a_shared_folder_is_shared_as_it_is(
    tmp_path: Path, shared: int, written: int
) -> None:
    (tmp_path / "registry").mkdir(shared)
    with no_more_open_than(tmp_path / "registry"):
        (tmp_path / "registry" / "file").touch()
    assert mode(tmp_path / "registry" / "file") == written


def test_a_stricter_umask_than_the_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir(0o755)
    os.umask(0o077)
    with no_more_open_than(tmp_path / "registry"):
        (tmp_path / "registry" / "file").touch()
    assert mode(tmp_path / "registry" / "file") == 0o600


def test_what_others_could_do_is_taken_from_them_and_the_owner_keeps_his(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "kafka").mkdir(0o755, parents=True)
    (data / "kafka" / "records").touch(0o644)
    (data / "run").touch(0o755)
    (data / "mine").touch(0o600)
    assert len(list(open_to_others(data))) == 4
    assert take_from_others(data) == 4
    assert [mode(data / n) for n in ("kafka", "kafka/records", "run")] == [0o700, 0o600, 0o700]
    assert take_from_others(data) == 0


def test_what_a_link_leads_to_is_left_alone(tmp_path: Path) -> None:
    elsewhere, data = tmp_path / "elsewhere", tmp_path / "data"
    elsewhere.mkdir(0o755)
    (elsewhere / "file").touch()
    data.mkdir(0o700)
    (data / "link").symlink_to(elsewhere)
    assert take_from_others(data) == 0
    assert mode(elsewhere) == 0o755
    assert mode(elsewhere / "file") == 0o666
