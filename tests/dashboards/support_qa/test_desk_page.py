from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.connections import Edges
from dashboards.support_qa.desk_html import minutes_words
from dashboards.support_qa.desk_view import MOST_LISTED, DeskView, desk_view
from tests.dashboards.conftest import OpenPage, shown
from tests.dashboards.page_examples import (
    CHARGED_TWICE,
    NOW,
    AwayStore,
    RecordingSender,
    converse,
    edges,
)
from textwire.errors import BrokerUnavailable
from textwire.results.memory import MemoryResults
from textwire.support_qa.desk_results import (
    handoff_writes,
    suggestion_writes,
    turn_writes,
    wait_writes,
)
from textwire.support_qa.messages import AgentReply, Feedback, Handoff, Passage, Turn

DESK = "support_qa/desk_page.py"


class AwaySender:
    def send(self, topic: object, message: object) -> None:
        raise BrokerUnavailable("Kafka does not answer while writing. Is it up?")


def hand_over(
    store: MemoryResults, session: str = "s1", ago: timedelta = timedelta(), **changes: object
) -> Handoff:
    """A conversation of one question that waits since then."""
    converse(store, f"my boat sank, says {session}", session, outcome="handed_over", sources=())
    fields: dict[str, object] = {
        "id": f"{session}/q1",
        "session_id": session,
        "question_id": "q1",
        "reason": "customer_asked",
        "conversation": (),
        "candidates": (CHARGED_TWICE,),
        "summary": f"my boat sank, says {session}",
        "opened_at": NOW - ago,
        "changed_at": NOW - ago,
    }
    handoff = Handoff(**(fields | changes))  # type: ignore[arg-type]
    store.write(handoff_writes(handoff))
    return handoff


def press(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def desk(store: MemoryResults, open_page: OpenPage, sender: object, **query: str) -> AppTest:
    return open_page(edges(store, sender), DESK, **({"agent": "Maria"} | query))


def test_without_anybody_waiting_the_desk_says_so(
    store: MemoryResults, open_page: OpenPage
) -> None:
    page = shown(desk(store, open_page, RecordingSender()))
    assert "Nobody waits" in page
    assert "0 waiting" in page


def test_who_has_waited_longest_is_first(store: MemoryResults, open_page: OpenPage) -> None:
    first = hand_over(store, "s2", timedelta(minutes=14))
    hand_over(store, "s1", timedelta(minutes=3))
    store.write(wait_writes(first, NOW))
    page = shown(desk(store, open_page, RecordingSender()))
    assert page.index("says s2") < page.index("says s1")
    assert "waiting 14 min" in page
    assert "2 waiting · 0 in hand · usual wait 14 min" in page


def test_a_conversation_shows_what_was_said_and_what_may_answer_it(
    store: MemoryResults, open_page: OpenPage
) -> None:
    hand_over(store)
    app = desk(store, open_page, RecordingSender())
    press(app, "Open: my boat sank, says s1")
    page = shown(app)
    assert "nobody has it yet" in page
    assert "A card payment shows twice" in page
    assert {"Take", "Close", "Hand back to the bot", "Send", "Use"} <= set(labels(app))
    press(app, "Use")
    assert app.text_area[0].value == CHARGED_TWICE.text


def test_newer_suggestions_take_the_place_of_older_ones(
    store: MemoryResults, open_page: OpenPage
) -> None:
    hand_over(store, candidates=())
    store.write(suggestion_writes("s1", [CHARGED_TWICE]))
    app = desk(store, open_page, RecordingSender(), conversation="s1")
    assert "A card payment shows twice" in shown(app)


def test_taking_is_sent_once_under_the_colleagues_name(
    store: MemoryResults, open_page: OpenPage
) -> None:
    handoff, sender = hand_over(store), RecordingSender()
    app = desk(store, open_page, sender, conversation="s1")
    press(app, "Take")
    app.run()
    assert sender.sent == [
        AgentReply(session_id="s1", handoff_id=handoff.id, agent="Maria", takes=True, at=NOW)
    ]
    assert "Taking it…" in shown(app)
    hand_over(store, state="taken", agent="Maria")
    app.run()
    assert "Taking it…" not in shown(app)
    assert "yours" in shown(app)


def test_a_reply_waits_until_the_customer_has_it(store: MemoryResults, open_page: OpenPage) -> None:
    hand_over(store, state="taken", agent="Maria")
    sender = RecordingSender()
    app = desk(store, open_page, sender, conversation="s1")
    app.text_area[0].set_value("  We raise it. \n")
    press(app, "Send")
    [reply] = sender.sent
    assert isinstance(reply, AgentReply)
    assert (reply.text, reply.closes, reply.takes) == ("We raise it.", False, False)
    assert "tw-sending" in shown(app)
    assert app.text_area[0].value == ""
    turn = Turn(role="agent", text="We raise it.", at=NOW, by="Maria", outcome="replied")
    store.write(turn_writes("s1", turn))
    app.run()
    assert "tw-sending" not in shown(app)
    assert shown(app).count("We raise it.") == 1


def test_an_empty_reply_is_not_sent(store: MemoryResults, open_page: OpenPage) -> None:
    hand_over(store)
    sender = RecordingSender()
    press(desk(store, open_page, sender, conversation="s1"), "Send")
    assert sender.sent == []


@pytest.mark.parametrize(
    ("label", "closes", "hands_back"),
    [("Close", True, False), ("Hand back to the bot", False, True)],
)
def test_a_conversation_is_closed_or_handed_back(
    store: MemoryResults, open_page: OpenPage, label: str, closes: bool, hands_back: bool
) -> None:
    hand_over(store)
    sender = RecordingSender()
    app = press(desk(store, open_page, sender, conversation="s1"), label)
    [reply] = sender.sent
    assert isinstance(reply, AgentReply)
    assert (reply.closes, reply.hands_back) == (closes, hands_back)
    hand_over(store, state="closed", agent="Maria", handed_back=hands_back)
    app.run()
    assert "by you" in shown(app)
    assert "Send" not in labels(app)
    assert "Nobody waits" in shown(app)


def test_anothers_conversation_can_only_be_taken_over(
    store: MemoryResults, open_page: OpenPage
) -> None:
    hand_over(store, state="taken", agent="Ben")
    sender = RecordingSender()
    app = desk(store, open_page, sender, conversation="s1")
    assert "Ben has it" in shown(app)
    assert not {"Send", "Close", "Take"} & set(labels(app))
    press(app, "Take over from Ben")
    [reply] = sender.sent
    assert isinstance(reply, AgentReply)
    assert (reply.takes_from, reply.takes) == ("Ben", True)


def test_who_came_second_sees_who_was_first(store: MemoryResults, open_page: OpenPage) -> None:
    hand_over(store)
    app = press(desk(store, open_page, RecordingSender(), conversation="s1"), "Take")
    hand_over(store, state="taken", agent="Ben")
    app.run()
    assert "Ben has it" in shown(app)
    assert "Taking it…" not in shown(app)


def test_a_reply_becomes_knowledge(store: MemoryResults, open_page: OpenPage) -> None:
    hand_over(store, state="taken", agent="Maria")
    store.write(turn_writes("s1", Turn(role="agent", text="We raise boats.", at=NOW, by="Maria")))
    sender = RecordingSender()
    app = desk(store, open_page, sender, conversation="s1")
    press(app, "Let the bot know it")
    [passage] = sender.sent
    assert isinstance(passage, Passage)
    assert (passage.text, passage.source) == ("We raise boats.", "desk")
    assert passage.question == "my boat sank, says s1"
    assert "The bot knows it from now on." in shown(app)


def test_a_correction_is_knowledge_and_feedback(store: MemoryResults, open_page: OpenPage) -> None:
    given = converse(store, "charged twice")
    hand_over(store, state="taken", agent="Maria")
    sender = RecordingSender()
    app = desk(store, open_page, sender, conversation="s1")
    area = next(one for one in app.text_area if one.label == "What is right")
    area.set_value("Wait three days.").run()
    press(app, "Let the bot know it")
    passage, feedback = sender.sent
    assert isinstance(passage, Passage)
    assert isinstance(feedback, Feedback)
    assert (feedback.kind, feedback.by, feedback.question_id) == (
        "corrected",
        "Maria",
        given.question_id,
    )
    assert feedback.passage_id == passage.id
    assert passage.question == "charged twice"


def test_kafka_away_is_said_and_the_words_stay(store: MemoryResults, open_page: OpenPage) -> None:
    hand_over(store)
    app = desk(store, open_page, AwaySender(), conversation="s1")
    app.text_area[0].set_value("We raise it.")
    press(app, "Send")
    assert "could not be sent" in shown(app)
    assert app.text_area[0].value == "We raise it."


def test_what_is_not_taken_up_in_time_is_said(store: MemoryResults, open_page: OpenPage) -> None:
    hand_over(store)
    clock: list[datetime] = [NOW]
    app = open_page(
        Edges(lambda: store, RecordingSender, lambda: clock[0]), DESK, conversation="s1"
    )
    press(app, "Take")
    clock[0] = NOW + timedelta(seconds=16)
    app.run()
    assert "Not taken up within 15 s." in shown(app)


def test_redis_away_is_said_and_the_desk_stays_readable(
    store: MemoryResults, open_page: OpenPage
) -> None:
    hand_over(store)
    stores: list[object] = [store]
    app = open_page(Edges(lambda: stores[-1], RecordingSender, lambda: NOW), DESK)  # type: ignore[arg-type,return-value]
    stores.append(AwayStore())
    app.run()
    assert "cannot be read right now" in shown(app)
    assert "says s1" in shown(app)


def test_a_desk_shows_the_first_of_a_long_queue_and_counts_the_rest(store: MemoryResults) -> None:
    for number in range(MOST_LISTED + 3):
        hand_over(store, f"s{number}")
    view = desk_view(lambda: store, None, DeskView(), NOW)
    assert (len(view.listed), view.queued) == (MOST_LISTED, MOST_LISTED + 3)
    assert view.listed[0].session_id == "s0"


def test_a_view_changes_when_a_minute_has_passed_and_not_before(store: MemoryResults) -> None:
    hand_over(store)
    views = [
        desk_view(lambda: store, "s1", DeskView(), NOW + timedelta(seconds=after))
        for after in (1, 59, 60)
    ]
    assert views[0] == views[1] != views[2]


def test_the_turns_that_only_the_handoff_still_has_come_first(store: MemoryResults) -> None:
    older = Turn(role="customer", text="hello?", at=NOW - timedelta(days=2), question_id="q0")
    hand_over(store, conversation=(older,))
    view = desk_view(lambda: store, "s1", DeskView(), NOW)
    assert view.chosen is not None
    assert view.chosen.turns[0].text == "hello?"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "under 1 min"), (7, "7 min"), (130, "2 h"), (5 * 24 * 60, "5 days")]
)
def test_a_wait_is_told_in_words(minutes: int, words: str) -> None:
    assert minutes_words(minutes) == words
