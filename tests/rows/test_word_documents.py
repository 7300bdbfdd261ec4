from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from tests.rows.reading import good_rows, rows_of
from textwire.errors import DataFileError
from textwire.rows.row import BadRow


@pytest.fixture
def word(tmp_path: Path) -> Path:
    return tmp_path / "faq.docx"


def test_a_word_document_is_read_by_headings(word: Path) -> None:
    document = docx.Document()
    document.add_heading("Help", 0)
    document.add_paragraph("Ask us.")
    document.add_heading("Cards", 1)
    document.add_heading("How do I block one?", 2)
    document.add_paragraph("Open the app.")
    document.add_paragraph("Tap Card.", style="List Number")
    document.add_paragraph("Tap Block.", style="List Number")
    document.add_paragraph().add_run("Is it free?").bold = True
    document.add_paragraph("Yes.")
    document.save(str(word))
    assert good_rows(word) == [
        {"title": "Help", "text": "Ask us."},
        {
            "title": "Help › Cards › How do I block one?",
            "question": "How do I block one?",
            "text": "Open the app.\n\n- Tap Card.\n- Tap Block.",
        },
        {
            "title": "Help › Cards › How do I block one? › Is it free?",
            "question": "Is it free?",
            "text": "Yes.",
        },
    ]


def test_a_table_of_questions_in_a_word_document_is_read_by_rows(word: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Before.")
    rows = [("Question", "Answer"), ("Where?", "Here."), ("When?", "")]
    other = [("Card", "Fee"), ("Gold", "5")]
    for held in (rows, other):
        table = document.add_table(0, 2)
        for texts in held:
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                cell.text = text
    document.save(str(word))
    good, bad, prose = rows_of(word)
    assert good[1] == {"question": "Where?", "text": "Here."}
    assert isinstance(bad, BadRow)
    assert bad[1:] == ("`text` is empty", "the table at paragraph 2, row 3")
    assert prose[1] == {"title": "faq", "text": "Before.\n\nCard | Fee\nGold | 5"}


def test_what_is_no_word_document_is_told(word: Path) -> None:
    word.write_bytes(b"nothing")
    with pytest.raises(DataFileError, match="is no Word document"):
        rows_of(word)
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("a.txt", "b")
    with pytest.raises(DataFileError, match="cannot be read as a Word document"):
        rows_of(word)
