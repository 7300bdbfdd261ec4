"""`pipelines evaluate classify` on made-up questions in the set's own form."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.classify.public.texts import SHOTS, PublicTexts
from pipelines.classify.public.words import told_by_words
from pipelines.cli import main
from tests.pipelines.classify.tickets import PLACES, SUBJECTS


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "banking77").mkdir()
    for part, hello in (("train", ("", "you ", "i ")), ("test", ("now ",))):
        with (tmp_path / f"banking77/{part}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["text", "category"])
            for name, texts in SUBJECTS.items():
                rows.writerows(
                    (f"{h}{text}{p}", name) for text in texts for p in PLACES for h in hello
                )
    return tmp_path


def test_few_of_each_class_are_learned_from_and_others_held_out(data: Path) -> None:
    found = PublicTexts("banking77-10", data).read()
    by_class = [sum(name in text.classes for text in found.train) for name in found.classes]
    assert by_class == [SHOTS] * len(SUBJECTS)
    assert not {text.text for text in found.train} & {text.text for text in found.held_out}
    assert found.held_out


def test_a_linear_svm_over_words_tells_what_words_tell(data: Path) -> None:
    source = PublicTexts("banking77", data)
    test = source.test()
    told = told_by_words(source.read(), [text.text for text in test])
    assert sum(one == text.classes for one, text in zip(told, test, strict=True)) > 0.9 * len(test)


def test_the_page_says_what_was_measured_and_what_was_not(
    data: Path, tiny_base: Path, tmp_path: Path
) -> None:
    page = tmp_path / "classify.md"
    arguments = ["evaluate", "classify", "--data", str(data), "--report", str(page)]
    wishes = [
        "--base",
        str(tiny_base),
        "--method",
        "head",
        "--set",
        "max_tokens=32",
        "--set",
        "min_int8_same_label=0.1",
    ]
    left_out = ["--leave-out", "reuters21578", "--leave-out", "banking77-10"]
    told = CliRunner().invoke(main, [*arguments, *wishes, *left_out])
    assert told.exit_code == 0, told.output
    written = page.read_text()
    assert "| banking77 | 243 / 90 | 3 | 5 | **" in written
    assert "Not run: reuters21578, banking77-10." in written
    assert "BERT-large 93.66" in written
