"""Files of annotated texts, as tools for annotation write them."""

import csv
from pathlib import Path

import pytest

from pipelines.entities.conll import read_conll
from pipelines.entities.rows import read_annotated
from tests.pipelines.entities.headlines import span_rows, write_rows
from textwire.errors import DataError
from textwire.models.engines.entity_spans import Span


def test_spans_are_read_in_either_form(tmp_path: Path) -> None:
    data = read_annotated(write_rows(tmp_path / "a.jsonl", span_rows()))
    assert data.kinds == ("ORG", "PER")
    told = {(t.text[s.start : s.end], s.kind) for t in data.train for s in t.spans}
    assert ("wallet bank", "ORG") in told
    assert ("late one", "PER") in told
    assert any(not text.spans for text in data.held_out)


def test_a_table_holds_them_as_json(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerow(["text", "spans"])
        csv.writer(lines).writerows([f"Acme {n} sells", '[[0, 4, "ORG"]]'] for n in range(60))
    data = read_annotated(path)
    assert all(text.spans == (Span(0, 4, "ORG"),) for text in data.train)


def test_blanks_at_the_ends_of_a_span_are_not_of_it(tmp_path: Path) -> None:
    rows = [{"text": f"buy Acme now {n}", "label": [[3, 9, "ORG"]]} for n in range(60)]
    data = read_annotated(write_rows(tmp_path / "a.jsonl", rows))
    assert {text.spans for text in data.train} == {(Span(4, 8, "ORG"),)}


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([[0, 99, "ORG"]], "holds no letters of a text of 8"),
        ([[0, 4, "ORG"], [2, 6, "PER"]], "overlap"),
        ([["a", 4, "ORG"]], "no .start, end, kind"),
        ("[[0, 4", "is not JSON"),
        ({"start": 1}, "no list of spans"),
        ([[3, 4, "ORG"]], "holds no letters"),
    ],
)
def test_a_span_that_is_none_is_named_by_its_line(tmp_path: Path, spans: object, said: str) -> None:
    with pytest.raises(DataError, match=f"(?s)line 1.*{said}|{said}.*line 1"):
        read_annotated(write_rows(tmp_path / "a.jsonl", [{"text": "abc defg", "spans": spans}]))


@pytest.mark.parametrize(
    "tags",
    [
        ("B-ORG I-ORG O B-PER", "BIO"),
        ("I-ORG I-ORG O I-PER", "IOB"),
        ("B-ORG E-ORG O S-PER", "BIOES"),
        ("B-ORG L-ORG O U-PER", "BILOU"),
    ],
    ids=lambda told: told[1],
)
def test_words_with_tags_of_each_scheme_are_one_text(tmp_path: Path, tags: tuple[str, str]) -> None:
    path = tmp_path / "a.conll"
    words = zip(["Big", "Bank", "hires", "Ann"], tags[0].split(), strict=True)
    sentence = "".join(f"{word} NN {tag}\n" for word, tag in words)
    path.write_text(f"-DOCSTART- O\n\n{sentence}\n{sentence}", encoding="utf-8")
    one, other = (text for _, text in read_conll(path))
    assert one == other
    assert one.text == "Big Bank hires Ann"
    assert one.spans == (Span(0, 8, "ORG"), Span(15, 18, "PER"))


def test_chinese_letters_stand_beside_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.bio"
    path.write_text("华\tB-ORG\n为\tI-ORG\n5G\tO\n好\tO\n", encoding="utf-8")
    [(_, text)] = read_conll(path)
    assert text.text == "华为 5G 好"
    assert text.spans == (Span(0, 2, "ORG"),)


def test_a_line_without_a_tag_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("Big B-ORG\nBank\n", encoding="utf-8")
    with pytest.raises(DataError, match="no word with a BIO tag"):
        read_conll(path)
