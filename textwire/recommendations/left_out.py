"""What is not offered to a user, and why."""

from __future__ import annotations

from collections.abc import Mapping

from textwire.recommendations.messages import DropReason, ScoreRequest
from textwire.recommendations.results import Profile


def left_out(request: ScoreRequest, profile: Profile | None) -> Mapping[str, DropReason]:
    """Ids of items that a list must not hold, each with why."""
    why: dict[str, DropReason] = {}
    if profile is not None:
        if request.exclude_seen:
            why |= dict.fromkeys(profile.seen, "seen")
        if not request.allow_bought:
            why |= dict.fromkeys(profile.bought, "bought")
        why |= dict.fromkeys(profile.disliked, "disliked")
    return why | dict.fromkeys(request.exclude, "excluded")
