"""The profiles of one batch: as they are stored, and as the batch goes on with them.

An event about an item that the catalogue does not know is counted and kept in the user's history,
and stands in the profile as pending. When the user is met again after the item came, what it says
of their taste is added then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from services.recommendations.catalogue import ServingSnapshot
from services.recommendations.event_validation import own_words
from textwire.models.encoder import Vectors
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.recommendations.profiles import updated
from textwire.recommendations.results import Profile, read_profiles, read_user_history
from textwire.results.store import ResultStore

# Most of what waits never comes: an item that was taken out of the catalogue, a wrong id.
KEPT_PENDING = 50

Words = Mapping[str, Vectors]
"""Vectors of what users said, by their words."""


class Profiles:
    """Read once for each batch; never written here."""

    def __init__(
        self,
        store: ResultStore,
        snapshot: ServingSnapshot,
        user_ids: Iterable[str],
        half_life_days: float,
    ) -> None:
        """Read the profiles, and the histories of those that have to be caught up.

        Raises: RedisUnavailable: the store is away.
        """
        self._snapshot = snapshot
        self._half_life_days = half_life_days
        self._profiles = read_profiles(store, list(dict.fromkeys(user_ids)))
        self._histories = {
            user_id: read_user_history(store, user_id)
            for user_id, profile in self._profiles.items()
            if self._is_behind(profile)
        }

    @property
    def said(self) -> list[str]:
        """What has to be embedded to catch up: words of users whose profile another model made."""
        return [
            own_words(event)
            for user_id, history in self._histories.items()
            if self._is_of_another_model(self._profiles[user_id])
            for event in history
            if own_words(event)
        ]

    def catch_up(self, words: Words) -> None:
        """Bring the profiles up to this model and this catalogue.

        Args: words: vectors of all that `said` names.
        """
        for user_id, history in self._histories.items():
            profile = self._with_items_that_came(self._profiles[user_id], history)
            if self._is_of_another_model(profile):
                profile = self._remade(profile, history, words)
            self._profiles[user_id] = profile

    def of(self, user_id: str) -> Profile | None:
        """A user as known at this point of the batch."""
        return self._profiles.get(user_id)

    def known(self, user_id: str) -> Profile:
        """The same for a user of whom there was an event."""
        return self._profiles[user_id]

    def add(self, event: BehaviourEvent, words: Words) -> None:
        """Go on by one event."""
        profile = self._profiles.get(event.user_id)
        item = self._item_of(event)
        vector = self._vector_of(event, words)
        after = updated(profile, event, item, vector, self._half_life_days)
        pending = after.pending
        if item is None and event.item_id is not None:
            waiting = {**pending, str(event.id): event.item_id}
            pending = dict(list(waiting.items())[-KEPT_PENDING:])
        self._profiles[event.user_id] = replace(
            after, model=self._snapshot.model.version, pending=pending
        )

    def forget(self, user_id: str) -> None:
        """Know nothing of a user."""
        self._profiles.pop(user_id, None)

    def _is_behind(self, profile: Profile) -> bool:
        came = any(item_id in self._snapshot.index for item_id in profile.pending.values())
        return came or self._is_of_another_model(profile)

    def _is_of_another_model(self, profile: Profile) -> bool:
        return profile.model != self._snapshot.model.version

    def _with_items_that_came(self, profile: Profile, history: Sequence[BehaviourEvent]) -> Profile:
        """What events said of items that are known only now; what was counted is not counted twice.

        The order in which events are folded does not matter, so the late ones are simply added.
        """
        came = {id_ for id_, item_id in profile.pending.items() if item_id in self._snapshot.index}
        after = profile
        for event in history:
            if str(event.id) in came:
                item = self._item_of(event)
                vector = None if own_words(event) else self._vector_of(event, {})
                after = updated(after, event, item, vector, self._half_life_days)
        return replace(
            after,
            bought=profile.bought,
            seen=profile.seen,
            trail=profile.trail,
            words=profile.words,
            events=profile.events,
            pending={id_: item for id_, item in profile.pending.items() if id_ not in came},
        )

    def _remade(self, profile: Profile, history: Iterable[BehaviourEvent], words: Words) -> Profile:
        """The profile with vectors of the model in use, as far back as the history goes."""
        made = Profile(user_id=profile.user_id, at=profile.at)
        for event in history:
            vector = self._vector_of(event, words)
            made = updated(made, event, self._item_of(event), vector, self._half_life_days)
        return replace(
            profile,
            vector=made.vector,
            weight=made.weight,
            recent=made.recent,
            recent_weight=made.recent_weight,
            model=self._snapshot.model.version,
        )

    def _item_of(self, event: BehaviourEvent) -> Item | None:
        return None if event.item_id is None else self._snapshot.index.item(event.item_id)

    def _vector_of(self, event: BehaviourEvent, words: Words) -> Vectors | None:
        """Of the user's own words, or else of the item; as `ranking.profiles.event_text` says."""
        said = own_words(event)
        if said:
            return words[said]
        if event.item_id is None or event.item_id not in self._snapshot.index:
            return None
        vectors = self._snapshot.index.vectors_of([event.item_id])
        vector: Vectors = vectors[0]
        return vector
