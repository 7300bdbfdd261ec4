"""An experiment: two versions of the model, and who is shown whose lists."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import Annotated, Literal

import msgspec

from textwire.recommendations.messages import ScoreRequest
from textwire.wire.message import Moment

Arm = Literal["a", "b"]
Mode = Literal["split", "interleaved"]
# Lists that were shown are remembered for no longer.
LONGEST_WITHIN_HOURS = 7 * 24

Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """What is fixed at its start, so that nobody changes arms while it runs.

    share          of users, that are shown the lists of `b`; of an interleaved one everybody is
                   shown both.
    within_hours   a click or a purchase counts for a list that was shown at most so long before.
    planned_users  about how many will take part: around there the intervals are narrowest.
    """

    name: Name
    a: str
    b: str
    started_at: Moment
    share: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.5
    mode: Mode = "split"
    within_hours: Annotated[float, msgspec.Meta(gt=0, le=LONGEST_WITHIN_HOURS)] = 24.0
    planned_users: Annotated[int, msgspec.Meta(ge=100)] = 5_000
    stopped_at: Moment | None = None

    @property
    def runs(self) -> bool:
        """Whether lists are made for it."""
        return self.stopped_at is None

    @property
    def within(self) -> timedelta:
        """How long a list that was shown may be credited."""
        return timedelta(hours=self.within_hours)

    def arm_of(self, user_id: str) -> Arm:
        """Whose lists a user is shown: always the same, and another draw in each experiment."""
        return "b" if drawn(self.name, user_id) < self.share else "a"

    def version_of(self, arm: Arm) -> str:
        """The version that makes an arm's lists."""
        return self.a if arm == "a" else self.b

    def takes_in(self, request: ScoreRequest) -> bool:
        """Whether a list is one of its own: the user's list, and of no other experiment."""
        return (
            request.mode == "for_user"
            and request.experiment in (None, self.name)
            and not request.is_trial
        )


def drawn(*words: str) -> float:
    """A number in [0, 1) that these words always give, and that no others foretell."""
    said = "\0".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8).digest()) / 2**64
