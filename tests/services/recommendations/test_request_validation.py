from __future__ import annotations

import pytest

from services.recommendations.request_validation import checked_request, supposed
from tests.services.recommendations.shops import AT
from textwire.errors import RecordRejected
from textwire.recommendations.messages import Range, ScoreRequest, Supposed


def asking(**wishes: object) -> ScoreRequest:
    return ScoreRequest(user_id="u", **wishes)


@pytest.mark.parametrize(
    "request_",
    [
        asking(),
        asking(mode="similar", item_id="tent"),
        asking(reply_to="team.scores"),
        asking(filters={"price": Range(min=3, max=3), "category": "kitchen"}),
        asking(filters={"price": Range(min=3)}),
        asking(what_if=(Supposed(kind="click", item_id="tent"),)),
    ],
)
def test_what_can_be_served_is_the_request_itself(request_: ScoreRequest) -> None:
    assert checked_request(request_, {"team.scores"}) is request_


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (asking(mode="similar"), "`item_id` has to name an item"),
        (asking(mode="bought_together"), "`item_id` has to name an item"),
        (asking(reply_to="elsewhere"), "reply_topics allows team.scores"),
        (asking(filters={"price": Range(min=9, max=3)}), "`price` from 9 to 3"),
        (asking(what_if=(Supposed(kind="forget"),)), "supposes forget, which is nothing one does"),
        (asking(what_if=(Supposed(kind="click"),)), "about no item"),
    ],
)
def test_what_cannot_be_served_is_told_with_the_field(request_: ScoreRequest, told: str) -> None:
    with pytest.raises(RecordRejected) as refused:
        checked_request(request_, {"team.scores"})
    assert told in str(refused.value)


def test_without_topics_to_reply_to_none_is_allowed() -> None:
    with pytest.raises(RecordRejected, match="allows no topic"):
        checked_request(asking(reply_to="team.scores"), ())


def test_what_is_supposed_are_events_of_the_user_at_this_moment_each_with_its_id() -> None:
    request = asking(
        what_if=(Supposed(kind="click", item_id="tent"), Supposed(kind="search", text="lamp"))
    )
    events = supposed(request, AT)
    assert [(one.user_id, one.kind, one.at) for one in events] == [
        ("u", "click", AT),
        ("u", "search", AT),
    ]
    assert len({one.id for one in events}) == 2
