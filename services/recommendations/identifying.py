"""Guests who turn out to be users, though the two stand in different partitions.

    identify(user, guest)     the user's partition takes over what it sees of the guest, and asks
    asked of the guest        the guest's partition, behind all that the guest did before, answers
    identify(user, guest)     the user's partition takes over the rest

`value` of the event says which of the three it is: none, ASKED, ANSWERED.
"""

from __future__ import annotations

from msgspec.structs import replace

from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.topics import RECS_EVENTS
from textwire.stream.processor import Outgoing

ASKED, ANSWERED = 1.0, 2.0


def is_asked(event: BehaviourEvent) -> bool:
    """Whether it only asks the guest's partition to answer."""
    return event.kind == "identify" and event.value == ASKED


def following(event: BehaviourEvent) -> tuple[Outgoing, ...]:
    """What an `identify` makes somebody else do, if anything."""
    if event.kind != "identify" or event.value == ANSWERED:
        return ()
    stage = ANSWERED if is_asked(event) else ASKED
    turned = replace(
        event,
        user_id=event.same_as or "",
        same_as=event.user_id,
        value=stage,
        id=f"{event.id}:{stage:.0f}"[-200:],
    )
    return (Outgoing(RECS_EVENTS, turned),)
