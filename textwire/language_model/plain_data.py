"""Texts of others within a prompt, and what a model says, without what belongs to neither."""

from __future__ import annotations

import re

# What would end the data, or begin a turn in the templates of common models.
MARKS = re.compile(
    r"</?\s*(?:passage|question|text|system|user|assistant|start_of_turn|end_of_turn|s)\b"
    r"[^<>]{0,80}>|<\|[^<>|]{1,40}\|>|<<?/?SYS>>?|\[/?INST\]",
    re.IGNORECASE,
)
# Some models think aloud first; one that was cut off meanwhile has not said anything yet.
THINKING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)


def as_data(text: str) -> str:
    """The text without what a model could take for the end of it."""
    return MARKS.sub(" ", text)


def without_thinking(said: str) -> str:
    """What was said, without what was thought aloud before it."""
    return THINKING.sub("", said)
