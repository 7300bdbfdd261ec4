"""The sample turns that wait for the next model: valid, and none that is there already."""

import json
from typing import Any, get_args

from textwire.samples import samples_dir
from textwire.support_qa.messages import Act

FOLDER = samples_dir() / "support_qa"


def rows_of(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def as_said(turn: dict[str, Any]) -> tuple[str, ...]:
    return *(before["text"] for before in turn.get("before", [])), turn["text"]


def test_turns_that_wait_have_a_known_act_and_are_all_to_learn_from() -> None:
    waiting = rows_of("turns_to_learn")
    assert {turn["act"] for turn in waiting} <= set(get_args(Act))
    assert {turn["split"] for turn in waiting} == {"train"}


def test_turns_that_wait_repeat_none_that_is_there() -> None:
    waiting = [as_said(turn) for turn in rows_of("turns_to_learn")]
    assert not {as_said(turn) for turn in rows_of("turns")} & set(waiting)
    assert len(set(waiting)) == len(waiting)


def test_the_readme_says_how_many_there_are() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert f"{len(rows_of('turns_to_learn')):,} more turns wait" in readme
    learned = [
        sum(row["split"] == "train" for row in rows_of(name))
        for name in ("questions", "follow_ups", "unanswerable")
    ]
    questions, follow_ups, unanswerable = (f"{number:,}" for number in learned)
    said = f"{questions} questions, {follow_ups} follow-ups and {unanswerable} questions that"
    assert said in readme
