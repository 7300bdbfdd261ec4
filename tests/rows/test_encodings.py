from __future__ import annotations

from pathlib import Path

import pytest

from tests.rows.reading import good_rows, remarks_of, rows_of
from textwire.errors import DataFileError
from textwire.rows.row import Reading

GERMAN = "Frage;Antwort\nWie öffne ich ein Konto?;Über die App – „sofort“.\n"
SHORT = "Frage;Antwort\nKonto?;für dich\n"
FRENCH = "Question;Réponse\nOù est-ce ?;Là-bas – à côté du café.\n"
CHINESE = "问题,答案\n如何开户？,在应用里开户，很快。\n"
RUSSIAN = "Question;Answer\nКак открыть счёт?;В приложении банка.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "cp1252"),
        (SHORT, "latin-1"),
        ("q;a\nGröße?;Straße.\n", "cp1252"),
        ("q;a\nIt’s free?;‘Yes’ it is.\n", "cp1252"),
        ("q;a\nCan I use ‘Pay’?;Yes you can.\n", "gb18030"),
        (FRENCH, "cp1252"),
        (CHINESE, "utf-8"),
        (CHINESE, "utf-16"),
        (CHINESE, "gbk"),
        (CHINESE, "gb18030"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_the_encoding_is_recognised(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(text.encode(encoding))
    question, answer = text.splitlines()[1].replace(",", ";", 1).split(";", 1)
    assert good_rows(path) == [{"question": question, "text": answer}]


def test_utf_16_of_the_other_order_is_told_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(b"\xfe\xff" + GERMAN.encode("utf-16-be"))
    assert good_rows(path)[0]["text"] == "Über die App – „sofort“."


def test_what_was_assumed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(GERMAN.encode("cp1252"))
    assert "is read as Windows-1252" in remarks_of(path)[0]
    path.write_bytes(GERMAN.encode())
    assert not any("is read as" in remark for remark in remarks_of(path))


def test_an_encoding_that_is_named_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes("text\n日本語のテキスト\n".encode("shift_jis"))
    [row] = rows_of(path, reading=Reading(encoding="Shift-JIS"))
    assert row[1] == {"text": "日本語のテキスト"}
    with pytest.raises(DataFileError, match="is not written in ascii"):
        rows_of(path, reading=Reading(encoding="ascii"))
    for name in ("klingon", "base64"):
        with pytest.raises(DataFileError, match="There is no encoding"):
            rows_of(path, reading=Reading(encoding=name))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.md"])
def test_damaged_utf_8_names_the_line_and_the_byte(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    good = "".join(f'{{"text": "Müßig schön {n}"}}\n' for n in range(20)).encode()
    path.write_bytes(good + b'{"text": "caf\xe9"}\n')
    with pytest.raises(DataFileError, match="damaged UTF-8: line 21 holds the byte 0xe9 at place"):
        rows_of(path)


def test_an_accent_far_down_a_long_file_counts(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(b"text\n" + b"plain\n" * 200_000 + "schön\n".encode("cp1252"))
    assert good_rows(path)[-1] == {"text": "schön"}
