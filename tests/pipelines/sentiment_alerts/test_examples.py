from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.sentiment_alerts.examples import FRAMING, examples_of, named_in, parts_of
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import SENTIMENTS

ARTICLE = LabelledArticle(
    title="Ford posts a loss as Nokia wins a contract",
    body=None,
    label="neutral",
    entities={"Ford": "negative", "Nokia": "positive"},
)


def test_an_article_is_followed_by_what_is_read_of_each_of_its_companies() -> None:
    found = examples_of([ARTICLE], (), Linker(()))
    assert found.texts == [
        "Ford posts a loss as Nokia wins a contract",
        "Ford [SEP] [MASK] posts a loss as Nokia wins a contract",
        "Nokia [SEP] Ford posts a loss as [MASK] wins a contract",
    ]
    assert [SENTIMENTS[label] for label in found.labels] == ["neutral", "negative", "positive"]


def test_what_is_said_may_be_worded_otherwise_and_the_company_may_not() -> None:
    assert parts_of("Ford [SEP] [MASK] posts a loss") == ("Ford [SEP] ", "[MASK] posts a loss", "")
    assert parts_of("Markets close higher") == ("", "Markets close higher", "")
    assert FRAMING.after_name == " [SEP] "


def test_names_are_found_in_whatever_case_and_as_words_where_they_stand_as_such() -> None:
    assert [mention[1:] for mention in named_in("FORD affords it", ["Ford"])] == [(0, 4)]
    assert [mention[1:] for mention in named_in("affords it", ["Ford"])] == [(2, 6)]
    assert named_in("nobody", ["Ford"]) == []
