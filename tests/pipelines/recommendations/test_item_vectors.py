"""Vectors that others made of items."""

from pathlib import Path

import numpy as np
import pytest

from pipelines.recommendations.item_vectors import named_files, read_vectors
from textwire.errors import DataError, SettingsError


def test_each_item_has_its_vector_of_unit_length(tmp_path: Path) -> None:
    file = tmp_path / "pictures.npz"
    np.savez(file, ids=np.array(["a", "b"]), vectors=np.array([[3, 4], [0, 0]]))
    found = read_vectors(file)
    assert list(found) == ["a"]
    np.testing.assert_allclose(found["a"], [0.6, 0.8])


@pytest.mark.parametrize(
    "arrays",
    [
        {"ids": np.array(["a"])},
        {"ids": np.array(["a"]), "vectors": np.ones(3)},
        {"ids": np.array(["a"]), "vectors": np.ones((2, 3))},
        {"ids": np.array(["a"]), "vectors": np.array([[np.nan]])},
        {"ids": np.array(["a"], dtype=object), "vectors": np.ones((1, 3))},
    ],
)
def test_what_is_something_else_is_refused(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"x\.npz"):
        read_vectors(tmp_path / "x.npz")


def test_a_file_of_no_arrays_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"PK nothing")
    with pytest.raises(DataError, match="cannot be read"):
        read_vectors(tmp_path / "x.npz")


def test_kinds_have_names_of_their_own() -> None:
    assert named_files(["picture=a/p.npz"]) == {"picture": Path("a/p.npz")}
    for wrong in (["picture"], ["=x"], ["text=x"], ["p=a", "p=b"]):
        with pytest.raises(SettingsError, match=r"picture=pictures\.npz"):
            named_files(wrong)
