"""Pieces that Chinese and English texts are made of."""

import pytest

from pipelines.bases.scripts import chinese_and_ascii


@pytest.mark.parametrize("piece", ["银行", "▁card", "。", "2026", "ü", "▁é", "A股", "😀", "〇"])
def test_they_are_kept(piece: str) -> None:
    assert chinese_and_ascii(piece)


@pytest.mark.parametrize("piece", ["▁für", "карта", "カード", "の", "은행", "बैंक", "银行の"])
def test_those_of_other_scripts_are_not(piece: str) -> None:
    assert not chinese_and_ascii(piece)
