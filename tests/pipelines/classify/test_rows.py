"""Files of labelled texts, as companies have them."""

from pathlib import Path

import pytest

from pipelines.classify.rows import read_classed_texts
from tests.pipelines.classify.tickets import several_rows, ticket_rows, write_rows
from textwire.errors import DataError


def written(tmp_path: Path, text: str, name: str = "tickets.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_classes_are_the_files_own_and_stand_in_order(tmp_path: Path) -> None:
    data = read_classed_texts(write_rows(tmp_path / "t.jsonl", ticket_rows()))
    assert data.classes == ("Lost Card", "delivery", "fees")
    assert not data.several
    assert len(data.train) + len(data.held_out) == len(ticket_rows())


def test_several_come_as_a_list_or_with_bars_and_may_be_none(tmp_path: Path) -> None:
    data = read_classed_texts(write_rows(tmp_path / "t.jsonl", several_rows()))
    assert data.several
    sizes = {len(text.classes) for text in (*data.train, *data.held_out)}
    assert sizes == {0, 1, 2}


def test_a_table_of_another_program_is_read(tmp_path: Path) -> None:
    rows = "".join(f"question {n} about {n % 3};{n % 3}\n" for n in range(60))
    data = read_classed_texts(written(tmp_path, "Utterance;Category\n" + rows))
    assert data.classes == ("0", "1", "2")


def test_an_empty_cell_of_labels_means_none_and_an_empty_label_is_refused(tmp_path: Path) -> None:
    several = "".join(f"text {n},{'ab'[n % 2] if n % 3 else ''}\n" for n in range(60))
    data = read_classed_texts(written(tmp_path, "text,labels\n" + several))
    assert any(not text.classes for text in data.train)
    with pytest.raises(DataError, match=r"have no class.*more"):
        read_classed_texts(written(tmp_path, "text,label\n" + several, "one.csv"))


def test_of_a_rare_class_all_is_learned_from_where_the_file_does_not_say(tmp_path: Path) -> None:
    many = [{"text": f"number {n}", "label": "ab"[n % 2]} for n in range(100)]
    for rare in range(20):
        rows = [*many, {"text": f"rare {rare}", "label": "rare"}]
        data = read_classed_texts(write_rows(tmp_path / "t.jsonl", rows))
        assert "rare" in {name for text in data.train for name in text.classes}


def test_a_class_that_the_file_only_holds_out_is_named(tmp_path: Path) -> None:
    rows = [*ticket_rows(), {"text": "a loan", "label": "loans", "split": "test"}]
    with pytest.raises(DataError, match="is loans, so the classifier could not know it"):
        read_classed_texts(write_rows(tmp_path / "t.jsonl", rows))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"text": "a", "label": "x", "labels": ["y"]}], "both a `label` and `labels`"),
        ([{"text": "a", "label": "x" * 300}], "is it another column"),
        ([{"text": f"t {n}", "label": "x"} for n in range(60)], "nothing to tell apart"),
        ([{"text": f"t {n}", "label": "ab"[n % 2]} for n in range(8)], "at least 10 and 4"),
        (
            [{"text": f"t {n}", "labels": ["a", *("b" * (n % 2))]} for n in range(60)],
            "Every text that is learned from is a",
        ),
        ([{"text": "a", "label": n, "split": "train"} for n in "xy"], "labelled differently"),
    ],
)
def test_what_cannot_be_learned_from_is_said(
    tmp_path: Path, rows: list[dict[str, object]], said: str
) -> None:
    with pytest.raises(DataError, match=f"(?i){said}"):
        read_classed_texts(write_rows(tmp_path / "t.jsonl", rows))
