from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from dashboards.connections import Edges
from tests.dashboards.conftest import HELD, OpenPage, folds, session_in_address, shown
from tests.dashboards.page_examples import (
    BROWSER,
    MARKUP,
    NOW,
    AwayStore,
    RecordingSender,
    answer,
    converse,
    edges,
    handoff,
    refusal,
    report,
)
from textwire.errors import BrokerUnavailable
from textwire.observing.reports import report_writes
from textwire.results.memory import MemoryResults
from textwire.support_qa.desk_results import handoff_writes, turn_writes
from textwire.support_qa.messages import Feedback, Handoff, Question, Source, Turn
from textwire.support_qa.parts import AnswerPart, part_writes
from textwire.support_qa.results import answer_writes


class AwaySender:
    def send(self, topic: object, message: object) -> None:
        raise BrokerUnavailable("Kafka does not answer while writing. Is it up?")

    def delete(self, topic: object, keys: object) -> None:
        raise BrokerUnavailable("Kafka does not answer while deleting. Is it up?")


def test_an_empty_chat_greets_and_suggests_questions(
    store: MemoryResults, open_page: OpenPage
) -> None:
    app = open_page(edges(store, RecordingSender()))
    assert "Larkfield" in shown(app)
    assert "how can we help" in shown(app)
    assert "My card was charged twice, what do I do?" in [b.label for b in app.button]


def test_the_greeting_follows_the_settings(
    store: MemoryResults, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_DASHBOARD_COMPANY", "Meadow <Bank>")
    app = open_page(edges(store, RecordingSender()))
    assert "Meadow &lt;Bank&gt; Support" in shown(app)


def test_a_question_goes_out_once_and_its_bubble_waits(
    store: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender))
    app.chat_input[0].set_value("  where is my parcel?\n").run()
    app.run()
    [question] = sender.sent
    assert isinstance(question, Question)
    assert question.text == "where is my parcel?"
    assert question.asked_at == NOW
    assert question.id
    assert question.session_id == session_in_address(app)
    assert "where is my parcel?" in shown(app)
    assert "tw-thinking" in shown(app)
    assert "how can we help" not in shown(app)


def test_how_an_answer_begins_shows_until_it_is_whole(
    store: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender))
    app.chat_input[0].set_value("where is my parcel?").run()
    [question] = sender.sent
    assert isinstance(question, Question)
    part = AnswerPart(
        question_id=question.id or "", session_id=question.session_id, text=f"Tap Card. {MARKUP}"
    )
    store.write(part_writes([part], kept_s=10))
    app.run()
    assert "Tap Card." in shown(app)
    assert MARKUP not in shown(app)
    assert "Writing on" in shown(app)
    store.write(answer_writes(question, answer(question)))
    app.run()
    assert "Tap Card." not in shown(app)
    assert "Writing on" not in shown(app)


def test_a_suggestion_is_asked_with_one_click(store: MemoryResults, open_page: OpenPage) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender))
    next(b for b in app.button if b.label.startswith("My card")).click().run()
    [question] = sender.sent
    assert isinstance(question, Question)
    assert question.text == "My card was charged twice, what do I do?"


def test_the_answer_takes_the_place_of_the_waiting_state(
    store: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender))
    app.chat_input[0].set_value("charged twice").run()
    [question] = sender.sent
    assert isinstance(question, Question)
    store.write(answer_writes(question, answer(question)))
    app.run()
    page = shown(app)
    assert "tw-thinking" not in page
    assert page.count("charged twice</div>") == 1
    assert "Very sure · 94 %" in page
    assert folds(app) == ["2 sources"]
    assert "https://larkfield.example/help/cards/card-charged-twice" in page
    assert "answered in 38 ms" in page


def test_a_handoff_says_who_takes_over_and_why(store: MemoryResults, open_page: OpenPage) -> None:
    question = Question(id="q1", session_id="s1", text="do you insure boats?", asked_at=NOW)
    store.write(answer_writes(question, handoff(question)))
    app = open_page(edges(store, RecordingSender()), session="s1")
    assert folds(app) == ["1 passage that came closest"]
    page = shown(app)
    assert "A colleague will take over" in page
    assert "Not sure enough" in page
    assert "Very sure" not in page


def test_an_answer_without_sources_has_nothing_to_fold_out(
    store: MemoryResults, open_page: OpenPage
) -> None:
    converse(store, "what is new?", text="Nothing.", sources=())
    app = open_page(edges(store, RecordingSender()), session="s1")
    assert "Nothing." in shown(app)
    assert folds(app) == []


def test_a_question_id_that_a_sender_repeats_shows_each_time(
    store: MemoryResults, open_page: OpenPage
) -> None:
    converse(store, "charged twice")
    converse(store, "charged twice")
    app = open_page(edges(store, RecordingSender()), session="s1")
    assert folds(app) == ["2 sources", "2 sources"]


def test_a_refusal_takes_the_place_of_the_waiting_state(
    store: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender))
    app.chat_input[0].set_value("a long story").run()
    [question] = sender.sent
    assert isinstance(question, Question)
    store.write(answer_writes(question, refusal(question)))
    app.run()
    page = shown(app)
    assert "tw-thinking" not in page
    assert page.count("a long story</div>") == 1
    assert "longer than 8,000 characters. Please send a shorter one." in page
    assert "not answered" in page
    assert "Not sure" not in page


def test_a_refusal_of_which_no_words_are_left_stands_alone(
    store: MemoryResults, open_page: OpenPage
) -> None:
    question = Question(id="q1", session_id="s1", text="")
    store.write(answer_writes(question, refusal(question)))
    page = shown(open_page(edges(store, RecordingSender()), session="s1"))
    assert "tw-customer" not in page
    assert "Please send a shorter one." in page


def test_markup_shows_as_the_plain_text_it_is(store: MemoryResults, open_page: OpenPage) -> None:
    hostile = Source(
        passage_id="p", title=MARKUP, url="javascript:alert(1)", text=MARKUP, score=0.5
    )
    converse(store, MARKUP, text=MARKUP, sources=(hostile,), model=MARKUP)
    page = shown(open_page(edges(store, RecordingSender()), session="s1"))
    assert "<script" not in page
    assert "<b>b</b>" not in page
    assert "<a " not in page  # neither the address of the source nor the one in the text
    assert page.count("&lt;script&gt;") == 4  # question, answer, title, excerpt


def test_a_reload_keeps_the_conversation(store: MemoryResults, open_page: OpenPage) -> None:
    converse(store, "what was said before")
    converse(store, "another's words", session_id="s2")
    page = shown(open_page(edges(store, RecordingSender()), session="s1"))
    assert "what was said before" in page
    assert "another&#39;s words" not in page


@pytest.mark.parametrize("address", ["s1", "<script>", "", HELD.address_of("s1", "another")])
def test_an_address_that_is_not_of_this_browser_opens_nothing_and_says_so(
    store: MemoryResults, open_page: OpenPage, address: str
) -> None:
    converse(store, "what was said before")
    app = open_page(edges(store, RecordingSender()))
    app.query_params["session"] = address
    app.run()
    page = shown(app)
    assert "does not open here" in page
    assert "what was said before" not in page
    assert not app.chat_input
    next(b for b in app.button if b.label == "New conversation").click().run()
    assert "how can we help" in shown(app)
    assert session_in_address(app) != "s1"


def test_without_cookies_a_conversation_stays_in_its_tab(
    store: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = open_page(Edges(lambda: store, lambda: sender, lambda: NOW, lambda: ""))
    assert "session" not in app.query_params
    for text in ("first", "second"):
        app.chat_input[0].set_value(text).run()
    first, second = sender.sent
    assert isinstance(first, Question)
    assert isinstance(second, Question)
    assert first.session_id == second.session_id
    assert "session" not in app.query_params


def test_a_new_conversation_leaves_the_old_one_behind(
    store: MemoryResults, open_page: OpenPage
) -> None:
    converse(store, "what was said before")
    app = open_page(edges(store, RecordingSender()), session="s1")
    next(b for b in app.button if b.label == "New conversation").click().run()
    assert "what was said before" not in shown(app)
    assert "how can we help" in shown(app)
    assert session_in_address(app) != "s1"


def test_no_answer_in_time_is_said_and_an_answer_later_still_shows(
    store: MemoryResults, open_page: OpenPage
) -> None:
    sender, clock = RecordingSender(), [NOW]
    app = open_page(Edges(lambda: store, lambda: sender, lambda: clock[0], lambda: BROWSER))
    app.chat_input[0].set_value("anybody there?").run()
    assert "No answer came" not in shown(app)
    clock[0] = NOW + timedelta(seconds=16)
    app.run()
    assert "No answer came within 15 s." in shown(app)
    assert "Is the service up? See Operations." in shown(app)
    [question] = sender.sent
    assert isinstance(question, Question)
    store.write(answer_writes(question, answer(question)))
    app.run()
    assert "No answer came" not in shown(app)
    assert "Very sure" in shown(app)


def test_kafka_away_is_said_and_the_question_can_be_sent_again(
    store: MemoryResults, open_page: OpenPage
) -> None:
    senders: list[object] = [AwaySender()]
    app = open_page(Edges(lambda: store, lambda: senders[-1], lambda: NOW, lambda: BROWSER))  # type: ignore[arg-type,return-value]
    app.chat_input[0].set_value("hello?").run()
    assert "could not be sent" in shown(app)
    assert "Kafka does not answer" in shown(app)
    recording = RecordingSender()
    senders.append(recording)
    next(b for b in app.button if b.label == "Send again").click().run()
    assert [question.text for question in recording.sent] == ["hello?"]  # type: ignore[attr-defined]
    assert "could not be sent" not in shown(app)


def test_redis_away_is_said_and_the_conversation_returns(
    store: MemoryResults, open_page: OpenPage
) -> None:
    converse(store, "what was said before")
    stores: list[object] = [AwayStore()]
    app = open_page(
        Edges(lambda: stores[-1], RecordingSender, lambda: NOW, lambda: BROWSER),  # type: ignore[arg-type,return-value]
        session="s1",
    )
    assert "cannot be read right now" in shown(app)
    assert "Redis at 127.0.0.1:6379 does not answer." in shown(app)
    stores.append(store)
    app.run()
    assert "cannot be read right now" not in shown(app)
    assert "what was said before" in shown(app)
    stores.append(AwayStore())
    app.run()
    assert "what was said before" in shown(app)  # what was read stays readable


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "Online"),
        ({"ready": False}, "Getting ready"),
        ({"at": NOW - timedelta(seconds=6)}, "Offline"),
        ({"service": "sentiment"}, "Offline"),
    ],
)
def test_the_head_says_whether_somebody_answers(
    store: MemoryResults, open_page: OpenPage, changes: dict[str, object], word: str
) -> None:
    store.write(report_writes(report(**changes)))
    assert word in shown(open_page(edges(store, RecordingSender())))


def test_a_question_cannot_be_longer_than_the_message_allows(
    store: MemoryResults, open_page: OpenPage
) -> None:
    app = open_page(edges(store, RecordingSender()))
    assert app.chat_input[0].proto.max_chars == 8_000


def test_wrong_settings_are_told_on_the_page(
    store: MemoryResults, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_DASHBOARD_POLL_S", "often")
    page = shown(open_page(edges(store, RecordingSender())))
    assert "TEXTWIRE_DASHBOARD_POLL_S" in page


def test_a_colleagues_words_stand_in_the_chat_with_their_name(
    store: MemoryResults, open_page: OpenPage
) -> None:
    converse(store, "charged twice", outcome="handed_over", sources=())
    handoff = Handoff(
        id="h", session_id="s1", question_id="q", reason="customer_asked", conversation=(),
        candidates=(), opened_at=NOW,
    )  # fmt: skip
    store.write(handoff_writes(handoff))
    app = open_page(edges(store, RecordingSender()), session="s1")
    assert "A colleague is on the way" in shown(app)
    store.write(handoff_writes(replace(handoff, state="taken", agent="Maria")))
    store.write(turn_writes("s1", Turn(role="bot", text="Maria is here now.", at=NOW)))
    store.write(turn_writes("s1", Turn(role="agent", text="Good day.", at=NOW, by="Maria")))
    converse(store, "good day to you", outcome="waiting", text="", sources=())
    app.run()
    page = shown(app)
    assert "Maria is here</span>" in page
    assert "tw-note" in page
    assert "<strong>Maria</strong>" in page
    assert "good day to you" in page
    assert page.count("tw-meta") == 4  # two of the customer, the handoff, the colleague


def test_thumbs_are_sent_as_feedback_and_the_last_one_counts(
    store: MemoryResults, open_page: OpenPage
) -> None:
    given = converse(store, "charged twice")
    sender = RecordingSender()
    app = open_page(edges(store, sender), session="s1")
    next(b for b in app.button if b.label == "Not helpful").click().run()
    assert "We look into it." in shown(app)
    app.text_input[0].set_value("It takes a week.").run()
    assert "helps us to do better" in shown(app)
    next(b for b in app.button if b.label == "Helpful").click().run()
    assert [(one.kind, one.text) for one in sender.sent if isinstance(one, Feedback)] == [
        ("unhelpful", None),
        ("corrected", "It takes a week."),
        ("helpful", None),
    ]
    assert {one.question_id for one in sender.sent} == {given.question_id}  # type: ignore[attr-defined]


def test_only_answers_can_be_judged(store: MemoryResults, open_page: OpenPage) -> None:
    converse(store, "hello", outcome="acknowledged", sources=())
    app = open_page(edges(store, RecordingSender()), session="s1")
    assert "Helpful" not in [button.label for button in app.button]
