"""The sample questions that wait for the next model: valid, and none that is judged on."""

import json
from typing import Any

from textwire.samples import samples_dir

FOLDER = samples_dir() / "support_qa"


def rows_of(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def texts_of(*names: str) -> set[str]:
    return {row["text"].casefold().strip() for name in names for row in rows_of(name)}


def test_questions_that_wait_are_answered_by_a_passage_and_are_all_to_learn_from() -> None:
    passages = {row["id"] for row in rows_of("knowledge")}
    waiting = rows_of("questions_to_learn")
    assert {row["passage_id"] for row in waiting} <= passages
    assert {row["split"] for row in waiting + rows_of("unanswerable_to_learn")} == {"train"}


def test_rows_that_wait_repeat_none_that_are_there_or_judged_on() -> None:
    there = texts_of("questions", "unanswerable", "judging")
    waiting = ("questions_to_learn", "unanswerable_to_learn")
    assert not there & texts_of(*waiting)
    assert len(texts_of(*waiting)) == sum(len(rows_of(name)) for name in waiting)


def test_the_readme_says_how_many_wait() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    waiting = ("questions_to_learn", "unanswerable_to_learn", "turns_to_learn")
    questions, unanswerable, turns = (len(rows_of(name)) for name in waiting)
    said = f"{questions:,} questions, {unanswerable} unanswerable ones and {turns} turns"
    assert said in readme
