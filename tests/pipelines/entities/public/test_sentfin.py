"""Where SEntFiN's names stand in their headlines, and which part a headline is of."""

import json
from pathlib import Path

import pytest

from pipelines.entities.public.sentfin import KIND, SentfinSpans, spans_of_names
from textwire.errors import DataError
from textwire.models.engines.entity_spans import Span


def test_a_longer_name_is_taken_before_one_within_it_and_a_part_of_a_word_is_none() -> None:
    title = "Bank Nifty up, Nifty flat, Niftyness down"
    names = {"Nifty": "neutral", "Bank Nifty": "positive"}
    assert spans_of_names(title, names) == (Span(0, 10, KIND), Span(15, 20, KIND))


def test_a_name_with_marks_is_read_letter_by_letter() -> None:
    assert spans_of_names("Buy M&M (India)", {"M&M (India)": "positive"}) == (Span(4, 15, KIND),)


def write_sentfin(folder: Path, headlines: int) -> SentfinSpans:
    (folder / "sentfin").mkdir()
    rows = [
        {"title": f"Acme gains {n}", "entities": {"Acme": "positive"}} for n in range(headlines)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in (*rows, rows[0]))
    (folder / "sentfin" / "sentfin.jsonl").write_text(lines, encoding="utf-8")
    return SentfinSpans(folder)


def test_parts_share_no_headline_and_are_all_there_is(tmp_path: Path) -> None:
    source = write_sentfin(tmp_path, 200)
    data, test = source.read(), source.test()
    parts = [{text.text for text in part} for part in (data.train, data.held_out, test)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 200
    assert 20 < len(test) < 60
    assert len(SentfinSpans(tmp_path, rows=100, test_rows=5).test()) == 5


def test_a_set_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read as SEntFiN"):
        SentfinSpans(tmp_path).read()
