from __future__ import annotations

from tests.places import at
from tests.stream.made import FIRST, assignment
from textwire.stream.assignment import Position


def test_a_position_carries_the_id_of_its_topic() -> None:
    assert assignment().position(FIRST, at(6)) == Position(7, "id of words", 1)


def test_reading_begins_where_the_group_committed() -> None:
    committed = Position(7, "id of words", 3)
    assert assignment().start(FIRST, committed) == committed


def test_reading_begins_at_the_beginning_where_nothing_was_committed() -> None:
    assert assignment().start(FIRST, None) is None


def test_what_was_committed_of_a_topic_that_is_no_more_says_nothing_of_its_successor() -> None:
    assert assignment().start(FIRST, Position(7, "another")) is None


def test_what_was_committed_by_others_tools_counts() -> None:
    assert assignment().start(FIRST, Position(7, "")) == Position(7, "")


def test_no_assignment_is_another() -> None:
    assert assignment() != assignment()
