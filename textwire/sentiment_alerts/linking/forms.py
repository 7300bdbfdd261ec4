"""What is looked for of each company: how its name is written, and phrases that are another's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from textwire.sentiment_alerts.folding import folded, lower
from textwire.sentiment_alerts.linking.name_judgement import is_ambiguous, is_everyday
from textwire.sentiment_alerts.linking.spellings import (
    short_name,
    spellings,
    without_legal_form,
)
from textwire.sentiment_alerts.linking.words import ALSO_CALLED, LONGER_NAMES, OTHER_MEANINGS
from textwire.sentiment_alerts.watchlist import WatchedCompany

Named = tuple[WatchedCompany, str]


class Form(NamedTuple):
    """A spelling of a company's name, or of a phrase in which the name is another's."""

    entity: str
    written: str  # as the watchlist has it, folded
    is_ambiguous: bool = False
    is_short: bool = False  # its first word alone
    is_other: bool = False
    spares_sure: bool = False  # of a phrase: not where the name's case shows that it is a name


def forms_of(companies: Sequence[WatchedCompany]) -> dict[str, list[Form]]:
    """What is looked for, in small letters, and what it stands for.

    What a name is written as besides is left out where another company is called so.
    """
    forms: defaultdict[str, list[Form]] = defaultdict(list)
    given = [(c, name) for c in companies for name in dict.fromkeys((c.name, *c.aliases))]
    for company, name in given:
        forms[lower(folded(name))].append(_form(company, name))
    for company, name in [*given, *_without_legal_forms(given), *_also_called(given)]:
        _add_spellings(forms, name, _form(company, name))
    for company, first in _short_names(companies):
        _add_spellings(forms, first, _form(company, first)._replace(is_short=True))
    for form in [*_of_other_meanings(given), *_of_longer_names(given), *_of_others(companies)]:
        forms[form.written].append(form)
    return dict(forms)


def _form(company: WatchedCompany, name: str) -> Form:
    return Form(company.name, folded(name), is_ambiguous(name))


def _add_spellings(forms: defaultdict[str, list[Form]], name: str, form: Form) -> None:
    """Those that stand for nothing yet."""
    for spelling in spellings(name):
        if spelling not in forms:
            forms[spelling].append(form)


def _without_legal_forms(given: Iterable[Named]) -> list[Named]:
    short = [(company, without_legal_form(name)) for company, name in given]
    return [(company, name) for company, name in short if name and not is_ambiguous(name)]


def _also_called(given: Iterable[Named]) -> list[Named]:
    return [(c, other) for c, name in given for other in ALSO_CALLED.get(lower(folded(name)), ())]


def _short_names(companies: Sequence[WatchedCompany]) -> Iterator[Named]:
    """First words that stand for all of a name, unless they are words or begin two names."""
    firsts = Counter(lower(folded(company.name)).split()[0] for company in companies)
    for company in companies:
        first = short_name(company.name, company.ticker)
        if first and not is_ambiguous(first) and firsts[lower(folded(first))] == 1:
            yield company, first


def _of_other_meanings(given: Iterable[Named]) -> Iterator[Form]:
    for company, name in given:
        for phrase in OTHER_MEANINGS.get(lower(folded(name)), ()):
            yield Form(company.name, phrase, is_other=True, spares_sure=is_everyday(name))


def _of_longer_names(given: Sequence[Named]) -> Iterator[Form]:
    for company, name in given:
        for phrase in _longer_than(name, own=[n for c, n in given if c is company]):
            yield Form(company.name, phrase, is_other=True)


def _of_others(companies: Iterable[WatchedCompany]) -> Iterator[Form]:
    """Phrases that the watchlist calls another's."""
    for company in companies:
        for phrase in company.not_:
            yield Form(company.name, lower(folded(phrase)), is_other=True)


def _longer_than(name: str, own: Sequence[str]) -> list[str]:
    """Well-known names that hold a name, unless the company is called so."""
    low = f" {lower(folded(name))} "
    names = [f" {lower(folded(one))} " for one in own]
    return [
        phrase
        for phrase in LONGER_NAMES
        if low in f" {phrase} " and not any(f" {phrase} " in one for one in names)
    ]
