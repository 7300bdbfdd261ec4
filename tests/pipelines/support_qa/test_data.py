import json
from pathlib import Path

import pytest

from pipelines.support_qa.own_data import OwnPairs
from pipelines.support_qa.samples import SampleQuestions
from textwire.errors import DataError, DataFileError, TextwireError
from textwire.samples import samples_dir


def test_the_samples_that_ship_can_be_read() -> None:
    data = SampleQuestions(samples_dir() / "support_qa").read()
    assert len(data.passages) >= 200
    assert len(data.train) >= 2 * len(data.passages)
    assert len(data.unanswerable_train) + len(data.unanswerable_held_out) >= 60
    assert {asked.text for asked in data.train}.isdisjoint(asked.text for asked in data.held_out)


def test_a_follow_up_is_read_with_the_turns_before_it(sample_folder: SampleQuestions) -> None:
    assert sample_folder.read().held_out[-1].text == "my card?\nand then?"


def test_a_question_about_an_unknown_passage_is_named(sample_folder: SampleQuestions) -> None:
    with (sample_folder.folder / "questions.jsonl").open("a") as file:
        file.write('{"passage_id": "ghost", "text": "who?", "split": "train"}\n')
    with pytest.raises(DataError, match="ghost"):
        sample_folder.read()


def test_a_bad_row_is_named_by_its_line(sample_folder: SampleQuestions) -> None:
    with (sample_folder.folder / "unanswerable.jsonl").open("a") as file:
        file.write('{"text": "x", "near": "maybe", "split": "train"}\n')
    with pytest.raises(DataError, match=r"unanswerable\.jsonl, line 7"):
        sample_folder.read()


def test_pairs_of_a_table_become_passages_and_questions(tmp_path: Path) -> None:
    table = tmp_path / "faq.csv"
    rows = [f"how do i do thing {n}?,Do it so {n % 4}." for n in range(60)]
    table.write_text("Query,Reply\n" + "\n".join(rows))
    data = OwnPairs(table, mapping=("question=Query", "passage=Reply")).read()
    assert len(data.passages) == 4
    assert len(data.train) + len(data.held_out) == 60
    assert 4 <= len(data.held_out) <= 24
    assert all(pair.passage.startswith("Do it so") for pair in data.pairs())


def test_pairs_may_name_passages_of_a_knowledge_file_and_their_split(tmp_path: Path) -> None:
    knowledge, pairs = tmp_path / "knowledge.jsonl", tmp_path / "pairs.jsonl"
    knowledge.write_text('{"id": "p1", "text": "Block it in the app.", "title": "Cards"}\n')
    rows = [
        {"question": "lost", "passage_id": "p1", "split": "train"},
        {"question": "gone", "passage_id": "p1", "split": "held_out"},
    ]
    pairs.write_text("\n".join(map(json.dumps, rows)))
    data = OwnPairs(pairs, knowledge).read()
    assert [asked.text for asked in data.train] == ["lost"]
    assert [asked.text for asked in data.held_out] == ["gone"]
    assert data.pairs()[0].passage == "Cards\nBlock it in the app."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("question,other\nx,y\n", "--map passage=COLUMN"),
        ("other,passage\nx,y\n", "--map question=COLUMN"),
        ("question,passage\n,y\n", "line 2"),
        ("question,passage\nx,y\n", "both must be there"),
        ("", "empty"),
    ],
)
def test_data_that_cannot_be_used_are_explained(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(content)
    with pytest.raises(TextwireError, match=said):
        OwnPairs(path).read()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="nowhere"):
        OwnPairs(tmp_path / "nowhere.csv").read()
