from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from tests.rows.reading import good_rows, remarks_of, rows_of
from textwire.errors import DataFileError
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
