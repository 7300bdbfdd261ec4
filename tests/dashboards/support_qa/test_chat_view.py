from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from dashboards.config import DashboardSettings
from dashboards.support_qa.chat_view import NOT_REACHABLE, ChatView, chat_view
from dashboards.support_qa.conversation import Exchange, WaitingQuestion, ask
from tests.dashboards.page_examples import NOW, AwayStore, answer, converse, report
from textwire.observing.reports import report_writes
from textwire.results.memory import MemoryResults
from textwire.results.store import ResultStore
from textwire.support_qa.parts import AnswerPart, part_writes
from textwire.support_qa.results import answer_writes

SECOND = timedelta(seconds=1)


@pytest.fixture
def store() -> MemoryResults:
    """A conversation of one question, with a service that is there."""
    store = MemoryResults()
    converse(store, "charged twice")
    store.write(report_writes(report()))
    return store


def view(
    store: ResultStore,
    *waiting: WaitingQuestion,
    after: timedelta = timedelta(),
    said_before: tuple[Exchange, ...] = (),
) -> ChatView:
    now = NOW + after
    return chat_view(lambda: store, "s1", waiting, said_before, now, DashboardSettings())


def test_while_nothing_happens_there_is_nothing_else_to_show(store: MemoryResults) -> None:
    asked = ask("s1", "and then?", NOW)
    assert view(store, asked) == view(store, asked, after=SECOND)
    assert view(store, asked).expects_answer


def test_that_a_question_was_sent_shows_nowhere(store: MemoryResults) -> None:
    asked = ask("s1", "and then?", NOW)
    sent = WaitingQuestion(asked.question, sent=True, asked_at=asked.asked_at)
    assert view(store, asked) == view(store, sent)


def test_an_answer_is_something_else_to_show(store: MemoryResults) -> None:
    asked = ask("s1", "and then?", NOW)
    before = view(store, asked)
    store.write(answer_writes(asked.question, answer(asked.question)))
    after = view(store, asked)
    assert (len(after.said), after.waiting) == (len(before.said) + 1, ())
    assert not after.expects_answer


def test_an_answer_in_place_of_a_refusal_is_something_else_to_show(store: MemoryResults) -> None:
    before = view(store)
    converse(store, "charged twice", text="Something else.")
    assert view(store) != before


def test_a_question_that_is_late_or_was_not_sent_is_expected_no_longer(
    store: MemoryResults,
) -> None:
    asked = ask("s1", "and then?", NOW)
    late = view(store, asked, after=timedelta(seconds=15))
    assert late != view(store, asked)
    assert not late.expects_answer
    failed = WaitingQuestion(asked.question, asked_at=NOW, problem="Kafka does not answer.")
    assert not view(store, failed).expects_answer


def test_who_leaves_or_comes_is_something_else_to_show(store: MemoryResults) -> None:
    online = view(store)
    store.write(report_writes(msgspec.structs.replace(report(), ready=False)))
    assert view(store).presence != online.presence


def test_while_redis_is_away_what_was_said_stays_and_what_waits_waits(
    store: MemoryResults,
) -> None:
    said, asked = view(store).said, ask("s1", "and then?", NOW)
    away = view(AwayStore(), asked, said_before=said)  # type: ignore[arg-type]
    assert (away.said, away.presence) == (said, NOT_REACHABLE)
    assert [one.asked for one in away.waiting] == [asked]
    assert "does not answer" in away.trouble


def test_how_an_answer_begins_shows_until_the_answer_is_there(store: MemoryResults) -> None:
    asked = ask("s1", "and then?", NOW)
    question_id = asked.question_id
    for text in ("Tap Card.", "Tap Card. Then tap Order."):
        part = AnswerPart(question_id=question_id, session_id="s1", text=text)
        store.write(part_writes([part], kept_s=10))
        (waiting,) = view(store, asked).waiting
        assert waiting.so_far == text
    late = view(store, asked, after=100 * SECOND).waiting[0]
    assert (late.so_far, late.late) == ("Tap Card. Then tap Order.", True)
    store.write(answer_writes(asked.question, answer(asked.question)))
    assert view(store, asked).waiting == ()  # whatever part is still there
