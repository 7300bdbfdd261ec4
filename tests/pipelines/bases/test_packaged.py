from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.bases.packaged import PACKAGED_BASES, unpacked_base


@pytest.mark.parametrize("name", [None, "all-MiniLM-L6-v2", "some/folder"])
def test_what_is_in_no_package_is_left_as_it_is_named(name: str | None, tmp_path: Path) -> None:
    assert unpacked_base(name, tmp_path) == name
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", PACKAGED_BASES)
def test_a_packaged_base_that_was_put_together_before_is_used_as_it_stands(
    name: str, tmp_path: Path
) -> None:
    place = tmp_path / "distillation" / "bases" / name
    place.mkdir(parents=True)
    assert unpacked_base(name, tmp_path) == str(place)
