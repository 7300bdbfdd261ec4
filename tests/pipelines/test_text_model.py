"""The transformer that pipelines train."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.text_model import TextModel
from textwire.errors import DataError
from textwire.models.base_model import BaseModel


def test_more_tokens_than_the_base_model_has_places_for_are_refused(
    tiny_base: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"tiny reads 64 tokens at most, and 65 were asked"):
        TextModel(BaseModel("tiny", tiny_base), tmp_path, 65)
