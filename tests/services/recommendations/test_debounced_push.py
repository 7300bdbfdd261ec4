from __future__ import annotations

from datetime import timedelta

import pytest

from services.recommendations.debounced_push import GIVEN_UP_AFTER, Pusher
from tests.services.recommendations.shops import AT, Shop, did
from textwire.errors import BrokerUnavailable
from textwire.recommendations.messages import ScoreRequest
from textwire.recommendations.results import read_due
from textwire.recommendations.topics import RECS_REQUESTS


class Outbox:
    """What was sent, or the reason why nothing can be."""

    def __init__(self) -> None:
        self.sent: list[ScoreRequest] = []
        self.away = False

    def send_all(self, topic, messages) -> None:
        assert topic is RECS_REQUESTS
        if self.away:
            raise BrokerUnavailable("away")
        self.sent += messages

    def close(self) -> None: ...

    def taken(self) -> list[str]:
        users = [request.user_id for request in self.sent]
        assert all(request.trigger == "push" for request in self.sent)
        self.sent.clear()
        return users


@pytest.fixture
def shop() -> Shop:
    return Shop(debounce_s=2, push_at_most_s=10)


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def pusher(shop: Shop, outbox: Outbox) -> Pusher:
    return Pusher(shop.store, lambda: outbox, lambda: shop.now)


def test_a_user_is_due_once_they_were_quiet(shop, outbox, pusher) -> None:
    shop.processed(did("click", "tent"))
    shop.later(seconds=1.9)
    pusher.look()
    assert outbox.taken() == []
    shop.later(seconds=0.1)
    pusher.look()
    assert outbox.taken() == ["u"]
    pusher.look()
    assert outbox.taken() == []


def test_each_event_makes_the_wait_longer_but_not_for_ever(shop, outbox, pusher) -> None:
    pushed_at = []
    for second in range(15):
        shop.processed(did("click", "tent"))
        pusher.look()
        if outbox.taken():
            pushed_at.append(second)
        shop.later(seconds=1)
    assert pushed_at == [10]


def test_an_event_right_after_the_push_makes_its_user_due_anew(shop, outbox, pusher) -> None:
    shop.processed(did("click", "tent"))
    shop.later(seconds=2)
    pusher.look()
    shop.processed(did("click", "pan"))
    shop.later(seconds=2)
    pusher.look()
    assert outbox.taken() == ["u", "u"]


def test_an_event_while_the_push_is_being_sent_is_not_lost(shop, outbox, pusher) -> None:
    shop.processed(did("click", "tent"))
    shop.later(seconds=2)
    send = outbox.send_all

    def send_while_an_event_comes(topic, messages):
        shop.processed(did("click", "pan"))
        send(topic, messages)

    outbox.send_all = send_while_an_event_comes
    pusher.look()
    assert read_due(shop.store, shop.now + timedelta(seconds=2), GIVEN_UP_AFTER) == ["u"]


def test_what_could_not_be_sent_is_sent_again(shop, outbox, pusher) -> None:
    shop.processed(did("click", "tent"))
    shop.later(seconds=2)
    outbox.away = True
    with pytest.raises(BrokerUnavailable):
        pusher.look()
    outbox.away = False
    shop.now += GIVEN_UP_AFTER
    another = Pusher(shop.store, lambda: outbox, lambda: shop.now)
    another.look()
    assert outbox.taken() == ["u"]


def test_a_clock_that_is_set_back_keeps_nobody_waiting(shop, outbox, pusher) -> None:
    shop.processed(did("click", "tent"))
    shop.later(days=-3)
    pusher.look()
    assert outbox.taken() == ["u"]


def test_a_user_who_was_forgotten_is_not_due(shop, outbox, pusher) -> None:
    shop.processed(did("click", "tent"), did("forget"))
    shop.later(seconds=60)
    pusher.look()
    assert outbox.taken() == []


def test_where_pushes_are_off_nobody_is_due() -> None:
    shop = Shop(push=False)
    shop.processed(did("click", "tent"))
    assert read_due(shop.store, AT + timedelta(days=1), GIVEN_UP_AFTER) == []


def test_many_due_users_are_all_asked_for(shop, outbox, pusher) -> None:
    shop.processed(*(did("click", "tent", f"u{n}") for n in range(700)))
    shop.later(seconds=2)
    pusher.look()
    pusher.look()
    assert len(set(outbox.taken())) == 700
