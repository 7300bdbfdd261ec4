from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Barrier

from services.support_qa.language_model.prompt import Messages
from tests.language_model.chat_server import ChatServer, completion
from textwire.language_model.asking import LanguageModel, TimeLimit
from textwire.language_model.circuit_breaker import FAILURES_IN_A_ROW
from textwire.language_model.endpoint import Endpoint, Said
from textwire.language_model.failures import NotWorded
from textwire.language_model.settings import LanguageModelSettings


def prompts(count: int, first: int = 0) -> list[Messages]:
    return [(("system", "Answer."), ("user", f"question {n}")) for n in range(first, first + count)]


@contextmanager
def model(chat: ChatServer, timeout_s: float = 20.0, at_once: int = 4) -> Iterator[LanguageModel]:
    settings = LanguageModelSettings(url=chat.url, model="small")
    endpoint = Endpoint(settings, lambda: datetime(2026, 1, 2, tzinfo=UTC))
    made = LanguageModel(endpoint, timeout_s, at_once)
    try:
        yield made
    finally:
        made.close()


def reasons(came: list[Said | NotWorded]) -> list[str]:
    return [one.reason if isinstance(one, NotWorded) else "said" for one in came]


def echo(body: dict) -> bytes:
    return completion(f"to {body['messages'][-1]['content']}")


def test_each_question_has_its_own_answer_and_so_many_are_under_way_as_may_be(
    chat: ChatServer,
) -> None:
    three_came = Barrier(3, timeout=30)

    def answer(body: dict) -> bytes:
        three_came.wait()
        return echo(body)

    chat.answers = answer
    with model(chat, at_once=3) as asked:
        came = asked.ask(prompts(12), asked.begin())
    assert [one.text for one in came] == [f"to question {n}" for n in range(12)]
    assert chat.most_at_once == 3


def test_what_was_asked_before_is_not_asked_again(chat: ChatServer) -> None:
    chat.answers = echo
    with model(chat) as asked:
        first = asked.ask(prompts(2), asked.begin())
        again = asked.ask([*prompts(2), *prompts(1)], asked.begin())
    assert again == [*first, first[0]]
    assert len(chat.asked) == 2


def test_one_limit_holds_for_a_whole_batch(chat: ChatServer) -> None:
    chat.held.clear()
    with model(chat, timeout_s=0.3, at_once=2) as asked:
        limit = asked.begin()
        came = asked.ask(prompts(5), limit)
        later = asked.ask(prompts(1, first=9), limit)
    assert reasons(came) == ["timeout", "timeout", "no_time", "no_time", "no_time"]
    assert reasons(later) == ["no_time"]
    assert len(chat.asked) == 2


def test_a_model_that_fails_is_left_alone_within_a_batch_and_after_it(chat: ChatServer) -> None:
    chat.status = 500
    with model(chat, at_once=1) as asked:
        came = asked.ask(prompts(6), asked.begin())
        assert reasons(came)[:FAILURES_IN_A_ROW] == ["http_error"] * FAILURES_IN_A_ROW
        assert set(reasons(came)[FAILURES_IN_A_ROW:]) == {"left_alone"}
        assert asked.is_left_alone
        assert reasons(asked.ask(prompts(2, first=9), asked.begin())) == ["left_alone"] * 2
    assert len(chat.asked) == FAILURES_IN_A_ROW


def test_a_model_that_is_back_is_asked_again(chat: ChatServer) -> None:
    clock = {"s": 0.0}
    settings = LanguageModelSettings(url=chat.url, model="small")
    endpoint = Endpoint(settings, lambda: datetime(2026, 1, 2, tzinfo=UTC))
    asked = LanguageModel(endpoint, 20.0, 1, clock=lambda: clock["s"])
    chat.status = 500
    asked.ask(prompts(3), asked.begin())
    chat.status, chat.answers = 200, echo
    clock["s"] = 60.0
    assert reasons(asked.ask(prompts(2), asked.begin())) == ["said", "left_alone"]
    assert reasons(asked.ask(prompts(2), asked.begin())) == ["said", "said"]
    asked.close()


def test_refusals_leave_it_in_use(chat: ChatServer) -> None:
    chat.body = completion(None, refusal="no")
    with model(chat) as asked:
        assert reasons(asked.ask(prompts(9), asked.begin())) == ["refused"] * 9
        assert not asked.is_left_alone


def test_without_time_nothing_is_asked(chat: ChatServer) -> None:
    with model(chat) as asked:
        assert reasons(asked.ask(prompts(1), TimeLimit(0.0))) == ["no_time"]
    assert chat.asked == []
