"""What a rating change says, whatever the classifier makes of the words beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.scoring.clauses import Mention, company_texts
from textwire.sentiment_alerts.scoring.rating_changes import (
    PATTERNS,
    change_of_article,
    decided,
    is_about_the_change,
    rating_change,
)

COMPANY = "Orvelle"


def read(title: str, company: str = COMPANY) -> str:
    """What is read of a company that a headline names once."""
    start = title.index(company)
    mention = Mention(company, start, start + len(company))
    return company_texts(title, None, [mention])[company].read


@pytest.mark.parametrize(
    "title",
    [
        "Kelso cuts Orvelle to Hold on slower orders",
        "Kelso Cuts Orvelle To Hold",
        "KELSO CUTS Orvelle TO HOLD FROM BUY",
        "Orvelle cut to Hold at Kelso as margins peak",
        "Orvelle: cut to Neutral, says Marlow",
        "Orvelle downgraded by Kelso",
        "Marlow downgrades Orvelle",
        "Orvelle lowered to equal-weight from overweight",
        "Fitz cuts Orvelle's debt to junk",
        "Fitz lowers Orvelle rating to BB+",
        "Orvelle bonds cut to Ba1 by Fitz",
        "Orvelle demoted to In Line on rates",
    ],
)
def test_a_cut_is_bad_however_mild_the_new_grade_sounds(title: str) -> None:
    assert rating_change(read(title)) == "negative"
    assert is_about_the_change(read(title))


@pytest.mark.parametrize(
    "title",
    [
        "Kelso raises Orvelle to Hold",
        "Orvelle raised to Neutral from Sell at Kelso",
        "Orvelle upgraded",
        "Fitz lifts Orvelle to investment grade",
        "Orvelle lifted two notches to BBB-",
    ],
)
def test_a_raise_is_good(title: str) -> None:
    assert rating_change(read(title)) == "positive"


@pytest.mark.parametrize(
    "title",
    [
        "Orvelle cuts 400 jobs to hold costs",
        "Orvelle cuts prices to hold share",
        "Fitz may cut Orvelle to junk",
        "Orvelle avoids being downgraded",
        "Kelso did not cut Orvelle to Hold",
        "Orvelle raised to life by new owner",
        "Kelso keeps Orvelle at Hold",
        "Kelso starts Orvelle at Hold",
        "Orvelle upgrades its plants",
        "Orvelle downgraded its outlook",
        "Orvelle to sell mill",
    ],
)
def test_what_only_looks_like_a_rating_change_is_none(title: str) -> None:
    assert rating_change(read(title)) is None


def test_each_company_has_its_own_change_and_the_headline_none() -> None:
    title = "Kelso downgrades Orvelle to sell, upgrades Solvanta to buy"
    texts = [read(title), read(title, "Solvanta")]
    assert [rating_change(text) for text in texts] == ["negative", "positive"]
    assert change_of_article(texts) == "negative"  # it begins with that one


def test_a_headline_about_something_else_keeps_its_tone() -> None:
    title = "Profit triples at Solvanta; Kelso cuts Orvelle to Hold"
    assert rating_change(read(title)) == "negative"
    assert change_of_article([read(title), read(title, "Solvanta")]) is None


@given(st.lists(st.floats(0, 1, width=32), min_size=3, max_size=3).filter(sum))
def test_what_is_decided_is_a_probability_still(given: list[float]) -> None:
    row = np.array(given, dtype=np.float32) / np.float32(sum(given))
    for tone in PATTERNS:
        after = decided(row, tone)
        assert after.sum() == pytest.approx(1, abs=1e-4)
        assert after.argmax() == (0 if tone == "negative" else 2)
    assert decided(row, None) is row
