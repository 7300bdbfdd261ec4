"""Marks of our texts, by tokenizers that name them otherwise."""

from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import Unigram, WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer, Metaspace
from tokenizers.processors import RobertaProcessing

from pipelines.training.marks import with_our_marks

WORDS = ["<s>", "<pad>", "</s>", "<unk>", "a", "b", "[", "]", "sep", "[SEP]", "[MASK]", "<mask>"]


def of_mpnets_family() -> Tokenizer:
    tokenizer = Tokenizer(WordPiece({word: n for n, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<mask>"])
    tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


def test_marks_are_read_as_the_tokens_that_stand_for_them() -> None:
    theirs = of_mpnets_family()
    ours = Tokenizer.from_str(with_our_marks(theirs.to_str(), "</s>", "<mask>"))
    expected = [0, 4, 2, 11, 5, 2]
    assert theirs.encode("a</s><mask> b").ids == expected
    assert ours.encode("a [SEP] [MASK] b").ids == expected
    assert ours.token_to_id("[SEP]") == 2
    assert ours.get_vocab_size() == theirs.get_vocab_size()


def test_a_tokenizer_that_has_them_is_left_alone(tiny_base: Path) -> None:
    content = (tiny_base / "tokenizer.json").read_text()
    assert with_our_marks(content, "[SEP]", "[MASK]") == content
    assert with_our_marks(content, None, None) == content


def test_so_are_those_of_a_vocabulary_that_is_a_list() -> None:
    pieces = [(word, -float(n)) for n, word in enumerate([*WORDS[:8], "▁"])]
    theirs = Tokenizer(Unigram(pieces, unk_id=3))
    theirs.pre_tokenizer = Metaspace()
    theirs.add_special_tokens(["<s>", "<pad>", "</s>", "<mask>"])
    theirs.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0))
    ours = Tokenizer.from_str(with_our_marks(theirs.to_str(), "</s>", "<mask>"))
    assert ours.encode("a [SEP]b").ids == theirs.encode("a </s>b").ids
    assert 2 in ours.encode("a [SEP]b", add_special_tokens=False).ids
    assert ours.token_to_id("[MASK]") == theirs.token_to_id("<mask>")
