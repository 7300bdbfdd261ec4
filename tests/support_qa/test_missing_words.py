from hypothesis import given
from hypothesis import strategies as st

from textwire.search.words import WordIndex
from textwire.support_qa.missing_words import missing_rarity

SHARES = "How do I sell shares? Tap Invest, then Sell."
LOANS = "How do I sign a loan? Tap Borrow, then Sign."
CARDS = "How do I freeze a card? Tap Card, then Freeze."
KNOWN = WordIndex().changed({1: SHARES, 2: LOANS, 3: CARDS})


def test_a_word_that_no_passage_has_is_missed_most() -> None:
    assert missing_rarity("do you sell life insurance", [SHARES, LOANS], KNOWN) == [1.0, 1.0]


def test_a_word_of_another_passage_is_missed_less_and_a_common_one_hardly() -> None:
    lacks_rare, has_all = missing_rarity("can I freeze my card", [SHARES, CARDS], KNOWN)
    assert 0 < lacks_rare < 1
    assert has_all == 0
    assert missing_rarity("tap", ["Ring us."], KNOWN)[0] < lacks_rare


def test_other_forms_of_a_word_and_words_that_say_nothing_are_not_missed() -> None:
    assert missing_rarity("Would you please help me selling?", [SHARES], KNOWN)[0] == 1.0  # help
    assert missing_rarity("Could you please do the selling?", [SHARES], KNOWN) == [0.0]


@given(st.text(), st.lists(st.text(), max_size=3))
def test_it_lies_between_nothing_and_all(question: str, passages: list[str]) -> None:
    found = missing_rarity(question, passages, KNOWN)
    assert len(found) == len(passages)
    assert all(0 <= rarity <= 1 for rarity in found)
    assert missing_rarity(question, [question], KNOWN) == [0.0]
