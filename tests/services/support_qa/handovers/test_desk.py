from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.support_qa.bot_words import read_foreign_words, read_words
from services.support_qa.handovers.desk import SupportDesk
from services.support_qa.handovers.waiting import wait_words
from tests.services.support_qa.snapshots import (
    AT,
    answer_in,
    asked,
    handoff_in,
    service,
    stored,
)
from textwire.errors import RecordRejected
from textwire.results.memory import MemoryResults
from textwire.results.writes import Fence
from textwire.stream.processor import Processor, Received, Result
from textwire.support_qa.desk_results import (
    read_handoff,
    read_queue,
    read_suggestions,
    usual_wait,
)
from textwire.support_qa.feedback_results import read_judged, read_passage_feedback
from textwire.support_qa.messages import AgentReply, Answer, Feedback, Handoff
from textwire.support_qa.results import read_turns
from textwire.support_qa.topics import SUPPORT_FEEDBACK, SUPPORT_REPLIES
from textwire.wire.record import Partition, Record

ORDER = "how do i order a physical card"
PERSON = "I want to talk to a human"
UNKNOWN = "zebra weather tomorrow"
GERMAN = "Wie kann ich einen Kredit für mein Haus bekommen?"
DAY_S = 24 * 60 * 60


class World:
    """Customers and colleagues over one store, record by record as the loops do it."""

    def __init__(self) -> None:
        self.store = MemoryResults()
        self.now = AT
        self.questions = service(self.store, clock=lambda: self.now)
        self.desk = SupportDesk(self.store, read_words(), lambda: self.now, DAY_S)
        self.offset = 0

    def ask(self, text: str, session: str = "s") -> Result:
        self.offset += 1
        received = asked(text, session, f"q{self.offset}", self.offset)
        (result,) = self.questions.process([received])
        stored(self.store, received, result)
        return result

    def do(self, message: AgentReply | Feedback) -> Result:
        self.offset += 1
        received = sent(message, self.offset)
        (result,) = self.desk.process([received])
        self.keep(received, result)
        return result

    def keep(self, received: Received, result: Result) -> None:
        fence = Fence("support-desk", received.record.partition.topic, 0)
        self.store.apply(fence, [(received.record.place, result.writes)])

    def reply(self, text: str | None = None, agent: str = "Maria", **fields: object) -> Result:
        handoff = read_handoff(self.store, "s")
        assert handoff is not None
        given = {"session_id": "s", "handoff_id": handoff.id, "agent": agent, "at": self.now}
        return self.do(AgentReply(text=text, **(given | fields)))  # type: ignore[arg-type]

    def judge(self, question: int, kind: str, **fields: object) -> Result:
        given = {"session_id": "s", "question_id": f"q{question}", "kind": kind, "at": self.now}
        return self.do(Feedback(**(given | fields)))  # type: ignore[arg-type]


def sent(message: AgentReply | Feedback, offset: int) -> Received:
    topic = SUPPORT_REPLIES if isinstance(message, AgentReply) else SUPPORT_FEEDBACK
    record = Record(Partition(topic.name, 0), offset, message.session_id.encode(), b"")
    return Received(message, record)


def told(result: Result) -> list[tuple[str, str]]:
    answers = [out.message for out in result.messages if isinstance(out.message, Answer)]
    return [(answer.outcome, answer.text) for answer in answers]


@pytest.fixture
def world() -> World:
    return World()


def test_the_desk_is_a_processor(world: World) -> None:
    desk: Processor = world.desk
    topics = [topic.name for topic in desk.inputs]
    assert (desk.name, topics) == ("support-desk", ["support.replies", "support.feedback"])


def test_a_conversation_waits_with_a_summary_in_the_customers_words(world: World) -> None:
    world.ask("hello")
    world.ask(ORDER)
    world.ask(f"{UNKNOWN}. will it rain on my zebra?")
    handoff = handoff_in(world.ask(PERSON))
    assert handoff is not None
    assert (handoff.state, handoff.agent, handoff.opened_at) == ("open", None, AT)
    assert handoff.summary == f"{ORDER} … will it rain on my zebra?"
    assert read_handoff(world.store, "s") == handoff
    assert read_queue(world.store) == ["s"]


def test_what_is_said_beside_the_wish_for_a_person_is_in_the_summary(world: World) -> None:
    handoff = handoff_in(world.ask(f"{PERSON} now. My zebra has been missing for three weeks."))
    assert handoff is not None
    assert handoff.summary == "My zebra has been missing for three weeks."


def test_who_came_first_is_first_in_the_queue(world: World) -> None:
    for session in ("b", "a", "b", "c"):
        world.ask(PERSON, session)
    assert read_queue(world.store) == ["b", "a", "c"]


def test_where_a_life_may_be_in_danger_comes_before_all_who_wait(world: World) -> None:
    world.ask(PERSON, "first")
    danger = handoff_in(world.ask("i want to end my life", "danger"))
    assert danger is not None
    assert danger.reason == "in_danger"
    assert read_queue(world.store) == ["danger", "first"]
    closing = AgentReply(
        session_id="danger", handoff_id=danger.id, agent="Maria", at=world.now, closes=True
    )
    world.do(closing)
    assert read_queue(world.store) == ["first"]


def test_one_handoff_stands_however_often_a_person_is_asked_for(world: World) -> None:
    opened = [handoff_in(world.ask(text)) for text in (PERSON, PERSON, UNKNOWN, GERMAN)]
    assert [handoff is not None for handoff in opened] == [True, False, False, False]


def test_who_waits_is_told_so_in_their_language(world: World) -> None:
    first, second = world.ask(GERMAN), world.ask(GERMAN)
    words = read_foreign_words()
    assert answer_in(first).text == words.to_speaker_of("de", "en")
    assert (answer_in(second).outcome, answer_in(second).text) == ("waiting", words.waiting["de"])


def test_sorted_by_their_time_answers_of_bot_and_desk_are_the_conversation(world: World) -> None:
    sent_late = AT + timedelta(hours=3)  # by a desk whose clock goes wrong
    steps = [
        lambda: world.ask(PERSON),
        lambda: world.reply("I am looking into it.", at=sent_late),
        lambda: world.reply("Done.", closes=True, at=sent_late),
        lambda: world.ask(ORDER),
    ]
    told_of: list[Answer] = []
    for minutes, step in enumerate(steps):
        world.now = AT + timedelta(minutes=minutes)
        told_of += [o.message for o in step().messages if isinstance(o.message, Answer)]
    assert sorted(told_of, key=lambda answer: answer.answered_at) == told_of


def test_every_language_has_words_for_who_waits() -> None:
    words = read_foreign_words()
    assert words.waiting.keys() == words.colleague.keys()


def test_the_bot_keeps_quiet_while_a_colleague_is_there(world: World) -> None:
    world.ask(PERSON)
    world.reply(takes=True)
    for text in (ORDER, "thanks", PERSON, GERMAN):
        result = world.ask(text)
        answer = answer_in(result)
        assert (answer.outcome, answer.text, answer.sources) == ("waiting", "", ())
        assert handoff_in(result) is None


def test_what_the_customer_writes_meanwhile_brings_suggestions(world: World) -> None:
    world.ask(PERSON)
    assert read_suggestions(world.store, "s") == ()
    world.reply(takes=True)
    world.ask(ORDER)
    assert read_suggestions(world.store, "s")[0].passage_id == "card-order"
    world.ask("thanks")  # nothing is looked up for it
    assert read_suggestions(world.store, "s")[0].passage_id == "card-order"


def test_while_nobody_is_there_yet_the_bot_answers_what_it_knows(world: World) -> None:
    world.ask(PERSON)
    assert answer_in(world.ask(ORDER)).outcome == "answered"


def test_a_reply_reaches_the_customer_with_the_colleagues_name(world: World) -> None:
    world.ask(PERSON)
    result = world.reply("Good morning, I look into it.")
    assert told(result) == [("replied", "Good morning, I look into it.")]
    answer = answer_in(result)
    assert (answer.agent, answer.question_id, answer.session_id) == ("Maria", "q1", "s")
    turn = read_turns(world.store, "s")[-1]
    assert (turn.role, turn.text, turn.by) == ("agent", "Good morning, I look into it.", "Maria")
    assert turn.question_id is None
    handoff = handoff_in(result)
    assert handoff is not None
    assert (handoff.state, handoff.agent) == ("taken", "Maria")


def test_a_second_reply_changes_no_state(world: World) -> None:
    world.ask(PERSON)
    world.reply("One moment.")
    assert handoff_in(world.reply("Here it is.")) is None
    assert [turn.text for turn in read_turns(world.store, "s")[-2:]] == [
        "One moment.",
        "Here it is.",
    ]


def test_taking_tells_the_customer_who_is_there(world: World) -> None:
    world.ask(PERSON)
    assert told(world.reply(takes=True)) == [
        ("waiting", "Maria is here now and reads what we wrote so far.")
    ]
    assert told(world.reply(takes=True)) == []


def test_the_first_who_takes_it_has_it_and_the_second_is_told(world: World) -> None:
    world.ask(PERSON)
    world.reply(takes=True)
    second = world.reply(agent="Ben", takes=True)
    standing = handoff_in(second)
    assert standing is not None
    assert (standing.agent, told(second), second.writes) == ("Maria", [], ())


def test_nobody_writes_into_anothers_conversation(world: World) -> None:
    world.ask(PERSON)
    world.reply(takes=True)
    for fields in ({"text": "Hello!"}, {"closes": True}, {"hands_back": True}):
        with pytest.raises(RecordRejected, match="Maria has the conversation"):
            world.reply(agent="Ben", **fields)


def test_a_conversation_is_taken_over_by_naming_who_has_it(world: World) -> None:
    world.ask(PERSON)
    world.reply(takes=True)
    world.reply(agent="Ben", takes_from="Maria")
    standing = handoff_in(world.reply(agent="Cleo", takes_from="Maria"))
    assert standing is not None
    assert standing.agent == "Ben"
    assert told(world.reply("Ben here.", agent="Ben")) == [("replied", "Ben here.")]


@pytest.mark.parametrize(
    ("ending", "words"),
    [({"closes": True}, "Maria has ended"), ({"hands_back": True}, "passed you back to me")],
)
def test_after_it_is_closed_the_bot_answers_again(
    world: World, ending: dict[str, bool], words: str
) -> None:
    world.ask(PERSON)
    closed = world.reply("Done.", **ending)
    (reply, end) = told(closed)
    assert reply == ("replied", "Done.")
    assert words in end[1]
    handoff = handoff_in(closed)
    assert handoff is not None
    assert (handoff.state, handoff.handed_back) == ("closed", "hands_back" in ending)
    assert read_queue(world.store) == []
    assert answer_in(world.ask(ORDER)).outcome == "answered"
    again = handoff_in(world.ask(PERSON))
    assert again is not None
    assert again.id != handoff.id
    assert read_queue(world.store) == ["s"]


def test_what_is_closed_or_was_never_opened_takes_no_reply(world: World) -> None:
    world.ask(PERSON)
    world.reply(closes=True)
    with pytest.raises(RecordRejected, match="closed"):
        world.reply("Too late.")
    with pytest.raises(RecordRejected, match="has no handoff"):
        world.reply("Where?", handoff_id="another")
    with pytest.raises(RecordRejected, match="has no handoff"):
        world.reply("Where?", session_id="nobody")


def test_how_long_others_waited_is_told(world: World) -> None:
    world.ask(PERSON, "other")
    world.ask(PERSON)
    assert usual_wait(world.store) is None
    world.now = AT + timedelta(minutes=4)
    world.reply("Hello.")
    assert usual_wait(world.store) == timedelta(minutes=4)
    for result in (world.ask(PERSON, "third"), world.ask(PERSON, "other")):
        assert answer_in(result).text.endswith("The last customers waited about 4 minutes.")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "a minute"), (1, "a minute"), (12, "12 minutes"), (100, "2 hours"), (3000, "50 hours")],
)
def test_a_wait_is_told_in_whole_minutes_or_hours(minutes: int, words: str) -> None:
    assert wait_words(timedelta(minutes=minutes), read_words().wait).endswith(f"about {words}.")


def test_thumbs_are_counted_for_the_passage_that_the_answer_stood_on(world: World) -> None:
    world.ask(ORDER)
    world.judge(1, "unhelpful")
    assert read_passage_feedback(world.store) == {"card-order": {"unhelpful": 1}}
    (kept,) = read_judged(world.store)
    assert (kept.question, kept.stood_on[0], kept.kind) == (ORDER, "card-order", "unhelpful")


def test_the_last_word_of_each_who_judges_counts(world: World) -> None:
    world.ask(ORDER)
    for kind in ("unhelpful", "helpful", "helpful"):
        world.judge(1, kind)
    world.judge(1, "corrected", by="Maria", text="It takes two days.", passage_id="card-freeze")
    counts = read_passage_feedback(world.store)
    assert counts["card-order"] == {"helpful": 1, "unhelpful": 0}
    assert counts["card-freeze"] == {"corrected": 1}
    assert [(one.kind, one.by) for one in read_judged(world.store)] == [
        ("helpful", None),
        ("corrected", "Maria"),
    ]


def test_a_passage_that_the_answer_did_not_have_is_counted_for_none(world: World) -> None:
    world.ask(ORDER)
    world.judge(1, "helpful", passage_id="made-up")
    assert read_passage_feedback(world.store) == {"card-order": {"helpful": 1}}
    assert read_judged(world.store)[0].passage_id == "made-up"


def test_what_was_never_answered_cannot_be_judged(world: World) -> None:
    with pytest.raises(RecordRejected, match="no answer"):
        world.judge(1, "helpful")


def test_a_reply_is_kept_with_what_the_customer_wanted(world: World) -> None:
    world.ask(UNKNOWN)
    world.ask(PERSON)
    world.reply("It will be sunny.")
    (kept,) = read_judged(world.store)
    assert (kept.kind, kept.question, kept.text) == ("replied", UNKNOWN, "It will be sunny.")


DONE = st.sampled_from(
    [
        {"takes": True},
        {"text": "Hello."},
        {"closes": True},
        {"text": "Bye.", "hands_back": True},
        {"takes_from": "Maria"},
    ]
)
REPLIES = st.lists(st.tuples(st.sampled_from(["Maria", "Ben"]), DONE), min_size=1, max_size=6)


def possible(world: World, batch: Sequence[Received]) -> list[Received]:
    """Those that the desk does not refuse, after one another."""
    kept = []
    for received in batch:
        try:
            (result,) = world.desk.process([received])
        except RecordRejected:
            continue
        world.keep(received, result)
        kept.append(received)
    return kept


@settings(max_examples=60)
@given(REPLIES)
def test_a_batch_equals_its_replies_one_after_the_other(replies) -> None:
    alone, together = World(), World()
    for world in (alone, together):
        world.ask(PERSON)
    handoff = read_handoff(alone.store, "s")
    assert handoff is not None
    batch = [
        sent(AgentReply(session_id="s", handoff_id=handoff.id, agent=agent, at=AT, **done), n)
        for n, (agent, done) in enumerate(replies, start=10)
    ]
    kept = possible(alone, batch)
    for received, result in zip(kept, together.desk.process(kept), strict=True):
        together.keep(received, result)
    assert read_handoff(together.store, "s") == read_handoff(alone.store, "s")
    assert read_turns(together.store, "s") == read_turns(alone.store, "s")
    assert read_queue(together.store) == read_queue(alone.store)


def test_a_reply_or_feedback_that_says_nothing_is_no_message() -> None:
    for kind, fields in (
        (AgentReply, {"session_id": "s", "handoff_id": "h", "agent": "Maria"}),
        (Feedback, {"session_id": "s", "question_id": "q", "kind": "corrected"}),
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(msgspec.json.encode(fields), type=kind)


def test_a_handoff_survives_the_wire(world: World) -> None:
    handoff = handoff_in(world.ask(PERSON))
    assert msgspec.json.decode(msgspec.json.encode(handoff), type=Handoff) == handoff
