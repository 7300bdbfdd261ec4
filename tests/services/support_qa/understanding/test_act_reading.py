from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.support_qa.understanding.act_reading import surest_readings
from textwire.support_qa.dialogue_acts import Reading

READINGS = {
    "i want too retrun a presnt": Reading("wants_person", 0.96, {}),
    "i want too return a present": Reading("question", 0.98, {}),
    "thx": Reading("thanks", 0.9, {}),
    "the": Reading("nonsense", 0.5, {}),
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
