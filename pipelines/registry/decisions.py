"""What was decided about versions, by whom and why: kept in the registry beside them."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Literal

import msgspec

from textwire.models.artifacts.registry import Registry
from textwire.undecodable import NOT_DECODABLE

What = Literal["promoted", "refused", "rolled_back"]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A version let in, turned away, or gone back to. `before` is the champion until then."""

    what: What
    task: str
    version: str
    before: str | None
    at: datetime
    by: str  # "gate", or a person's name on the machine
    reasons: tuple[str, ...] = ()
    note: str = ""

    def __str__(self) -> str:
        who = f"{self.at:%Y-%m-%d %H:%M} {self.what.replace('_', ' ')} {self.version} by {self.by}"
        lines = [f"{who}{f': {self.note}' if self.note else ''}"]
        return "\n".join([*lines, *(f"    {reason}" for reason in self.reasons)])


def keep(registry: Registry, decision: Decision) -> None:
    """Write a decision down."""
    name = f"{decision.at:%Y%m%dT%H%M%S.%fZ}-{decision.what}.json"
    content = msgspec.json.format(msgspec.json.encode(decision))
    registry.note(decision.task, name, content)


def decisions(registry: Registry, task: str) -> list[Decision]:
    """All of a task, oldest first; what cannot be read is left out."""
    found = []
    for content in registry.notes(task):
        try:
            found.append(msgspec.json.decode(content, type=Decision))
        except NOT_DECODABLE:
            continue
    return sorted(found, key=lambda decision: decision.at)


def champion_before(registry: Registry, task: str) -> str | None:
    """The version that the champion took the place of, or the one before that if it is gone.

    What was gone back from is left out: going back twice leads further back.
    """
    line = _succession(decisions(registry, task))
    champion, versions = registry.alias(task), registry.versions(task)
    earlier = line[: line.index(champion)] if champion in line else line
    return next((version for version in reversed(earlier) if version in versions), None)


def _succession(made: list[Decision]) -> list[str]:
    """Champions in the order in which each took the place of the one before."""
    line: list[str] = []
    for decision in made:
        if decision.what == "refused":
            continue
        if decision.before and decision.before not in line:
            line.append(decision.before)
        if decision.version in line:
            place = line.index(decision.version)
            # Who goes back leaves behind what came later; who promotes an old one does not.
            line[place:] = [] if decision.what == "rolled_back" else line[place + 1 :]
        line.append(decision.version)
    return line


def somebody() -> str:
    """Who runs this program."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user on this machine, as in containers
        return "somebody"


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)
