"""All that the bot says of its own, from one file: `words/english.toml`, or a company's own."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Annotated

import msgspec

from textwire.errors import SettingsError
from textwire.support_qa.messages import Act, HandoffReason

PACKAGED = Path(__file__).parent / "words" / "english.toml"
FOREIGN = PACKAGED.with_name("other_languages.toml")
MOST_BYTES = 200_000
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Wordings = Annotated[tuple[Words, ...], msgspec.Meta(min_length=1)]


class OtherWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said in one way only."""

    waiting: Words
    still_unknown: Words
    asked_back: Words
    asked_again: Words
    masked: Words
    joined: Words  # `{agent}` is the colleague's name in these three
    ended: Words
    handed_back: Words
    asked_back_too: Words | None = None  # of two questions, behind the answer to one
    not_known_to_me: Words | None = None  # to who asks, and wants no colleague
    not_what_was_asked: Words | None = None  # to who complains of the answer before
    not_your_account: Words | None = None  # to who asks what stands in their own account
    which_one: Words | None = None  # to who says yes to several choices
    none_of_these: Words | None = None  # to who meant none of them; offers a colleague
    in_danger: Words | None = None  # before all else, where a life may be in danger
    condolence: Words | None = None  # before all else, to who tells of a death
    passing_on: Words | None = None  # behind these two
    still_here: Words | None = None  # behind these two, where nothing was asked


class WaitWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the last customers waited: `{time}` is one of the others, `{count}` a number."""

    told: Words
    minute: Words
    minutes: Words
    hour: Words
    hours: Words


class RefusedWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a message could not be served: `{limit}` is a number, `{what}` a program's mistake."""

    too_long: Words
    too_large: Words
    no_text: Words
    unreadable: Words
    unfit: Words
    skipped: Words
    failed: Words


class BotWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Replies to each act that asks for nothing, to each handover, and the rest."""

    acknowledged: dict[Act, Wordings]
    handed_over: dict[HandoffReason, Words]
    others: OtherWords
    wait: WaitWords
    refused: RefusedWords | None = None  # the packaged English ones, where a company has none
    language: str = "en"  # that all of it is in

    def reply_to(self, act: Act, message_id: str) -> str:
        """A wording for an act: the same for the same message, whichever replica answers."""
        wordings = self.acknowledged.get(act) or self.acknowledged["question"]
        return wordings[zlib.crc32(message_id.encode()) % len(wordings)]


class ForeignWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said to who writes in another language, by language; `en` for all others."""

    only: dict[str, Words]  # `{language}` is a phrase for the bot's own language
    not_yours: dict[str, Words]  # where there is no such phrase
    phrases: dict[str, dict[str, Words]]  # by the bot's language, then by the speaker's
    colleague: dict[str, Words]
    waiting: dict[str, Words]

    def to_speaker_of(self, language: str, own: str) -> str:
        """In a language: that the bot answers in its own alone, and a colleague will reply."""
        speakers = language if language in self.only else "en"
        phrase = self.phrases.get(own, {}).get(speakers)
        answers_in = (
            self.only[speakers].replace("{language}", phrase)
            if phrase
            else self.not_yours[speakers]
        )
        # A full stop of Chinese and Japanese is followed by no blank.
        return f"{answers_in} {self.colleague[speakers]}".replace("。 ", "。")

    def to_who_waits(self, language: str) -> str:
        """That the colleague who was called will see this too, in a language."""
        return self.waiting.get(language) or self.waiting["en"]


def read_foreign_words(path: Path = FOREIGN) -> ForeignWords:
    """The sentences of the packaged file.

    Raises: SettingsError: it cannot be read.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=ForeignWords)
    except (OSError, msgspec.DecodeError) as error:
        raise SettingsError(f"The words in {path} cannot be used: {error}") from error


def read_words(path: Path = PACKAGED) -> BotWords:
    """The bot's words.

    Raises: SettingsError: the file cannot be read, or lacks something.
    """
    try:
        with path.open("rb") as file:
            words = msgspec.toml.decode(file.read(MOST_BYTES), type=BotWords)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The bot's words in {path} cannot be used: {error}. "
            f"{PACKAGED} has all that there must be."
        ) from error
    lacking = [act for act in ("question",) if act not in words.acknowledged] + [
        reason
        for reason in ("customer_asked", "low_confidence", "no_knowledge")
        if reason not in words.handed_over
    ]
    if lacking:
        raise SettingsError(
            f"The bot's words in {path} lack {', '.join(lacking)}. Copy these from {PACKAGED}."
        )
    return words


def refused_words(words: BotWords) -> RefusedWords:
    """What is said to whoever sent what cannot be served."""
    refused = words.refused or read_words().refused
    assert refused is not None  # noqa: S101 - the packaged file has them
    return refused
