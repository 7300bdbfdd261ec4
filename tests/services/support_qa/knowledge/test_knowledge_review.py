from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest
from prometheus_client import CollectorRegistry

from services.support_qa.knowledge.knowledge_review import KnowledgeReviewer
from tests.services.support_qa.snapshots import AT, PASSAGES, knowledge
from textwire.results.memory import MemoryResults
from textwire.results.writes import Remove
from textwire.support_qa.knowledge_results import (
    PASSAGES_KEY,
    PASSAGES_VERSION_KEY,
    KnowledgeReview,
    PassagePair,
    Unanswered,
    forget_unanswered_writes,
    read_passages,
    read_passages_version,
    read_review,
    read_unanswered,
    unanswered_writes,
)
from textwire.support_qa.messages import Passage


class Reviewed:
    """A service's knowledge, reviewed into a store."""

    def __init__(self, *passages: Passage) -> None:
        self.store, self.registry = MemoryResults(), CollectorRegistry()
        self.knowledge = knowledge(passages or PASSAGES, threshold=0.999)
        self.read = Event()
        self.read.set()
        self.reviewer = self.another()

    def another(self) -> KnowledgeReviewer:
        """A replica that has just started."""
        return KnowledgeReviewer(
            self.knowledge, self.store, lambda: AT, self.read, CollectorRegistry()
        )

    def review(self) -> KnowledgeReview:
        self.reviewer.look()
        found = read_review(self.store)
        assert found
        return found

    def ask(self, *questions: str, days_ago: int = 0) -> None:
        for question in questions:
            one = Unanswered(
                session_id=f"s {question}", question_id="q", question=question,
                outcome="handed_over", confidence=0.1, at=AT - timedelta(days=days_ago),
            )  # fmt: skip
            self.store.write(unanswered_writes(one))


@pytest.fixture
def reviewed() -> Reviewed:
    return Reviewed()


def test_pages_read_the_passages_that_the_service_has(reviewed) -> None:
    reviewed.review()
    assert read_passages(reviewed.store) == {passage.id: passage for passage in PASSAGES}
    before = read_passages_version(reviewed.store)
    new = Passage(id="boat", question="Do you insure boats?", text="Yes, up to 12 m.")
    reviewed.knowledge.apply({"boat": new, "loan-cost": None})
    reviewed.review()
    passages = read_passages(reviewed.store)
    assert passages["boat"] == new
    assert "loan-cost" not in passages
    assert read_passages_version(reviewed.store) != before


def test_what_was_deleted_while_the_service_was_down_goes_at_its_start(reviewed) -> None:
    reviewed.review()
    reviewed.knowledge.apply({"loan-cost": None})
    reviewed.another().look()
    assert "loan-cost" not in read_passages(reviewed.store)


def test_nothing_is_shown_before_all_passages_were_read(reviewed) -> None:
    reviewed.read.clear()
    reviewed.reviewer.look()
    assert read_review(reviewed.store) is None
    assert read_passages(reviewed.store) == {}


def test_passages_that_the_store_lost_are_there_again(reviewed) -> None:
    reviewed.review()
    reviewed.store.write([Remove(PASSAGES_KEY), Remove(PASSAGES_VERSION_KEY)])
    reviewed.review()
    assert len(read_passages(reviewed.store)) == len(PASSAGES)


def test_questions_of_one_meaning_are_one_gap_and_the_largest_comes_first(reviewed) -> None:
    reviewed.ask("zebra crossing rules", "insure boats please", "insure my boats please")
    gaps = reviewed.review().gaps
    assert [len(gap.asked) for gap in gaps] == [2, 1]
    assert not any(gap.answered for gap in gaps)


def test_a_gap_is_filled_once_the_knowledge_answers_it(reviewed) -> None:
    reviewed.ask("Do you insure boats?")
    (gap,) = reviewed.review().gaps
    assert not gap.answered
    boat = Passage(id="boat", text="Do you insure boats?")
    reviewed.knowledge.apply({"boat": boat})
    (gap,) = reviewed.review().gaps
    assert gap.answered
    assert gap.nearest == "boat"


def test_what_was_asked_a_month_ago_is_let_go_of(reviewed) -> None:
    reviewed.ask("insure boats", days_ago=31)
    reviewed.ask("zebra crossing")
    assert len(reviewed.review().gaps) == 1
    assert [one.question for one in read_unanswered(reviewed.store)] == ["zebra crossing"]


def test_a_session_that_is_forgotten_leaves_no_question(reviewed) -> None:
    reviewed.ask("insure boats", "zebra crossing")
    reviewed.store.write(forget_unanswered_writes(reviewed.store, "s insure boats"))
    assert [one.question for one in read_unanswered(reviewed.store)] == ["zebra crossing"]


def test_opposite_and_equal_passages_are_found_and_mended_pairs_go() -> None:
    fee = "The yearly fee for the gold card is 40 euros."
    reviewed = Reviewed(
        Passage(id="fee", question="What does the gold card cost?", text=fee),
        Passage(id="fee-new", question="What does the gold card cost?",
            text=fee.replace("40", "60")),
        Passage(id="branch", question="Where is a branch?", text="In Lisbon."),
        Passage(id="copy", question="Which town has an office?", text="In  Lisbon."),
    )  # fmt: skip
    conflict = PassagePair(kind="conflict", newer="fee-new", older="fee")
    duplicate = PassagePair(kind="duplicate", newer="copy", older="branch")
    assert reviewed.review().pairs[0] == conflict
    assert duplicate in reviewed.review().pairs
    reviewed.knowledge.apply({"fee": None})
    pairs = reviewed.review().pairs
    assert all("fee" not in (pair.newer, pair.older) for pair in pairs)
    assert duplicate in pairs
