from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboards.support_qa.chat_html import answer_reply, source_cards
from textwire.support_qa.messages import Answer, Source


@pytest.mark.parametrize("model", ["qwen3:4b", None])
def test_an_answer_in_a_language_models_words_says_so(model: str | None) -> None:
    answer = Answer(
        question_id="q",
        session_id="s",
        outcome="answered",
        text="Tap Card. [1]",
        confidence=0.9,
        sources=(),
        model="v1",
        answered_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        worded_by=model,
    )
    foot = answer_reply(answer, 38.0, UTC).foot
    assert "answered in 38 ms" in foot
    assert ("worded by a language model" in foot) == (model is not None)


@pytest.mark.parametrize(
    ("url", "shown"),
    [(None, "[1] Charged twice"), ("https://larkfield.example/help", '[1] <a href="https://')],
)
def test_a_blank_stands_between_a_sources_number_and_its_title(url: str | None, shown: str) -> None:
    source = Source(passage_id="p", text="Look twice.", score=0.9, title="Charged twice", url=url)
    assert shown in source_cards((source,))
