from datetime import UTC, datetime

from benchmarks.soak import compared, first_and_corrected
from textwire.sentiment_alerts.messages import ArticleSentiment


def told(article_id: str, copy_of: str | None = None) -> ArticleSentiment:
    return ArticleSentiment(
        article_id=article_id,
        published_at=datetime(2026, 3, 2, tzinfo=UTC),
        title="Northmere strike ends",
        label="neutral",
        score=0.0,
        probabilities={"neutral": 1.0},
        entities=(),
        topics=(),
        model="m",
        copy_of=copy_of,
    )


def test_a_correction_is_no_repeat_and_a_repeat_is_one() -> None:
    first, corrected = first_and_corrected([told("a"), told("b"), told("b", "a"), told("a")])
    assert first == {"a": 2, "b": 1}
    assert corrected == 1


def test_what_is_missing_and_what_came_too_often_are_told_apart() -> None:
    first, _ = first_and_corrected([told("a"), told("a"), told("b")])
    sent, _ = first_and_corrected([told("a"), told("b"), told("c")])
    assert compared(sent, first) == [3, 3, 1, 1]
