"""The transformer that pipelines train."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipelines.text_model import LENT_FROM, TextModel
from textwire.errors import DataError
from textwire.models.base_model import BaseModel


def test_more_tokens_than_the_base_model_has_places_for_are_refused(
    tiny_base: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"tiny reads 64 tokens at most, and 65 were asked"):
        TextModel(BaseModel("tiny", tiny_base), tmp_path, 65)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_many_texts_are_read_on_the_gpu_and_give_the_vectors_of_the_cpu(
    tiny_base: Path, tmp_path: Path
) -> None:
    model = TextModel(BaseModel("tiny", tiny_base), tmp_path, 32)
    texts = [f"where is order number {number}" for number in range(LENT_FROM)]
    alone = np.concatenate([model.encode([text]) for text in texts])
    np.testing.assert_allclose(model.encode(texts), alone, atol=1e-4)
    assert model.device.type == "cpu"
