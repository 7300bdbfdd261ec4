"""A small world of three subjects, which a tiny model can learn in seconds."""

import json
from pathlib import Path

import pytest

from pipelines.support_qa.samples import SampleQuestions

SUBJECTS = {
    "card": ("my card is lost", ["card lost", "lost my cards", "block card"], ["i lost a card"]),
    "fee": ("what fee can i pay", ["fees", "fee for money", "pay the fees"], ["why a fee"]),
    "parcel": (
        "the parcel is late",
        ["order late", "parcel", "where is the order"],
        ["late order"],
    ),
    "loan": (
        "open a new loan",
        ["loan", "new loan", "interest for the loan"],
        ["can i open a loan"],
    ),
    "share": ("buy and sell a share", ["sell", "share", "buy the share"], ["how can i buy"]),
}


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def sample_folder(tmp_path: Path) -> SampleQuestions:
    folder = tmp_path / "samples"
    folder.mkdir()
    asked = [
        {"passage_id": name, "text": text, "split": split}
        for name, (_, train, held_out) in SUBJECTS.items()
        for split, texts in (("train", train), ("held_out", [*held_out, f"{name} please"]))
        for text in texts
    ]
    write_jsonl(
        folder / "knowledge.jsonl",
        [{"id": name, "text": text} for name, (text, _, _) in SUBJECTS.items()],
    )
    write_jsonl(folder / "questions.jsonl", asked)
    write_jsonl(
        folder / "follow_ups.jsonl",
        [{"passage_id": "card", "turns": ["my card?"], "text": "and then?", "split": "held_out"}],
    )
    write_jsonl(
        folder / "unanswerable.jsonl",
        [
            {"text": text, "near": False, "split": split}
            for split in ("train", "held_out")
            for text in ("what is the weather", "you and i", "how old is the phone")
        ],
    )
    return SampleQuestions(folder)
