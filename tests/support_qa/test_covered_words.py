from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.encoders import HashingEncoder
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.search.words import WordIndex
from textwire.support_qa.covered_words import PassageWords, saying

SHARES = "How do I sell shares? Tap Invest, then Sell."
LOANS = "How do I sign a loan? Tap Borrow, then Sign."
CARDS = "How do I freeze a card? Tap Card, then Freeze."
PARTS = {1: SHARES, 2: LOANS, 3: CARDS}
INDEX = WordIndex().changed(PARTS)


class Meanings(HashingEncoder):
    """For which plastic is a card."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        return super().encode(["card" if text == "plastic" else text for text in texts])


def known(parts: dict[int, str] = PARTS, encoder: Encoder | None = None) -> PassageWords:
    return put(PassageWords(64), parts, encoder or HashingEncoder())


def put(words: PassageWords, parts: dict[int, str], encoder: Encoder) -> PassageWords:
    new = words.unknown(parts.values(), INDEX)
    return words.changed(parts, parts, dict(zip(new, encoder.encode(new), strict=True)), INDEX)


def covered(question: str, words: PassageWords, encoder: Encoder | None = None) -> list[float]:
    (asked,) = words.read([question], INDEX, encoder or HashingEncoder())
    return words.covered(asked, [1, 2, 3])


def test_a_part_that_has_all_words_in_any_form_covers_all_of_a_question() -> None:
    shares, loans, _ = covered("Could you please do the selling of a share?", known())
    assert shares == pytest.approx(1.0)
    assert loans < shares


def test_a_rare_word_that_it_lacks_costs_more_than_a_common_one() -> None:
    lacks_rare, *_ = covered("tap bitcoin", known())
    lacks_common, *_ = covered("invest tap", known({**PARTS, 1: "Invest in shares."}))
    assert lacks_rare < lacks_common < 1


def test_a_word_of_the_same_meaning_covers_too() -> None:
    words = known(encoder=Meanings())
    assert covered("plastic", words, Meanings())[2] == pytest.approx(1.0, abs=1e-3)
    assert covered("plastic", words, Meanings())[0] < 0.7


def test_what_says_nothing_is_covered_by_nothing() -> None:
    assert covered("could you do that for me please", known()) == [0.0, 0.0, 0.0]
    assert covered("", known()) == [0.0, 0.0, 0.0]
    assert covered("freeze", known({**PARTS, 3: "42"}))[2] == 0.0


def test_a_word_is_embedded_once_however_many_parts_have_it() -> None:
    encoder = HashingEncoder()
    words = put(known(encoder=encoder), {4: "Tap Card to sell."}, encoder)
    assert len(encoder.encoded) == len(set(encoder.encoded))
    covered("sell shares", words, encoder)
    assert encoder.encoded.count("shares") == 1


def test_a_reader_keeps_its_moment_while_parts_change() -> None:
    before = known()
    asked = before.read(["freeze my card"], INDEX, HashingEncoder())[0]
    said = before.covered(asked, [1, 2, 3])
    after = put(before, {3: SHARES}, HashingEncoder())
    assert before.covered(asked, [1, 2, 3]) == said
    assert after.covered(asked, [3]) == after.covered(asked, [1])


def test_unspaced_writing_is_read_in_pairs() -> None:
    assert saying("银行卡", WordIndex()) == ["银行", "行卡"]


@given(st.text(), st.text())
def test_it_lies_between_nothing_and_all(question: str, part: str) -> None:
    words = known({**PARTS, 3: part})
    assert all(0 <= share <= 1.001 for share in covered(question, words))
    of_itself = covered(part, words)[2]
    assert of_itself == pytest.approx(1.0 if saying(part, INDEX) else 0.0, abs=1e-3)
