"""Workbooks as Excel, LibreOffice and Google Sheets write them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.rows.reading import good_rows, remarks_of, rows_of
from textwire.errors import DataFileError
from textwire.rows.bounds import check_archive, check_whole_size
from textwire.rows.row import BadRow, Row


def workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return book


def edit_sheet(path: Path, edit: Callable[[bytes], bytes]) -> None:
    """Change the first sheet's XML as another program would have written it."""
    with zipfile.ZipFile(path) as book:
        members = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    edited = edit(members[sheet])
    assert edited != members[sheet]
    with zipfile.ZipFile(path, "w") as book:
        for name, content in (members | {sheet: edited}).items():
            book.writestr(name, content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "faq.xlsx"


def test_every_sheet_that_is_a_table_is_read(path: Path) -> None:
    workbook(
        path,
        Cards=[["Question", "Answer"], ["Where?", "Here."]],
        Notes=[["Written by", "me"], ["on", "a Monday"]],
        Empty=[],
        Fees=[["Our fees"], [], ["Antwort", "Frage"], ["None.", "How much?"]],
    )
    assert good_rows(path) == [
        {"question": "Where?", "text": "Here."},
        {"question": "How much?", "text": "None."},
    ]
    remarks = "\n".join(remarks_of(path))
    assert "Passed over" in remarks
    assert "sheet `Notes` has no column `text`" in remarks
    assert "sheet `Fees`: passed over above the heading: `Our fees`" in remarks


def test_a_row_is_told_by_its_sheet(path: Path) -> None:
    workbook(path, Cards=[["Question", "Answer"], [], ["Where?", None]])
    [bad] = rows_of(path)
    assert bad == BadRow(3, "`text` is empty", "sheet `Cards`, row 3")


def test_a_workbook_without_any_table_names_its_columns(path: Path) -> None:
    workbook(path, Data=[["Query", "Value"], ["a", "b"]])
    with pytest.raises(DataFileError, match=r"sheet `Data` has no column `text`.*`Query`, `Value`"):
        rows_of(path)
    assert good_rows(path, "text=value") == [{"text": "b"}]


def test_a_hidden_sheet_is_passed_over_and_told(path: Path) -> None:
    book = workbook(path, Cards=[["text"], ["a"]], Old=[["text"], ["b"]])
    book["Old"].sheet_state = "hidden"
    book.save(path)
    assert good_rows(path) == [{"text": "a"}]
    assert "sheet `Old` is hidden" in remarks_of(path)[0]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (12, None, "12"),
        (12.0, None, "12"),
        (0.1 + 0.2, None, "0.3"),
        (0.054, "0.0%", "5.4%"),
        (True, None, "true"),
        (date(2026, 12, 31), None, "2026-12-31"),
        (datetime(2026, 12, 31, 9, 30), None, "2026-12-31 09:30:00"),
        (time(9, 30), None, "09:30:00"),
        ("007", None, "007"),
        ("two\nlines", None, "two\nlines"),
        ("bell_x0007_", None, "bell\x07"),
    ],
)
def test_a_cell_says_what_people_see(
    path: Path, value: Any, number_format: str | None, text: str
) -> None:
    book = workbook(path, Cards=[["text"], [value]])
    if number_format:
        book["Cards"]["A2"].number_format = number_format
        book.save(path)
    assert good_rows(path) == [{"text": text}]


def test_a_formula_says_its_value(path: Path) -> None:
    """Which openpyxl does not compute, and Excel writes beside it."""
    workbook(path, Cards=[["text"], ["=1+1"], ["=1/0"]])

    def as_excel(sheet: bytes) -> bytes:
        sheet = re.sub(rb"(<f>1\+1</f>)(?:<v ?/>|<v></v>)", rb"\1<v>2</v>", sheet)
        sheet = re.sub(rb"(<f>1/0</f>)(?:<v ?/>|<v></v>)", rb"\1<v>#DIV/0!</v>", sheet)
        return sheet.replace(b'r="A3"', b'r="A3" t="e"')

    edit_sheet(path, as_excel)
    good, bad = rows_of(path)
    assert good == Row(2, {"text": "2"}, "sheet `Cards`, row 2")
    assert bad == BadRow(3, "a cell holds the error #DIV/0!", "sheet `Cards`, row 3")


def test_cells_merged_below_one_another_each_have_what_is_shown(path: Path) -> None:
    rows = [
        ["Category", "Question", "Answer"],
        ["Cards", "a?", "A"],
        [None, "b?", "B"],
        ["x", "c?", "C"],
    ]
    book = workbook(path, Cards=[["All that is asked"], *rows])
    book["Cards"].merge_cells("A1:C1")
    book["Cards"].merge_cells("A3:A4")
    book.save(path)
    assert [row["tags"] for row in good_rows(path)] == ["Cards", "Cards", "x"]


def test_a_size_that_is_told_wrong_hides_nothing(path: Path) -> None:
    workbook(path, Cards=[["Question", "Answer"], ["Where?", "Here."]])
    edit_sheet(path, lambda sheet: re.sub(rb'dimension ref="A1:B2"', b'dimension ref="A1"', sheet))
    assert good_rows(path) == [{"question": "Where?", "text": "Here."}]


def test_an_archive_that_unpacks_to_too_much_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(DataFileError, match="unpacks to 30,000,000 bytes in 1 files"):
        rows_of(path)
    with pytest.raises(DataFileError, match="at most 1,000 are read"):
        check_archive(path, "workbook", most=1_000)


def test_a_file_that_is_too_large_to_be_read_whole_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"x" * 1_001)
    with pytest.raises(DataFileError, match="has 1,001 bytes; in this form at most 1,000"):
        check_whole_size(path, most=1_000)


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"nothing of the kind"])
def test_what_is_no_workbook_is_told(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DataFileError, match="is no Excel workbook"):
        rows_of(path)


def test_a_workbook_without_its_parts_is_told(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("something.txt", "else")
    with pytest.raises(DataFileError, match="cannot be read as an Excel workbook"):
        rows_of(path)
