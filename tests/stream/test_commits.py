from __future__ import annotations

from tests.stream.made import FIRST, SECOND
from textwire.stream.commits import PendingCommits


def test_what_was_left_waits_until_it_is_done() -> None:
    commits = PendingCommits()
    commits.later({FIRST: 3})
    assert commits.waiting() == {FIRST: 3}
    commits.done({FIRST: 3})
    assert commits.waiting() == {}


def test_of_one_partition_the_latest_offset_counts() -> None:
    commits = PendingCommits()
    commits.later({FIRST: 3, SECOND: 1})
    commits.later({FIRST: 5})
    assert commits.waiting() == {FIRST: 5, SECOND: 1}


def test_what_came_during_a_commit_goes_on_waiting() -> None:
    commits = PendingCommits()
    commits.later({FIRST: 3, SECOND: 1})
    committed = commits.waiting()
    commits.later({FIRST: 5})
    commits.done(committed)
    assert commits.waiting() == {FIRST: 5}


def test_what_is_handed_out_is_a_copy() -> None:
    commits = PendingCommits()
    commits.later({FIRST: 3})
    commits.waiting().clear()
    assert commits.waiting() == {FIRST: 3}
