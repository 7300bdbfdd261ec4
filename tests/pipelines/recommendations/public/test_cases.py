from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.recommendations.public.cases import read_cases, read_events, read_items
from textwire.errors import DataError


def test_a_folder_without_the_data_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="TEXTWIRE_DATA"):
        read_items(tmp_path / "items.jsonl")
    with pytest.raises(DataError, match="TEXTWIRE_DATA"):
        read_events(tmp_path / "interactions.csv")
    (tmp_path / "valid.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"user_id"):
        read_cases(tmp_path / "valid.csv")
