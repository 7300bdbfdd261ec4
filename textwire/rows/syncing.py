"""What has to be sent and removed so that what is known of a source equals its files."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Generic, TypeVar

import msgspec

from textwire.rows.screening import id_of
from textwire.wire.message import Message

M = TypeVar("M", bound=Message)
Digest = bytes


@dataclass(frozen=True)
class Fingerprint:
    """Of a message, what tells whether it changed: all of it, and what it is called."""

    whole: Digest
    heading: Digest | None  # None where it has none


@dataclass
class SyncPlan(Generic[M]):
    """Ids by what happens to them.

    A passage without an id of its own has one from its content, and so a new one when it is edited:
    `replaced` are the ids that went when passages of the same heading came.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    # How many passages were known of another source before, by its name.
    taken_over: Counter[str] = field(default_factory=Counter)

    def keep(self, own_id: str, other_source: str | None, *, is_same: bool) -> None:
        """Take in a message that is known and wanted. `other_source`: that it was known of."""
        if is_same:
            self.unchanged += 1
            return
        self.changed.append(own_id)
        if other_source is not None:
            self.taken_over[other_source] += 1

    @property
    def sent(self) -> frozenset[str]:
        """What is sent."""
        return frozenset((*self.added, *self.changed))

    @property
    def deleted(self) -> list[str]:
        """What is deleted."""
        return [*self.replaced, *self.removed]


def fingerprint(message: Message) -> Fingerprint:
    """A few bytes that stand for a message: files may be larger than memory."""
    heading = [getattr(message, name, None) for name in ("question", "title")]
    return Fingerprint(_digest(message), _digest(heading) if any(heading) else None)


def plan_sync(
    wanted: Mapping[str, Fingerprint], known: Iterable[M], sources: Collection[str | None]
) -> SyncPlan[M]:
    """From what is known to what a file says.

    Args: wanted: the file's messages by id. known: all messages. sources: those that the file
          stands for; what is known of others stays, but where it has an id that the file gives.
          What has no source is of the source None.
    """
    plan: SyncPlan[M] = SyncPlan()
    gone: defaultdict[Digest | None, list[str]] = defaultdict(list)
    there: set[str] = set()
    for message in known:
        own_id, source = id_of(message), getattr(message, "source", None)
        told = fingerprint(message)
        if own_id in wanted:
            there.add(own_id)
            other = None if source in sources else source
            plan.keep(own_id, other, is_same=told == wanted[own_id])
        elif source in sources:
            gone[told.heading].append(own_id)
    plan.removed.extend(gone.pop(None, ()))  # nothing can be told to have taken their place
    for own_id, told in wanted.items():
        if own_id in there:
            continue
        if same_heading := gone.get(told.heading):
            plan.changed.append(own_id)
            plan.replaced.append(same_heading.pop(0))
        else:
            plan.added.append(own_id)
    plan.removed.extend(chain.from_iterable(gone.values()))
    return plan


def _digest(value: object) -> Digest:
    return hashlib.sha256(msgspec.json.encode(value)).digest()
