"""The README of the sample questions says how many there are."""

import json
from typing import Any

from textwire.samples import samples_dir

FOLDER = samples_dir() / "support_qa"


def rows_of(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def learned(name: str) -> str:
    return f"{sum(row['split'] == 'train' for row in rows_of(name)):,}"


def test_the_readme_says_how_many_there_are_to_learn_from() -> None:
    readme = " ".join((FOLDER / "README.md").read_text("utf-8").split())
    questions, follow_ups, unanswerable = map(learned, ("questions", "follow_ups", "unanswerable"))
    said = f"{questions} questions, {follow_ups} follow-ups and {unanswerable} questions that"
    assert said in readme
    assert f"{learned('turns')} to learn from" in readme


def test_the_readme_counts_the_messages_of_each_act() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    acts = [row["act"] for row in rows_of("turns")]
    assert [act for act in set(acts) if f"| `{act}` | {acts.count(act):,} |" not in readme] == []
