"""Which passages may answer a question: by their tags, their language and their dates."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from textwire.support_qa.messages import Passage, Question


class PassageFilter(NamedTuple):
    """What a question says of the passages that may answer it; empty: any may."""

    tags: frozenset[str] = frozenset()  # one of which a passage must have; without regard to case
    language: str = ""  # "de" lets "de-AT" pass, and "de-AT" lets "de" pass

    @classmethod
    def of(cls, question: Question) -> PassageFilter:
        """What a question says."""
        return cls(frozenset(tag.casefold() for tag in question.tags), question.language or "")

    def lets_pass(self, passage: Passage) -> bool:
        """Whether a passage may answer."""
        tagged = not self.tags or any(tag.casefold() in self.tags for tag in passage.tags)
        return tagged and self._is_readable(passage.language)

    def _is_readable(self, language: str | None) -> bool:
        return not self.language or not language or _primary(language) == _primary(self.language)


ANY = PassageFilter()


def is_dated(passage: Passage) -> bool:
    """Whether it does not hold for ever."""
    return passage.valid_from is not None or passage.valid_until is not None


def holds_at(passage: Passage, moment: datetime | None) -> bool:
    """Whether its dates let it answer then; without a moment they are not looked at."""
    return moment is None or passage.is_valid_at(moment)


def _primary(language: str) -> str:
    """The language of a tag such as "de-AT" (RFC 5646)."""
    return language.replace("_", "-").partition("-")[0].casefold()
