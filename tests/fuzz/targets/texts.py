"""What customers and newspapers write, as far as it is taken apart without a model."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from tests.fuzz.target import Target
from textwire.errors import RecordRejected
from textwire.rows.moments import as_moment
from textwire.search.words import WordIndex
from textwire.sentiment_alerts.copies.near_duplicates import sketches
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.scoring.clauses import company_texts, sentences
from textwire.sentiment_alerts.watchlist import WatchedCompany
from textwire.support_qa.follow_ups import read_with_turns
from textwire.support_qa.masking import masked
from textwire.support_qa.messages import Turn
from textwire.support_qa.splitting import split_questions

AT = datetime(2026, 1, 1, tzinfo=UTC)
COMPANIES = (
    WatchedCompany(name="Northmere Energy", ticker="NMRE", aliases=("Northmere",)),
    WatchedCompany(name="İstanbul ß & Co.", ticker="ISS"),
)
LINKER = Linker(COMPANIES)
PIECES = ("Northmere", "NMRE", "$NMRE", "İstanbul ß & Co.", "İ", "ß", ". ", "; ", ", but ", "Mr. ")
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12).map("".join)
WORDS = WordIndex("english").changed({1: "how do I freeze my card", 2: "a loan"})


def read_article(text: str) -> None:
    """Every company is where it is said to be, and what is read of it is of the text."""
    mentions = LINKER.mentions_in(text)
    assert all(0 <= one.start < one.end <= len(text) for one in mentions)
    assert all(0 <= begin <= end <= len(text) for begin, end in sentences(text))
    company_texts(text, None, mentions)
    sketches([(text, mentions)])


def ask(texts: list[str]) -> None:
    """A question as it is read: split, masked, with the turns before it, looked for."""
    before = [Turn(role="customer", text=text, at=AT, act="follow_up") for text in texts[1:]]
    split_questions(texts[0])
    WORDS.search([read_with_turns(masked(texts[0]), before)], 2)


TEXTS = (
    Target("articles' texts", TEXT, read_article),
    Target("questions' texts", st.lists(TEXT, min_size=1, max_size=4), ask),
    Target(
        "moments",
        st.text(max_size=30) | st.integers() | st.floats() | st.none() | st.datetimes().map(str),
        as_moment,
        (RecordRejected,),
    ),
)
