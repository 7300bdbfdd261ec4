from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.chaos.readiness import FalseSecond
from tests.chaos.report import line_of, write_report, write_section
from tests.chaos.running import Outcome
from tests.chaos.scenarios.stream import STREAM
from tests.chaos.verdict import Verdict

QUIET, KILLED, *_ = STREAM


def held(**fields: object) -> Outcome:
    usual: dict[str, object] = {"verdict": Verdict(inputs=1_200), "answered_after_s": 0.5}
    return Outcome(QUIET, 1, **(usual | fields))  # type: ignore[arg-type]


def failed() -> Outcome:
    verdict = Verdict(inputs=1_000)
    verdict.add("lost", ["q7"])
    struck = Counter({"services killed": 3})
    return Outcome(KILLED, 1, verdict=verdict, struck=struck, answered_after_s=None)


def test_a_scenario_holds_only_if_all_of_it_does() -> None:
    assert held().ok
    assert held(skipped="root").ok
    assert not held(error="OutOfTime").ok
    assert not held(answered_after_s=None).ok
    assert not held(false_seconds=[FalseSecond(1.0, "echo-0", "ready", "Redis killed")]).ok
    assert not failed().ok


def test_a_line_says_what_was_lost() -> None:
    assert line_of(held()).startswith("held; 1200 inputs")
    assert "lost: 1, such as q7" in line_of(failed())
    assert "never" in line_of(failed())


def test_the_page_has_a_row_for_each_scenario_and_keeps_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "reliability.md"
    write_section("Fuzzing", "many inputs", page)
    write_report([failed()], page)
    write_report([held()], page)
    text = page.read_text("utf-8")

    assert "| quiet | 1,200 | none | 0 | 0 | 0 | 0 / 0 | 0.5 | 0 | 0 | yes |" in text
    assert "| services-killed | 1,000 | 3 services killed | 1 |" in text
    assert text.index("| quiet |") < text.index("| services-killed |") < text.index("## Fuzzing")


def test_a_row_that_is_measured_again_replaces_its_own(tmp_path: Path) -> None:
    page = tmp_path / "reliability.md"
    write_report([held()], page)
    write_report([held(verdict=Verdict(inputs=7))], page)
    assert page.read_text("utf-8").count("| quiet |") == 1
    assert "| quiet | 7 |" in page.read_text("utf-8")
