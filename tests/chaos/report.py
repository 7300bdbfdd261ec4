"""What came of all scenarios, as a line and as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sections import split_sections, with_sections
from benchmarks.tables import commit, machine, table
from tests.chaos.running import Outcome
from tests.chaos.scenarios import ALL

PAGE = Path(__file__).parents[2] / "docs" / "results" / "reliability.md"
SCENARIOS = "Scenarios"
ORDER = (SCENARIOS, "An hour with freezes", "Fuzzing")
COLUMNS = (
    "scenario", "inputs", "faults", "lost", "doubled", "out of order",
    "dead letters expected / found", "answered after, s", "false seconds", "of", "held", "measured",
)  # fmt: skip
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
- *answered after* is how long after the last fault everything was answered.

Each row is the last whole run of its scenario."""


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


def write_report(outcomes: Sequence[Outcome], page: Path = PAGE) -> None:
    """Write these scenarios' rows of the page; the others' stay."""
    before = page.read_text(encoding="utf-8") if page.exists() else ""
    rows = _rows_of(split_sections(before)[1].get(SCENARIOS, ""))
    rows |= {outcome.scenario.name: _row(outcome) for outcome in outcomes}
    known = [scenario for scenario in ALL if scenario.name in rows]
    figures = table(COLUMNS, [rows[scenario.name] for scenario in known])
    told = "\n".join(f"- *{scenario.name}*: {scenario.about}" for scenario in known)
    write_section(SCENARIOS, f"On {machine()}.\n\n{figures}\n\n{told}", page)


def write_section(title: str, body: str, page: Path = PAGE) -> None:
    """Replace one section of the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    before = page.read_text(encoding="utf-8") if page.exists() else HEAD
    page.write_text(with_sections(before, {title: body}, ORDER), encoding="utf-8")


def _rows_of(section: str) -> dict[str, list[object]]:
    """The rows of a table, by their first cell."""
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {name: [name, *rest] for name, *rest in cells}


def _row(outcome: Outcome) -> list[object]:
    verdict, name = outcome.verdict, outcome.scenario.name
    measured = f"{commit()}, seed {outcome.seed}"
    if outcome.skipped:
        return [name, *[""] * 9, f"skipped: lacks {outcome.skipped}", measured]
    return [
        name,
        f"{verdict.inputs:,}",
        _told(outcome.struck) or "none",
        verdict.count("lost") + verdict.count("lost in Redis"),
        verdict.count("doubled") + verdict.count("doubled in Redis"),
        verdict.count("out of order") + verdict.count("misnumbered"),
        f"{verdict.dead_expected} / {verdict.dead_found}",
        _seconds(outcome),
        len(outcome.false_seconds),
        outcome.observed_s,
        "yes" if outcome.ok else "**no**",
        measured,
    ]


def _seconds(outcome: Outcome) -> str:
    after = outcome.answered_after_s
    return "never" if after is None else f"{after:.1f}"


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items())


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
