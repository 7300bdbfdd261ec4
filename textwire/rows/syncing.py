"""What has to be sent and removed so that what is known of a source equals its files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
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
    gone: dict[Digest, list[str]] = {}
    there: set[str] = set()
    for message in known:
        own_id, source = id_of(message), getattr(message, "source", None)
        told = fingerprint(message)
        if own_id in wanted:
            there.add(own_id)
            if told == wanted[own_id]:
                plan.unchanged += 1
                continue
            plan.changed.append(own_id)
            if source not in sources and source is not None:
                plan.taken_over[source] += 1
        elif source in sources:
            if told.heading is None:
                plan.removed.append(own_id)
            else:
                gone.setdefault(told.heading, []).append(own_id)
    for own_id, told in wanted.items():
        if own_id in there:
            continue
        if told.heading is not None and gone.get(told.heading):
            plan.changed.append(own_id)
            plan.replaced.append(gone[told.heading].pop(0))
        else:
            plan.added.append(own_id)
    plan.removed.extend(own_id for ids in gone.values() for own_id in ids)
    return plan


def _digest(value: object) -> Digest:
    return hashlib.sha256(msgspec.json.encode(value)).digest()
