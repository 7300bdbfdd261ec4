"""What a scenario that failed leaves behind, to be looked into."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.chaos.faults import Fault
from tests.chaos.world import World

if TYPE_CHECKING:
    from tests.chaos.running import Outcome


def keep_evidence(folder: Path, world: World, outcome: Outcome, faults: Sequence[Fault]) -> None:
    """Logs of all processes, the ledger, what every replica says now, and what was wrong when."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(world.folder / "logs", folder / "replicas", dirs_exist_ok=True)
    for log in world.folder.glob("broker-*/logs/*.log"):
        shutil.copy(log, folder / f"{log.parts[-3]}.log")
    for name in ("sent", "answers", "dead"):
        rows = getattr(world.ledger, name)
        (folder / f"{name}.txt").write_text("\n".join(map(str, rows)), encoding="utf-8")
    (folder / "what-was-found.txt").write_text(_told(world, outcome, faults), encoding="utf-8")


def _told(world: World, outcome: Outcome, faults: Sequence[Fault]) -> str:
    began = min((wrong.began for wrong in world.truth.wrongs), default=0.0)
    parts = {
        "verdict": str(outcome.verdict) or "nothing was wrong with the records",
        "error": outcome.error or "none",
        "records that wait, by partition": str(dict(world.ledger.waiting())),
        "replicas now": "\n".join(f"{one.name}: {one.readiness()}" for one in world.fleet),
        "ended by themselves": str(dict(outcome.ended_by_themselves)),
        "false seconds": "\n".join(
            f"{one.at - began:8.1f} {one.replica} said {one.said}; in truth: {one.truth}"
            for one in outcome.false_seconds
        ),
        "what was wrong": "\n".join(
            f"{one.began - began:8.1f} to {one.ended - began:8.1f} {one.of or 'all'}: {one.what}"
            for one in world.truth.wrongs
        ),
        "schedule": "\n".join(map(str, faults)),
    }
    return "\n\n".join(f"# {title}\n{text}" for title, text in parts.items()) + "\n"
