"""The parts of a stack as they are now: what was written down, and what they say themselves."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from msgspec.structs import replace

from textwire.stack.asking_services import ask_readiness
from textwire.stack.programs import installed, part_name
from textwire.stack.state import PartState

ASKED = ("ready", "not ready")


def as_told(parts: Mapping[str, PartState]) -> dict[str, PartState]:
    """Each part's state, of services with what they say at this moment, all asked at once."""
    with ThreadPoolExecutor(max(1, len(parts)), "asking") as pool:
        return dict(zip(parts, pool.map(_as_told, parts, parts.values()), strict=True))


def _as_told(name: str, part: PartState) -> PartState:
    services = {part_name(package) for package in installed("services")}
    if name not in services or part.state not in ASKED:
        return part
    told = ask_readiness(part.address)
    state = "ready" if told.ready else "not ready"
    return replace(part, state=state, reason=told.reason, warnings=told.warnings)
