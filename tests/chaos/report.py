"""What came of all scenarios, as a line and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.chaos.running import Outcome

PAGE = Path(__file__).parents[2] / "docs" / "results" / "reliability.md"


def line_of(outcome: Outcome) -> str:
    """What came of one, for a terminal."""
    if outcome.skipped:
        return f"skipped: this machine lacks {outcome.skipped}"
    verdict = outcome.verdict
    answered = outcome.answered_after_s
    parts = [
        "held" if outcome.ok else "FAILED",
        f"{verdict.inputs} inputs",
        ", ".join(f"{count} {what}" for what, count in outcome.struck.items()) or "no faults",
        "never all answered" if answered is None else f"all answered after {answered:.1f} s",
        f"{outcome.took_s:.0f} s in all",
    ]
    if outcome.unsure:
        parts.append(f"{outcome.unsure} records of which the producer cannot say")
    if outcome.ended_by_themselves:
        parts.append(f"ended by themselves: {dict(outcome.ended_by_themselves)}")
    if outcome.false_seconds:
        parts.append(f"{len(outcome.false_seconds)} false seconds of {outcome.observed_s}")
    trouble = "\n".join(filter(None, [str(verdict), outcome.error]))
    return "; ".join(parts) + ("\n    " + trouble.replace("\n", "\n    ") if trouble else "")


def write_report(outcomes: Sequence[Outcome]) -> None:
    """Write the page."""
