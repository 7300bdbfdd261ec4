"""What is grave, by content, company and source: rules in a file that people edit.

unless = ["denies", "years ago"]  # then nothing is an event

[[event]]                        # one article of a company is enough
name = "bankruptcy"
severity = "high"
phrases = ["files|filed for * bankruptcy"]   # words in their order, in any case
plain = ["goes bankrupt"]                    # such as need no bad tone
unless = ["exits chapter 11", "#### bankruptcy"]
topics = []                      # or: the model names one of these
companies = []                   # only of these; empty: of all

[severity.companies]             # so many levels up or down
"Northmere Energy" = 1
[severity.sources]               # where all articles come from such sources
"rumour blog" = -1

In a phrase `a|b` is either word, `*` stands for up to four words, `####` for a year, and `#` for a
number.

A `plain` phrase tells of the event whatever the tone ("Orvelle files for Chapter 11" is soberly
said): of the company that an article names alone, where at most four words of the headline stand
before it, so that it is that company which does it.

Phrases do not know all wordings. A model with a head of events tells those that it is sure of
itself, by the names that rules have; a rule tells of an event by its phrases or by the model.
What its `unless` rules out is none either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, get_args

import msgspec

from textwire.errors import SettingsError
from textwire.sentiment_alerts.copies.headline_difference import content_stems
from textwire.sentiment_alerts.folding import folded
from textwire.sentiment_alerts.messages import ArticleSentiment, EntitySentiment, Severity
from textwire.undecodable import NOT_DECODABLE

LEVELS: tuple[Severity, ...] = get_args(Severity)  # from low to high
WORD = re.compile(r"[^\W_]+")
# A symbol is no word of a text: "$HACK" is a fund.
CASHTAG = re.compile(r"(?<!\w)\$[A-Za-z][\w.-]{0,7}")
ANY_WORDS, YEAR, NUMBER = "*", "####", "#"
MOST_BETWEEN = 4  # words
MOST_BEFORE_PLAIN = 4  # words: "Scandinavian airline SAS files ..."
Phrase = Annotated[str, msgspec.Meta(min_length=2, max_length=200)]


class EventRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """What one article must say of a company to raise an alert."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    severity: Severity = "medium"
    phrases: tuple[Phrase, ...] = ()
    plain: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()
    topics: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()

    def tells_of(self, said: EntitySentiment, sentiment: ArticleSentiment) -> bool:
        """Whether an article says so of a company: badly of it, or plainly."""
        if not self.concerns(said):
            return False
        text = _text_of(said, sentiment)
        if self.rules_out(text):
            return False
        if self._is_plain(sentiment):
            return True
        if said.label != "negative":
            return False
        named = {one.topic for one in sentiment.topics}
        return bool(named & set(self.topics)) or _stands_in(text, self._phrases)

    def rules_out(self, text: str) -> bool:
        """Whether it says that there is no such event: "suspend strike"."""
        return _stands_in(text, self._unless)

    def concerns(self, said: EntitySentiment) -> bool:
        """Whether it is about such a company at all."""
        return not self.companies or said.entity in self.companies

    def _is_plain(self, sentiment: ArticleSentiment) -> bool:
        title = _words(CASHTAG.sub(" ", sentiment.title))
        return len(sentiment.entities) == 1 and _stands_in(title, self._plain)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words of its phrases, without their endings."""
        return frozenset(content_stems(_words(" ".join((*self.phrases, *self.plain))).split()))

    @cached_property
    def _plain(self) -> re.Pattern[str] | None:
        phrases = _any_of(self.plain)
        before = rf"^(?: \S+){{1,{MOST_BEFORE_PLAIN}}}"
        return re.compile(f"{before}(?:{phrases.pattern})") if phrases else None

    @cached_property
    def _phrases(self) -> re.Pattern[str] | None:
        return _any_of(self.phrases)

    @cached_property
    def _unless(self) -> re.Pattern[str] | None:
        return _any_of(self.unless)


class SeverityShifts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By how many levels an alert is graver, by its company and by where all of it comes from."""

    companies: dict[str, int] = {}
    sources: dict[str, int] = {}

    def level(self, level: int, company: str | None, sources: Iterable[str | None]) -> Severity:
        """A level, shifted."""
        shifts = [self.sources.get(source or "", 0) for source in sources]
        level += self.companies.get(company or "", 0) + (max(shifts) if shifts else 0)
        return LEVELS[min(max(level, 0), len(LEVELS) - 1)]


class AlertRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All rules; `unless` is what makes nothing an event that phrases tell of.

    learned  whether what the model tells of is an event too.
    """

    learned: bool = True
    unless: tuple[Phrase, ...] = ()
    event: tuple[EventRule, ...] = ()
    severity: SeverityShifts = SeverityShifts()

    def events(self, said: EntitySentiment, sentiment: ArticleSentiment) -> list[EventRule]:
        """The rules that an article fulfils for a company, the gravest first."""
        told = [rule for rule in self.event if rule.tells_of(said, sentiment)]
        told += [rule for rule in self._learned(said, sentiment) if rule not in told]
        if told and _stands_in(_text_of(said, sentiment), self._unless):
            return []
        return sorted(told, key=lambda rule: -LEVELS.index(rule.severity))

    def _learned(self, said: EntitySentiment, sentiment: ArticleSentiment) -> list[EventRule]:
        """The rules of what the model tells of, and the text does not rule out."""
        if not self.learned or not said.events:
            return []
        names, text = {one.event for one in said.events}, _text_of(said, sentiment)
        return [
            rule
            for rule in self.event
            if rule.name in names and rule.concerns(said) and not rule.rules_out(text)
        ]

    @cached_property
    def _unless(self) -> re.Pattern[str] | None:
        return _any_of(self.unless)

    def gravity(self, said: EntitySentiment, sentiment: ArticleSentiment) -> int:
        """How grave an event an article tells of; 0 without any."""
        return max(
            (LEVELS.index(rule.severity) for rule in self.events(said, sentiment)), default=0
        )


def read_alert_rules(path: Path, *, learned: bool = True) -> AlertRules:
    """The rules of a file.

    Args:   learned: whether what the model tells of is an event too, if the file leaves it open.
    Raises: SettingsError: it cannot be read, a rule is wrong, or two have one name.
    """
    try:
        rules = msgspec.toml.decode(path.read_bytes(), type=AlertRules)
    except (OSError, *NOT_DECODABLE) as error:
        raise SettingsError(f"The alert rules {path} cannot be used: {error}") from error
    _check(path, rules.event)
    return msgspec.structs.replace(rules, learned=rules.learned and learned)


def default_rules_path() -> Path:
    """The rules that come with the code."""
    return Path(__file__).with_name("alert_rules.toml")


def _check(path: Path, rules: Sequence[EventRule]) -> None:
    names = [rule.name for rule in rules]
    for rule in rules:
        if names.count(rule.name) > 1:
            raise SettingsError(f"The alert rules {path} have two events called {rule.name!r}.")
        if not (rule.phrases or rule.plain or rule.topics):
            raise SettingsError(
                f"The alert rules {path}: the event {rule.name!r} waits for nothing. Give it "
                "`phrases`, `plain` or `topics`."
            )


def _text_of(said: EntitySentiment, sentiment: ArticleSentiment) -> str:
    """The headline and the sentences that name the company, a line each: no phrase spans two."""
    lines = dict.fromkeys([sentiment.title, *(said.text or "").splitlines()])
    return "\n".join(_words(CASHTAG.sub(" ", line)) for line in lines)


def _stands_in(text: str, phrases: re.Pattern[str] | None) -> bool:
    return phrases is not None and phrases.search(text) is not None


def _any_of(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """What finds one of the phrases in a text as `_words` gives it; None without any."""
    return re.compile("|".join(map(_pattern, phrases))) if phrases else None


def _pattern(phrase: str) -> str:
    return " " + "".join(map(_slot, phrase.split()))


def _slot(slot: str) -> str:
    """A place in a phrase, and the space after it."""
    if slot == ANY_WORDS:
        return rf"(?:\S+ ){{0,{MOST_BETWEEN}}}"
    if slot == YEAR:
        return r"(?:19|20)\d\d "
    if slot == NUMBER:
        return r"\d+ "
    words = [re.escape(said) for one in slot.split("|") if (said := _words(one).strip())]
    return f"(?:{'|'.join(words)}) " if words else ""  # "&" is no word of a text


def _words(text: str) -> str:
    return f" {' '.join(WORD.findall(folded(text).lower()))} "
