"""How a line is written."""

from __future__ import annotations

import pytest

from textwire.sentiment_alerts.linking.line_case import Case, case_of


@pytest.mark.parametrize(
    ("line", "case"),
    [
        ("Larkfield falls after a strike at its port", Case.SENTENCE),
        ("Larkfield Falls After a Strike at Its Port", Case.TITLE),
        ("LARKFIELD FALLS AFTER STRIKE", Case.CAPITALS),
        ("larkfield falls after a strike", Case.SMALL),
        ("Larkfield", Case.TITLE),
    ],
)
def test_the_words_after_the_first_tell(line: str, case: Case) -> None:
    assert case_of(line) is case
