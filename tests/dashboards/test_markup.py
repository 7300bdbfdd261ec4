from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.markup import shortened, web_address
from dashboards.support_qa.chat_html import source_cards
from tests.dashboards.parsed_html import Parsed
from textwire.support_qa.messages import Source


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_a_source_has_a_link_only_to_the_web(title: str, url: str, text: str) -> None:
    source = Source(passage_id="p", title=title, url=url, text=text, score=0.5)
    assert ("a" in Parsed(source_cards([source])).tags) == (web_address(url) is not None)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
     "\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
     "//host/path", "/help", "https://", "http:///x", "", None, "http://[", "mailto:a@b.c"],
)  # fmt: skip
def test_what_is_no_web_address_is_not_linked(url: str | None) -> None:
    assert web_address(url) is None


@pytest.mark.parametrize("url", ["https://larkfield.example/help?a=1&b=2", "HTTP://host/x"])
def test_a_web_address_is_linked(url: str) -> None:
    assert web_address(url) == url


def test_an_address_cannot_leave_its_attribute() -> None:
    url = 'https://host/"onmouseover="alert(1)'
    card = Parsed(source_cards([Source(passage_id="p", url=url, text="t", score=0.5)]))
    assert card.links == [url]


@given(st.text(max_size=400), st.integers(10, 100))
def test_an_excerpt_is_never_longer_than_allowed(text: str, longest: int) -> None:
    assert len(shortened(text, longest)) <= longest
