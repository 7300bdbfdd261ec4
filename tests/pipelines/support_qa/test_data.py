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
    passages = [{"id": n, "text": f"Do {n}.", "title": "Cards"} for n in range(5)]
    knowledge.write_text("\n".join(map(json.dumps, passages)))
    rows = [
        {"question": f"{split} {n}?", "passage_id": n % 5, "split": split}
        for split in ("train", "test")
        for n in range(10)
    ]
    pairs.write_text("\n".join(map(json.dumps, rows)))
    data = OwnPairs(pairs, knowledge).read()
    assert [asked.text for asked in data.train] == [f"train {n}?" for n in range(10)]
    assert [asked.text for asked in data.held_out] == [f"test {n}?" for n in range(10)]
    assert data.pairs()[0].passage == "Cards\nDo 0."


def test_questions_in_both_parts_are_all_named_and_left_out_on_demand(tmp_path: Path) -> None:
    table = tmp_path / "faq.csv"
    rows = [f"How do I do thing {n}?;Do it so {n % 5}.;training" for n in range(20)]
    rows += [f"how do  i do thing {n}?;Do it so {n % 5}.;dev" for n in range(10)]
    table.write_text("Question;Answer;Split\n" + "\n".join(rows), encoding="cp1252")
    with pytest.raises(DataError, match=r"10 texts are both.*") as raised:
        OwnPairs(table).read()
    assert "line 2; line 22" in str(raised.value)
    data = OwnPairs(table, drop_repeats=True).read()
    assert (len(data.train), len(data.held_out)) == (10, 10)


def test_a_question_may_have_two_answers_and_the_same_pair_counts_once(tmp_path: Path) -> None:
    table = tmp_path / "faq.csv"
    rows = [f"thing {n}?,so {n % 5},{'test' if n % 2 else 'train'}" for n in range(20)]
    table.write_text("\n".join(["question,answer,split", *rows, "thing 0?,else,train", rows[0]]))
    data = OwnPairs(table).read()
    assert [asked.text for asked in data.train].count("thing 0?") == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("question,other\nx,y\n", "--map passage=COLUMN"),
        ("other,passage\nx,y\n", "--map question=COLUMN"),
        ("question,passage\n,y\n", "line 2"),
        ("question,passage\nx,y\n", "at least 10 and 8 are needed"),
        ("question,passage,split\nx,y,middle\n", "train, training, learn"),
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
