"""The profiles of one batch: as they are stored, and as the batch goes on with them.

An event about an item that the catalogue does not know is counted and kept in the user's history,
and stands in the profile as pending. When the user is met again after the item came, what it says
of their taste is added then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from services.recommendations.catalogue import ServingSnapshot
from services.recommendations.event_validation import own_words
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.counts.popularity import counted
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.recommendations.profiles.comments import CommentReading
from textwire.recommendations.profiles.event_ids import has_id, with_id
from textwire.recommendations.profiles.event_meaning import comments, event_vector, moment_of
from textwire.recommendations.profiles.user_profile import updated
from textwire.recommendations.results import Profile, read_profiles, read_user_history
from textwire.results.store import ResultStore
from textwire.results.writes import Write

# Most of what waits never comes: an item that was taken out of the catalogue, a wrong id.
KEPT_PENDING = 50
# How many guests are remembered to have been a user.
KEPT_GUESTS = 20

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
        guests: Collection[str] = (),
    ) -> None:
        """Read the profiles, and the histories of those that have to be caught up.

        Args:   guests: users whose events become another's in this batch.
        Raises: RedisUnavailable: the store is away.
        """
        self._snapshot = snapshot
        self._half_life_days = half_life_days
        self._profiles = read_profiles(store, list(dict.fromkeys((*user_ids, *guests))))
        self._guests = {guest: read_user_history(store, guest) for guest in guests}
        self._histories = {
            user_id: read_user_history(store, user_id)
            for user_id, profile in self._profiles.items()
            if self._is_behind(profile)
        }

    @property
    def said(self) -> list[str]:
        """What has to be embedded to catch up: words of users whose profile another model made."""
        behind = [
            history
            for user_id, history in self._histories.items()
            if self._is_of_another_model(self._profiles[user_id])
        ]
        pending = [
            [event for event in history if comments(event)] for history in self._histories.values()
        ]
        histories = (*behind, *pending, *self._guests.values())
        return [own_words(event) for history in histories for event in history if own_words(event)]

    def catch_up(self, words: Words) -> None:
        """Bring the profiles up to this model and this catalogue.

        Args: words: vectors of all that `said` names.
        """
        for user_id, history in self._histories.items():
            profile = self._with_items_that_came(self._profiles[user_id], history, words)
            if self._is_of_another_model(profile):
                profile = self._remade(profile, history, words)
            self._profiles[user_id] = profile

    def of(self, user_id: str) -> Profile | None:
        """A user as known at this point of the batch."""
        return self._profiles.get(user_id)

    def known(self, user_id: str) -> Profile:
        """The same for a user of whom there was an event."""
        return self._profiles[user_id]

    def has_taken(self, event: BehaviourEvent, *, given_id: bool) -> bool:
        """Whether an event whose sender gave it an id was taken in before, as far as remembered."""
        profile = self._profiles.get(event.user_id)
        return given_id and profile is not None and has_id(profile, event.id)

    def add(self, event: BehaviourEvent, words: Words, *, given_id: bool = True) -> None:
        """Go on by one event.

        Args: given_id: whether its id is its sender's own, and has to be remembered.
        """
        after = self._folded(self._profiles.get(event.user_id), event, words)
        if given_id:
            after = with_id(after, event.id)
        if event.user_id in self._guests:
            self._guests[event.user_id].append(event)
        self._profiles[event.user_id] = after

    def supposing(
        self, user_id: str, events: Sequence[BehaviourEvent], words: Words
    ) -> Profile | None:
        """A user as they would be after these events; nothing is remembered of it."""
        profile = self._profiles.get(user_id)
        for event in events:
            profile = self._folded(profile, event, words)
        return profile

    def _folded(self, profile: Profile | None, event: BehaviourEvent, words: Words) -> Profile:
        """A profile after one more event."""
        item = self._item_of(event)
        reading = self.reading_of(event, words)
        vector = self._vector_of(event, words, reading)
        after = updated(profile, event, item, vector, self._half_life_days, reading)
        pending = after.pending
        if item is None and event.item_id is not None:
            waiting = {**pending, str(event.id): event.item_id}
            pending = dict(list(waiting.items())[-KEPT_PENDING:])
        return replace(after, model=self._snapshot.model.version, pending=pending)

    def count(self, event: BehaviourEvent, words: Words, now: datetime) -> list[Write]:
        """What the event, taken in just now, adds to what all users like."""
        profile = self._profiles[event.user_id]
        after, writes = counted(profile, event, now, self.reading_of(event, words))
        self._profiles[event.user_id] = after
        return writes

    def identify(self, event: BehaviourEvent, words: Words) -> list[BehaviourEvent]:
        """Take in, as the user's own, what a guest did who turns out to be the user.

        What was taken over from the guest before is not again.

        Returns: the guest's events as the user's.
        """
        user_id, guest = event.user_id, event.same_as or ""
        profile = self._profiles.get(user_id)
        last = profile.same_as.get(guest) if profile else None
        history = self._guests.get(guest, [])
        ids = [one.id for one in history]
        new = history[ids.index(last) + 1 :] if last in ids else history
        theirs: list[BehaviourEvent] = []
        for one in new:
            own = replace(one, user_id=user_id)
            if not self.has_taken(own, given_id=True):
                self.add(own, words)
                theirs.append(own)
        profile = self._profiles.get(user_id) or Profile(
            user_id=user_id, at=moment_of(event), model=self._snapshot.model.version
        )
        same_as = {name: at for name, at in profile.same_as.items() if name != guest}
        same_as[guest] = (ids[-1] if ids else last) or ""
        kept = dict(list(same_as.items())[-KEPT_GUESTS:])
        self._profiles[user_id] = replace(profile, same_as=kept)
        return theirs

    def guests_of(self, user_id: str) -> list[str]:
        """As whom else a user is known, as far as that is remembered."""
        profile = self._profiles.get(user_id)
        return list(profile.same_as) if profile else []

    def forget(self, user_id: str) -> None:
        """Know nothing of a user."""
        self._profiles.pop(user_id, None)
        if user_id in self._guests:
            self._guests[user_id] = []

    def reading_of(self, event: BehaviourEvent, words: Words) -> CommentReading | None:
        """What the words say that come with what was done; None of what has none."""
        said = own_words(event)
        if not comments(event) or said not in words:
            return None
        return self._snapshot.comments.read(said, words[said], event.value)

    def _is_behind(self, profile: Profile) -> bool:
        came = any(item_id in self._snapshot.index for item_id in profile.pending.values())
        return came or self._is_of_another_model(profile)

    def _is_of_another_model(self, profile: Profile) -> bool:
        return profile.model != self._snapshot.model.version

    def _with_items_that_came(
        self, profile: Profile, history: Sequence[BehaviourEvent], words: Words
    ) -> Profile:
        """What events said of items that are known only now; what was counted is not counted twice.

        The order in which events are folded does not matter, so the late ones are simply added.
        """
        came = {id_ for id_, item_id in profile.pending.items() if item_id in self._snapshot.index}
        after = profile
        for event in history:
            if str(event.id) in came:
                reading = self.reading_of(event, words)
                # The words were taken in when they came: now it is the item's turn.
                vector = self._item_vector(event)
                after = updated(
                    after, event, self._item_of(event), vector, self._half_life_days, reading
                )
        return replace(
            after,
            bought=profile.bought,
            seen=profile.seen,
            trail=profile.trail,
            words=profile.words,
            disliked=profile.disliked,
            shown=profile.shown,
            events=profile.events,
            pending={id_: item for id_, item in profile.pending.items() if id_ not in came},
        )

    def _remade(self, profile: Profile, history: Iterable[BehaviourEvent], words: Words) -> Profile:
        """The profile with vectors of the model in use, as far back as the history goes."""
        made = Profile(user_id=profile.user_id, at=profile.at)
        for event in history:
            reading = self.reading_of(event, words)
            vector = self._vector_of(event, words, reading)
            made = updated(made, event, self._item_of(event), vector, self._half_life_days, reading)
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

    def _vector_of(
        self, event: BehaviourEvent, words: Words, reading: CommentReading | None
    ) -> Vectors | None:
        return event_vector(event, self._item_vector(event), words.get(own_words(event)), reading)

    def _item_vector(self, event: BehaviourEvent) -> Vectors | None:
        if event.item_id is None or event.item_id not in self._snapshot.index:
            return None
        vectors = self._snapshot.index.vectors_of([event.item_id])
        vector: Vectors = vectors[0]
        return vector
