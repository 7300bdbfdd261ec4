"""Finding the companies of a watchlist in texts.

A company is found by its name, its aliases and its ticker, at word boundaries; a possessive or a
hyphen may follow. Names are found with and without accents, dots and hyphens, with `&` or `and`
(`spellings.py`), tickers as wires and posts write them (`tickers.py`). What counts as a mention:

- A name that is no ordinary word, as it is written in the watchlist, in capitals, and of several
  words in whatever case.
- A name of ordinary words ("Target", "Best Buy") where a company is meant (`name_judgement.py`).
- Of a company with `context`, such a name, a name of one word and a ticker without a mark only
  where one of those words is near.
- Of a name of several words the first alone, where it stands for no other company: "One97", "Wizz"
  (`short_name`).
- Nothing whose name a place, a ship, an army or a creed bears, or a person (`bearers.py`), nor a
  present name after "formerly".
- Nothing that is part of a phrase in which the name is another's: the watchlist's `not`, for some
  well-known names `other_meanings.json`, and longer names that hold it (`longer_names.json`).

What well-known companies are called besides (`also_called.json`: "BofA") is found as well, unless
the watchlist calls another so.

Of names that overlap, the leftmost counts, and of those the longest: "Larkfield Invest" is not
"Larkfield".

Source: Aho and Corasick 1975, Efficient string matching.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick

from textwire.sentiment_alerts.folding import folded, lower
from textwire.sentiment_alerts.linking.bearers import names_an_institution, was_called_so
from textwire.sentiment_alerts.linking.forms import Form, forms_of
from textwire.sentiment_alerts.linking.line_case import Case, case_of
from textwire.sentiment_alerts.linking.name_judgement import (
    Verdict,
    decide_open,
    is_ambiguous,
    judge_ambiguous,
    judge_plain,
)
from textwire.sentiment_alerts.linking.tickers import Tickers
from textwire.sentiment_alerts.scoring.clauses import Mention
from textwire.sentiment_alerts.watchlist import WatchedCompany, check_names_differ

# How far from a name its context may stand: about a sentence.
CONTEXT_CHARACTERS = 120
# Two letters that begin a name ("GN Store Nord") are short for much else.
SHORTEST_SURE = 3
# Between companies of one list.
JOINS = re.compile(r",? (?:and|or|&|vs\.?|versus) |, ?|/| & ", re.IGNORECASE)


class Linker:
    """Finds companies; made once for a watchlist, and then used by any thread."""

    def __init__(self, companies: Sequence[WatchedCompany]) -> None:
        """Read the names.

        Raises: SettingsError: two companies share a name.
        """
        check_names_differ(companies)
        self.companies = {company.name: company for company in companies}
        self.sectors = {company.name: company.sector for company in companies}
        self._tickers = Tickers({c.ticker: c.name for c in companies if c.ticker})
        self._contexts = {c.name: _any_of(c.context) for c in companies if c.context}
        forms = forms_of(companies)
        self._forms = list(forms.values())
        self._automaton = AhoCorasick(list(forms), matchkind=MATCHKIND_STANDARD)

    def mentions_in(self, text: str) -> list[Mention]:
        """The mentions in a text, by their place."""
        reading = _Reading(folded(text))
        found = self._found_in(reading)
        named = _without_others(found.named, found.others)
        unsure = _without_others(found.unsure, [*found.others, *found.others_if_unsure])
        if self._tickers:
            named += self._tickers_in(reading, [*named, *unsure], found)
        if unsure:
            named += self._decided_in_turn(reading, unsure, named)
        if self._contexts and named:
            named = [m for m in named if self._fits(reading, m)]
        return _without_overlaps(named) if len(named) > 1 else named

    def _found_in(self, reading: _Reading) -> _Found:
        """Where forms stand, apart from other words."""
        found = _Found()
        text = reading.text
        for pattern, start, end in self._automaton.find_matches_as_indexes(
            lower(text), overlapping=True
        ):
            if _is_apart(text, start, end):
                for form in self._forms[pattern]:
                    found.sort(form, Mention(form.entity, start, end), reading)
        return found

    def _tickers_in(
        self, reading: _Reading, named: Sequence[Mention], found: _Found
    ) -> list[Mention]:
        tickers = self._tickers.mentions_in(
            reading.text, is_capitals=reading.case_at(0) is Case.CAPITALS, named=named
        )
        # A symbol that is the company's name as well is none where the name is another's.
        return [
            mention
            for mention in _without_others(list(tickers), found.others)
            if mention not in found.refused or _is_marked(reading.text, mention)
        ]

    def _decided_in_turn(
        self, reading: _Reading, unsure: Sequence[Mention], named: Sequence[Mention]
    ) -> list[Mention]:
        decided = self._decided(reading, unsure, named)
        left = [mention for mention in unsure if mention not in decided]
        if decided and left:  # "TARGET, BEST BUY": the one tells of the other
            decided += self._decided(reading, left, [*named, *decided])
        return decided

    def _decided(
        self, reading: _Reading, unsure: Sequence[Mention], named: Sequence[Mention]
    ) -> list[Mention]:
        sure = {mention.entity for mention in named}
        return [
            mention
            for mention in unsure
            if decide_open(
                reading.text,
                mention.start,
                mention.end,
                reading.case_at(mention.start),
                is_named_elsewhere=mention.entity in sure,
                is_beside_company=any(
                    JOINS.fullmatch(reading.text, a.end, b.start)
                    for other in named
                    for a, b in ((mention, other), (other, mention))
                    if a.end <= b.start
                ),
                has_context=mention.entity in self._contexts
                and self._has_context(reading, mention),
            )
        ]

    def _fits(self, reading: _Reading, mention: Mention) -> bool:
        """Whether a company with `context` has it near, or is named so that none is needed."""
        if mention.entity not in self._contexts or self._has_context(reading, mention):
            return True
        said = reading.text[mention.start : mention.end]
        return _is_marked(reading.text, mention) or (" " in said and not is_ambiguous(said))

    def _has_context(self, reading: _Reading, mention: Mention) -> bool:
        since = max(0, mention.start - CONTEXT_CHARACTERS)
        near = (
            f"{reading.text[since : mention.start]}\0"
            f"{reading.text[mention.end : mention.end + CONTEXT_CHARACTERS]}"
        )
        return self._contexts[mention.entity].search(near) is not None


class _Found:
    """Forms that stand in a text, by what is to be made of them.

    others            phrases in which a name is another's.
    others_if_unsure  the same, of names that are so only where case does not tell.
    """

    def __init__(self) -> None:
        self.named: list[Mention] = []
        self.unsure: list[Mention] = []
        self.others: list[Mention] = []
        self.others_if_unsure: list[Mention] = []
        self.refused: set[Mention] = set()

    def sort(self, form: Form, mention: Mention, reading: _Reading) -> None:
        """One more form, where it stands."""
        if form.is_other:
            (self.others_if_unsure if form.spares_sure else self.others).append(mention)
            return
        match reading.judge(form, mention.start, mention.end):
            case Verdict.YES:
                self.named.append(mention)
            case Verdict.OPEN:
                self.unsure.append(mention)
            case Verdict.NO:
                self.refused.add(mention)


class _Reading:
    """A text that is being read, and how its lines are written."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._cases: dict[int, Case] = {}

    def judge(self, form: Form, start: int, end: int) -> Verdict:
        """Whether a form is meant, as far as it and its case tell."""
        said = self.text[start:end]
        if lower(form.written) in lower(folded(form.entity)) and was_called_so(self.text, start):
            return Verdict.NO  # no company is formerly what it is called now
        if form.is_short and len(said) < SHORTEST_SURE:
            return Verdict.OPEN if said == form.written else Verdict.NO
        if form.is_ambiguous:
            return judge_ambiguous(self.text, start, end, form.written, self.case_at(start))
        if said == form.written and " " in said:
            return Verdict.NO if names_an_institution(self.text, end) else Verdict.YES
        return judge_plain(self.text, start, end, form.written, self.case_at(start))

    def case_at(self, place: int) -> Case:
        """How the line is written that holds a place."""
        begin = self.text.rfind("\n", 0, place) + 1
        if begin not in self._cases:
            end = self.text.find("\n", begin)
            self._cases[begin] = case_of(self.text[begin : end if end >= 0 else None])
        return self._cases[begin]


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    either = "|".join(re.escape(folded(word)) for word in words)
    return re.compile(rf"(?<!\w)(?:{either})(?:e?s|'s)?(?!\w)", re.IGNORECASE)


def _is_apart(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    said = text[start:end]
    if after == "s" and said.isupper() and "&" not in said and not _joins(text[end + 1 : end + 2]):
        after = ""  # "RILs margins", as some papers write
    return not (
        (_joins(before) and _joins(text[start])) or (_joins(after) and _joins(text[end - 1]))
    )


def _joins(character: str) -> bool:
    """Whether a word goes on with it; Chinese is written without spaces between words."""
    is_chinese = "\u2e80" <= character <= "\u9fff"
    return (character.isalnum() or character == "_") and not is_chinese


def _is_marked(text: str, mention: Mention) -> bool:
    """Whether a mark says that it is a symbol: `$BP`, `NYSE:BP`."""
    return text[mention.start - 1 : mention.start] in ("$", ":")


def _without_others(mentions: list[Mention], others: Sequence[Mention]) -> list[Mention]:
    """Those that are no part of a phrase in which their name is another's."""
    if not others:
        return mentions
    return [
        mention
        for mention in mentions
        if not any(
            other.entity == mention.entity
            and other.start < mention.end
            and mention.start < other.end
            # "Gap year" is not Gap, and "Gap Year Travel Ltd" is.
            and mention.end - mention.start <= other.end - other.start
            for other in others
        )
    ]


def _without_overlaps(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept
