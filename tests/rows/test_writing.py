from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rows.passage_strategies import ANY_PASSAGE_LISTS
from tests.rows.reading import good_rows, passages_of
from textwire.errors import DataFileError
from textwire.rows.writing import LONGEST_CELL, WRITERS, write_messages
from textwire.support_qa.messages import Passage

FULL = Passage(
    id="pay-1",
    text="Look first.\nThen ask.",
    question="Charged twice?",
    title="Payments",
    url="https://larkfield.example/help",
    tags=("payments", "cards"),
    language="en",
    source="faq.csv",
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    valid_until=datetime(2026, 12, 31, 23, 59, 59, 123456, tzinfo=UTC),
)


def there_and_back(name: str, passages: Sequence[Passage]) -> list[Passage]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        write_messages(path, Passage, passages)
        read, screening = passages_of(path)
        assert screening.bad.count == 0, str(screening.bad)
    return read


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize(
    "passage",
    [
        FULL,
        msgspec.structs.replace(FULL, tags=("a,b", "[c]", "d|e")),
        msgspec.structs.replace(FULL, tags=("[c]",)),
        msgspec.structs.replace(FULL, text='=1+1 "quoted", and; more\ttabs'),
        msgspec.structs.replace(FULL, text="bell \x07 return\r and _x0007_ and \ufffe"),
        msgspec.structs.replace(FULL, text="<p>Stands as it is.</p>", question="text"),
        Passage(id="007", text="1.50"),
        Passage(id="sep=;", text="问题"),
    ],
)
def test_every_field_is_read_again(ending: str, passage: Passage) -> None:
    assert there_and_back(f"passages{ending}", [passage]) == [passage]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl"])
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(passages=ANY_PASSAGE_LISTS)
def test_what_is_exported_loads_to_the_same(ending: str, passages: list[Passage]) -> None:
    assert there_and_back(f"passages{ending}", passages) == passages


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30, deadline=None)
@given(passages=ANY_PASSAGE_LISTS)
def test_what_is_exported_as_a_workbook_loads_to_the_same(passages: list[Passage]) -> None:
    assert there_and_back("passages.xlsx", passages) == passages


@given(st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool))
@settings(max_examples=50, deadline=None)
def test_any_text_goes_through_a_workbook(text: str) -> None:
    assert there_and_back("a.xlsx", [Passage(id="a", text=text)])[0].text == text


def test_a_text_longer_than_a_cell_is_refused_and_no_file_left(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with pytest.raises(DataFileError, match="`long` has a text of 32,768 characters"):
        write_messages(path, Passage, [Passage(id="long", text="x" * (LONGEST_CELL + 1))])
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_messages(path, Passage, [FULL])
    with pytest.raises(DataFileError):
        write_messages(path, Passage, [Passage(id="long", text="x" * (LONGEST_CELL + 1))])
    assert len(good_rows(path)) == 1


def test_an_unknown_ending_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"ends in neither of \.csv"):
        write_messages(tmp_path / "a.doc", Passage, [FULL])
    with pytest.raises(DataFileError, match="cannot be written"):
        write_messages(tmp_path / "missing" / "a.csv", Passage, [FULL])
