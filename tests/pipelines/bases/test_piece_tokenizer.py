"""Pieces of words: what is put before a text, marks, spaces, letters that nobody knows."""

from pathlib import Path

import pytest

from pipelines.bases.piece_tokenizer import piece_tokenizer
from textwire.models.engines.tokenizing import TokenReader, whole_words

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁query", ":", "▁card", "ard", "丢了", "银行", "～"]
CLS, SEP, UNKNOWN, WORD, QUERY, COLON = 0, 2, 3, 4, 5, 6


@pytest.fixture
def file(tmp_path: Path) -> Path:
    scores = [(piece, -float(place)) for place, piece in enumerate([*PIECES, "<mask>"])]
    piece_tokenizer(scores).save(str(tmp_path / "tokenizer.json"))
    return tmp_path / "tokenizer.json"


@pytest.fixture
def reader(file: Path) -> TokenReader:
    return TokenReader(file, 16)


def ids(*pieces: str) -> list[int]:
    return [CLS, QUERY, COLON, *map([*PIECES, "[SEP]"].index, pieces), SEP]


def test_the_prefix_stands_before_every_text_and_is_none_of_its_words(reader: TokenReader) -> None:
    assert reader.read(["card", ""]) == [ids("▁card"), ids()]
    assert reader.read_words(["card card"])[0].words == [(0, 4), (5, 9)]


def test_spaces_and_what_cannot_be_seen_are_read_as_the_model_learned_them(
    reader: TokenReader,
) -> None:
    once = reader.read(["card 银行丢了"])
    assert reader.read([" card\t\n 银行\u0001丢了 "]) == once
    assert reader.read(["银行～"]) == [ids("▁", "银行", "～")]


def test_the_mark_between_two_texts_is_one_token(reader: TokenReader) -> None:
    assert reader.read(["card [SEP] card"])[0].count(SEP) == 2
    assert reader.id_of("[MASK]") == len(PIECES)


def test_what_has_no_piece_is_counted_as_unread(reader: TokenReader) -> None:
    assert reader.unread_shares(["card", "Б"]).tolist() == [0.0, 0.5]


def test_a_long_text_is_cut_with_its_prefix_and_end_kept(file: Path) -> None:
    rows = TokenReader(file, 6).read(["card " * 50])
    assert rows == [ids("▁card", "▁card")]


def test_words_that_it_has_whole_are_those_that_begin_one(file: Path) -> None:
    assert whole_words(file) == {"query", "card"}
