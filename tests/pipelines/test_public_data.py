"""The evaluations: on made-up rows in the data sets' own form, and on the real files."""

import csv
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.sentiment_alerts.public.phrasebank import read_phrasebank, split_phrasebank
from pipelines.sentiment_alerts.public.sentfin import read_sentfin, split_sentfin
from pipelines.support_qa.public.stackfaq import read_threads
from textwire.errors import DataError

DATA = os.environ.get("TEXTWIRE_DATA")
needs_data = pytest.mark.skipif(
    not DATA, reason="TEXTWIRE_DATA does not name the folder of public data sets"
)
SENTENCES = {
    "negative": ["loss", "late", "twice charged", "block card", "close shop", "lost money"],
    "neutral": ["the shop", "my bank", "an account", "the phone", "when and where", "how"],
    "positive": ["paid interest", "open new shop", "buy share", "sell share", "no fee", "pay"],
}


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    sentences = [
        {"sentence": f"{text} {n}", "sentiment": label}
        for label, texts in SENTENCES.items()
        for text in texts
        for n in ("one", "second", "new")
    ]
    write_csv(folder / "financial_phrasebank" / "sentences_50agree.csv", sentences + sentences[:2])
    headlines: list[dict[str, object]] = [
        {"id": n, "title": f"Bank {row['sentence']}", "entities": {"Bank": row["sentiment"]}}
        for n, row in enumerate(sentences)
    ]
    write_jsonl(folder / "sentfin" / "sentfin.jsonl", headlines)
    asked = [
        {"text": f"{word} {end}", "category": word}
        for word in ("card", "loan", "fee")
        for end in ("lost", "late", "new", "old", "twice", "where")
    ]
    write_csv(folder / "banking77" / "train.csv", asked)
    write_csv(
        folder / "banking77" / "test.csv", [row | {"text": row["text"] + "?"} for row in asked]
    )
    threads: list[dict[str, object]] = [
        {
            "id": n,
            "question": f"where is my {word}",
            "answers": [f"the {word} is in the shop", f"buy a new {word}"],
            "queries": [f"{word} lost", f"no {word}"],
            "queries_after_marker": [f"my {word} ?", f"where {word}"],
        }
        for n, word in enumerate(("card", "parcel", "phone", "wallet"))
    ]
    write_jsonl(folder / "stackfaq" / "stackfaq.jsonl", threads)
    return folder


@pytest.fixture
def evaluate(data: Path, long_tiny_base: Path, tmp_path: Path):
    """Runs `pipelines evaluate NAME` with the tiny model; the page it writes is page.md."""

    def run(*arguments: str) -> Result:
        options = ["--data", str(data), "--report", str(tmp_path / "page.md")]
        small = ["--base", str(long_tiny_base), "--epochs", "1"]
        return CliRunner().invoke(main, ["evaluate", *arguments, *options, *small])

    return run


def test_sentiment_is_measured_on_both_data_sets(evaluate, tmp_path: Path) -> None:
    done = evaluate("sentiment-alerts")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "page.md").read_text()
    assert "38 to learn from, 5 watched, 11 judged" in page
    assert "entities to learn from" in page
    assert page.count("**fine-tuned, int8**") == 2
    assert "FinBERT" in page
    assert page.count("| Fine-tuning |") == 2
    assert "{" not in page


def test_support_qa_is_measured_on_both_data_sets(evaluate, tmp_path: Path) -> None:
    done = evaluate("support-qa")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "page.md").read_text()
    assert "mean average precision" in page
    assert "**fine-tuned, int8, vote**" in page
    assert "{" not in page


@pytest.mark.parametrize("method", ["head", "lora"])
def test_one_data_set_alone_writes_no_page(evaluate, tmp_path: Path, method: str) -> None:
    done = evaluate("sentiment-alerts", "--only", "phrasebank", "--method", method)
    assert done.exit_code == 0, done.output
    assert "macro-F1" in done.output
    assert not (tmp_path / "page.md").exists()


@pytest.mark.parametrize("name", ["sentiment-alerts", "support-qa"])
def test_data_that_are_not_there_are_missed_by_name(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(main, ["evaluate", name, "--data", str(tmp_path)])
    assert done.exit_code == 1
    assert "TEXTWIRE_DATA" in done.output


def test_a_sentence_stands_in_one_part_alone(data: Path) -> None:
    sentences = read_phrasebank(data / "financial_phrasebank")
    assert len(sentences) == 54
    parts = split_phrasebank(sentences)
    texts = [text for part in parts for text in part.texts]
    assert len(texts) == len(set(texts)) == 54


def test_entities_of_a_headline_stand_in_one_part(data: Path) -> None:
    parts = split_sentfin(read_sentfin(data / "sentfin"), seed=0)
    assert [len(part) for part in parts] == [44, 5, 5]
    assert all(text.startswith("Bank: Bank ") for part in parts for text in part.texts)
    again = split_sentfin(read_sentfin(data / "sentfin"), seed=0)
    assert [part.texts for part in again] == [part.texts for part in parts]


def test_another_file_is_refused(data: Path) -> None:
    (data / "stackfaq" / "stackfaq.jsonl").write_text('{"id": "one"}\n')
    with pytest.raises(DataError, match="stackfaq"):
        read_threads(data / "stackfaq" / "stackfaq.jsonl")


@needs_data
@pytest.mark.real_data
def test_the_real_files_have_their_known_sizes() -> None:
    data = Path(str(DATA))
    sentences = read_phrasebank(data / "financial_phrasebank")
    assert len(sentences) == 4838
    assert [len(part) for part in split_phrasebank(sentences)] == [3483, 387, 968]
    parts = split_sentfin(read_sentfin(data / "sentfin"), seed=0)
    assert 14_300 < sum(len(part) for part in parts) <= 14_405
    threads = read_threads(data / "stackfaq" / "stackfaq.jsonl")
    assert len(threads) == 125
    assert sum(len(thread.answers) for thread in threads) == 719
