from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from tests.rows.passage_strategies import PASSAGE_LISTS
from tests.rows.reading import passages_of, rows_of
from textwire.rows.row import BadRow, Row
from textwire.support_qa.messages import Passage


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(PASSAGE_LISTS)
def test_what_is_written_as_json_lines_is_read_again(passages: list[Passage]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "passages.jsonl")
        path.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in passages) or b"\n")
        read, screening = passages_of(path)
    assert read == passages
    assert screening.bad.count == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[1]", "not a JSON object"),
        ('{"answer": "Here."}', "there is no `text` among `answer`"),
        ("{}", "there is no `text` among its fields"),
        ('{"text": null}', "there is no `text`"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text(f'{{"text": "good"}}\n\n{line}\n')
    good, bad = rows_of(path)
    assert good == Row(1, {"text": "good"})
    assert isinstance(bad, BadRow)
    assert bad.line == 3
    assert reason in bad.reason


def test_names_are_mapped_to_fields(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"Answer": "Here.", "unused": 1}\n')
    assert rows_of(path, "text=Answer") == [Row(1, {"text": "Here."})]
