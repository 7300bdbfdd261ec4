"""What a tokenizer cannot read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny_models import MAX_TOKENS
from textwire.models.engines.tokenizing import TokenReader


@pytest.mark.parametrize("text", ["card 👍", "👍", "card 0", "", "card ₹"])
def test_signs_that_are_not_known_are_no_foreign_letters(tiny_base: Path, text: str) -> None:
    reader = TokenReader(tiny_base / "tokenizer.json", MAX_TOKENS)
    assert reader.unread_shares([text]).tolist() == [0.0]


def test_letters_that_are_not_known_are_counted(tiny_base: Path) -> None:
    reader = TokenReader(tiny_base / "tokenizer.json", MAX_TOKENS)
    assert reader.unread_shares(["银行", "card 银"]).tolist() == [1.0, 0.5]
