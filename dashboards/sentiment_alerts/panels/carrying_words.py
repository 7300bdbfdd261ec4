"""Which words carried what was read in an article."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.markup import nothing, notice
from dashboards.sentiment_alerts.carrying_words import Asked, ask_for_words, words_html
from dashboards.sentiment_alerts.view import View
from dashboards.wording import seconds
from textwire.sentiment_alerts.results.reading import read_explanation

NO_WORDS = (
    "Is the service up? See Operations. Whether it was refused: textwire dead list "
    "news.explanations."
)


def carrying_words(view: View, article_id: str) -> None:
    """The words that carried what was read in an article, once somebody asks for them."""
    asked: dict[str, Asked] = st.session_state.setdefault("asked_words", {})
    one = asked.get(article_id)
    if one is None:
        st.button(
            "Which words?", key=f"words_{article_id}", on_click=ask, args=(article_id,),
            type="tertiary",
        )  # fmt: skip
        return
    explanation = read_explanation(connections.results(), article_id)
    if explanation is not None:
        st.html(words_html(explanation))
    elif one.problem:
        st.html(notice("It could not be asked.", one.problem, "bad"))
    elif one.is_late(connections.now(), view.settings.answer_timeout_s):
        st.html(notice(f"Not answered within {seconds(view.settings.answer_timeout_s)}.", NO_WORDS))
    else:
        st.html(nothing("Reading it again without each of its words …"))


def ask(article_id: str) -> None:
    """Ask for an article's words."""
    asked = ask_for_words(article_id, connections.now(), connections.sender)
    st.session_state.asked_words[article_id] = asked
