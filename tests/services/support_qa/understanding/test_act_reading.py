from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.support_qa.understanding.act_reading import asking_clauses, surest_readings
from textwire.support_qa.dialogue_acts import Reading

READINGS = {
    "i want too retrun a presnt": Reading("wants_person", 0.96, {}),
    "i want too return a present": Reading("question", 0.98, {}),
    "thx": Reading("thanks", 0.9, {}),
    "the": Reading("nonsense", 0.5, {}),
    "no staff please": Reading("refuses_person", 0.9, {}),
    "where do I park": Reading("question", 0.9, {}),
    "leave reception alone": Reading("question", 0.6, {"refuses_person": 0.7}),
}


class Reader:
    def read(self, messages: Sequence[str]) -> list[Reading]:
        return [READINGS[message] for message in messages]


@pytest.mark.parametrize(
    ("written", "without_slips", "act"),
    [
        ("i want too retrun a presnt", "i want too return a present", "question"),
        ("thx", "the", "thanks"),
        ("thx", "thx", "thanks"),
    ],
)
def test_of_a_message_with_slips_the_surer_reading_counts(
    written: str, without_slips: str, act: str
) -> None:
    (reading,) = surest_readings(Reader(), [written], [without_slips], [[]])
    assert reading.act == act


def test_each_of_several_has_its_own_reading() -> None:
    texts, corrected = ["thx", "i want too retrun a presnt"], ["thx", "i want too return a present"]
    readings = surest_readings(Reader(), texts, corrected, [[], []])
    assert [reading.act for reading in readings] == ["thanks", "question"]


REFUSES, ASKS = READINGS["no staff please"], READINGS["where do I park"]


def test_of_who_refuses_a_person_the_clauses_that_ask_are_told_apart() -> None:
    text = "no staff please, leave reception alone, where do I park"
    assert asking_clauses(Reader(), [text], [REFUSES]) == [("where do I park",)]


def test_a_question_that_refuses_too_is_taken_apart_as_well() -> None:
    mainly_asks = Reading("question", 0.6, {"refuses_person": 0.8})
    text = "where do I park, no staff please"
    assert asking_clauses(Reader(), [text], [mainly_asks]) == [("where do I park",)]


def test_who_refuses_nobody_or_in_one_clause_is_not_read_again() -> None:
    texts = ["where do I park, and is it free", "spare me the hotline"]
    assert asking_clauses(Reader(), texts, [ASKS, REFUSES]) == [(), ()]
