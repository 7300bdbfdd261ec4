from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.markup import plain, shortened, table, web_address
from dashboards.support_qa.chat_html import customer_bubble, source_card
from tests.dashboards.page_examples import NOW, UTC
from textwire.support_qa.messages import Source


class Seen(HTMLParser):
    """What a browser would make of some HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(max_size=200))
def test_any_text_shows_as_it_is_and_adds_no_element(text: str) -> None:
    seen = Seen(f"<p>{plain(text)}</p>")
    assert seen.tags == ["p"]
    assert seen.text == text.replace("\x00", "\ufffd")


@given(st.text(max_size=200))
def test_a_bubble_has_the_same_elements_whatever_is_said(text: str) -> None:
    assert Seen(customer_bubble(text, NOW, UTC)).tags == ["div", "div", "div"]


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_a_source_has_a_link_only_to_the_web(title: str, url: str, text: str) -> None:
    seen = Seen(source_card(Source(passage_id="p", title=title, url=url, text=text, score=0.5)))
    assert ("a" in seen.tags) == (web_address(url) is not None)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "//host/path", "/help", "https://", "http:///x", "", None, "http://[", "mailto:a@b.c"],
)  # fmt: skip
def test_what_is_no_web_address_is_not_linked(url: str | None) -> None:
    assert web_address(url) is None


@pytest.mark.parametrize("url", ["https://larkfield.example/help?a=1&b=2", "HTTP://host/x"])
def test_a_web_address_is_linked(url: str) -> None:
    assert web_address(url) == url


def test_an_address_cannot_leave_its_attribute() -> None:
    url = 'https://host/"onmouseover="alert(1)'
    card = source_card(Source(passage_id="p", url=url, text="t", score=0.5))
    assert '"onmouseover' not in card


@given(st.text(max_size=400), st.integers(10, 100))
def test_an_excerpt_is_never_longer_than_allowed(text: str, longest: int) -> None:
    assert len(shortened(text, longest)) <= longest


def test_numbers_stand_right_in_head_and_body() -> None:
    made = table(["Name", ">Count"], [["a", "1"]], "kind")
    assert made.count('class="tw-right"') == 2
    assert "&gt;Count" not in made
