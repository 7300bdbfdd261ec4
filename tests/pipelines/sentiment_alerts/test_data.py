"""Labelled articles: what is read, and what is refused and where."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.sentiment_alerts.data import LabelledArticle, NewsData
from pipelines.sentiment_alerts.examples import examples_of, texts_of_companies
from pipelines.sentiment_alerts.own_data import OwnArticles
from pipelines.sentiment_alerts.rows import ReadingArticles, read_articles, read_label_names
from pipelines.sentiment_alerts.samples import SampleNews
from pipelines.sentiment_alerts.sentfin import read_sentfin, split_sentfin
from tests.pipelines.sentiment_alerts.news import (
    article_rows,
    headline_rows,
    write_jsonl,
    write_news,
)
from textwire.errors import DataError, DataFileError
from textwire.samples import samples_dir
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import SENTIMENTS
from textwire.sentiment_alerts.scoring.clauses import article_text, company_texts, linked_text
from textwire.sentiment_alerts.watchlist import read_watchlist


def read_own(path: Path, *mapping: str, labels: Sequence[str] = (), drop: bool = False) -> NewsData:
    reading = ReadingArticles(None, mapping, read_label_names(labels), drop)
    return OwnArticles(path, reading=reading).read()


def rows_of(tmp_path: Path, *changes: dict[str, object]) -> Path:
    """The usual rows, with the first ones changed; row n stands on line n + 1."""
    rows = article_rows()
    for number, change in enumerate(changes):
        rows[number] = rows[number] | change
    return write_jsonl(tmp_path / "articles.jsonl", rows)


def test_copies_are_not_learned_from(tmp_path: Path) -> None:
    data = write_news(tmp_path / "news").read()
    assert len(data.train) + len(data.held_out) == len(article_rows()) - 1 + len(headline_rows())
    assert data.topics == ("money", "shops")


def test_a_table_says_topics_and_companies_in_one_cell_each(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "headline,label,topics,entities,split\n"
        "Loan lost money - Wallet paid,Negative,money|shops,Loan=negative|Wallet=positive,train\n"
        "Wallet paid,positive,,Wallet=positive,train\n"
        "Parcel paid,positive,money,,train\n"
        "Loan is open,neutral,shops,,held_out\n"
        "Parcel late,negative,,,held_out\n"
        + "".join(f"More of it {n},neutral,,,{'test' if n < 2 else 'train'}\n" for n in range(9))
    )
    data = read_own(path, "title=headline")
    first = data.train[0]
    assert first.label == "negative"
    assert first.topics == {"money", "shops"}
    assert first.entities == {"Loan": "negative", "Wallet": "positive"}
    assert data.topics == ("money", "shops")


def test_without_a_split_the_text_decides(tmp_path: Path) -> None:
    rows = [
        {"title": f"{row['title']} {n}", "label": row["label"]}
        for n in range(3)
        for row in article_rows()[:-1]
    ]
    data = read_own(write_jsonl(tmp_path / "own.jsonl", rows))
    assert 0.1 < len(data.held_out) / len(rows) < 0.3
    turned = read_own(write_jsonl(tmp_path / "turned.jsonl", rows[::-1]))
    assert {a.title for a in turned.held_out} == {a.title for a in data.held_out}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "angry"}, "'angry' is none of negative, neutral, positive"),
        ({"topics": ["weather"]}, "'weather' is none of those there are: money, shops"),
        ({"entities": {"Loan": "sad"}}, "`entities.Loan`: 'sad' is none of"),
        ({"title": "  "}, "`title` is empty"),
        ({"title": ""}, "`title` is empty"),
        ({"split": "middle"}, "`split`: 'middle' is none of train, training,"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_by_line(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    source = write_news(tmp_path / "news")
    rows = article_rows()
    write_jsonl(source.folder / "articles.jsonl", [rows[0], rows[1] | change, *rows[2:]])
    with pytest.raises(DataError, match="line 2") as raised:
        source.read()
    assert said in str(raised.value)


def test_a_missing_column_says_how_to_name_it(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("what,label\nLoan late,negative\n")
    with pytest.raises(DataFileError, match="--map title=COLUMN"):
        read_own(path)


def test_entities_that_do_not_read_as_pairs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 1.*Name=label"):
        read_own(rows_of(tmp_path, {"entities": "Loan"}))


def test_a_row_that_repeats_another_is_left_out(tmp_path: Path) -> None:
    rows = article_rows()
    again = {**rows[1], "title": f" {rows[1]['title']} ".upper()}
    data = read_own(write_jsonl(tmp_path / "own.jsonl", [*rows, again]))
    assert data.repeated == 1
    assert len(data.train) + len(data.held_out) == len(rows) - 1


def test_a_text_with_two_labels_is_refused_naming_both_lines(tmp_path: Path) -> None:
    rows = article_rows()
    other = rows[1] | {"label": "positive"}
    with pytest.raises(DataError, match=r"(?s)labelled differently.*line 2; line 3\d"):
        read_own(write_jsonl(tmp_path / "own.jsonl", [*rows, other]))


def test_a_text_in_both_parts_is_refused(tmp_path: Path) -> None:
    rows = article_rows()
    other = rows[1] | {"split": "held_out"}
    with pytest.raises(DataError, match="no judgement"):
        read_own(write_jsonl(tmp_path / "own.jsonl", [*rows, other]))


def test_texts_in_both_parts_are_all_named_and_left_out_on_demand(tmp_path: Path) -> None:
    rows = article_rows()[:-1]
    both = [row | {"split": "held_out"} for row in rows if row["split"] == "train"][:3]
    path = write_jsonl(tmp_path / "own.jsonl", [*rows, *both])
    with pytest.raises(DataError, match=r"(?s)3 texts.*line 1;.*line 2;.*line 3;.*--drop-repeats"):
        read_own(path)
    data = read_own(path, drop=True)
    assert {row["title"] for row in both} <= {article.title for article in data.held_out}
    assert not {a.title for a in data.held_out} & {a.title for a in data.train}


def test_ones_own_names_of_labels_and_parts_are_read(tmp_path: Path) -> None:
    theirs = {"negative": "bearish", "neutral": "flat", "positive": "bullish"}
    rows = [
        {
            "Headline": row["title"],
            "Sentiment": theirs[str(row["label"])],
            "Split": "test" if row["split"] == "held_out" else "Train",
        }
        for row in article_rows()[:-1]
    ]
    path = write_jsonl(tmp_path / "own.jsonl", rows)
    with pytest.raises(DataError, match=r"'bearish' is none of negative.*--label positive=bearish"):
        read_own(path)
    data = read_own(path, labels=[f"{ours}={name}" for ours, name in theirs.items()])
    ours = [row for row in article_rows()[:-1] if row["split"] == "held_out"]
    assert [a.label for a in data.held_out] == [row["label"] for row in ours]


def test_headlines_with_companies_alone_can_be_learned_from(tmp_path: Path) -> None:
    rows = [{k: row[k] for k in ("title", "entities", "split")} for row in article_rows()[:-1]]
    data = read_own(write_jsonl(tmp_path / "own.jsonl", rows))
    assert {article.label for article in data.train} == {None}
    assert data.topics == ()


def test_one_label_alone_is_nothing_to_learn(tmp_path: Path) -> None:
    rows = [row | {"label": "neutral", "entities": {}} for row in article_rows()]
    with pytest.raises(DataError, match="nothing to tell apart"):
        read_own(write_jsonl(tmp_path / "own.jsonl", rows))


@pytest.mark.parametrize("split", ["train", "held_out"])
def test_a_part_without_articles_is_refused(tmp_path: Path, split: str) -> None:
    rows = [row | {"split": split} for row in article_rows()]
    with pytest.raises(DataError, match="held out"):
        read_own(write_jsonl(tmp_path / "own.jsonl", rows))


def test_a_topic_that_is_never_learned_is_refused(tmp_path: Path) -> None:
    rows = article_rows()
    place = next(n for n, row in enumerate(rows) if row["split"] == "held_out")
    rows[place] = rows[place] | {"topics": ["weather"]}
    with pytest.raises(DataError, match="weather"):
        read_own(write_jsonl(tmp_path / "own.jsonl", rows))


def test_a_topic_that_all_have_is_refused(tmp_path: Path) -> None:
    rows = [row | {"topics": ["money"]} for row in article_rows()]
    with pytest.raises(DataError, match="tells nothing"):
        read_own(write_jsonl(tmp_path / "own.jsonl", rows))


def test_texts_are_those_that_serving_makes(tmp_path: Path) -> None:
    data = write_news(tmp_path / "news").read()
    examples = examples_of(data.train, data.topics, data.linker)
    article = data.train[0]
    company = next(iter(article.entities))
    served = company_texts(article.title, None, data.linker.mentions_in(article.title))
    assert examples.texts[:2] == [article_text(article.title, None), served[company].read]
    assert list(examples.has_topics[:2]) == [True, False]
    assert SENTIMENTS[examples.labels[1]] == article.entities[company]
    assert not examples.topics[~examples.has_topics].any()


def test_a_company_that_the_text_does_not_name_is_told_by_the_headline(tmp_path: Path) -> None:
    data = write_news(tmp_path / "news").read()
    article = data.train[0]
    unnamed = type(article)(
        title="the card is lost, while the loan is paid",
        body=None,
        label="negative",
        entities={"Nowhere": "negative", "the loan": "positive"},
    )
    said = texts_of_companies(unnamed, data.linker)
    assert said["Nowhere"].read == "Nowhere [SEP] the card is lost, while the loan is paid"
    assert said["the loan"].read == "the loan [SEP] the card is lost, while [MASK] is paid"


def test_the_samples_can_be_learned_from() -> None:
    data = SampleNews(samples_dir() / "sentiment_alerts").read()
    assert len(data.train) > 2 * len(data.held_out)
    assert len(data.topics) >= 16
    examples = examples_of(data.train, data.topics, data.linker)
    assert examples.topics.any(axis=0).all()


def test_the_companies_of_the_sample_world_are_found_where_they_were_labelled() -> None:
    folder = samples_dir() / "sentiment_alerts"
    linker = Linker(read_watchlist(folder / "watchlist.jsonl"))
    parts = read_articles(folder / "articles.jsonl")
    for article in (*parts.train, *parts.held_out):
        mentions = linker.mentions_in(linked_text(article.title, article.body))
        assert set(article.entities) <= {m.entity for m in mentions}, article.title


def test_a_public_data_set_adds_to_the_samples_without_its_last_tenth(tmp_path: Path) -> None:
    news = write_news(tmp_path / "news")
    headlines: list[dict[str, object]] = [
        {"id": n, "title": f"Bank {n} lost money", "entities": {f"Bank {n}": "negative"}}
        for n in range(20)
    ]
    (tmp_path / "sentfin").mkdir()
    path = write_jsonl(tmp_path / "sentfin" / "sentfin.jsonl", headlines)
    alone, both = news.read(), replace(news, public=tmp_path).read()
    assert len(both.train) - len(alone.train) == 16
    assert len(both.held_out) - len(alone.held_out) == 2
    unseen = {article.title for article in split_sentfin(read_sentfin(path)).test}
    assert not unseen & {article.title for article in (*both.train, *both.held_out)}
    assert "MIT" in both.notices[0]
    assert not alone.notices
    assert "sentfin/sentfin.jsonl" in replace(news, public=tmp_path).files


def test_headlines_of_which_only_companies_are_known_give_no_article(tmp_path: Path) -> None:
    news = write_news(tmp_path / "news").read()
    known = LabelledArticle("Card paid, Fee lost", None, None, None, {"Card": "positive"})
    examples = examples_of([known], news.topics, news.linker)
    assert examples.texts == ["Card [SEP] [MASK] paid, Fee lost"]
    assert not examples.has_topics.any()
