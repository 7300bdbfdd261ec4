"""Settings of recommendations."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from textwire.recommendations.messages import MOST_SCORES
from textwire.settings import Section


class RecommendationsSettings(Section, section="recommendations"):
    """How lists are made, and when they are pushed."""

    k: int = Field(10, ge=1, le=MOST_SCORES, description="items of a list, unless asked otherwise")
    nearest: int = Field(
        300,
        ge=1,
        le=1_000,
        description="items looked at because they are near to what the user likes, or asks for",
    )
    popular: int = Field(100, ge=0, le=1_000, description="items looked at because many like them")
    together: int = Field(
        200,
        ge=0,
        le=1_000,
        description="items looked at because they are taken by those who took the user's items",
    )
    fresh: int = Field(50, ge=0, le=200, description="items looked at because they are new")
    trade_off: float = Field(
        0.8,
        ge=0,
        le=1,
        description="1: a list is in the order of the scores; less: items differ more",
    )
    half_life_days: float | None = Field(
        None,
        gt=0,
        le=3_650,
        description="after this time an event counts half; empty: as the model was trained",
    )
    languages: tuple[str, ...] = Field(
        ("en",),
        description="languages that the model's base reads (ISO 639-1); words of a request in a "
        "script of none of them, or likely in another, are not followed, which the list says",
    )
    rules_file: Path | None = Field(
        None, description="YAML file of what is pinned, blocked and boosted; read when it changes"
    )
    reply_topics: tuple[str, ...] = Field(
        (), description="topics besides recs.scores that `reply_to` of a request may name"
    )
    push: bool = Field(True, description="publish a list when a user's events changed it")
    debounce_s: float = Field(
        2.0, ge=0, le=3_600, description="a list is pushed once its user was quiet for this long"
    )
    push_at_most_s: float = Field(
        10.0, ge=0, le=3_600, description="or so long after the first event at the latest"
    )
    popularity_every_s: float = Field(
        5.0, gt=0, le=3_600, description="how often it is read anew what all users like"
    )
