"""What the tones of an article mean, in words, for --method zero-shot."""

from __future__ import annotations

from pipelines.classification.zero_shot import Descriptions
from pipelines.sentiment_alerts.data import NewsData

TONES = {
    "negative": "Bad news for the company: losses, lawsuits, recalls, cuts, its shares fall.",
    "neutral": "The company announces, holds or publishes something; neither good nor bad.",
    "positive": "Good news for the company: profit, growth, contracts won, its shares rise.",
}


def describe(data: NewsData) -> Descriptions:
    """The tones, and the topics as their file describes them; else by their names."""
    topics = {topic: data.about.get(topic) or topic.replace("_", " ") for topic in data.topics}
    return Descriptions(TONES, topics)
