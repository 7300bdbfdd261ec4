from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from textwire.support_qa.contradictions import contradict, newest_first
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import Candidate

QUESTION = "Is there a fee for transfers abroad?"
YES = Passage(id="yes", question=QUESTION, text="Yes. Transfers abroad cost 5 euros.")
NO = Passage(id="no", question=QUESTION, text="No. Transfers abroad cost nothing at all.")
FIRST = Candidate(YES, 0.9, 0.9, 8.0, 1, 1, 1.2, arrived=1)
SECOND = Candidate(NO, 0.8, 0.9, 6.0, 2, 2, 1.1, arrived=2)


def passage(text: str, question: str = QUESTION) -> Passage:
    return Passage(id=text, question=question, text=text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yes, any time.", "No, it cannot be undone."),
        ("Transfers abroad cost 5 euros each.", "Transfers abroad cost 9 euros each."),
        ("You can recall a transfer abroad.", "You cannot recall a transfer abroad."),
    ],
)
def test_opposite_answers_contradict(one, other) -> None:
    assert contradict(passage(one), passage(other))
    assert contradict(passage(other), passage(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Transfers abroad cost 5 euros each.", "They take 2 days, and arrive by 16:00."),
        ("The Plus plan costs 5 euros a month.", "The Metal plan costs 9 euros a month."),
        ("Yes, any time.", "Yes, from the menu Transfers."),
    ],
)
def test_answers_that_go_together_do_not(one, other) -> None:
    assert not contradict(passage(one), passage(other))


def test_answers_to_different_questions_do_not() -> None:
    assert not contradict(YES, msgspec.structs.replace(NO, question="Can I close a savings pot?"))


def test_the_later_of_two_comes_first_and_is_believed_half() -> None:
    ordered, found = newest_first([FIRST, SECOND])
    assert [candidate.passage.id for candidate in ordered] == ["no", "yes"]
    assert found is not None
    assert (found.newer.id, found.older.id, found.dated, found.factor) == ("no", "yes", False, 0.5)


def test_dates_go_before_the_order_of_arrival() -> None:
    dated = msgspec.structs.replace(YES, valid_from=datetime(2026, 1, 1, tzinfo=UTC))
    ordered, found = newest_first([replace(FIRST, passage=dated), SECOND])
    assert ordered[0].passage.id == "yes"
    assert found is not None
    assert found.dated
    assert found.factor > 0.5


def test_where_nothing_contradicts_nothing_changes() -> None:
    other = replace(SECOND, passage=passage("They arrive within 2 days."))
    assert newest_first([FIRST, other]) == ([FIRST, other], None)
    assert newest_first([]) == ([], None)
