from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from tests.rows.reading import good_rows, remarks_of, rows_of
from textwire.errors import DataFileError
from textwire.rows.row import BadRow
from textwire.rows.sections import LONGEST_PASSAGE_CHARS


def write_pdf(path: Path, *pages: Sequence[str], password: str = "") -> None:
    """A page of each list of lines."""
    writer = pypdf.PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        held = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
        fonts = DictionaryObject({NameObject("/F1"): held})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = "".join(f"({line}) Tj T* " for line in lines)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 14 TL 50 800 Td {shown}ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(content)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(path)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "faq.pdf"


@pytest.fixture
def word(tmp_path: Path) -> Path:
    return tmp_path / "faq.docx"


def test_lines_of_a_pdf_that_ask_are_questions(pdf: Path) -> None:
    write_pdf(
        pdf,
        ["Our help.", "How do I block a card?", "Open the app", "and tap Block.", "Is it free?"],
        ["Yes, always."],
    )
    assert good_rows(pdf) == [
        {"title": "faq", "text": "Our help."},
        {
            "title": "faq",
            "question": "How do I block a card?",
            "text": "Open the app\nand tap Block.",
        },
        {"title": "faq", "question": "Is it free?", "text": "Yes, always."},
    ]
    assert [row.where for row in rows_of(pdf)] == ["page 1", "page 1", "page 2"]


def test_questions_of_a_pdf_that_are_marked_are_told_apart(pdf: Path) -> None:
    write_pdf(pdf, ["Q: Where?", "A: Here.", "Q: When?", "A: Now,", "or later."])
    assert [(row["question"], row["text"]) for row in good_rows(pdf)] == [
        ("Where?", "Here."),
        ("When?", "Now,\nor later."),
    ]


def test_a_long_pdf_is_split_and_loses_no_line(pdf: Path) -> None:
    pages = [[f"Line {page} {line} is said here." for line in range(50)] for page in range(4)]
    write_pdf(pdf, *pages)
    rows = good_rows(pdf)
    assert all(len(row["text"]) <= 2 * LONGEST_PASSAGE_CHARS for row in rows)
    read = "\n".join(row["text"] for row in rows).replace("\n\n", "\n").split("\n")
    assert read == [line for page in pages for line in page]


def test_pages_without_text_are_told(pdf: Path) -> None:
    write_pdf(pdf, ["Something."], [])
    assert good_rows(pdf) == [{"title": "faq", "text": "Something."}]
    assert "1 pages have no text and were passed over: 2" in remarks_of(pdf)[0]
    write_pdf(pdf, [])
    with pytest.raises(DataFileError, match="its pages are pictures, such as scans"):
        rows_of(pdf)


def test_a_pdf_with_a_password_is_told(pdf: Path) -> None:
    write_pdf(pdf, ["Secret."], password="secret")
    with pytest.raises(DataFileError, match="protected by a password"):
        rows_of(pdf)


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b"nothing"])
def test_what_is_no_pdf_is_told(pdf: Path, content: bytes) -> None:
    pdf.write_bytes(content)
    with pytest.raises(DataFileError, match="cannot be read as PDF"):
        rows_of(pdf)


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


@pytest.mark.parametrize("name", ["faq.pdf", "faq.docx"])
def test_without_the_extra_its_name_is_told(tmp_path: Path, name: str) -> None:
    """In a process of its own, where the libraries cannot be imported."""
    path = tmp_path / name
    path.write_bytes(b"%PDF-" if name.endswith("pdf") else b"PK\x03\x04")
    program = f"""
import sys
sys.modules["pypdf"] = sys.modules["docx"] = None
from tests.rows.reading import rows_of
from pathlib import Path
rows_of(Path({str(path)!r}))
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "pip install 'textwire[documents]'" in told.stderr
