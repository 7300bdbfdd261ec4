"""Tables as Excel, LibreOffice, Google Sheets, Zendesk and WordPress write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows.reading import good_rows, passages_of, remarks_of, rows_of
from textwire.errors import DataFileError
from textwire.rows.columns import Columns
from textwire.rows.csv import sniff
from textwire.rows.row import BadRow, Row
from textwire.support_qa.messages import Passage

WANTED = [{"question": "Where, then?", "text": "Here; or there."}]


def written(tmp_path: Path, content: str, name: str = "faq.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        'sep=;\r\nQuestion;Answer\r\nWhere, then?;"Here; or there."\r\n',
        '"sep=,"\nQuestion,Answer\n"Where, then?",Here; or there.\n',
        "sep=\t\nQuestion\tAnswer\nWhere, then?\tHere; or there.\n",
        'Question|Answer\n"Where, then?"|Here; or there.\n',
        '"Question","Answer"\n"Where, then?","Here; or there."\n',
        'Question;"Answer"\nWhere, then?;"Here; or there."\n',
        '\n;;\nQuestion;Answer;\n;;\n"Where, then?";"Here; or there.";\n;;\n',
        'Our FAQ, as of May;;\n;;\nQuestion;Answer;\n"Where, then?";"Here; or there.";\n',
        ',Question,,Answer,\n,"Where, then?",,"Here; or there.",\n',
        'Question,Answer\r"Where, then?","Here; or there."\r',
        "Question,Answer\r\n\"Where, then?\",'Here; or there.'\r\n".replace("'", '"'),
        ' QUESTION , answer \n"Where, then?","Here; or there."\n',
        '\ufeffQuestion,Answer,\n"Where, then?","Here; or there."\n',
    ],
)
def test_a_table_of_any_dialect_is_read(tmp_path: Path, content: str) -> None:
    assert good_rows(written(tmp_path, content)) == WANTED


def test_a_separator_inside_of_a_quoted_heading_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, '"Question, short, and clear";Answer\n"Where, then?";Here\n')
    [row] = good_rows(path, "question=question short and clear")
    assert row == {"question": "Where, then?", "text": "Here"}


@pytest.mark.parametrize(
    "names",
    [
        ("Question", "Answer"),
        ("FRAGE", "Antwort:"),
        ("问题", "答案"),
        ("Q", "A"),
        ("q.", "a."),
        ("FAQ", "Answer"),
        ("question_text", "answer_text"),
        ("Customer Question", "Best-Answer"),
    ],
)
def test_headings_are_found_without_a_map(tmp_path: Path, names: tuple[str, str]) -> None:
    path = written(tmp_path, f"{names[0]};{names[1]}\nWhere?;Here.\n")
    assert good_rows(path) == [{"question": "Where?", "text": "Here."}]
    assert f"`text` is read from `{names[1]}`" in "".join(remarks_of(path))


def test_an_export_of_wordpress_is_read(tmp_path: Path) -> None:
    heading = "id,Title,Content,Permalink,Categories,Tags,Status\n"
    row = (
        '12,Cards,"<p>Tap <b>Card</b>,<br>then &amp; there.</p>",https://x.example,Bank,"a|b",on\n'
    )
    path = written(tmp_path, heading + row)
    passages, _ = passages_of(path)
    assert passages == [
        Passage(
            id="12",
            title="Cards",
            text="Tap Card,\nthen & there.",
            url="https://x.example",
            tags=("a", "b", "Bank"),
        )
    ]
    assert "`Status` not used" in "".join(remarks_of(path))


def test_the_surer_name_wins(tmp_path: Path) -> None:
    path = written(tmp_path, "text,Answer,Description\na,b,c\n")
    assert good_rows(path) == [{"text": "a"}]
    assert "`Answer`, `Description` not used" in "".join(remarks_of(path))


def test_a_map_forgives_case_and_blanks(tmp_path: Path) -> None:
    path = written(tmp_path, "Kunden Frage,Unsere_Antwort\nWo?,Hier.\n")
    assert good_rows(path, "Question=kunden_frage", "TEXT=unsere antwort") == [
        {"question": "Wo?", "text": "Hier."}
    ]


def test_a_map_to_what_several_columns_are_called_asks(tmp_path: Path) -> None:
    path = written(tmp_path, "Reply 1,reply_1\na,b\n")
    assert good_rows(path, "text=reply_1") == [{"text": "b"}]
    with pytest.raises(DataFileError, match="`Reply 1`, `reply_1` may each hold `text`"):
        rows_of(path, "text=REPLY1")


def test_lines_above_the_heading_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "Our FAQ\nAs of May\n\nQuestion,Answer\nWhere?,Here.\n")
    assert rows_of(path) == [Row(5, {"question": "Where?", "text": "Here."})]
    assert "passed over above the heading: `Our FAQ`, `As of May`" in remarks_of(path)[0]


def test_cells_that_excel_left_out_at_the_end_are_empty(tmp_path: Path) -> None:
    path = written(tmp_path, "text,tags,url\na\nb,x\nc,y,z,,\n")
    assert [row["text"] for row in good_rows(path)] == ["a", "b", "c"]


def test_a_quote_left_open_costs_its_row_alone(tmp_path: Path) -> None:
    """294 of 300 rows were once lost with it, and one of them named."""
    rows = [f"Question {n}?,Answer {n}." for n in range(300)]
    rows[5] = 'Question 5?,"Answer 5.'
    path = written(tmp_path, "Question,Answer\n" + "\n".join(rows) + "\n")
    good = [row for row in rows_of(path) if isinstance(row, Row)]
    [bad] = [row for row in rows_of(path) if isinstance(row, BadRow)]
    assert len(good) == 299
    assert (bad.line, "quote left open" in bad.reason) == (7, True)


def test_two_quotes_left_open_cost_what_cannot_be_told_apart_and_no_more(tmp_path: Path) -> None:
    rows = [f"{n},Question {n}?,Answer {n}." for n in range(300)]
    rows[5], rows[200] = '5,Question 5?,"Answer 5.', '200,Question 200?,"Answer 200.'
    path = written(tmp_path, "id,Question,Answer\n" + "\n".join(rows) + "\n")
    read = rows_of(path)
    assert sum(isinstance(row, Row) for row in read) == 298
    assert [row.line for row in read if isinstance(row, BadRow)] == [7, 202]


def test_an_answer_of_several_lines_with_separators_stays_whole(tmp_path: Path) -> None:
    answer = "First, this.\nSecond, that.\nThird, both."
    out = io.StringIO()
    csv.writer(out).writerows([["Question", "Answer"], ["How?", answer], ["When?", "Now."]])
    assert [row["text"] for row in good_rows(written(tmp_path, out.getvalue()))] == [answer, "Now."]


def test_a_cell_that_is_too_long_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, f"text\n{'x' * 200_000}\nshort\n")
    assert [type(row) for row in rows_of(path)] == [BadRow, Row]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@given(
    st.sampled_from(",;\t|"),
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_the_delimiter_is_found_whatever_the_cells_hold(
    delimiter: str, rows: list[tuple[str, ...]], end: str, quoting: Any
) -> None:
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    table.writerows([("Question", "Answer", "Tags"), *rows])
    lines = list(io.StringIO(out.getvalue(), newline=""))
    assert sniff(lines, Columns(Passage, made_up=("id",))) == (delimiter, 3)
