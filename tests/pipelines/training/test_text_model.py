"""The transformer that pipelines train."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import MPNetConfig, MPNetModel, PreTrainedTokenizerFast

from pipelines.training.text_model import LENT_FROM, TextModel
from tests.pipelines.training.test_marks import of_mpnets_family
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


def test_what_was_saved_reads_the_same_marks_again(tmp_path: Path) -> None:
    """A teacher of MPNet's family is saved with ours, and its family's would not be found."""
    base = tmp_path / "base"
    PreTrainedTokenizerFast(
        tokenizer_object=of_mpnets_family(),
        sep_token="</s>",
        mask_token="<mask>",
        pad_token="<pad>",
    ).save_pretrained(base)
    MPNetModel(
        MPNetConfig(
            vocab_size=12,
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=64,
        )
    ).save_pretrained(base)
    folders = [tmp_path / name for name in ("saved", "again")]
    read = []
    for folder in folders:
        folder.mkdir()
        model = TextModel(BaseModel("tiny", base), folder, 32)
        model.save(folder)
        read.append(model.reader.read(["a [SEP] [MASK] b"]))
        base = folder
    assert read[0] == read[1] == [[0, 4, 2, 11, 5, 2]]
