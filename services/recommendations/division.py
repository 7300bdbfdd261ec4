"""Which messages of a batch each model goes through, while an experiment serves several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.recommendations.experimenting import Plan, Serving
from textwire.recommendations.messages import BehaviourEvent, ScoreRequest


@dataclass(frozen=True)
class Division:
    """A batch, and the models that serve it.

    plans  which of them make the list of each request; None for each event.
    """

    serving: Serving
    messages: Sequence[BehaviourEvent | ScoreRequest]
    plans: Sequence[Plan | None]

    @classmethod
    def of(cls, serving: Serving, messages: Sequence[BehaviourEvent | ScoreRequest]) -> Division:
        """As it is planned for each request."""
        plans = [serving.plan_of(m) if isinstance(m, ScoreRequest) else None for m in messages]
        return cls(serving, messages, plans)

    @property
    def versions(self) -> list[str]:
        """The models that the batch has to be gone through by."""
        homes = [self.serving.home_of(message.user_id) for message in self.messages]
        makers = [version for plan in self.plans if plan for version in plan.versions]
        return list(dict.fromkeys((*homes, *makers)))

    def places_of(self, version: str) -> list[int]:
        """What a model has to go through: all of users it is home to, or makes lists for."""
        asking = {
            message.user_id
            for message, plan in zip(self.messages, self.plans, strict=True)
            if plan is not None and version in plan.versions
        }
        return [
            place
            for place, message in enumerate(self.messages)
            if message.user_id in asking or self._is_home(version, message.user_id)
        ]

    def counts(self, place: int, version: str) -> bool:
        """Whether it counts what a message leads to by a model: an event once, at its home."""
        plan = self.plans[place]
        if plan is not None:
            return version in plan.versions
        return self._is_home(version, self.messages[place].user_id)

    def _is_home(self, version: str, user_id: str) -> bool:
        return self.serving.home_of(user_id) == version
