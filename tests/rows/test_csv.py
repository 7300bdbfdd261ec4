from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.rows.passage_strategies import PASSAGE_LISTS
from tests.rows.reading import passages_of, rows_of
from textwire.errors import DataFileError
from textwire.rows.row import BadRow, Row
from textwire.support_qa.messages import Passage


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(PASSAGE_LISTS)
def test_what_is_written_as_a_table_is_read_again(passages: list[Passage]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "passages.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["id", "text", "question", "title", "tags"])
            for each in passages:
                cells = (each.id, each.text, each.question, each.title, ";".join(each.tags))
                table.writerow(cells)
        read, screening = passages_of(path)
    assert read == passages
    assert screening.bad.count == 0


def test_columns_are_mapped_to_fields(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("Question,Answer,Class\nWhere?,Here.,cards\n")
    [row] = rows_of(path, "question=Question", "text=Answer", "tags=Class")
    assert row == Row(2, {"question": "Where?", "text": "Here.", "tags": "cards"})


def test_a_mapped_column_is_not_taken_by_its_own_name_too(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text("question\nWhere?\n")
    assert rows_of(path, "text=question") == [Row(2, {"text": "Where?"})]


def test_lines_are_counted_through_cells_of_several_lines_and_blank_ones(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text('text\n"one\ntwo"\n\nlast\n')
    assert rows_of(path) == [Row(2, {"text": "one\ntwo"}), Row(5, {"text": "last"})]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_heading_tells_the_separator(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(f"id{delimiter}text\n1{delimiter}Yes, and no.\n")
    assert rows_of(path) == [Row(2, {"id": "1", "text": "Yes, and no."})]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(b"\xef\xbb\xbftext\nHere.\n")
    assert rows_of(path) == [Row(2, {"text": "Here."})]


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        ("a,b\nc,d,e\n", 3, "3 cells and the heading has 2"),
        ('a,b\n"c" x,d\n', 3, "cannot be read"),
        ('a,b\n"c,d\n', 3, "quote left open"),
        ("a,b\nc,  \n", 3, "`text` is empty"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, rows: str, line: int, reason: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(f"id,text\n{rows}")
    bad = rows_of(path)[1]
    assert isinstance(bad, BadRow)
    assert bad.line == line
    assert reason in bad.reason


@pytest.mark.parametrize(
    ("heading", "mapping", "told"),
    [
        ("Query,Value", (), "no column `text`. Its columns are `Query`, `Value`"),
        ("Query,Value", (), "--map text=COLUMN"),
        ("Answer,Antwort", (), "`Answer`, `Antwort` may each hold `text`"),
        ("Answer,Antwort", (), "`--map text=Answer`"),
        ("Text,TEXT", (), "`Text`, `TEXT` may each hold `text`"),
        ("text", ("question=Query",), "no column `Query`. Its columns are `text`"),
        ("text", ("answer=text",), "`answer`, which is no field. Fields are `id`, `text`"),
        ("text", ("text",), "which column holds which field"),
        ("text,text", (), "more than one column `text`"),
    ],
)
def test_wrong_columns_are_told_with_those_there_are(
    tmp_path: Path, heading: str, mapping: tuple[str, ...], told: str
) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(f"{heading}\nx,y\n")
    with pytest.raises(DataFileError, match=r"column|field") as caught:
        rows_of(path, *mapping)
    assert told in str(caught.value)
