"""Whether a name that may as well be an ordinary word means the company where it stands.

Case tells most of it: in a sentence "Target" is a name and "target" a word. At a sentence's
beginning, in title case and in capitals it tells nothing; there the words beside it decide
(`name_context.py`), and what the rest of the text says.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from textwire.sentiment_alerts.folding import lower
from textwire.sentiment_alerts.linking.bearers import (
    LAST_WORD,
    NEXT_WORD,
    begins_a_persons_name,
    is_measured,
    is_of_a_place_or_ship,
    names_an_institution,
)
from textwire.sentiment_alerts.linking.line_case import LATIN_WORD, Case
from textwire.sentiment_alerts.linking.name_context import company_logit, is_followed_by_a_thing
from textwire.sentiment_alerts.linking.words import (
    ABBREVIATIONS,
    ADJECTIVES,
    ANIMALS,
    BEFORE_HYPHEN,
    COMMON_WORDS,
    COMPANY_ACTS,
    COMPOUNDS,
    DEMONYMS,
    EVERYDAY_WORDS,
    FUNCTION_WORDS,
    GIVEN_NAMES,
    LEGAL_FORMS,
    PERSON_TITLES,
    PLATFORMS,
    POSTED,
    POSTING,
    REPORTS,
)

# "Trip.com" is no word.
SITE = re.compile(r"\w\.\w{2,}$")
OF_A_PERSON = re.compile(r", (?:who|aged|\d\d,)\s")
COMPOUND = re.compile(rf"-(?:{'|'.join(sorted(COMPOUNDS))})(?!\w)", re.IGNORECASE)
BEGINS = re.compile(r"(?:^|[.!?:;|\n\"(\u2022>]|\s[-\u2013\u2014])[\s\"'(]*$|^.{0,20}\d-$")
# "Sharp falls for tech shares"; "Sharp falls for third day" and "Sharp falls in Tokyo trade" are
# the company's.
CHANGE_OF_SOMETHING = re.compile(
    r" (?:rises?|falls?|drops?|gains?|declines?|increases?|decreases?|slumps?|jumps?|swings?)"
    r" (?:in|for|of|among|across|to) (?!a\b|the|early|late|morning|afternoon|pre-?market|after"
    r"|second|third|fourth|fifth|\d|(?-i:[A-Z]))",
    re.IGNORECASE,
)
ABOUT_SOMETHING = re.compile(
    r" (?:on|about) (?!course|track|hold|sale|notice|alert|its|a\b|the\b)[a-z]"
)
# "Moves Target to Neutral": what brokers say of shares.
RATED = re.compile(
    r" (?:down |up |back )?(?:to|at|from) (?:a |an )?(?:strong |conviction )?(?:buy|sell|hold"
    r"|neutral|overweight|underweight|outperform|underperform|equal[- ]weight|market[- ]perform"
    r"|sector[- ]perform|peer[- ]perform|in[- ]line|junk|investment grade)\b",
    re.IGNORECASE,
)
FORMER = re.compile(r"\b(?:ex|former)[ -]$", re.IGNORECASE)
# In small letters throughout, a word is a company only where much speaks for it.
CASUAL_LOGIT = 1.0
STRONGLY_AGAINST = -2.0
CONTEXT_LOGIT = 2.0
# "Apple" is seldom an apple in the news, "target" often a target.
SELDOM_A_WORD_LOGIT = 1.5
BESIDE_A_COMPANY_LOGIT = 2.0
RATED_LOGIT = 3.0
LONGER_NAME_LOGIT = -1.5


class Verdict(Enum):
    """Whether a company is meant."""

    YES = auto()
    NO = auto()
    OPEN = auto()  # as the words beside it and the rest of the text have it


def is_ambiguous(name: str) -> bool:
    """Whether each of a name's words is an ordinary one: "Target", "Best Buy", "Southern Company".

    Who watches a name in small letters means the word.
    """
    if name.islower() or SITE.search(name):
        return False
    # "a2" is no word, and the "3" of "Level 3" is left out.
    words = [word for word in re.findall(r"[^\W_]+", lower(name)) if not word.isdigit()]
    return bool(words) and all(word in COMMON_WORDS or word in FUNCTION_WORDS for word in words)


def is_everyday(name: str) -> bool:
    """Whether the news use each of a name's words as a word: "Target", but not "Apple"."""
    return EVERYDAY_WORDS.issuperset(re.findall(r"[^\W\d_]+", lower(name)))


def judge_plain(text: str, start: int, end: int, written: str, case: Case) -> Verdict:
    """Whether a name that is no ordinary word is meant.

    Args: text: folded. written: the name as the watchlist has it, folded.
    """
    said = text[start:end]
    if written.islower() or (" " in written and " " in said):
        return Verdict.YES
    if _is_anothers(text, start, end) or is_measured(text, start, end):
        return Verdict.NO
    if _is_a_person(text, start, end):
        return Verdict.NO
    if said == written or said.isupper():
        is_short = said != written and case is not Case.CAPITALS and _may_be_short_for_else(said)
        return Verdict.NO if is_short else Verdict.YES
    return _judge_other_case(said, written, case)


def _judge_other_case(said: str, written: str, case: Case) -> Verdict:
    """Whether letters that stand otherwise than in the watchlist, and not in capitals, are it."""
    # "BASF" is "Basf" in some papers.
    if said[0].isupper() and (not written.isupper() or len(said) > 2):
        return Verdict.YES
    if not said.islower() and len(said) > 3:  # "iGate" and "IGate"
        return Verdict.YES
    if case is Case.SMALL and written.isupper() and len(said) > 2:
        return Verdict.OPEN  # "amd and nvidia fall"
    is_casual = said.islower() and len(said) > 4 and case is Case.SMALL and not written.isupper()
    return Verdict.YES if is_casual or (" " in said or "-" in said) else Verdict.NO


def judge_ambiguous(text: str, start: int, end: int, written: str, case: Case) -> Verdict:
    """Whether a name of ordinary words is meant, as far as its case tells.

    Args: text: folded. written: the name as the watchlist has it, folded.
    """
    said = text[start:end]
    if not _stands_alone(text, start, end) or _is_anothers(text, start, end):
        return Verdict.NO
    if not _is_written_as_a_name(said, written):
        return Verdict.OPEN if case is Case.SMALL else Verdict.NO
    if written.isupper() and " " not in written and case is not Case.CAPITALS:
        return Verdict.YES if said.isupper() else Verdict.NO
    if COMPOUND.match(text, end) or (case is not Case.CAPITALS and _has_legal_form(text, end)):
        return Verdict.YES
    if said.isupper() and case is not Case.CAPITALS and len(said) > 1:
        return Verdict.OPEN
    if _is_a_person(text, start, end):
        return Verdict.NO
    if case is not Case.SENTENCE or _ends_a_longer_name(text, start, case):
        return Verdict.OPEN
    return Verdict.YES if _is_a_name_in_a_sentence(text, start, end) else Verdict.OPEN


def _is_anothers(text: str, start: int, end: int) -> bool:
    """Whether it is a site where something was posted, an institution, a place or a ship."""
    return (
        _is_place_of_posting(text, start, end)
        or names_an_institution(text, end)
        or is_of_a_place_or_ship(text, start)
    )


def _is_written_as_a_name(said: str, written: str) -> bool:
    """Whether its words begin large, or it is a name that begins small."""
    return (said == written and written[0].islower()) or all(
        word[0].isupper() or word in FUNCTION_WORDS for word in re.findall(r"\w+", said)
    )


def _has_legal_form(text: str, end: int) -> bool:
    following = NEXT_WORD.match(text, end)
    return (
        following is not None and following[1].lower() in LEGAL_FORMS and following[1][0].isupper()
    )


def _is_a_name_in_a_sentence(text: str, start: int, end: int) -> bool:
    """Whether large letters are a name's, and not those of a sentence's beginning."""
    if not BEGINS.search(text, max(0, start - 40), start) or " " in text[start:end]:
        return True
    # A word that begins a sentence is followed by small letters: "Apple Watch" is a name.
    following = NEXT_WORD.match(text, end)
    return following is not None and following[1][0].isupper() and len(following[1]) > 1


def decide_open(
    text: str,
    start: int,
    end: int,
    case: Case,
    *,
    is_named_elsewhere: bool,
    is_beside_company: bool,
    has_context: bool,
) -> bool:
    """Whether a company is meant where case does not tell."""
    if _is_a_word_for_else(text, start, end) and not has_context:
        return False
    logit = company_logit(text, start, end)
    logit += CONTEXT_LOGIT * has_context + BESIDE_A_COMPANY_LOGIT * is_beside_company
    logit += LONGER_NAME_LOGIT * _ends_a_longer_name(text, start, case)
    if not is_everyday(text[start:end]):
        logit += SELDOM_A_WORD_LOGIT
    logit += BESIDE_A_COMPANY_LOGIT * _had_an_office(text, start, end)
    logit += RATED_LOGIT * (RATED.match(text, end) is not None)
    if is_named_elsewhere:
        return logit > STRONGLY_AGAINST
    said = text[start:end]
    rest = text[:start] + text[end:]
    if case in (Case.TITLE, Case.SENTENCE) and re.search(rf"\b{re.escape(lower(said))}\b", rest):
        logit -= 1.0
    return logit > (CASUAL_LOGIT if case is Case.SMALL else 0.0)


def _is_a_word_for_else(text: str, start: int, end: int) -> bool:
    """Whether it says of which kind what follows is: "Sharp rise", "Fox attacks"."""
    said = lower(text[start:end])
    if said in REPORTS:
        return ABOUT_SOMETHING.match(text, end) is not None
    if said in ADJECTIVES and CHANGE_OF_SOMETHING.match(text, end):
        return True
    if said in ANIMALS and not text[end + 1 : end + 2].islower():  # "Jaguar Land Rover"
        return False
    return said in (ADJECTIVES | ANIMALS) and is_followed_by_a_thing(text, end)


def _had_an_office(text: str, start: int, end: int) -> bool:
    """Whether somebody was of it: "ex Yes Bank chief"."""
    following = NEXT_WORD.match(text, end)
    return (
        FORMER.search(text, max(0, start - 10), start) is not None
        and following is not None
        and lower(following[1]) in COMPANY_ACTS
    )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether it is no part of a word with a hyphen, but for such as "Apple-owned"."""
    if text[end : end + 1] == "-" and (
        following := re.match(r"[^\W\d_]+", text[end + 1 : end + 30])
    ):
        word = following[0]
        if word.lower() not in COMPOUNDS and word[0].islower():
            return False
        if word.lower() not in COMPOUNDS and lower(word) in COMMON_WORDS:
            return False
    if text[start - 1 : start] == "-" and (
        before := re.search(r"[^\W\d_]+-$", text[max(0, start - 20) : start])
    ):
        word = before[0][:-1]
        return word.lower() in BEFORE_HYPHEN or word[0].isupper()
    return True


def _is_a_person(text: str, start: int, end: int) -> bool:
    """Whether a name of one word is that of somebody: "Rob Lowe", "Ford, 65, ..."."""
    said = text[start:end]
    if " " in said:
        return False
    before = LAST_WORD.search(text, max(0, start - 30), start)
    word = before[1].rstrip(".") if before else ""
    if word[:1].isupper() and (lower(word) in GIVEN_NAMES or lower(word) in PERSON_TITLES):
        return True
    if OF_A_PERSON.match(text, end) or begins_a_persons_name(text, end):
        return True
    following = NEXT_WORD.match(text, end)
    return (
        following is not None
        and text[end] == " "
        and lower(said) in GIVEN_NAMES
        and following[1][0].isupper()
        and not following[1].isupper()
        and (lower(following[1]) not in COMMON_WORDS or lower(following[1]) in GIVEN_NAMES)
        and lower(following[1]) not in LEGAL_FORMS
    )


def _may_be_short_for_else(capitals: str) -> bool:
    """Whether capitals that stand for a short name ("ENI") are as well an abbreviation."""
    low = lower(capitals)
    is_word = low in COMMON_WORDS or low in FUNCTION_WORDS or capitals in ABBREVIATIONS
    return len(capitals) < 3 or (len(capitals) == 3 and is_word)


def _ends_a_longer_name(text: str, start: int, case: Case) -> bool:
    """Whether a name stands before it: "Acme Target"."""
    before = LAST_WORD.search(text, max(0, start - 30), start)
    if before is None or case is not Case.SENTENCE:
        return False
    word = before[1]
    low = lower(word)
    return (
        word[0].isupper()
        and not word.isupper()
        and word.isalpha()
        and low not in COMMON_WORDS
        and low not in FUNCTION_WORDS
        and low not in DEMONYMS
        and low not in BEFORE_HYPHEN  # "Ex Yes Bank chief"
    )


def _is_place_of_posting(text: str, start: int, end: int) -> bool:
    if lower(text[start:end]) not in PLATFORMS:
        return False
    before = LATIN_WORD.findall(lower(text[max(0, start - 60) : start]))
    after = NEXT_WORD.match(text, end)
    if after and after[1].lower() in POSTED:
        return text[end : end + 2] != "'s"
    return (
        bool(before) and before[-1] in ("on", "via", "to") and not POSTING.isdisjoint(before[-6:])
    )
