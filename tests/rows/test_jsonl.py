from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from tests.rows.passage_strategies import PASSAGE_LISTS
from tests.rows.reading import good_rows, passages_of, rows_of
from textwire.errors import DataFileError
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
        # Half of an emoji, as who cuts texts by length leaves it; and names that are no words.
        ('{"text": "Here \\ud83d"}', "it is not JSON"),
        ('{"text": "Here \\ud83d", "price": NaN}', "it is not JSON"),
        ('{1e999: "1", "text": "Here."}', "it is not JSON"),
        ("[1]", "not a JSON object"),
        ('{"value": "Here."}', "there is no `text` among `value`"),
        ('{"answer": "Here.", "Antwort": "Hier."}', "`answer`, `Antwort` may each hold `text`"),
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
    path.write_text('{"Said": "Here.", "unused": 1}\n')
    assert rows_of(path, "text=Said") == [Row(1, {"text": "Here."})]


@pytest.mark.parametrize(
    "content",
    [
        '[{"Q": "Where?", "A": "Here."}, {"Q": "When?", "A": "Now."}]',
        '{"count": 2, "faqs": [{"Q": "Where?", "A": "Here."}, {"Q": "When?", "A": "Now."}]}',
        '{"Q": "Where?", "A": "Here."}\n{"Q": "When?", "A": "Now."}\n',
    ],
    ids=["an array", "an array in an object", "lines"],
)
def test_json_is_read_as_an_array_or_as_lines(tmp_path: Path, content: str) -> None:
    path = tmp_path / "faq.json"
    path.write_text(content)
    assert good_rows(path) == [
        {"question": "Where?", "text": "Here."},
        {"question": "When?", "text": "Now."},
    ]


def test_what_a_help_centre_exports_loses_its_markup(tmp_path: Path) -> None:
    article = {"title": "Cards", "body": "<p>Tap <b>Card</b>.</p><ul><li>One</li><li>Two</li></ul>"}
    path = tmp_path / "articles.json"
    path.write_bytes(msgspec.json.encode({"articles": [article | {"html_url": "u"}], "next": None}))
    [row] = good_rows(path)
    assert row == {"title": "Cards", "text": "Tap Card.\n\n- One\n- Two", "url": "u"}


def test_text_under_its_own_name_stands_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"text": "Write <p>a</p>."}\n')
    assert good_rows(path) == [{"text": "Write <p>a</p>."}]


def test_several_answers_are_paragraphs_and_labels_are_tags(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"question": "q", "answers": ["One.", "Two."], "labels": ["a", "b"]}\n')
    assert good_rows(path) == [{"question": "q", "text": "One.\n\nTwo.", "tags": ["a", "b"]}]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"x": [{}], "y": [{}]}', "several arrays of objects: `x`, `y`"),
        ("12", "neither an array of objects nor an object"),
        ("[{", "is not JSON"),
    ],
)
def test_json_that_holds_no_rows_is_told(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "faq.json"
    path.write_text(content)
    with pytest.raises(DataFileError, match=told):
        rows_of(path)
