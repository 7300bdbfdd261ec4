import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.scoring.plain_text import plain_text


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("Nike&#8217;s  <em>outlook</em>", "Nike\u2019s outlook"),
        ("<p>One.</p><p>Two</p><p>Three</p>", "One. Two. Three"),
        ("One<br/>two", "One. two"),
        ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
        ("<script>alert('a')</script>Boeing <!-- no --> falls", "Boeing falls"),
        ("<![CDATA[Boeing falls]]>", "Boeing falls"),
        ('<a href="https://wire.example/x?a=1&b=2">Boeing</a>', "Boeing"),
        ("STANDARD OIL <SRD> TO FORM UNIT", "STANDARD OIL <SRD> TO FORM UNIT"),
        ("<AAPL.O> falls, 3 < 4 > 2", "<AAPL.O> falls, 3 < 4 > 2"),
        ("Nort\u00adhmere\u200b falls", "Northmere falls"),
        ("Nestle\u0301", "Nestl\u00e9"),
        ("<p>&nbsp;</p>", ""),
    ],
)
def test_a_text_is_read_as_people_see_it(sent: str, seen: str) -> None:
    assert plain_text(sent) == seen


@given(st.text(alphabet="ab<>/&;pamp# .\n", max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    seen = plain_text(text)
    assert seen == " ".join(seen.split())


def test_what_was_escaped_without_end_takes_no_time() -> None:
    assert plain_text("&" + "amp;" * 50_000).startswith("&")
