from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.gateway.config import GatewaySettings
from tests.services.gateway.running import Applications, served
from textwire.recommendations.messages import ScoredItem, ScoredList, ScoreRequest
from textwire.wire.message import Message
from textwire.wire.topic import Topic

SCORE = "/v1/recommendations"


def shop(behind: Applications, _topic: Topic, message: Message) -> None:
    """Gives one item to everybody, and pushes a list to somebody else before."""
    assert isinstance(message, ScoreRequest)
    item = ScoredItem(item_id="knife", rank=1, score=0.4, parts={}, reason="popular")
    told = ScoredList(
        user_id=message.user_id,
        scores=(item,),
        model="m",
        scored_at=datetime(2026, 3, 2, tzinfo=UTC),
        request_id=message.id,
        error="There is no such user." if message.user_id == "nobody" else None,
    )
    behind.publish(ScoredList(user_id="other", scores=(), model="m", scored_at=told.scored_at))
    behind.publish(told)


def test_a_program_gets_the_list_that_it_asked_for_under_its_own_id() -> None:
    with served(Applications(shop)) as client:
        told = client.post(SCORE, json={"user_id": "u1", "k": 5, "id": "mine"})
    assert told.status_code == 200
    assert told.json()["request_id"] == "mine"
    assert told.json()["scores"][0]["item_id"] == "knife"


def test_two_requests_with_one_id_each_get_their_own_list() -> None:
    with served(Applications(shop)) as client:
        told = [client.post(SCORE, json={"user_id": user, "id": "1"}) for user in ("u1", "u2")]
    assert [one.json()["user_id"] for one in told] == ["u1", "u2"]


def test_what_the_service_refuses_is_told() -> None:
    with served(Applications(shop)) as client:
        told = client.post(SCORE, json={"user_id": "nobody"})
    assert (told.status_code, told.json()["detail"]) == (422, "There is no such user.")


def test_a_list_that_does_not_come_is_not_waited_for_without_end() -> None:
    with served(Applications(), GatewaySettings(answer_within_s=0.2)) as client:
        assert client.post(SCORE, json={"user_id": "u1"}).status_code == 504


@pytest.mark.parametrize(
    ("key", "status"), [(None, 401), ("wrong", 401), ("k" * 20, 200), ("l" * 20, 200)]
)
def test_with_keys_only_programs_that_have_one_may_ask(key, status) -> None:
    settings = GatewaySettings(program_keys=("k" * 20, "l" * 20))
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with served(Applications(shop), settings) as client:
        assert client.post(SCORE, json={"user_id": "u"}, headers=headers).status_code == status


def test_beyond_loopback_nobody_may_ask_while_there_is_no_key() -> None:
    with served(Applications(shop), GatewaySettings(host="192.0.2.1")) as client:
        assert client.post(SCORE, json={"user_id": "u"}).status_code == 403
