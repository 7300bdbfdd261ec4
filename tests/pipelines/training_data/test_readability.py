"""Base models and the letters that they know."""

from pathlib import Path

import pytest

from pipelines.training_data.readability import require_readable
from tests.tiny_models import make_base
from textwire.errors import DataError
from textwire.models.engines.tokenizing import TokenReader

QUESTIONS = ["银行卡丢了", "贷款多少钱", "我的卡在哪"]


def test_a_base_of_another_language_is_refused_and_one_of_the_same_is_not(
    tiny_base: Path, tmp_path: Path
) -> None:
    english = TokenReader(tiny_base / "tokenizer.json", 32)
    with pytest.raises(DataError, match=r"3 of 4 texts, such as '银行卡丢了'.*bert-base-chinese"):
        require_readable([*QUESTIONS, "my card"], english, "tiny")
    chinese = make_base(tmp_path, 32, " ".join(sorted({*"".join(QUESTIONS)})))
    require_readable(QUESTIONS, TokenReader(chinese / "tokenizer.json", 32), "tiny")


def test_a_few_texts_of_another_language_stop_nothing(tiny_base: Path) -> None:
    reader = TokenReader(tiny_base / "tokenizer.json", 32)
    require_readable(["my card", "the fee", QUESTIONS[0]], reader, "tiny")
