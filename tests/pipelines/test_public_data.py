"""The evaluations: on made-up rows in the data sets' own form, and on the real files."""

import csv
import json
import os
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.sentiment_alerts.public.champion import ToneReader, count_conflicts
from pipelines.sentiment_alerts.public.other_sets import read_fiqa_posts, read_gold_headlines
from pipelines.sentiment_alerts.public.phrasebank import read_phrasebank, split_phrasebank
from pipelines.sentiment_alerts.public.sentfin import companies_of_sentfin
from pipelines.support_qa.public.stackfaq import read_threads
from textwire.errors import DataError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry

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


@pytest.fixture
def champion(
    data: Path, tiny_classifier: Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Artifact:
    """A tiny model that serves, and the sets that only it is judged on."""
    registry = Registry(str(tmp_path / "models"))
    manifest = msgspec.structs.replace(tiny_classifier.manifest, thresholds={"tone": 0.9})
    registry.promote(manifest.task, registry.register(tiny_classifier.path, manifest))
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    posts: list[dict[str, object]] = [
        {"id": str(n), "sentence": f"$BANK is {n}", "target": "BANK", "sentiment_score": score}
        for n, score in enumerate((-0.5, 0.05, 0.6))
    ]
    write_jsonl(data / "fiqa_posts" / "fiqa_posts.jsonl", posts)
    gold = [
        {"headline": f"gold {n}", "price_sentiment": said}
        for n, said in enumerate(("positive", "negative", "none", "neutral"))
    ]
    write_csv(data / "gold_headlines" / "gold_headlines.csv", gold)
    return registry.open(manifest.task, manifest.version)


@pytest.mark.usefixtures("champion")
def test_the_model_that_serves_is_measured_on_what_it_never_learned_from(evaluate) -> None:
    done = evaluate("sentiment-alerts", "--only", "champion")
    assert done.exit_code == 0, done.output
    for name, texts in (("SEntFiN", 5), ("financial_phrasebank", 54), ("fiqa_posts", 3)):
        assert f"{name}, {texts} " in done.output
    assert "all right: 0 of 0" in done.output


def test_a_tone_below_the_threshold_is_judged_as_the_neutral_it_counts_as(
    champion: Artifact, data: Path
) -> None:
    transfer, right = ToneReader(champion).judge("gold", read_gold_headlines(data))
    assert transfer.read == "companies"
    assert right.tolist() == [False, False, True, True]
    assert transfer.figures["accuracy"] == 0.5


def test_a_score_near_zero_is_neutral(champion: Artifact, data: Path) -> None:
    assert champion
    said = [post.entities["BANK"] for post in read_fiqa_posts(data)]
    assert said == ["negative", "neutral", "positive"]


def test_a_headline_with_opposite_tones_counts_when_all_its_companies_are_right() -> None:
    articles = [
        LabelledArticle("a", None, None, None, {"A": "negative", "B": "positive"}),
        LabelledArticle("b", None, None, None, {"C": "negative"}),
        LabelledArticle("c", None, None, None, {"D": "negative", "E": "positive"}),
    ]
    right = np.array([True, True, False, True, False])
    assert count_conflicts(articles, right) == (2, 1)


@pytest.mark.usefixtures("champion")
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
    path = data / "sentfin" / "sentfin.jsonl"
    parts = companies_of_sentfin(path, seed=0)
    assert [len(part) for part in parts] == [44, 5, 5]
    assert all(text.startswith("Bank [SEP] [MASK] ") for part in parts for text in part.texts)
    again = companies_of_sentfin(path, seed=0)
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
    parts = companies_of_sentfin(data / "sentfin" / "sentfin.jsonl", seed=0)
    assert 14_300 < sum(len(part) for part in parts) <= 14_405
    threads = read_threads(data / "stackfaq" / "stackfaq.jsonl")
    assert len(threads) == 125
    assert sum(len(thread.answers) for thread in threads) == 719
