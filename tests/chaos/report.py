"""What came of all scenarios, as a line and as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sections import with_sections
from benchmarks.tables import conditions, table
from tests.chaos.running import Outcome

PAGE = Path(__file__).parents[2] / "docs" / "results" / "reliability.md"
SCENARIOS, FAULTS = "Scenarios", "Faults injected"
ORDER = (SCENARIOS, FAULTS, "An hour with freezes", "Fuzzing")
HEAD = """\
# Reliability

Made by `make chaos` and `make fuzz`, on real servers: three brokers of Kafka (three copies of
everything, two of which must be written), Valkey, and three replicas of each service. Records are
sent all the while, 1 % of them bad in one of many ways; then it is counted.

- *lost* and *doubled* are answers seen by a `read_committed` reader and, after the stroke, what
  stands in Redis. *Out of order* are answers of one key that came before an earlier one's, or that
  bear a wrong number of what the service remembers.
- *false seconds*: every replica is asked for `/readyz` every second. A second is false when it says
  ready though what is wrong should have shown by then, or not ready though nothing is wrong and
  what was is mended for long enough. The bounds stand in `tests/chaos/faults/`.
- *answered after* is how long after the last fault everything was answered."""


def line_of(outcome: Outcome) -> str:
    """What came of one, for a terminal."""
    if outcome.skipped:
        return f"skipped: this machine lacks {outcome.skipped}"
    parts = [
        "held" if outcome.ok else "FAILED",
        f"{outcome.verdict.inputs} inputs",
        _told(outcome.struck) or "no faults",
        f"answered after {_seconds(outcome)} s",
        f"{len(outcome.false_seconds)} false seconds of {outcome.observed_s}",
        f"{outcome.took_s:.0f} s in all",
    ]
    if outcome.unsure:
        parts.append(f"{outcome.unsure} records of which the producer cannot say")
    if outcome.ended_by_themselves:
        parts.append(f"ended by themselves: {_told(outcome.ended_by_themselves)}")
    trouble = "\n".join(filter(None, [str(outcome.verdict), outcome.error]))
    return "; ".join(parts) + (f"\n{_indented(trouble)}" if trouble else "")


def write_report(outcomes: Sequence[Outcome], seed: int, page: Path = PAGE) -> None:
    """Write the page's figures of the scenarios."""
    under = f"{conditions()} Seed {seed}."
    write_section(SCENARIOS, f"{under}\n\n{_figures(outcomes)}", page)
    struck = sum((outcome.struck for outcome in outcomes), Counter[str]())
    figures = table(["fault", "times"], [[what, count] for what, count in struck.most_common()])
    write_section(FAULTS, figures, page)


def write_section(title: str, body: str, page: Path = PAGE) -> None:
    """Replace one section of the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    before = page.read_text(encoding="utf-8") if page.exists() else HEAD
    page.write_text(with_sections(before, {title: body}, ORDER), encoding="utf-8")


def _figures(outcomes: Sequence[Outcome]) -> str:
    head = [
        "scenario", "inputs", "faults", "lost", "doubled", "out of order",
        "dead letters expected / found", "answered after, s", "false seconds", "of", "held",
    ]  # fmt: skip
    rows = [_row(outcome) for outcome in outcomes]
    told = "\n".join(f"- *{one.scenario.name}*: {one.scenario.about}" for one in outcomes)
    return f"{table(head, rows)}\n\n{told}"


def _row(outcome: Outcome) -> list[object]:
    verdict, name = outcome.verdict, outcome.scenario.name
    if outcome.skipped:
        return [name, *[""] * 9, f"skipped: lacks {outcome.skipped}"]
    return [
        name,
        f"{verdict.inputs:,}",
        outcome.struck.total(),
        verdict.count("lost") + verdict.count("lost in Redis"),
        verdict.count("doubled") + verdict.count("doubled in Redis"),
        verdict.count("out of order") + verdict.count("misnumbered"),
        f"{verdict.dead_expected} / {verdict.dead_found}",
        _seconds(outcome),
        len(outcome.false_seconds),
        outcome.observed_s,
        "yes" if outcome.ok else "**no**",
    ]


def _seconds(outcome: Outcome) -> str:
    after = outcome.answered_after_s
    return "never" if after is None else f"{after:.1f}"


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items())


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
