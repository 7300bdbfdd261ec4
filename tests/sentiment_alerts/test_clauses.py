import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.article_scorers import COMPANIES
from textwire.sentiment_alerts.clauses import article_text, linked_text, sentences, target_texts
from textwire.sentiment_alerts.entity_linking import Linker

LINKER = Linker(COMPANIES)


def targets(title: str, body: str | None = None) -> dict[str, str]:
    return target_texts(title, body, LINKER.mentions_in(linked_text(title, body)))


@pytest.mark.parametrize(
    ("title", "northmere", "solvanta"),
    [
        (
            "Northmere slumps on weak demand while Solvanta soars to a record",
            "Northmere slumps on weak demand",
            "while Solvanta soars to a record",
        ),
        (
            "Northmere recalls its boilers, leaving Solvanta with the orders",
            "Northmere recalls its boilers",
            "leaving Solvanta with the orders",
        ),
        (
            "Northmere and Solvanta slump together",
            "Northmere and Solvanta slump together",
            "Northmere and Solvanta slump together",
        ),
        (
            "Northmere, Solvanta shares fall after rate rise",
            "Northmere, Solvanta shares fall after rate rise",
            "Northmere, Solvanta shares fall after rate rise",
        ),
        (
            "Northmere Inc. loses a case. Solvanta wins one.",
            "Northmere Inc. loses a case.",
            "Solvanta wins one.",
        ),
    ],
)
def test_each_company_gets_the_clause_that_speaks_of_it(
    title: str, northmere: str, solvanta: str
) -> None:
    assert targets(title) == {
        "Northmere Energy": f"Northmere Energy: {northmere}",
        "Solvanta Power": f"Solvanta Power: {solvanta}",
    }


def test_a_company_of_the_body_gets_its_sentence() -> None:
    said = targets("Energy shares mixed", "Markets opened late. Northmere slumps. It rained.")
    assert said == {"Northmere Energy": "Northmere Energy: Northmere slumps."}


def test_the_headline_goes_before_the_body() -> None:
    said = targets("Northmere slumps badly", "Northmere said it was sorry for this.")
    assert said == {"Northmere Energy": "Northmere Energy: Northmere slumps badly"}


def test_an_article_is_read_as_headline_and_two_sentences() -> None:
    assert article_text("A  title", "One. Two two. Three.") == "A title\nOne.\nTwo two."
    assert article_text("A title", None) == "A title"
    assert article_text("A title", "word " * 1000) == "A title"


def test_sentences_end_in_chinese_too() -> None:
    text = "茅台下跌。平安上涨。"
    assert [text[s.start : s.end] for s in sentences(text)] == ["茅台下跌。", "平安上涨。"]


@given(
    st.lists(st.sampled_from(["Northmere", "Solvanta", "while", ",", "falls", ".", ";", "and"])),
    st.text(max_size=40),
)
def test_every_company_that_is_named_gets_a_text(words: list[str], body: str) -> None:
    title = " ".join(words)
    mentions = LINKER.mentions_in(linked_text(title, body))
    assert set(target_texts(title, body, mentions)) == {mention.entity for mention in mentions}
