"""Settings of support QA."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from textwire.settings import Section
from textwire.support_qa.passage_index import CANDIDATES
from textwire.support_qa.results import DAY_S

# Those whose stems and stop words the word index knows.
WordLanguage = Literal[
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "hungarian",
    "italian",
    "norwegian",
    "portuguese",
    "russian",
    "spanish",
    "swedish",
]


class SupportQaSettings(Section, section="support_qa"):
    """How questions are answered."""

    candidates: int = Field(
        CANDIDATES,
        ge=2,
        le=50,
        description="passages considered for each question; the calibration was fitted with 5",
    )
    reranked: int = Field(
        10,
        ge=0,
        le=50,
        description="passages of each question that a reranker reads, where there is one; 0: none. "
        "Its confidence was calibrated with 10",
    )
    sources: int = Field(3, ge=1, le=10, description="passages shown with an answer, at most")
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="least confidence to answer with; empty: the one chosen for the model",
    )
    ask_back_from: float = Field(
        0.05,
        ge=0,
        le=1,
        description="least confidence to ask back with the nearest questions; below it, and where "
        "the same would be asked back again, a person takes over",
    )
    words: Path | None = Field(
        None, description="file with all that the bot says of its own; empty: English"
    )
    mask_personal_data: bool = Field(
        True, description="whether account and card numbers, passwords and codes are masked at once"
    )
    turns: int = Field(
        6, ge=0, le=20, description="turns of the session that help to read a follow-up question"
    )
    conversation_days: float = Field(
        1.0,
        gt=0,
        le=365,
        description="how long a conversation stays in Redis after its last question; "
        "`textwire support forget SESSION` erases one at once",
    )
    word_language: WordLanguage = Field(
        "english",
        description="language whose word forms are taken together; Chinese needs no setting",
    )

    @property
    def conversation_s(self) -> int:
        """Seconds that a conversation stays after its last question."""
        return round(self.conversation_days * DAY_S) or 1
