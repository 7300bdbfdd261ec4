from hypothesis import given
from hypothesis import strategies as st

from tests.article_scorers import COMPANIES
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.scoring.clauses import (
    LEAD_CHARACTERS,
    MASK,
    Mention,
    article_text,
    company_texts,
    linked_text,
    sentences,
    text_of_unnamed,
)

LINKER = Linker(COMPANIES)


def read_of(title: str, body: str | None = None) -> dict[str, str]:
    """What the classifier is given of each company."""
    found = company_texts(title, body, LINKER.mentions_in(linked_text(title, body)))
    return {company: text.read for company, text in found.items()}


def test_each_company_is_read_by_its_written_name_with_a_mask_where_it_stands() -> None:
    assert read_of("Northmere slumps while Solvanta soars") == {
        "Northmere Energy": "Northmere [SEP] [MASK] slumps while Solvanta soars",
        "Solvanta Power": "Solvanta [SEP] Northmere slumps while [MASK] soars",
    }


def test_every_mention_of_the_company_is_masked_and_no_other() -> None:
    title = "Northmere buys $SLVP, and Northmere Energy pays well for Solvanta's plants"
    assert read_of(title) == {
        "Northmere Energy": f"Northmere [SEP] {MASK} buys $SLVP, and {MASK} pays well for "
        "Solvanta's plants",
        "Solvanta Power": f"SLVP [SEP] Northmere buys ${MASK}, and Northmere Energy pays well for "
        f"{MASK}'s plants",
    }


def test_sentences_of_the_body_are_read_where_they_name_the_company() -> None:
    body = "Markets opened late. Northmere fell. It rained. Solvanta and Northmere said no more."
    assert read_of("Energy shares mixed", body) == {
        "Northmere Energy": "Northmere [SEP] Energy shares mixed\n[MASK] fell.\n"
        "Solvanta and [MASK] said no more.",
        "Solvanta Power": "Solvanta [SEP] Energy shares mixed\n[MASK] and Northmere said no more.",
    }


def test_what_people_are_shown_has_no_marks() -> None:
    body = "Markets opened late. Northmere fell."
    mentions = LINKER.mentions_in(linked_text("Shares", body))
    assert company_texts("Shares", body, mentions)["Northmere Energy"].passage == (
        "Shares\nNorthmere fell."
    )


def test_marks_in_a_text_are_its_writers_and_are_left_out() -> None:
    said = read_of("Northmere [SEP] [MASK] slumps", "Northmere [SEP] falls.")["Northmere Energy"]
    assert said == "Northmere [SEP] [MASK]     slumps\n[MASK]   falls."
    assert article_text("A [SEP] title [MASK]", None) == "A   title  "
    assert text_of_unnamed("A [MASK]", "It [SEP] fell").read == "A   [SEP] It   fell"


def test_an_article_is_read_as_headline_and_two_sentences() -> None:
    assert article_text("A  title", "One. Two two. Three.") == "A title\nOne.\nTwo two."
    assert article_text("A title", None) == "A title"
    assert article_text("A title", "word " * 1000) == "A title"


def test_sentences_end_in_chinese_too() -> None:
    text = "茅台下跌。平安上涨。"
    assert [text[s.start : s.end] for s in sentences(text)] == ["茅台下跌。", "平安上涨。"]


@given(
    st.lists(st.sampled_from(["Northmere", "Solvanta", "while", ",", "falls", ".", ";", "and"])),
    st.lists(st.sampled_from(["Northmere falls.", "Solvanta", "İt", "A long sentence. " * 20])),
)
def test_every_company_that_is_named_gets_a_text_with_a_mask(
    words: list[str], body: list[str]
) -> None:
    title, said = " ".join(words), " ".join(body)
    mentions = LINKER.mentions_in(linked_text(title, said))
    found = company_texts(title, said, mentions)
    assert list(found) == list(dict.fromkeys(mention.entity for mention in mentions))
    for company, text in found.items():
        assert len(text.passage) <= max(LEAD_CHARACTERS, len(title))
        inside = [m for m in mentions if m.entity == company and m.end <= len(title)]
        assert text.read.count(MASK) >= len(inside)


def test_the_mask_takes_the_place_of_the_name_and_nothing_else() -> None:
    title = "Dock  fire at Northmere"
    text = linked_text(title, None)
    [mention] = LINKER.mentions_in(text)
    assert mention == Mention("Northmere Energy", 13, 22)
    name, _, passage = read_of(title)["Northmere Energy"].partition(" [SEP] ")
    assert passage.replace(MASK, name) == text
