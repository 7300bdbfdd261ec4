from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from textwire.access.kept_secrets import checked_secret, kept_secret
from textwire.errors import SettingsError


def drawn_in(folder: Path) -> str:
    return kept_secret(folder, "gateway", "TEXTWIRE_X")


def test_replicas_of_one_folder_draw_one_secret_which_its_owner_alone_can_read(tmp_path) -> None:
    folder = tmp_path / "data"
    with ThreadPoolExecutor(8) as pool:
        drawn = set(pool.map(drawn_in, [folder] * 8))
    assert len(drawn) == 1
    assert len(drawn.pop()) >= 32
    assert stat.S_IMODE((folder / "gateway.secret").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["gateway.secret"]


def test_a_folder_that_cannot_be_written_says_what_to_set(tmp_path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="Set TEXTWIRE_X"):
        drawn_in(tmp_path / "file")


def test_a_secret_that_is_too_short_is_refused_with_one_that_would_do() -> None:
    with pytest.raises(SettingsError, match="TEXTWIRE_X has 5 characters") as refused:
        checked_secret("short", "TEXTWIRE_X")
    offered = str(refused.value).rpartition(" ")[2].rstrip(".")
    assert checked_secret(offered, "TEXTWIRE_X") == offered
