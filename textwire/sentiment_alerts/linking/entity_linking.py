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
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import MATCHKIND_STANDARD, AhoCorasick

from textwire.sentiment_alerts.folding import folded, lower
from textwire.sentiment_alerts.linking.bearers import names_an_institution, was_called_so
from textwire.sentiment_alerts.linking.name_judgement import (
    Case,
    Verdict,
    case_of,
    decide_open,
    is_ambiguous,
    is_everyday,
    judge_ambiguous,
    judge_plain,
)
from textwire.sentiment_alerts.linking.spellings import (
    short_name,
    spellings,
    without_legal_form,
)
from textwire.sentiment_alerts.linking.tickers import Tickers
from textwire.sentiment_alerts.linking.words import ALSO_CALLED, LONGER_NAMES, OTHER_MEANINGS
from textwire.sentiment_alerts.scoring.clauses import Mention
from textwire.sentiment_alerts.watchlist import WatchedCompany, check_names_differ

# How far from a name its context may stand: about a sentence.
CONTEXT_CHARACTERS = 120
# Two letters that begin a name ("GN Store Nord") are short for much else.
SHORTEST_SURE = 3
# Between companies of one list.
JOINS = re.compile(r",? (?:and|or|&|vs\.?|versus) |, ?|/| & ", re.IGNORECASE)


class _Form(NamedTuple):
    """A spelling of a company's name, or of a phrase in which the name is another's."""

    entity: str
    written: str  # as the watchlist has it, folded
    is_ambiguous: bool = False
    is_short: bool = False  # its first word alone
    is_other: bool = False
    spares_sure: bool = False  # of a phrase: not where the name's case shows that it is a name


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
        forms = _forms_of(companies)
        self._forms = list(forms.values())
        self._automaton = AhoCorasick(list(forms), matchkind=MATCHKIND_STANDARD)

    def mentions_in(self, text: str) -> list[Mention]:
        """The mentions in a text, by their place."""
        plain = folded(text)
        found = self._automaton.find_matches_as_indexes(lower(plain), overlapping=True)
        reading = _Reading(plain)
        named: list[Mention] = []
        others: list[Mention] = []
        others_if_unsure: list[Mention] = []
        unsure: list[Mention] = []
        refused: set[Mention] = set()
        for pattern, start, end in found:
            if not _is_apart(plain, start, end):
                continue
            for form in self._forms[pattern]:
                mention = Mention(form.entity, start, end)
                if form.is_other:
                    (others_if_unsure if form.spares_sure else others).append(mention)
                    continue
                verdict = reading.judge(form, start, end)
                if verdict is Verdict.NO:
                    refused.add(mention)
                else:
                    (named if verdict is Verdict.YES else unsure).append(mention)
        named = _without_others(named, others)
        unsure = _without_others(unsure, [*others, *others_if_unsure])
        if self._tickers:
            tickers = self._tickers_in(reading, [*named, *unsure], others)
            # A symbol that is the company's name as well is none where the name is another's.
            named += [m for m in tickers if m not in refused or _is_marked(plain, m)]
        if unsure:
            decided = self._decided(reading, unsure, named)
            left = [mention for mention in unsure if mention not in decided]
            named += decided
            if decided and left:  # "TARGET, BEST BUY": the one tells of the other
                named += self._decided(reading, left, named)
        if self._contexts and named:
            named = [m for m in named if self._fits(reading, m)]
        return _without_overlaps(named) if len(named) > 1 else named

    def _tickers_in(
        self, reading: _Reading, named: Sequence[Mention], others: Sequence[Mention]
    ) -> list[Mention]:
        found = self._tickers.mentions_in(
            reading.text, is_capitals=reading.case_at(0) is Case.CAPITALS, named=named
        )
        mentions = list(found)
        return _without_others(mentions, others)

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


def _forms_of(companies: Sequence[WatchedCompany]) -> dict[str, list[_Form]]:
    """What is looked for, in small letters, and what it stands for.

    What a name is written as besides is left out where another company is called so.
    """
    forms: defaultdict[str, list[_Form]] = defaultdict(list)
    given = [(c, name) for c in companies for name in dict.fromkeys((c.name, *c.aliases))]
    for company, name in given:
        forms[lower(folded(name))].append(_form(company, name))
    short = [(c, form) for c, name in given if (form := without_legal_form(name))]
    taken = set(forms)
    known = [(c, other) for c, name in given for other in ALSO_CALLED.get(lower(folded(name)), ())]
    for company, name in [
        *given,
        *((c, name) for c, name in short if not is_ambiguous(name)),
        *known,
    ]:
        for spelling in spellings(name):
            if spelling not in taken:
                taken.add(spelling)
                forms[spelling].append(_form(company, name))
    for company, first in _short_names(companies):
        for spelling in spellings(first):
            if spelling not in taken:
                taken.add(spelling)
                forms[spelling].append(_form(company, first)._replace(is_short=True))
    for company, name in given:
        for phrase in OTHER_MEANINGS.get(lower(folded(name)), ()):
            spares_sure = is_everyday(name)
            forms[phrase].append(
                _Form(company.name, phrase, is_other=True, spares_sure=spares_sure)
            )
    for company, name in given:
        for phrase in _longer_than(name, own=[n for c, n in given if c is company]):
            forms[phrase].append(_Form(company.name, phrase, is_other=True))
    for company in companies:
        for phrase in company.not_:
            forms[lower(folded(phrase))].append(_Form(company.name, phrase, is_other=True))
    return dict(forms)


def _short_names(companies: Sequence[WatchedCompany]) -> Iterator[tuple[WatchedCompany, str]]:
    """First words that stand for all of a name, unless they are words or begin two names."""
    firsts = Counter(lower(folded(company.name)).split()[0] for company in companies)
    for company in companies:
        first = short_name(company.name, company.ticker)
        if first and not is_ambiguous(first) and firsts[lower(folded(first))] == 1:
            yield company, first


def _longer_than(name: str, own: Sequence[str]) -> list[str]:
    """Well-known names that hold a name, unless the company is called so."""
    low = f" {lower(folded(name))} "
    names = [f" {lower(folded(one))} " for one in own]
    return [
        phrase
        for phrase in LONGER_NAMES
        if low in f" {phrase} " and not any(f" {phrase} " in one for one in names)
    ]


def _form(company: WatchedCompany, name: str) -> _Form:
    return _Form(company.name, folded(name), is_ambiguous(name))


class _Reading:
    """A text that is being read, and how its lines are written."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._cases: dict[int, Case] = {}

    def judge(self, form: _Form, start: int, end: int) -> Verdict:
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
