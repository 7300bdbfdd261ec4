"""Words of questions and passages, compared one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.encoders import WordHashingEncoder
from textwire.search.words import WordIndex
from textwire.support_qa.late_interaction import BESIDE, LateInteraction

PASSAGES = {
    1: "Your card has a limit, and the card shows it.",
    2: "A standing order runs from your account each month.",
    3: "Life insurance is not sold here.",
    4: "The card is free.",
}
WORDS = WordIndex().changed(PASSAGES)
TEXTS = st.lists(
    st.sampled_from(["card", "order", "the", "limit", "insurance", "of", "?", "zebra"])
)


def scores(
    questions: Sequence[str],
    beside: Sequence[str] | None = None,
    late: LateInteraction | None = None,
) -> list[list[float]]:
    comparing = late or LateInteraction(WordHashingEncoder())
    asked = comparing.read(questions)
    if beside:
        others = comparing.read(beside)
        asked = [(*own, *other) for own, other in zip(asked, others, strict=True)]
    parts = [list(PASSAGES)] * len(questions)
    return comparing.scores(asked, parts, PASSAGES.__getitem__, WORDS)


def test_a_rare_word_that_is_met_counts_more_than_a_common_one() -> None:
    ((limit, _, insurance, free),) = scores(["card insurance"])
    assert insurance > limit == pytest.approx(free)


def test_words_that_say_nothing_count_less() -> None:
    # No passage has either, so that one is as rare as the other.
    ((_, _, with_what, _),) = scores(["what insurance"])
    ((_, _, with_zebra, _),) = scores(["zebra insurance"])
    assert with_zebra < with_what < 1.0


def test_a_question_of_stop_words_alone_is_compared_by_all_of_them() -> None:
    ((_, _, _, free),) = scores(["is the"])
    assert free == 0.0  # of a passage only the words that say something are kept
    late = LateInteraction(WordHashingEncoder())
    said = late.scores(late.read(["is it"]), [[9]], {9: "It is."}.__getitem__, WORDS)
    assert said == [[pytest.approx(1.0, abs=0.01)]]


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_is_near_to_nothing(text: str) -> None:
    assert scores([text]) == [[0.0] * len(PASSAGES)]


@given(st.lists(TEXTS.map(" ".join), max_size=4))
def test_a_batch_equals_its_questions_one_by_one_and_scores_are_cosines(
    questions: list[str],
) -> None:
    together = scores(questions)
    assert together == [scores([question])[0] for question in questions]
    assert all(-1.01 <= score <= 1.01 for row in together for score in row)


def test_another_reading_of_the_question_has_its_share() -> None:
    alone, other = scores(["limit"])[0], scores(["insurance"])[0]
    both = scores(["limit"], beside=["insurance"])[0]
    assert both == pytest.approx(
        [(1 - BESIDE) * one + BESIDE * two for one, two in zip(alone, other, strict=True)]
    )


def test_what_was_met_is_remembered_and_not_read_again() -> None:
    encoder = WordHashingEncoder()
    late = LateInteraction(encoder)
    first = scores(["card limit"], late=late)
    encoder.read.clear()
    assert scores(["card limit"], late=late) == first
    assert encoder.read == ["card limit"]


def test_what_does_not_fit_is_forgotten_and_read_again_to_the_same() -> None:
    encoder = WordHashingEncoder()
    tight = LateInteraction(encoder, most_bytes=3 * encoder.dimension)
    assert scores(["card limit"], late=tight) == scores(["card limit"])
    assert tight.remembered_bytes <= 3 * encoder.dimension
    assert scores(["card limit"], late=tight) == scores(["card limit"])
