from __future__ import annotations

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import connections
from tests.dashboards.conftest import OpenPage, shown
from tests.dashboards.page_examples import NOW, AwayStore, RecordingSender, answer, edges
from textwire.results.memory import MemoryResults
from textwire.support_qa.feedback_results import judged, judged_writes
from textwire.support_qa.knowledge_results import (
    Gap,
    KnowledgeReview,
    PassagePair,
    Unanswered,
    passage_writes,
    review_writes,
    trial_writes,
    unanswered_writes,
)
from textwire.support_qa.messages import Feedback, Passage, Question

PAGE = "support_qa/knowledge_page.py"
FEE = Passage(id="fee", question="What does the card cost?", text="40 euros.", source="faq.csv")
NEW_FEE = Passage(id="fee-2", question="What does the card cost?", text="60 euros.", tags=("card",))
BRANCH = Passage(id="branch", title="Branches", text="In Lisbon <b>only</b>.")


@pytest.fixture
def known(store: MemoryResults) -> MemoryResults:
    """A store with passages, a gap, a conflict and a thumb down."""
    passages = {passage.id: passage for passage in (FEE, NEW_FEE, BRANCH)}
    store.write(passage_writes(passages, "1"))
    asked = [
        Unanswered(session_id="s", question_id=str(n), question=f"insure boat {n}?",
            outcome="handed_over", confidence=0.1, at=NOW)
        for n in range(2)
    ]  # fmt: skip
    for one in asked:
        store.write(unanswered_writes(one))
    places = tuple(one.place for one in asked)
    gap = Gap(asked=places, nearest="branch", confidence=0.2, answered=False)
    filled = msgspec.structs.replace(gap, answered=True)
    pair = PassagePair(kind="conflict", newer="fee-2", older="fee")
    gone = PassagePair(kind="duplicate", newer="fee-2", older="deleted since")
    review = KnowledgeReview(at=NOW, passages=3, compared=3, gaps=(gap, filled), pairs=(pair, gone))
    store.write(review_writes(review))
    down = Feedback(question_id="q", session_id="s", kind="unhelpful", text="It is 60.")
    store.write(judged_writes(judged(down, "card price?", ("fee",), NOW), None))
    return store


def click(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()


def show(app: AppTest, section: str) -> AppTest:
    app.session_state["knowledge_shown"] = section
    return app.run()


def test_passages_are_found_by_their_words(known: MemoryResults, open_page: OpenPage) -> None:
    app = open_page(edges(known, RecordingSender()), PAGE)
    assert "3 passages" in shown(app)
    assert "1 conflict" in shown(app)
    app.text_input(key="knowledge_words").set_value("LISBON").run()
    rows = [b.label for b in app.button if b.label.startswith("Open: ")]
    assert rows == ["Open: Branches"]


def test_an_edit_is_sent_and_told_once_the_bot_knows_it(
    known: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = click(open_page(edges(known, sender), PAGE), "Open: Branches")
    app.text_area(key="edit_text_branch").set_value("In Porto.").run()
    click(app, "Save")
    [sent] = sender.sent
    assert sent == msgspec.structs.replace(BRANCH, text="In Porto.")
    assert "On its way to the bot" in shown(app)
    assert isinstance(sent, Passage)
    known.write(passage_writes({"branch": sent}, "2"))
    assert "The bot knows it now." in shown(app.run())


def test_what_a_passage_cannot_hold_is_told_and_not_sent(
    known: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = click(open_page(edges(known, sender), PAGE), "Open: Branches")
    app.text_area(key="edit_text_branch").set_value("  ").run()
    click(app, "Save")
    assert sender.sent == []
    assert "could not be saved" in shown(app)


def test_a_passage_is_deleted_after_a_second_click(
    known: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = click(open_page(edges(known, sender), PAGE), "Open: Branches")
    click(app, "Delete it")
    assert sender.deleted == ["branch"]
    known.write(passage_writes({"branch": None}, "2"))
    assert "has forgotten it" in shown(app.run())


def test_a_gap_is_answered_by_a_new_passage(known: MemoryResults, open_page: OpenPage) -> None:
    sender = RecordingSender()
    app = show(open_page(edges(known, sender), PAGE), "Not answered")
    assert "asked 2 times" in shown(app)
    click(app, "Open: insure boat 0?")
    assert "Branches” comes nearest" in shown(app)
    click(app, "Write the answer")
    app.text_area(key="edit_text_new").set_value("Yes.").run()
    click(app, "Save")
    [sent] = sender.sent
    assert isinstance(sent, Passage)
    assert (sent.question, sent.text, sent.source) == ("insure boat 0?", "Yes.", "page")


def test_thumbs_down_tell_what_was_said(known: MemoryResults, open_page: OpenPage) -> None:
    app = show(open_page(edges(known, RecordingSender()), PAGE), "Thumbs down")
    assert "1 down, 0 up" in shown(app)
    click(app, "Open: fee")
    assert "What would have been right: It is 60." in shown(app)


def test_two_passages_in_conflict_stand_side_by_side(
    known: MemoryResults, open_page: OpenPage
) -> None:
    app = show(open_page(edges(known, RecordingSender()), PAGE), "Conflicts and duplicates")
    click(app, "Open: fee-2 fee")
    page = shown(app)
    assert "cannot both be right" in page
    assert "60 euros." in page
    assert "40 euros." in page
    click(app, "Edit the second")
    assert app.text_area(key="edit_text_fee").value == "40 euros."


def test_a_question_is_tried_without_calling_anybody(
    known: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = open_page(edges(known, sender), PAGE)
    app.text_input(key="trial_text").set_value("what is the fee?").run()
    [question] = sender.sent
    assert isinstance(question, Question)
    assert question.trial
    assert "tw-thinking" in shown(app)
    known.write(trial_writes(answer(question)))
    page = shown(app.run())
    assert "94 % sure" in page
    assert "Answered" in page


def test_redis_away_is_said_and_what_was_shown_stays(
    known: MemoryResults, open_page: OpenPage
) -> None:
    app = open_page(edges(known, RecordingSender()), PAGE)
    away = edges(AwayStore(), RecordingSender())  # type: ignore[arg-type]
    connections.use(away)
    page = shown(app.run())
    assert "cannot be read right now" in page
    assert "3 passages" in page
