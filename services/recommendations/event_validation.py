"""What an event must say to be of use."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from textwire.errors import RecordRejected
from textwire.recommendations.event_rows import ABOUT_AN_ITEM, IN_WORDS
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.star_scale import STARS


def checked(event: BehaviourEvent, now: datetime) -> BehaviourEvent:
    """The event, its time no later than now: a clock that is wrong must not age all the rest.

    Raises: RecordRejected: it says neither what it is about nor anything else of use.
    """
    if event.kind in ABOUT_AN_ITEM and event.item_id is None:
        raise RecordRejected(
            f"The {event.kind} of user {event.user_id} is about no item. Name it in `item_id`."
        )
    if event.kind == "rating" and not 0.0 <= (event.value or 0.0) <= STARS:
        raise RecordRejected(
            f"The rating of user {event.user_id} has the value {event.value:g}. Send it on a scale "
            "from 1 to 5."
        )
    if event.kind in IN_WORDS and not own_words(event):
        raise RecordRejected(
            f"The {event.kind} of user {event.user_id} has no words. Send them in `text`."
        )
    if event.kind == "identify" and event.same_as in (None, event.user_id):
        raise RecordRejected(
            f"The identify of user {event.user_id} does not say who else they are. Send the "
            "guest's id in `same_as`."
        )
    return replace(event, at=min(event.at or now, now))


def own_words(event: BehaviourEvent) -> str:
    """What the user said, without blanks around it; empty where nothing was."""
    return (event.text or "").strip()
