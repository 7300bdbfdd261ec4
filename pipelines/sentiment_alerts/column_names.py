"""What others call the columns of labelled news.

Read without regard to case, spaces and underscores, the first group before the next.
"""

from __future__ import annotations

LABELLED_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "title": (
        ("headline", "headlines", "news", "news headline", "标题", "titel", "titre", "titolo"),
        ("sentence", "text", "tweet", "post", "content", "review", "新闻"),
    ),
    "body": (("description", "article", "summary", "正文", "内容"),),
    "label": (
        ("sentiment", "labels", "tone", "polarity", "sentiment label", "情感", "标签"),
        ("class", "category", "stimmung"),
    ),
    "entities": (("companies", "entity sentiment", "decisions"),),
    "topics": (("topic", "tags", "themes"),),
    "split": (("set", "part", "partition", "fold"),),
}
