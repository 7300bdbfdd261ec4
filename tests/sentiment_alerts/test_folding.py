from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.folding import folded, lower


def test_accents_and_curly_signs_go() -> None:
    assert folded("Nestl\u00e9\u2019s \u0141\u00f3d\u017a\u00a0mill, \u21f5 \uff21\uff22") == (
        "Nestle's Lodz mill, \u21f5 AB"
    )


@given(st.text(max_size=60))
def test_every_letter_stays_at_its_place(text: str) -> None:
    assert len(folded(text)) == len(lower(text)) == len(text)
