from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.support_qa.handovers.handoff_states import after_reply
from tests.services.support_qa.snapshots import AT
from textwire.errors import RecordRejected
from textwire.support_qa.messages import AgentReply, Handoff

OPEN = Handoff(
    id="h1", session_id="s", question_id="q1", reason="customer_asked", conversation=(),
    candidates=(), opened_at=AT,
)  # fmt: skip


def reply(agent: str = "Maria", handoff_id: str = "h1", **done: object) -> AgentReply:
    return AgentReply(session_id="s", handoff_id=handoff_id, agent=agent, **done)


def after(*replies: AgentReply, handoff: Handoff | None = OPEN) -> Handoff | None:
    for one in replies:
        handoff = after_reply(handoff, one, AT)
    return handoff


TAKEN = after(reply(takes=True))
CLOSED = after(reply(closes=True))


@pytest.mark.parametrize("done", [{"takes": True}, {"text": "Good day."}])
def test_who_takes_or_writes_has_it(done: dict[str, object]) -> None:
    handoff = after(reply(**done))
    assert handoff is not None
    assert (handoff.state, handoff.agent, handoff.changed_at) == ("taken", "Maria", AT)


@pytest.mark.parametrize("before", [OPEN, TAKEN])
@pytest.mark.parametrize(("done", "handed_back"), [("closes", False), ("hands_back", True)])
def test_it_ends_open_or_taken(before: Handoff, done: str, handed_back: bool) -> None:
    handoff = after(reply(**{done: True}), handoff=before)
    assert handoff is not None
    assert (handoff.state, handoff.agent, handoff.handed_back) == ("closed", "Maria", handed_back)


def test_who_comes_second_changes_nothing_and_cannot_write() -> None:
    assert after(reply("Jonas", takes=True), handoff=TAKEN) is TAKEN
    for done in ({"text": "Me too."}, {"closes": True}, {"hands_back": True}):
        with pytest.raises(RecordRejected, match="Maria has the conversation"):
            after(reply("Jonas", **done), handoff=TAKEN)


def test_another_takes_over_from_whoever_they_name_if_that_one_has_it() -> None:
    over = after(reply("Jonas", takes=True, takes_from="Maria"), handoff=TAKEN)
    assert over is not None
    assert (over.state, over.agent) == ("taken", "Jonas")
    assert after(reply("Ada", takes=True, takes_from="Maria"), handoff=over) is over


@pytest.mark.parametrize(
    ("handoff", "told"), [(None, "has no handoff h1"), (CLOSED, "h1 is closed")]
)
def test_what_does_not_stand_is_not_written_into(handoff: Handoff | None, told: str) -> None:
    with pytest.raises(RecordRejected, match=told):
        after(reply(text="Hello?"), handoff=handoff)


def test_an_earlier_handoff_of_the_session_is_not_written_into() -> None:
    with pytest.raises(RecordRejected, match="has no handoff h0"):
        after(reply(text="Hello?", handoff_id="h0"))


REPLIES = st.builds(
    reply,
    st.sampled_from(["Maria", "Jonas"]),
    takes=st.booleans(),
    text=st.just("Good day."),
    closes=st.booleans(),
    takes_from=st.none() | st.sampled_from(["Maria", "Jonas"]),
)


@given(st.lists(REPLIES, max_size=8))
def test_a_handoff_never_goes_back_and_is_always_somebodys_once_it_was_taken(
    replies: list[AgentReply],
) -> None:
    order = ["open", "taken", "closed"]
    handoff = OPEN
    for one in replies:
        try:
            then = after_reply(handoff, one, AT)
        except RecordRejected:
            continue
        assert order.index(then.state) >= order.index(handoff.state)
        assert (then.agent is None) == (then.state == "open")
        handoff = then
